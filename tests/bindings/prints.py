# SPDX-FileCopyrightText: 2026 The Loft authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Runs the program of a page, and compares what it prints.

prints.py LINE,LINE... COMMAND...
"""

import subprocess
import sys

wanted = sys.argv[1].split(",")
done = subprocess.run(sys.argv[2:], stdout=subprocess.PIPE, text=True, check=False, timeout=60)
seen = done.stdout.splitlines()
if done.returncode != 0 or seen != wanted:
    print(f"status {done.returncode}, printed {seen}, and not {wanted}")
    sys.exit(1)
