# SPDX-FileCopyrightText: 2026 The Loft authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Makes the site out of what gi-docgen writes: the references of Loft and LoftGtk, and the pages.

gi-docgen's templates differ from version to version, so none of them is replaced. Instead this
works on the HTML: docs/README.md becomes the front page, the pages lead to each other in their
reading order, and links that work in the repository work here, too.

site.py --gi-docgen=PROGRAM --output=FOLDER --source=FOLDER --config=TOML --gir=GIR
        [--gtk-config=TOML --gtk-gir=GIR] PAGE.md...

The pages are named in their reading order. The first is the front page.
"""

import argparse
import html
import pathlib
import re
import shutil
import subprocess

# Where the documentation of other libraries is.
ELSEWHERE = {
    "GLib": "https://docs.gtk.org/glib/",
    "GObject": "https://docs.gtk.org/gobject/",
    "Gio": "https://docs.gtk.org/gio/",
    "Gtk": "https://docs.gtk.org/gtk4/",
    "Gdk": "https://docs.gtk.org/gdk4/",
}


def generate(options, config, gir, output, more=()):
    """Runs gi-docgen. A warning of it is an error."""
    folders = [f"--content-dir={options.source}", f"--content-dir={options.source}/images"]
    subprocess.run([options.gi_docgen, "generate", "--quiet", "--fatal-warnings",
                    "--no-namespace-dir", f"--config={config}", *folders,
                    f"--output-dir={output}", *more, gir], check=True)
    shutil.copy(pathlib.Path(options.source) / "site.css", output / "site.css")


def name_of(page):
    """The file of the site that a page becomes."""
    return "index.html" if page == "README.md" else page.removesuffix(".md") + ".html"


def titles(options):
    """The pages as (file, title), in their reading order."""
    found = []
    for page in options.pages:
        text = (pathlib.Path(options.source) / page).read_text(encoding="utf-8")
        found.append((name_of(page), re.match(r"Title: (.*)", text).group(1)))
    return found


def headings(text):
    """The second-level headings of a page, as (id, HTML)."""
    return [(name, re.sub(r"<a class=\"md-anchor\".*?</a>", "", inner))
            for name, inner in re.findall(r'<h2 id="([^"]*)">(.*?)</h2>', text, re.S)]


def sidebar(pages, current, text, has_gtk, up):
    """The list of the pages, with the headings of the one that is shown, and the references."""
    lines = []
    for file, title in pages:
        mark = ' class="current" aria-current="page"' if file == current else ""
        lines.append(f'<a href="{up}{file}"{mark}>{html.escape(title)}</a>')
        if file == current and file != "index.html":
            lines += [f'<a class="heading" href="#{name}">{inner}</a>'
                      for name, inner in headings(text)]
    references = [(up + "reference.html", "Loft")]
    if has_gtk:
        references.append((up + "LoftGtk-1/index.html", "Loft for GTK"))
    lists = [("Pages", lines), ("Reference", [f'<a href="{file}">{title}</a>'
                                              for file, title in references])]
    return "".join(f'<div class="section"><h5>{title}</h5><div class="links">{"".join(links)}'
                   "</div></div>" for title, links in lists)


def foot(pages, current):
    """What leads to the page before and to the page after."""
    n = [file for file, _ in pages].index(current)
    links = []
    for place, rel, word in ((n - 1, "prev", "← "), (n + 1, "next", "")):
        if 0 <= place < len(pages):
            file, title = pages[place]
            after = " →" if rel == "next" else ""
            links.append(f'<a rel="{rel}" href="{file}">{word}{html.escape(title)}{after}</a>')
    return f'<nav class="reading" aria-label="Reading order">{"".join(links)}</nav>'


def languages(text):
    """On the front page, each third-level heading and the code below it become a card."""
    card = r'(<h3 id="[^"]*">(?:(?!</h3>).)*</h3>)\s*(<div class="codehilite">.*?</pre></div>)'
    cards = r"((?:<section class=\"card\">(?:(?!</section>).)*</section>\s*)+)"
    text = re.sub(card, r'<section class="card">\1\2</section>', text, flags=re.S)
    return re.sub(cards, r'<div class="cards">\1</div>', text, flags=re.S)


def link_elsewhere(text, up):
    """gi-docgen leaves the links to other libraries to a script. Here they are links."""
    def resolve(match):
        tag = match.group()
        namespace = re.search(r'data-namespace="(\w+)"', tag)
        link = re.search(r'data-link="([^"]*)"', tag)
        if namespace is None or link is None:
            return tag
        if namespace.group(1) == "Loft":
            address, tag = up + link.group(1), tag.replace(' class="external"', "")
        else:
            address = ELSEWHERE[namespace.group(1)] + link.group(1)
        return tag.replace("javascript:void(0)", address)
    return re.sub(r'<a\b[^>]*"javascript:void\(0\)"[^>]*>', resolve, text)


def link_pages(text):
    """Links to pages of the repository become links to pages of the site."""
    return re.sub(r'href="([\w-]+\.md)(#[^"]*)?"',
                  lambda link: f'href="{name_of(link.group(1))}{link.group(2) or ""}"', text)


def finish(path, pages, has_gtk, up):
    """Changes one file that gi-docgen wrote."""
    text = path.read_text(encoding="utf-8")
    is_page = not up and path.name in {file for file, _ in pages}

    text = text.replace('<link rel="stylesheet" href="style.css" type="text/css" />',
                        '<link rel="stylesheet" href="style.css" type="text/css" />\n'
                        '  <link rel="stylesheet" href="site.css" type="text/css" />')
    text = link_elsewhere(text, up).replace('href="README.html"', 'href="index.html"')
    text = text.replace('src="images/', 'src="')
    # Rows of gi-docgen's for addresses that Loft does not have.
    text = re.sub(r'<tr><td><em>\w+</em></td><td><a href="" class="external"></a></td></tr>', "",
                  text)
    if is_page:
        text = link_pages(text)
        text = re.sub(r'<div id="toc" class="toc">.*?</nav>\s*</div>', "", text, flags=re.S)
    text = re.sub(r"(<table\b.*?</table>)", r'<div class="scroll">\1</div>', text, flags=re.S)
    # The name at the top leads home, and on a phone the list stands at the end of the page.
    front = up + "index.html"
    text = re.sub(r'<h3><a href="index.html">(\w+)</a></h3>',
                  rf'<h3><a href="{front}">Loft</a></h3>', text)
    text = text.replace('<nav class="sidebar devhelp-hidden">',
                        '<nav class="sidebar devhelp-hidden" id="contents">')
    text = text.replace('<div id="body-wrapper" tabindex="-1">',
                        f'<div class="bar devhelp-hidden"><a href="{front}">Loft</a>'
                        '<a href="#contents">Contents</a></div>\n'
                        '  <div id="body-wrapper" tabindex="-1">')
    listed = sidebar(pages, path.name if is_page else None, text, has_gtk, up)
    text = text.replace('<div class="section generator">',
                        listed + '<div class="section generator">')
    if is_page:
        end = text.rindex("</section>", 0, text.index('id="search" class="content hidden"'))
        text = text[:end] + foot(pages, path.name) + text[end:]
        if path.name == "index.html":
            text = languages(text).replace('<body>', '<body class="front">')
            text = re.sub("<title>.*?</title>", "<title>Loft</title>", text)
    path.write_text(text, encoding="utf-8")


def main():
    parser = argparse.ArgumentParser()
    for name in ("gi-docgen", "output", "source", "config", "gir"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--gtk-config")
    parser.add_argument("--gtk-gir")
    parser.add_argument("pages", nargs="+")
    options = parser.parse_args()

    output = pathlib.Path(options.output)
    shutil.rmtree(output, ignore_errors=True)
    output.mkdir(parents=True)
    generate(options, options.config, options.gir, output)
    (output / "index.html").rename(output / "reference.html")
    (output / "README.html").rename(output / "index.html")
    for name in ("index.json", "Loft-1.devhelp2"):
        text = (output / name).read_text(encoding="utf-8")
        (output / name).write_text(text.replace("README.html", "index.html"), encoding="utf-8")
    pages = titles(options)
    for path in sorted(output.glob("*.html")):
        finish(path, pages, options.gtk_gir is not None, "")

    if options.gtk_gir is not None:
        generate(options, options.gtk_config, options.gtk_gir, output / "LoftGtk-1",
                 [f"--add-include-path={pathlib.Path(options.gir).parent}"])
        for path in sorted((output / "LoftGtk-1").glob("*.html")):
            finish(path, pages, True, "../")


if __name__ == "__main__":
    main()
