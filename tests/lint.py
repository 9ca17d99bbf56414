# SPDX-FileCopyrightText: 2026 The Loft authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Checks what no compiler checks: the floors, the exports, the documentation blocks, the licence
lines, the columns.

lint.py SOURCE_ROOT LIBRARY
"""

import pathlib
import re
import subprocess
import sys
import unittest

ROOT = pathlib.Path(sys.argv[1])
LIBRARY = sys.argv[2]

# A file that may call files that stand below it in the table of src/meson.build, those files, and
# the reason.
EXCEPTIONS = [
    ("async/async-base",
     {"async-info", "async-outcome", "async-observe", "async-action", "async-operation",
      "async-with-progress"},
     "a class and the files of its interfaces"),
    ("async/async-info", {"async-operation"},
     "two interfaces of one object: a message names which it has"),
]

# Files of the library that have no test of their own name, and the tests of their folder that test
# them instead.
TESTED_BY = {
    "apartment/shutdown": ["loft-shutdown"],
    "async/action": ["async-base"],
    "async/async-action": ["async-base"],
    "async/async-info": ["async-base", "async-close"],
    "async/async-operation": ["operation"],
    "async/async-with-progress": ["async-progress"],
    "compose/when": ["when-all", "when-any"],
    "dispatcher/dispatcher-enqueue": ["dispatcher-bounded", "dispatcher-coalesce"],
    "dispatcher/dispatcher-shutdown": ["shutdown", "shutdown-flood", "shutdown-rounds"],
    "gio/wait-async": ["gio"],
    "gio/gio-operation": ["gio"],
    "pool/pool": ["thread-pool-growth", "thread-pool-waits"],
    "work/dispatcher-call": ["call"],
    "work/work": ["dispatcher-run"],
}
# These are tested where the processes are forked, and where the await cases of all languages are.
TESTED_ELSEWHERE = {
    "base/fork": "behaviour/test-fork.c",
    "coroutine/coroutine": "await/await-c.c",
    "coroutine/resumption": "await/await-cpp.cc",
}

# Keywords of languages with bindings. A GObject with a `then` is a thenable, and `await` on it
# never ends.
FORBIDDEN = {"then", "await", "yield", "finally", "delete", "new", "class", "return", "throw",
             "try", "catch", "async", "with", "lambda", "pass", "raise", "from", "import", "in",
             "is", "not", "or", "and", "owned", "unowned", "ref", "out"}

# Which test compiles or runs the blocks of a page, for each language. Blocks that are in none of
# these make the lint fail: write the test first. `sh` is checked by this file, and "shown" is code
# that Loft has nothing to do with, or that shows no language of Loft's.
BLOCKS = {
    "CONTRIBUTING.md": {"sh": "lint.py"},
    "README.md": {"c": "meson.build", "python": "bindings/page.py", "js": "bindings/meson.build",
                  "vala": "bindings/meson.build", "sh": "lint.py"},
    "docs/README.md": {"c": "meson.build", "cpp": "await/meson.build",
                       "python": "bindings/page.py", "js": "bindings/meson.build",
                       "vala": "bindings/meson.build", "sh": "lint.py", "meson": "use/run"},
    "docs/getting-started.md": {"c": "pages/pages-getting-started.c"},
    "docs/home.md": {"c": "pages/pages-home.c"},
    "docs/composing.md": {"c": "pages/pages-composing.c"},
    "docs/coroutines.md": {"c": "await/meson.build", "": "shown: what gdb prints"},
    "docs/gtk.md": {"c": "pages/pages-gtk.c"},
    "docs/cpp.md": {"cpp": "await/meson.build"},
    "docs/python.md": {"python": "bindings/page.py"},
    "docs/javascript.md": {"js": "bindings/meson.build"},
    "docs/vala.md": {"vala": "bindings/meson.build"},
    "docs/porting-from-uwp.md": {"c": "porting/porting-c.c", "cpp": "porting/porting-cpp.cc",
                                 "csharp": "shown: what a porter has"},
    "docs/inspector.md": {"c": "pages/pages-inspector.c"},
    "docs/porting-from-wpf.md": {"c": "porting/wpf.c", "csharp": "shown: what a porter has"},
    "docs/for-gtask-users.md": {"c": "porting/gtask.c"},
    "docs/debugging.md": {"c": "porting/debugging.c", "sh": "lint.py",
                          "": "shown: what gdb prints"},
    "docs/testing.md": {"c": "porting/testing.c", "sh": "lint.py"},
    "docs/performance.md": {"sh": "lint.py"},
    "docs/design.md": {"": "shown: drawings"},
}


def forms_with_a_call_site():
    """Returns the functions that the macros call instead of the documented form. They are hidden
    from the scanner, and have its name with "_at"."""
    found = set()
    for header in sorted((ROOT / "include").glob("loft*/*.h")):
        for part in re.findall(r"#ifndef __GI_SCANNER__\n(.*?)#endif", header.read_text(), re.S):
            found.update(re.findall(r"\b(loft_[a-z0-9_]+_at)\s*\(", part))
    return {name for name in found if name.removesuffix("_at") in public_functions()}


def floors():
    """Returns the folders of the library, lowest first, each with its files."""
    table = re.search(r"loft_folders = \{(.*?)\n\}", (ROOT / "src/meson.build").read_text(),
                      re.S).group(1)
    return {folder: re.findall(r"'([a-z-]+)'", names)
            for folder, names in re.findall(r"'([a-z]+)': \[(.*?)\]", table, re.S)}


def calls():
    """Returns each call from one file of the library to another as (caller, function, callee),
    where a file is "folder/name"."""
    defined, undefined = {}, {}
    for path in sorted(pathlib.Path(f"{LIBRARY}.p").glob("*.c.o")):
        if path.name.startswith("meson-generated"):
            continue
        folder, _, name = path.name.removesuffix(".c.o").partition("_loft-")
        output = subprocess.run(["nm", path], check=True, capture_output=True, text=True).stdout
        for line in output.splitlines():
            *_, kind, symbol = line.split()
            if kind == "U":
                undefined.setdefault(f"{folder}/{name}", set()).add(symbol)
            elif kind.isupper():
                defined[symbol] = f"{folder}/{name}"
    return {(caller, symbol, defined[symbol]) for caller, symbols in undefined.items()
            for symbol in symbols if symbol in defined}


def public_functions():
    found = set()
    for header in sorted((ROOT / "include").glob("loft*/*.h")):
        text = re.sub(r"/\*.*?\*/", "", header.read_text(), flags=re.S)
        text = re.sub(r"^#.*(\\\n.*)*", "", text, flags=re.M)
        # what the macros expand to
        text = re.sub(r"^static inline .*?^}", "", text, flags=re.M | re.S)
        for name in re.findall(r"\b(loft_[a-z0-9_]+)\s*\(", text):
            found.add(name)
        for macro, name in re.findall(r"G_DECLARE_(\w+) \(\w+, (loft_\w+),", text):
            found.add(name + "_get_type")
    return {name for name in found if not name.endswith("_type") or name.startswith("loft_")}


def prose(page):
    """The page with its tables and its blocks of code emptied, whose lines may be longer."""
    return re.sub(r"^ *```.*?^ *```|^ *\|[^\n]*", lambda part: "\n" * part.group().count("\n"),
                  page, flags=re.M | re.S)


class Lint(unittest.TestCase):
    def test_every_file_has_its_floor(self):
        listed = {f"{folder}/loft-{name}.c" for folder, names in floors().items() for name in names}
        found = {f"{path.parent.name}/{path.name}" for path in (ROOT / "src").rglob("*.c")
                 if path.relative_to(ROOT / "src").parts[0] != "gtk"}
        self.assertEqual(listed, found)

    def test_every_file_has_its_test(self):
        tests = ROOT / "tests"
        for folder, names in floors().items():
            for name in names:
                file = f"{folder}/{name}"
                own = tests / folder / f"test-{name}.c"
                if file in TESTED_ELSEWHERE:
                    self.assertTrue((tests / TESTED_ELSEWHERE[file]).exists(), file)
                    continue
                self.assertNotEqual(own.exists(), file in TESTED_BY, f"{file} has no test, or two")
                for other in TESTED_BY.get(file, []):
                    self.assertTrue((tests / folder / f"test-{other}.c").exists(), other)

    def test_loft_gtk_uses_what_is_public(self):
        for path in (ROOT / "src/gtk").rglob("*.[ch]"):
            for header in re.findall(r'#include "([^"]*)"', path.read_text()):
                self.assertTrue(header.startswith("loft-gtk-"), f"{path.name} includes {header}")
            # A module is tested by the test of what it loads.
            if path.suffix == ".c" and not path.stem.endswith("-module"):
                own = ROOT / "tests/gtk" / f"test-{path.name.removeprefix('loft-')}"
                self.assertTrue(own.exists(), f"{path.name} has no test")

    def test_a_folder_includes_only_what_is_below_it(self):
        order = list(floors())
        for path in sorted((ROOT / "src").rglob("*.[ch]")):
            own = path.parent.name
            for header in re.findall(r'#include "([a-z]+/loft-[a-z-]+)-private\.h"',
                                     path.read_text()):
                self.assertLessEqual(order.index(header.split("/")[0]), order.index(own),
                                     f"{own}/{path.name} includes {header}-private.h")

    def test_a_file_includes_only_what_stands_above_it_in_its_folder(self):
        order = {f"{folder}/{name}": n for n, (folder, name) in
                 enumerate((folder, name) for folder, names in floors().items() for name in names)}
        for path in sorted((ROOT / "src").rglob("*.[ch]")):
            own = path.parent.name + "/" + re.sub(r"^loft-|-private\.h$|\.c$", "", path.name)
            for folder, name in re.findall(r'#include "([a-z]+)/loft-([a-z-]+)-private\.h"',
                                           path.read_text()):
                header = f"{folder}/{name}"
                if header not in order or own not in order: # a header without a file of its own
                    continue
                excused = any(who == own and name in whom for who, whom, _ in EXCEPTIONS)
                self.assertTrue(order[header] <= order[own] or excused,
                                f"{path.name} includes {header}, which stands below it")

    def test_a_file_calls_only_what_stands_above_it(self):
        order = {f"{folder}/{name}": n for n, (folder, name) in
                 enumerate((folder, name) for folder, names in floors().items() for name in names)}
        used = set()
        for caller, function, callee in sorted(calls()):
            if order[callee] <= order[caller]:
                continue
            excused = {n for n, (who, whom, _) in enumerate(EXCEPTIONS)
                       if who == caller and callee.split("/")[1] in whom}
            self.assertTrue(excused, f"{caller} calls {function} of {callee}, "
                                     "which stands below it in src/meson.build")
            used |= excused
        self.assertEqual(used, set(range(len(EXCEPTIONS))),
                         "an exception that is not needed any more")
        self.assertLessEqual(len(EXCEPTIONS), 3)

    def test_exports(self):
        output = subprocess.run(["nm", "-D", "--defined-only", LIBRARY], check=True,
                                capture_output=True, text=True).stdout
        exported = {line.split()[2].split("@")[0] for line in output.splitlines() if " T " in line}
        declared = {name for name in public_functions() if not name.startswith("loft_gtk_")}
        generated = {name for name in exported if name.endswith("_get_type")}
        self.assertEqual(exported - declared - generated, set(),
                         "exported, and in no public header")
        self.assertEqual(declared - exported, set(), "declared, and not exported")

    def test_hardened(self):
        dynamic = subprocess.run(["readelf", "-dlW", LIBRARY], check=True, capture_output=True,
                                 text=True).stdout
        self.assertIn("GNU_RELRO", dynamic)
        self.assertRegex(dynamic, "BIND_NOW|FLAGS_1.*NOW")

    def test_every_function_is_documented(self):
        text = "".join(path.read_text() for path in (ROOT / "src").rglob("*.c"))
        sited = forms_with_a_call_site()
        for name in sorted(public_functions()):
            if not name.endswith("_get_type") and name not in sited:
                self.assertTrue(f"\n * {name}:" in text, f"{name} has no documentation block")

    def test_names(self):
        for name in public_functions():
            for word in FORBIDDEN:
                prefixes = ("loft_async_info_", "loft_async_action_", "loft_async_operation_",
                            "loft_dispatcher_", "loft_async_base_", "loft_action_",
                            "loft_operation_")
                for prefix in prefixes:
                    if name == prefix + word and word != "new":
                        self.fail(f"{name}: “{word}” is a keyword somewhere")

    def test_licence_lines(self):
        files = subprocess.run(["git", "ls-files", "*.c", "*.h", "*.py", "*.js", "*.vala"],
                               cwd=ROOT, capture_output=True, text=True, check=False)
        for name in files.stdout.split():
            head = (ROOT / name).read_text()[:200]
            self.assertIn("SPDX-License-Identifier: LGPL-2.1-or-later", head, name)

    def test_columns(self):
        files = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True,
                               check=False)
        for name in files.stdout.split():
            path = ROOT / name
            code = (name.endswith((".c", ".h", ".cc", ".cpp", ".hpp", ".py", "meson.build")) or
                    path.read_bytes().startswith(b"#!"))
            if not code and not re.fullmatch(r"docs/[^/]*\.md", name):
                continue
            text = path.read_text() if code else prose(path.read_text())
            for number, line in enumerate(text.split("\n"), 1):
                self.assertLessEqual(len(line), 100, f"{name}:{number}")

    def test_every_block_of_a_page_has_its_test(self):
        for path in [*ROOT.glob("*.md"), *sorted((ROOT / "docs").glob("*.md"))]:
            name = str(path.relative_to(ROOT))
            fences = re.findall(r"^ *```(.*)$", path.read_text(), re.M)
            self.assertEqual(len(fences) % 2, 0, f"{name}: a block has no end")
            self.assertEqual(set(fences[::2]), set(BLOCKS.get(name, {})),
                             f"{name}: the languages of its blocks, and those that have a test")
            for test in BLOCKS.get(name, {}).values():
                if test.startswith("shown"):
                    continue
                self.assertTrue((ROOT / "tests" / test).exists(), test)
                # The test, or what builds it, names the page.
                own = ROOT / "tests" / test
                builds = {own, own.parent / "meson.build"}
                text = "".join(file.read_text() for file in builds if file.exists())
                self.assertTrue(path.name in text or path.stem in text, f"{test} is not of {name}")

    def test_blocks_of_the_shell(self):
        """Each is a script, and what it calls of this tree is there, with its options."""
        for path in [*ROOT.glob("*.md"), *sorted((ROOT / "docs").glob("*.md"))]:
            for block in re.findall(r"^```sh\n(.*?)^```$", path.read_text(), re.M | re.S):
                subprocess.run(["sh", "-n"], input=block, text=True, check=True)
                for line in block.splitlines():
                    program, *words = line.partition(" #")[0].split()
                    if "/" not in program:
                        continue
                    script = ROOT / program
                    self.assertTrue(script.exists(), f"{path.name}: {program}")
                    for word in words:
                        if word.startswith("--"):
                            self.assertIn(word, script.read_text(), f"{path.name}: {line}")

    def test_atomics_have_names(self):
        for path in (ROOT / "src").rglob("*.[ch]"):
            if path.name != "loft-atomic-private.h":
                self.assertNotRegex(path.read_text(), r"__atomic_(load|store|exchange)_n",
                                    path.name)

    def test_no_sleep_in_the_library(self):
        for path in (ROOT / "src").rglob("*.c"):
            self.assertNotRegex(path.read_text(), r"\b(g_usleep|usleep|nanosleep|sleep) \(",
                                path.name)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
