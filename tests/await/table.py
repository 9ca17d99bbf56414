# SPDX-FileCopyrightText: 2026 The Loft authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Makes docs/await.md from what the languages' programs of await cases have just seen, and fails if
the page was different.

table.py REPORT_FOLDER CASES DOCUMENT PROGRAM...
"""

import pathlib
import sys

# The columns, in the order of the page. A language has a column once it has a program.
COLUMNS = {
    "c": "C", "g++": "C++ (g++)", "clang++": "C++ (clang++)",
    "python": "Python", "gjs": "JavaScript", "vala": "Vala",
}

# Without these the page would lose a column.
NEEDED = ["c", "g++", "clang++", "python", "gjs", "vala"]

HEAD = """Title: Await

# Await

What it means to await an async object, case by case, in each language. This page is written by the
test run itself: each case that applies is a test, `/await/A01` and so on, in `tests/await`, and
the run fails if this page is not what it saw. A cell without a test says why there is none.

"""


def read_report(path):
    report = {}
    for line in path.read_text().splitlines():
        number, verdict, why = line.split("\t")
        report[number] = why if verdict == "none" else "passes"
    return report


def main():
    folder, cases, document = map(pathlib.Path, sys.argv[1:4])
    programs = sys.argv[4:]
    missing = [name for name in NEEDED if name not in programs]
    if missing:
        print("the page is not looked at, because these languages are missing:", *missing)
        return 77
    reports = {name: read_report(folder / f"{name}.tsv") for name in COLUMNS if name in programs}
    rows = [line.split("\t") for line in cases.read_text().splitlines()]
    text = [HEAD, "| case | what | " + " | ".join(COLUMNS[name] for name in reports) + " |\n",
            "|---|---|" + "---|" * len(reports) + "\n"]
    for number, what in rows:
        absent = [name for name in reports if number not in reports[name]]
        if absent:
            print(f"{number} has neither passed nor a reason in:", *absent)
            return 1
        cells = " | ".join(reports[name][number] for name in reports)
        text.append(f"| {number} | {what} | {cells} |\n")
    if document.exists() and document.read_text() == "".join(text):
        return 0
    document.write_text("".join(text))
    print(f"{document} was not what this run saw; it has been written anew: look at it, and commit")
    return 1


sys.exit(main())
