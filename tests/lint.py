# SPDX-FileCopyrightText: 2026 The Loft authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Checks what no compiler checks: the layers, the exports, the documentation blocks, the licence lines.

lint.py SOURCE_ROOT LIBRARY
"""

import pathlib
import re
import subprocess
import sys
import unittest

ROOT = pathlib.Path(sys.argv[1])
LIBRARY = sys.argv[2]

# Headers without a .c of their own, and the file that they stand beside.
HEADER_ONLY = {"loft-lock": "loft-trace", "loft-door": "loft-error", "loft-work-item": "loft-work-queue", "loft-event-source": "loft-event-args",
               "loft-thread-pool-state": "loft-thread-pool-worker"}

# Names that a binding's language keeps for itself; a GObject with a `then` is a thenable, and `await` on it never ends.
FORBIDDEN = {"then", "await", "yield", "finally", "delete", "new", "class", "return", "throw", "try", "catch", "async", "with",
             "lambda", "pass", "raise", "from", "import", "in", "is", "not", "or", "and", "owned", "unowned", "ref", "out"}


def sources():
    """The .c files of the library, lowest layer first."""
    return re.findall(r"'(loft-[a-z-]+)\.c'", (ROOT / "src/meson.build").read_text())


def public_functions():
    found = set()
    for header in sorted((ROOT / "include/loft").glob("*.h")):
        text = re.sub(r"/\*.*?\*/", "", header.read_text(), flags=re.S)
        text = re.sub(r"^#.*(\\\n.*)*", "", text, flags=re.M)
        for name in re.findall(r"\b(loft_[a-z0-9_]+)\s*\(", text):
            found.add(name)
        for macro, name in re.findall(r"G_DECLARE_(\w+) \(\w+, (loft_\w+),", text):
            found.add(name + "_get_type")
    return {name for name in found if not name.endswith("_type") or name.startswith("loft_")}


class Lint(unittest.TestCase):
    def test_layers(self):
        order = {name: n for n, name in enumerate(sources())}
        for name in order:
            text = (ROOT / f"src/{name}.c").read_text()
            for header in re.findall(r'#include "(loft-[a-z-]+)-private\.h"', text):
                place = order[HEADER_ONLY.get(header, header)]
                self.assertLessEqual(place, order[name], f"{name}.c includes {header}-private.h, which stands below it")

    def test_private_headers_keep_the_layers(self):
        order = {name: n for n, name in enumerate(sources())}
        for path in sorted((ROOT / "src").glob("*-private.h")):
            name = path.name.removesuffix("-private.h")
            for header in re.findall(r'#include "(loft-[a-z-]+)-private\.h"', path.read_text()):
                low, high = HEADER_ONLY.get(header, header), HEADER_ONLY.get(name, name)
                self.assertLessEqual(order[low], order[high], f"{path.name} includes {header}-private.h")

    def test_exports(self):
        output = subprocess.run(["nm", "-D", "--defined-only", LIBRARY], check=True, capture_output=True, text=True).stdout
        exported = {line.split()[2].split("@")[0] for line in output.splitlines() if " T " in line}
        declared = public_functions()
        generated = {name for name in exported if name.endswith("_get_type")}
        self.assertEqual(exported - declared - generated, set(), "exported, and in no public header")
        self.assertEqual(declared - exported, set(), "declared, and not exported")

    def test_hardened(self):
        dynamic = subprocess.run(["readelf", "-dlW", LIBRARY], check=True, capture_output=True, text=True).stdout
        self.assertIn("GNU_RELRO", dynamic)
        self.assertRegex(dynamic, "BIND_NOW|FLAGS_1.*NOW")

    def test_every_function_is_documented(self):
        text = "".join(path.read_text() for path in (ROOT / "src").glob("*.c"))
        for name in sorted(public_functions()):
            if not name.endswith("_get_type"):
                self.assertIn(f"\n * {name}:", text, f"{name} has no documentation block")

    def test_names(self):
        for name in public_functions():
            for word in FORBIDDEN:
                prefixes = ("loft_async_info_", "loft_async_action_", "loft_async_operation_", "loft_dispatcher_",
                            "loft_async_base_", "loft_action_", "loft_operation_")
                for prefix in prefixes:
                    if name == prefix + word and word != "new":
                        self.fail(f"{name}: “{word}” is a keyword somewhere")

    def test_licence_lines(self):
        files = subprocess.run(["git", "ls-files", "*.c", "*.h", "*.py", "*.js", "*.vala"], cwd=ROOT, capture_output=True,
                               text=True, check=False)
        for name in files.stdout.split():
            head = (ROOT / name).read_text()[:200]
            self.assertIn("SPDX-License-Identifier: LGPL-2.1-or-later", head, name)

    def test_no_sleep_in_the_library(self):
        for path in (ROOT / "src").glob("*.c"):
            self.assertNotRegex(path.read_text(), r"\b(g_usleep|usleep|nanosleep|sleep) \(", path.name)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
