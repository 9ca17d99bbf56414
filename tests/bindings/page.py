# SPDX-FileCopyrightText: 2026 The Loft authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Runs the Python programs of pages as they stand there. What a program prints has to be what its
comments say that it prints.

page.py PAGE...
"""

import pathlib
import re
import subprocess
import sys


def main():
    programs = 0
    for page in map(pathlib.Path, sys.argv[1:]):
        for text in re.findall(r"^```python\n(.*?)^```$", page.read_text(), re.S | re.M):
            programs += 1
            done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True,
                                  check=False, timeout=60)
            expected = re.findall(r"# prints: (.*)$", text, re.M)
            is_good = not done.returncode and not done.stderr
            if not is_good or not expected or done.stdout.splitlines() != expected:
                print(f"{page.name}, program {programs}: {done}\nexpected: {expected}")
                return 1
    print(f"{programs} programs")
    return 0 if programs else 1


sys.exit(main())
