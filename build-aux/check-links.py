# SPDX-FileCopyrightText: 2026 The Loft authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Finds dead links, in the site and in the pages as the repository shows them.

check-links.py SOURCE_ROOT [SITE]

A link leads to a file, and its anchor to a heading of that file or to another element with that id.
Links to other sites are not followed. Also a page of the site must lead to each page, and no page
may have an element's id twice.
"""

import html.parser
import pathlib
import re
import sys
import urllib.parse

# Links that are meant for the site alone: they lead to what is made with it.
ONLY_ON_THE_SITE = {"LoftGtk-1/index.html"}


class Page(html.parser.HTMLParser):
    """What links an HTML file has, and what can be linked to."""

    def __init__(self, path):
        super().__init__()
        self.links, self.ids, self.twice = [], set(), []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            if name in ("id", "name") and tag != "meta" and value:
                if name == "id" and value in self.ids:
                    self.twice.append(value)
                self.ids.add(value)
            elif name in ("href", "src") and value is not None:
                self.links.append(value)


def is_elsewhere(link):
    return urllib.parse.urlsplit(link).scheme in ("http", "https", "mailto", "data")


def check_site(site):
    """Returns what is wrong with the site."""
    pages = {path.resolve(): Page(path) for path in sorted(site.rglob("*.html"))}
    faults, reached, links = [], set(), 0
    for path, page in pages.items():
        name = path.relative_to(site)
        faults += [f"{name}: the id “{value}” is there twice" for value in page.twice]
        for link in page.links:
            links += 1
            parts = urllib.parse.urlsplit(link)
            if is_elsewhere(link):
                continue
            target = (path.parent / urllib.parse.unquote(parts.path)).resolve() if parts.path \
                else path
            if not link or parts.scheme or not target.is_file():
                faults.append(f"{name}: the link to “{link}” leads nowhere")
                continue
            reached.add(target)
            anchor = urllib.parse.unquote(parts.fragment)
            if anchor and target in pages and anchor not in pages[target].ids:
                faults.append(f"{name}: “{link}” has no such anchor")
    faults += [f"{path.relative_to(site)}: no page leads here"
               for path in pages if path not in reached and path.name != "classes_hierarchy.html"]
    if not pages:
        faults.append(f"{site}: there are no pages")
    print(f"The site: {len(pages)} pages, {links} links")
    return faults


def without_code(text):
    """The text of a page without its code, in which nothing is a link."""
    text = re.sub(r"^ *```.*?^ *```", "", text, flags=re.M | re.S)
    return re.sub(r"(`+)(?:(?!\1).)+\1", lambda code: "x" * len(code.group()), text, flags=re.S)


def anchors(path):
    """The anchors that GitHub, GitLab and Forgejo make of the headings of a page."""
    found = []
    text = re.sub(r"^ *```.*?^ *```", "", path.read_text(encoding="utf-8"), flags=re.M | re.S)
    for heading in re.findall(r"^#+ (.*)$", text, re.M):
        heading = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        anchor = re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")
        found.append(f"{anchor}-{found.count(anchor)}" if anchor in found else anchor)
    return set(found)


def check_repository(root):
    """Returns what is wrong with the links of the pages as they stand in the repository."""
    faults, links = [], 0
    pages = [*root.glob("*.md"), *sorted((root / "docs").glob("*.md"))]
    for path in pages:
        name = path.relative_to(root)
        for link in re.findall(r"\]\(([^)\s]+)\)", without_code(path.read_text(encoding="utf-8"))):
            links += 1
            if is_elsewhere(link) or link in ONLY_ON_THE_SITE:
                continue
            file, _, anchor = link.partition("#")
            target = path.parent / file if file else path
            if not target.exists():
                faults.append(f"{name}: the link to “{link}” leads nowhere")
            elif anchor and target.suffix == ".md" and anchor not in anchors(target):
                faults.append(f"{name}: “{link}” has no such heading")
    print(f"The repository: {len(pages)} pages, {links} links")
    return faults


def main():
    faults = check_repository(pathlib.Path(sys.argv[1]))
    if len(sys.argv) > 2:
        faults += check_site(pathlib.Path(sys.argv[2]).resolve())
    for fault in faults:
        print(f"error: {fault}")
    print(f"{len(faults)} dead links or other faults")
    return 1 if faults else 0


sys.exit(main())
