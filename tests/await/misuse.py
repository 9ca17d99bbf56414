# SPDX-FileCopyrightText: 2026 The Loft authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Compiles a file of misuse/. The compiler must refuse it if its comment says so, and otherwise
accept it without a warning.

misuse.py FILE COMPILER...

COMPILER is the command of the compiler, with its flags.
"""

import pathlib
import re
import subprocess
import sys


def main():
    file, command = pathlib.Path(sys.argv[1]), sys.argv[2:]
    expected = re.search(r"^/\* (gcc error|error|ok): ", file.read_text(), re.M).group(1)
    if expected == "gcc error" and "clang" in subprocess.run(
            [command[0], "--version"], capture_output=True, text=True).stdout:
        return 77
    glib = subprocess.run(["pkg-config", "--cflags", "gio-2.0"], capture_output=True, text=True,
                          check=True).stdout.split()
    flags = glib + ["-fsyntax-only", "-Wall", "-Wextra", "-Wno-unused-parameter"]
    if expected == "ok":
        flags.append("-Werror")
    done = subprocess.run(command + flags + [str(file)], capture_output=True, text=True)
    if (done.returncode == 0) == (expected == "ok"):
        return 0
    print(f"{file.name} was {'accepted' if done.returncode == 0 else 'refused'}:\n{done.stderr}")
    return 1


sys.exit(main())
