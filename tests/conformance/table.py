# SPDX-FileCopyrightText: 2026 The Loft authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Makes docs/conformance.md from the results of the conformance tests, and fails if the page was
different.

table.py REPORT_FOLDER NUMBERS DOCUMENT PROGRAM...
"""

import pathlib
import sys

GROUPS = [
    ("C", 1, 56, "The async state machine"),
    ("C", 57, 68, "Progress"),
    ("C", 69, 90, "Waiting and awaiting"),
    ("C", 91, 104, "Cancellation"),
    ("C", 105, 133, "Apartments"),
    ("C", 134, 146, "Agile and weak references"),
    ("C", 147, 161, "Places and hops"),
    ("C", 162, 171, "when_all and when_any"),
    ("C", 172, 193, "CoreDispatcher"),
    ("C", 194, 221, "DispatcherQueue"),
    ("C", 222, 233, "DispatcherQueueTimer"),
    ("C", 234, 246, "ThreadPool and ThreadPoolTimer"),
    ("C", 247, 254, "Deferrals and events"),
    ("C", 300, 399, "More of the same kind"),
    ("A", 1, 99, "Avalonia"),
    ("W", 1, 99, "WPF"),
    ("U", 1, 99, "Uno"),
    ("T", 1, 99, "Windows Community Toolkit"),
    ("G", 1, 99, "GLib"),
]

HEAD = """Title: Conformance

# Conformance

What the Windows Runtime does, case by case, and what Loft makes of it. This page is written by the
test run itself: `meson test --suite conformance` runs each case that applies as a GTest,
`/conformance/C011` and so on, in `tests/conformance`, and fails when this page is not what it saw.

A case *passes* when Loft does the same; where it *differs*, that is on purpose, and the test
asserts what Loft does; some are *not applicable*, and say why. Which of the three it is stands
beside the case in the test, and a case is here only if its test ran and did not fail. The letters
before a source say what it is: CT and CO are C++/WinRT's own tests, CW its code, WN Wine's tests,
which run on Windows too, WA, MU, DD and SDK Microsoft's documentation, WRL the Windows Runtime
Library, ONT The Old New Thing, WIL the Windows Implementation Library, UNO the Uno platform, TK the
Community Toolkit, GH an issue; `~` marks what was derived from code or from a re-implementation,
`U` what has no source. Below stand cases that other projects test for, each written anew, with the
project, the file and the case that it comes from.
"""

VERDICTS = {"pass": "passes", "differs": "differs", "none": "not applicable"}


def read_cases(folder, programs):
    cases = {}
    for program in programs:
        path = folder / f"{program}.tsv"
        if not path.exists():
            sys.exit(f"conformance-{program} left no report: "
                     "it did not come to its end, or was not run")
        for line in path.read_text().splitlines():
            number, verdict, what, source, why = line.split("\t")
            if number in cases:
                sys.exit(f"{number} is there twice")
            if not any(number[0] == letter and first <= int(number[1:]) <= last
                       for letter, first, last, _ in GROUPS):
                sys.exit(f"{number} belongs to no group of the page")
            cases[number] = (verdict, what, source, why)
    return cases


def cell(text):
    return text.replace("|", "\\|").replace("<", "&lt;")


def table(cases):
    out = [HEAD]
    counts = {verdict: sum(case[0] == verdict for case in cases.values()) for verdict in VERDICTS}
    out.append(f"\n{len(cases)} cases: {counts['pass']} pass, "
               f"{counts['differs']} differ on purpose, "
               f"{counts['none']} are not applicable.\n")
    for letter, first, last, title in GROUPS:
        numbers = [n for n in sorted(cases) if n[0] == letter and first <= int(n[1:]) <= last]
        if not numbers:
            continue
        out.append(f"\n## {title}\n\n| case | what | source | Loft |\n|---|---|---|---|\n")
        for number in numbers:
            verdict, what, source, why = cases[number]
            loft = VERDICTS[verdict] + (f": {why}" if why else "")
            out.append(f"| {number} | {cell(what)} | {cell(source)} | {cell(loft)} |\n")
    return "".join(out)


def main():
    folder, numbers, document = map(pathlib.Path, sys.argv[1:4])
    if not folder.is_dir():
        print("no report: the conformance tests were not run")
        return 77
    cases = read_cases(folder, sys.argv[4:])
    listed = numbers.read_text().split()
    missing = [n for n in listed if n not in cases]
    if missing:
        print("no case that passed, and no reason, for:", " ".join(missing))
        return 1
    unlisted = [n for n in cases if n not in listed]
    if unlisted:
        print(f"not in {numbers.name}, where a case that gets lost would be missed:",
              " ".join(unlisted))
        return 1
    text = table(cases)
    if document.exists() and document.read_text() == text:
        return 0
    document.write_text(text)
    print(f"{document} was not what this run saw; "
          "it has been written anew: look at it, and commit it")
    return 1


sys.exit(main())
