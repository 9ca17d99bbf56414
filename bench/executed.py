# SPDX-FileCopyrightText: 2026 The Loft authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Counts what a program executes, and prints it: all instructions, the locked ones, and the calls
that allocate memory.

executed.py PROGRAM [ARGUMENT ...]

callgrind writes how often each instruction was executed, and objdump says which of them are locked:
those with a lock prefix, and an exchange with memory, which needs no prefix (on x86). The counts
repeat to the instruction, as far as the program does the same each time. What runs in the kernel is
not counted.
"""

import collections
import functools
import os
import pathlib
import re
import subprocess
import sys
import tempfile

LOCKED = re.compile(r"^ *([0-9a-f]+):\s+(?:(?:xacquire|xrelease|cs|ds|es|fs|gs|data16|rex\S*) )*"
                    r"(?:lock |xchg\w* .*\()", re.M)
# Each of these allocates one piece, and calls none of the others.
ALLOCATORS = {"malloc", "calloc", "realloc", "aligned_alloc", "posix_memalign", "valloc", "pvalloc"}


def executions(profile):
    """Returns {object: {address: times}} from a file of callgrind's that has instructions."""
    times = collections.defaultdict(collections.Counter)
    names, counts, address, inclusive = {}, None, 0, False
    for line in profile:
        if line.startswith("ob="):
            number, _, name = line[3:].strip().partition(" ")
            if name:
                names[number] = name
            counts = times[names[number]]
        elif line.startswith("cob="):
            number, _, name = line[4:].strip().partition(" ")
            if name:
                names[number] = name
        elif line.startswith("calls="):
            inclusive = True  # the next line has what the function that is called costs
        elif line[0] in "0123456789+-*":
            place, *rest = line.split()
            address = (address if place == "*" else
                       address + int(place, 0) if place[0] in "+-" else int(place, 16))
            if not inclusive and rest:
                counts[address] += int(rest[-1])
            inclusive = False
    return times


def run_tool(*argv):
    return subprocess.run(argv, check=True, stdout=subprocess.PIPE, text=True).stdout


@functools.cache
def locked_addresses(name):
    return [int(found, 16) for found in LOCKED.findall(
        run_tool("objdump", "-d", "--no-show-raw-insn", name))]


@functools.cache
def allocator_addresses(name):
    if not re.fullmatch(r"libc(-[0-9.]+)?\.so(\.6)?", pathlib.Path(name).name):
        return []
    symbols = (line.split() for line in run_tool("nm", "-D", "--defined-only", name).splitlines())
    return sorted({int(symbol[0], 16) for symbol in symbols
                   if symbol[-1].split("@")[0] in ALLOCATORS})


def count(argv, env):
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "out"
        run = subprocess.run(["valgrind", "--tool=callgrind", "--dump-instr=yes", "--dump-line=no",
                              f"--callgrind-out-file={out}", *argv],
                             env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        if run.returncode != 0:
            sys.exit(f"callgrind of {' '.join(argv)} ended with {run.returncode}:\n{run.stderr}")
        with open(out) as profile:
            times = executions(line for line in profile if line.strip())
        summary = re.search(r"^(?:summary|totals): (\d+)", out.read_text(), re.M)
    total = sum(sum(counts.values()) for counts in times.values())
    if total != int(summary.group(1)):
        sys.exit(f"The instructions of the profile are {total}, and its summary says "
                 f"{summary.group(1)}: its format is not the one that this program knows")
    files = {name: counts for name, counts in times.items() if os.path.isfile(name)}
    return {"instructions": total,
            "locked": sum(counts[a] for name, counts in files.items()
                          for a in locked_addresses(name)),
            "pieces": sum(counts[a] for name, counts in files.items()
                          for a in allocator_addresses(name))}


if __name__ == "__main__":
    for what, number in count(sys.argv[1:], None).items():
        print(what, number)
