# SPDX-FileCopyrightText: 2026 The Loft authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Draws the picture: one panel for each case, and one bar for each contender. A bar ends at the
median, and a thin line goes from the least to the most."""

from html import escape
from statistics import median

import cases

WIDTH, COLUMNS = 1160, 2
MARGIN, GAP = 28, 36
PANEL = (WIDTH - 2 * MARGIN - (COLUMNS - 1) * GAP) / COLUMNS
NAME, VALUE = 152, 62  # the width of the names and of the values
ROW, TITLE = 20, 40
LOFT, PEER, INK, FAINT = "#1c71d8", "#c0bfbc", "#241f31", "#77767b"


def text(x, y, content, size=12, fill=INK, anchor="start", weight="normal"):
    return (f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{fill}" '
            f'text-anchor="{anchor}" font-weight="{weight}">{escape(content)}</text>')


def amount(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def panel(case, rows, x, y):
    unit = {"us": "µs"}.get(case.unit, case.unit)
    out = [text(x, y + 14, f"{case.number}  {case.title}", 13, weight="bold"),
           text(x, y + 29, f"{unit}; less is better", 11, FAINT)]
    room = PANEL - NAME - VALUE
    longest = max(median(v) for v in rows.values())
    for i, (who, values) in enumerate(sorted(rows.items(), key=lambda item: median(item[1]))):
        top, middle = y + TITLE + i * ROW, y + TITLE + i * ROW + ROW / 2
        scale = room / longest
        length = max(median(values) * scale, 1)
        out.append(text(x, middle + 4, who, 12,
                        weight="bold" if who.startswith("Loft") else "normal"))
        out.append(f'<rect x="{x + NAME:.1f}" y="{top + 4:.1f}" width="{length:.1f}" '
                   f'height="{ROW - 8}" rx="2" fill="{LOFT if who.startswith("Loft") else PEER}"/>')
        least, most = min(values) * scale, min(max(values) * scale, room)
        out.append(f'<line x1="{x + NAME + least:.1f}" x2="{x + NAME + most:.1f}" '
                   f'y1="{middle:.1f}" y2="{middle:.1f}" stroke="{INK}" stroke-width="1"/>')
        out.append(text(x + NAME + max(length, most) + 6, middle + 4, amount(median(values)), 12))
    return out, TITLE + len(rows) * ROW


def short(n):
    return f"{n // 1000000}M" if n >= 1000000 else f"{n // 1000}k" if n >= 1000 else str(n)


def panels(out):
    """Returns (case, {contender: values}) of everything that was measured beside others."""
    shown = [(case, {who: v for who, v in out["timed"].get(case.key, {}).items() if v})
             for case in cases.CASES]
    if out.get("frames"):
        names = {"glib-default": "g_idle_add, default", "glib-idle": "g_idle_add"}
        rows = {names.get(kind, f"Loft, {kind}"): [seen["gap"] for seen in pointers["still"]]
                for kind, pointers in out["frames"].items()}
        shown.append((cases.Case("P8", "", "Worst gap between two frames of a flooded window",
                                 "ms", []), rows))
    if out.get("instructions"):
        counts = {who: [count] for who, count in out["instructions"].items()}
        shown.append((cases.Case("P9", "", "User instructions an item", "instructions", []),
                      counts))
    if out.get("growth"):
        rows = {f"Loft, {short(int(n))} {kind}": values
                for kind, counts in out["growth"].items()
                if kind in ("queued", "producers", "dispatchers")
                for n, values in counts.items()}
        shown.append((cases.Case("P12", "", "A post when there is more of everything", "ns", []),
                      rows))
    if out.get("load"):
        shown.append((cases.Case("P14", "", "A program starts, posts once and ends", "ms", []),
                      out["load"]["ms"]))
    return [(case, rows) for case, rows in shown if rows]


def picture(out, caption):
    shown = panels(out)
    drawn, y = [], 74.0
    for i in range(0, len(shown), COLUMNS):
        heights = []
        for column, (case, rows) in enumerate(shown[i:i + COLUMNS]):
            lines, height = panel(case, rows, MARGIN + column * (PANEL + GAP), y)
            drawn += lines
            heights.append(height)
        y += max(heights) + 26
    head = [text(MARGIN, 34, "Loft and what a GTK author could take instead", 18, weight="bold"),
            text(MARGIN, 54, caption, 12, FAINT)]
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y:.0f}" '
            f'width="{WIDTH}" height="{y:.0f}" font-family="Cantarell, Inter, sans-serif">'
            f'<rect width="100%" height="100%" fill="#ffffff"/>' + "\n".join(head + drawn) +
            "</svg>\n")
