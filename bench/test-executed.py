# SPDX-FileCopyrightText: 2026 The Loft authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Sees that what executed.py counts is right, and that an await of an action that has ended
allocates nothing.

test-executed.py FOLDER, in which the benchmarks are
"""

import os
import pathlib
import shutil
import sys
import unittest

import executed

FOLDER = pathlib.Path(sys.argv[1])


def count_each(program, *arguments):
    """Returns what each of a thousand rounds of the program counts."""
    few, many = (executed.count([str(FOLDER / program), *arguments, n],
                                {**os.environ, "G_SLICE": "always-malloc",
                                 "BENCH_SLICE": "3600000000"}) for n in ("100", "1100"))
    return {what: round((many[what] - few[what]) / 1000, 1) for what in few}


class Executed(unittest.TestCase):
    def test_known_numbers(self):
        each = count_each("bench-known")
        self.assertEqual((each["locked"], each["pieces"]), (3, 2))
        self.assertEqual(each, count_each("bench-known"))

    def test_await_of_what_has_ended_allocates_nothing(self):
        self.assertEqual(count_each("bench-loft-await", "await-ended")["pieces"], 0)

    @unittest.skipUnless((FOLDER / "bench-loft-await-cpp").exists(), "C++ is not there")
    def test_co_await_of_what_has_ended_allocates_nothing(self):
        self.assertEqual(count_each("bench-loft-await-cpp", "await-ended")["pieces"], 0)


if __name__ == "__main__":
    if os.uname().machine != "x86_64" or not shutil.which("valgrind"):
        print("Needs valgrind, and knows the locked instructions of x86 only")
        sys.exit(77)
    unittest.main(argv=sys.argv[:1])
