# SPDX-FileCopyrightText: 2026 The Loft authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Measures, and writes the figures as a table, a picture and JSON. The table begins with the cases
where Loft loses.

report.py BUILD [--rounds N] [--instructions | --awaits] [--no-frames] [--output FOLDER]
          [--page PAGE]
"""

import argparse
import datetime
import json
import os
import pathlib
import platform
import sys
import textwrap

import cases
import draw
import measure
from draw import amount
from measure import median


def machine():
    cpu = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo")
                if line.startswith("model name")), platform.machine())
    system = next((line.split("=")[1].strip().strip('"') for line in open("/etc/os-release")
                   if line.startswith("PRETTY_NAME")), platform.system())
    return (f"{os.cpu_count()} processors ({cpu}), "
            f"Linux {platform.release().split('-')[0]}, {system}")


def prose(text, bullet=""):
    """The text as lines of at most 100 columns, which the page's own lines have, too."""
    return textwrap.wrap(text, 100, initial_indent=bullet, subsequent_indent=" " * len(bullet),
                         break_long_words=False, break_on_hyphens=False)


class Report:
    """The lines of the report in Markdown, and what its summary needs."""

    def __init__(self):
        self.lines = []
        self.missed = []  # goals that Loft misses
        self.slower = []  # cases where a peer is faster

    def head(self, title):
        self.title = title
        self.lines += ["", f"### {title}", ""]

    def goal(self, what, value, limit, at_least=False):
        """Returns whether a goal was reached, as text for a cell or a sentence."""
        met = value >= limit if at_least else value <= limit
        if met:
            return "reached"
        self.missed.append(f"{self.title}: {what}: {value:.3g}, and should be {limit} "
                           f"at {'least' if at_least else 'most'}")
        return "**missed**"

    def goals(self, medians, goals):
        rows = [(who, peer, medians[who] / medians[peer], goal) for who, peer, goal in goals
                if who in medians and peer in medians]
        if rows:
            self.lines += ["", "| whose | against | ratio | goal | |", "|---|---|---|---|---|"]
        self.lines += [f"| {who} | {peer} | {ratio:.3f} | {goal} | "
                       f"{self.goal(f'{who} / {peer}', ratio, goal)} |"
                       for who, peer, ratio, goal in rows]

    def note_slower(self, medians):
        for who in (w for w in medians if w.startswith("Loft")):
            ahead = [f"{peer} ({medians[peer] / medians[who]:.2f} of it)" for peer in medians
                     if not peer.startswith(("Loft", "bare")) and medians[peer] < medians[who]]
            if ahead:
                self.slower.append(f"{self.title}: {who}: {', '.join(ahead)}")

    def timed(self, results):
        for case in cases.CASES:
            rows = {who: values for who, values in results.get(case.key, {}).items() if values}
            fewer = "; ".join(f"{who} has {n:,}" for who, n in case.n.items())
            medians = {who: median(values) for who, values in rows.items()}
            self.head(f"{case.number}: {case.title}")
            self.lines += [f"({fewer} items.)", ""] if fewer else []
            self.lines += [f"| {case.unit} | median | least | most |", "|---|---|---|---|"]
            self.lines += [f"| {who} | {amount(median(v))} | {amount(min(v))} | {amount(max(v))} |"
                           for who, v in rows.items()]
            self.goals(medians, case.goals)
            self.note_slower(medians)
            if case.key == cases.LINEAR[2]:
                self.linear(results)

    def linear(self, results):
        who, many, few, limit = cases.LINEAR
        ratio = median(results[many][who]) / median(results[few][who])
        self.lines += ["", *prose(
            f"{who}: with a million, each takes {ratio:.2f} of the time that each takes here "
            f"(goal {limit}: {self.goal('linear', ratio, limit)}).")]

    def frames(self, frames):
        goal = cases.FRAMES
        middle = {kind: {pointer: {key: median([row[key] for row in rows])
                                   for key in ("rate", "gap", "items")}
                         for pointer, rows in pointers.items()}
                  for kind, pointers in frames.items()}
        self.head("P8: a GTK 4 window flooded with items of 50 µs")
        self.lines += [*prose(
            f"The demo's frame meter; the middle of {goal['rounds']} rounds of {goal['seconds']} "
            f"seconds. The goals are {goal['rate']} frames a second, no gap of more than "
            f"{goal['gap']} ms, and {goal['items']} of the items of the best peer that draws at "
            "all. (A window that draws nothing has more time for items.)"), "",
                       "| flood | pointer | frames/s | worst gap, ms | items/s | of the best | |",
                       "|---|---|---|---|---|---|---|"]
        for kind, pointers in middle.items():
            for pointer, seen in pointers.items():
                rates = {peer: middle[peer][pointer]["items"] for peer in goal["peers"]}
                drawing = {peer: items for peer, items in rates.items()
                           if middle[peer][pointer]["rate"] >= 1}
                best = max((drawing or rates).values())
                verdicts = set() if kind in goal["peers"] else {
                    self.goal(f"{kind}, pointer {pointer}, frames/s", seen["rate"], goal["rate"],
                              at_least=True),
                    self.goal(f"{kind}, pointer {pointer}, worst gap in ms", seen["gap"],
                              goal["gap"]),
                    self.goal(f"{kind}, pointer {pointer}, items of the best peer's",
                              seen["items"] / best, goal["items"], at_least=True)}
                share = f"{seen['items'] / best:.3f}"
                end = ("a peer" if kind in goal["peers"] else
                       "reached" if verdicts == {"reached"} else "**missed**")
                self.lines.append(f"| {kind} | {pointer} | {seen['rate']:.1f} | "
                                  f"{seen['gap']:.1f} | {seen['items']:,.0f} | {share} | {end} |")

    def growth(self, growth):
        self.head("P12: more of everything")
        self.lines += ["| posts, ns an item | least many | more | most | most / least | |",
                       "|---|---|---|---|---|---|"]
        for kind, rows in growth.items():
            values = {int(n): median(v) for n, v in rows.items()}
            spread = max(values.values()) / min(values.values())
            self.lines.append(f"| {kind} | " +
                              " | ".join(f"{n:,}: {amount(v)}" for n, v in values.items()) +
                              f" | {spread:.2f} | "
                              f"{self.goal(kind, spread, cases.GROWTH[kind][1])} |")

    def share(self, share):
        goal = cases.SHARE
        self.head("P15: a flood beside a redraw that is always due")
        self.lines += [*prose(
            "The columns are fractions of the items that run without the redraw, and of the "
            "redraws that are drawn without the flood. The flood and the redraw take time from "
            "each other, so the two fractions add up to about one."), "",
                       "| lane | redraw, ms | items | redraws | |", "|---|---|---|---|---|"]
        for lane, rows in share.items():
            for redraw, seen in rows.items():
                verdicts = {self.goal(f"{lane}, redraw of {redraw} ms, items", seen["items"],
                                      goal["items"], at_least=True),
                            self.goal(f"{lane}, redraw of {redraw} ms, redraws", seen["frames"],
                                      goal["frames"], at_least=True)}
                self.lines.append(f"| {lane} | {redraw} | {seen['items']:.3f} | "
                                  f"{seen['frames']:.3f} | "
                                  f"{'reached' if verdicts == {'reached'} else '**missed**'} |")

    def leave(self, leave):
        self.head("P16: what is left of what was given up")
        self.lines += ["| | | at most | |", "|---|---|---|---|"]
        for kind, value in leave.items():
            n, figure, most = cases.LEAVE[kind]
            name = {"continuations": f"{n:,} cancelled continuations of one action",
                    "contexts": f"{n:,} threads with a context of their own"}[kind]
            self.lines.append(f"| {name} | {value:,.2f} {figure}"
                              f"{' each' if figure == 'bytes' else ''} | {most} | "
                              f"{self.goal(kind, value, most)} |")

    def idle(self, idle):
        self.head("P13: nothing to do")
        self.lines += prose(
            "A dispatcher, a controller with its thread, and the pool, twelve seconds after their "
            f"last work: {idle['wakes']:.0f} wakes in three seconds "
            f"({self.goal('wakes', idle['wakes'], 0)}), and {idle['threads']:.0f} threads, among "
            "them the main thread and the controller's. A dispatcher takes "
            f"{idle['bytes']:,.0f} bytes in addition to the {idle['context-bytes']:,.0f} of its "
            "context, and no thread.")

    def load(self, load):
        loft, gio = median(load["ms"]["Loft"]), median(load["ms"]["GIO"])
        self.head("P14: load")
        self.lines += prose(
            f"The stripped libloft has {load['bytes']:,} bytes (goal 250,000: "
            f"{self.goal('bytes', load['bytes'], 250000)}). A program that starts, posts once and "
            f"ends takes {loft:.2f} ms, and {gio:.2f} ms with GIO alone: a ratio of "
            f"{loft / gio:.2f} (goal 1.5: {self.goal('Loft / GIO', loft / gio, 1.5)}).")

    def instructions(self, counts):
        self.head("P9: user instructions an item")
        self.lines += ["| | instructions |", "|---|---|"] + [
            f"| {who} | {count:,.0f} |" for who, count in counts.items()]
        self.goals(counts, cases.INSTRUCTIONS["goals"])
        self.note_slower(counts)

    def awaits(self, awaits):
        goal = cases.AWAITS
        self.title = "P17: awaits"
        self.lines += ["| | " + " | ".join(f"{title}: ns | instructions | locked | pieces"
                                            for title in goal["cases"].values()) + " |",
                       "|---|" + "---|---|---|---|" * len(goal["cases"])]
        for who in goal["contenders"]:
            if not any(who in rows for rows in awaits.values()):
                continue
            cells = [who]
            for rows in awaits.values():
                row = rows.get(who)
                cells += [f"{median(row['ns']):,.0f}", f"{row['instructions']:,.0f}",
                          f"{row['locked']:.1f}", f"{row['pieces']:.1f}"] if row else [""] * 4
            self.lines.append(f"| {' | '.join(cells)} |")
        beyond = {case: {who: rows[who]["pieces"] -
                         (rows["no await"]["pieces"] if "no await" in rows else 0)
                         for who in goal["goals of"] if who in rows}
                  for case, rows in awaits.items()}
        self.lines += ["", *prose("Pieces beyond the action's: " + "; ".join(
            f"{who}, {goal['cases'][case]}: {value:.1f} (goal {goal['goals'][case]}: "
            + self.goal(f"{who}, {goal['cases'][case]}, pieces", round(value, 1),
                        goal["goals"][case]) + ")"
            for case, values in beyond.items() for who, value in values.items()) + ".")]

    def summary(self):
        lines = ["", "**Goals that Loft misses** in this run:" if self.missed else
                 "Every goal was reached in this run.", ""]
        for line in self.missed:
            lines += prose(line, "* ")
        if self.slower:
            lines += ["", "**Where a peer is ahead** of one of Loft's two forms:", ""]
        for line in self.slower:
            lines += prose(line, "* ")
        return lines


def write_page(page, text, mark="results"):
    """Puts the text between the two marks of the page."""
    before, rest = page.read_text().split(f"<!-- {mark} -->\n")
    after = rest.split(f"<!-- end of {mark} -->\n")[1]
    page.write_text(f"{before}<!-- {mark} -->\n{text}\n<!-- end of {mark} -->\n{after}")


def write_all(folder, name, out, text, with_picture):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.json").write_text(json.dumps(out, indent=1) + "\n")
    if with_picture:
        (folder / f"{name}.svg").write_text(draw.picture(out, f"{out['date']}, {out['machine']}"))


def report_awaits(bench, out, args):
    """The awaits have a part of their own on the page: of a system that has all contenders, while
    the other figures are of the oldest system."""
    report = Report()
    out["awaits"] = bench.awaits()
    if args.short:
        return
    report.awaits(out["awaits"])
    text = "\n".join(prose(f"{out['date']}; {out['machine']}; {bench.rounds} rounds in turns; "
                           "instructions and memory: once.") + [""] + report.lines)
    print(text)
    if args.output:
        write_all(args.output, "awaits", out, text, False)
        (args.output / "awaits.md").write_text(text + "\n")
    if args.page and all(who in out["awaits"]["await-later"] for who in cases.AWAITS["contenders"]):
        write_page(args.page, text, "awaits")
    elif args.page:
        print("The page keeps its awaits, since a contender is missing here: bench/run --on trixie "
              "--awaits --update", file=sys.stderr)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--instructions", action="store_true", help="count instructions only")
    parser.add_argument("--awaits", action="store_true", help="measure awaits only")
    parser.add_argument("--short", action="store_true",
                        help="one round of little, to see that all of it works")
    parser.add_argument("--no-frames", dest="frames", action="store_false",
                        help="without the GTK window (P8)")
    parser.add_argument("--output", type=pathlib.Path, default=None,
                        help="where table, picture and figures go")
    parser.add_argument("--page", type=pathlib.Path, default=None,
                        help="the page that takes the table; picture and figures go beside it")
    args = parser.parse_args()
    if args.page and (args.instructions or args.short or not args.frames):
        parser.error("the page takes all figures of one run")
    if args.instructions and args.awaits:
        parser.error("give --instructions or --awaits")
    bench = measure.Bench(args.build, 1 if args.short else args.rounds, args.short)
    report = Report()
    out = {"date": datetime.date.today().isoformat(), "machine": machine(), "rounds": bench.rounds}

    if not args.instructions:
        report_awaits(bench, out, args)
    if args.awaits:
        return 0
    if not args.instructions:
        out |= {"timed": bench.timed(), "growth": bench.growth(), "load": bench.load()}
        report.timed(out["timed"])
        if args.frames and not args.short:
            out["frames"] = bench.frames()
            report.frames(out["frames"])
    if not args.short:
        out["instructions"] = bench.instructions()
        report.instructions(out["instructions"])
    if not args.instructions:
        report.growth(out["growth"])
        out |= {"share": bench.share(), "leave": bench.leave()}
        report.share(out["share"])
        report.leave(out["leave"])
        out["idle"] = bench.idle()
        report.idle(out["idle"])
        report.load(out["load"])

    head = prose(f"{out['date']}; {out['machine']}. Contenders: {bench.rounds} rounds in turns, "
                 "every second one in reverse order; the window: "
                 f"{cases.FRAMES['rounds']} rounds; instructions and idle: once.")
    text = "\n".join(head + report.summary() + report.lines)
    print(text)
    if args.output:
        write_all(args.output, "results", out, text, not args.instructions)
        (args.output / "results.md").write_text(text + "\n")
    if args.page:
        write_all(args.page.parent, args.page.stem, out, text, not args.instructions)
        write_page(args.page, text)
    return 0


sys.exit(main())
