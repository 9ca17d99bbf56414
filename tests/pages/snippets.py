# SPDX-FileCopyrightText: 2026 The Loft authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Writes the blocks in C of a page as one file that compiles. The functions of a block come first.
What is left are statements, and so they become the body of a function:

    static void block_N (BLOCK_N)

The test defines the macro BLOCK_N: the variables that the page takes as given.

snippets.py PAGE [NUMBER_TO_LEAVE_OUT]...
"""

import pathlib
import re
import sys

# A type, a name with parameters, and a body, each at the beginning of a line; or a structure.
DEFINITION = re.compile(r"^(?:/\*[^\n]*\*/\n)?(?:[a-zA-Z][\w *]*\n\w+ \([^{};]*\)\n\{\n.*?^\}\n"
                        r"|typedef struct\n\{\n.*?^\} \w+;\n|#include [^\n]*\n)", re.M | re.S)


def main():
    text = pathlib.Path(sys.argv[1]).read_text(encoding="utf-8")
    for number, block in enumerate(re.findall(r"^```c\n(.*?)^```$", text, re.M | re.S), 1):
        if str(number) in sys.argv[2:]:
            continue
        print(f"/* block {number} */\n", "\n".join(DEFINITION.findall(block)), sep="\n")
        rest = DEFINITION.sub("", block)
        if re.sub(r"/\*.*?\*/", "", rest, flags=re.S).strip():
            print(f"static void\nblock_{number} (BLOCK_{number})\n{{\n{rest}}}\n")


main()
