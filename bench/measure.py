# SPDX-FileCopyrightText: 2026 The Loft authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Runs the executables in turns, and gathers what they print."""

import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import cases
import executed


# Without the empty G_SLICE, GLib would turn its slices off under valgrind. Without BENCH_SLICE, a
# slice of Loft's would be over after a few items there.
VALGRIND = {**os.environ, "G_SLICE": "", "BENCH_SLICE": "3600000000"}


def executions(argv, env, n):
    """Returns what @n awaits execute, and how many pieces of memory they allocate: slices don't
    come from malloc () unless they are off."""
    argv, env = [*argv, str(n)], {**VALGRIND, **env}
    without_slices = executed.count(argv, {**env, "G_SLICE": "always-malloc"})
    return executed.count(argv, env) | {"pieces": without_slices["pieces"]}


class Bench:
    def __init__(self, build, rounds, short=False):
        self.bin = pathlib.Path(build) / "bench"
        self.build = pathlib.Path(build)
        self.rounds = rounds
        self.short = short  # whether to check only that it works

    def path(self, name):
        return self.bin / f"bench-{name}"

    def figures(self, argv, env=None):
        """Returns what one run prints; {} if the contender does not have the case."""
        run = subprocess.run([str(a) for a in argv], env={**os.environ, **(env or {})},
                             stdout=subprocess.PIPE, text=True, timeout=600)
        if run.returncode == 77:
            return {}
        if run.returncode != 0:
            sys.exit(f"{' '.join(map(str, argv))} ended with {run.returncode}")
        return {name: float(value)
                for name, value in (line.split() for line in run.stdout.splitlines())}

    def in_turns(self, runs):
        """Returns {who: [figures, …]}. The rounds run one after the other, and every second round
        is in reverse order."""
        out = {who: [] for who in runs}
        for i in range(self.rounds):
            for who in (list(runs) if i % 2 == 0 else list(reversed(runs))):
                out[who].append(runs[who]())
        return out

    def case_runs(self, name):
        """Returns the contenders of all cases that have this name in the driver. One run gives all
        of its figures."""
        runs = {}
        for case in (c for c in cases.CASES if c.name == name):
            for who in case.contenders:
                exe, env = cases.CONTENDERS[who]
                if not self.path(exe).exists():
                    continue
                argv = [self.path(exe), name] + (
                    [cases.SHORT.get(name, 2000)] if self.short else
                    [case.n[who]] if who in case.n else [])
                runs.setdefault(who, lambda argv=argv, env=env: self.figures(argv, env))
        return runs

    def timed(self):
        results = {}
        for name in dict.fromkeys(c.name for c in cases.CASES):
            print(f"{name} …", file=sys.stderr, flush=True)
            gathered = self.in_turns(self.case_runs(name))
            for case in (c for c in cases.CASES if c.name == name):
                figure = case.figure or case.unit
                results[case.key] = {who: [r[figure] for r in gathered[who] if figure in r]
                                     for who in case.contenders if who in gathered}
        return results

    def growth(self):
        results = {}
        for kind, (numbers, _) in cases.GROWTH.items():
            print(f"growth {kind} …", file=sys.stderr, flush=True)
            runs = {n: (lambda n=n: self.figures([self.path("growth"), kind, n]))
                    for n in (numbers[:1] if self.short else numbers)}
            results[kind] = {str(n): [r["ns"] for r in rows]
                             for n, rows in self.in_turns(runs).items()}
        return results

    def frames(self):
        """Returns {flood: {pointer: [{rate, gap, items}, …]}}, as the frame meter of the demo
        measured it."""
        script = pathlib.Path(__file__).resolve().parent.parent / "demo-gtk" / "flood-table"
        results = {}
        for i in range(cases.FRAMES["rounds"]):
            print(f"frames, round {i + 1} …", file=sys.stderr, flush=True)
            run = subprocess.run([script, str(cases.FRAMES["seconds"])], stdout=subprocess.PIPE,
                                 text=True, check=True)
            for line in run.stdout.splitlines():
                cells = [cell.strip() for cell in line.strip("|").split("|")]
                if len(cells) == 5 and cells[1] in ("still", "moving"):
                    seen = dict(zip(("rate", "gap", "items"), map(float, cells[2:])))
                    results.setdefault(cells[0], {}).setdefault(cells[1], []).append(seen)
        return results

    def share(self):
        """Returns {lane: {redraw in ms: {items, frames}}}. Each number is a fraction of what there
        is without the other."""
        print("share …", file=sys.stderr, flush=True)
        goal = cases.SHARE
        lanes, redraws = ((goal["lanes"][:1], goal["redraws"][:1]) if self.short else
                          (goal["lanes"], goal["redraws"]))
        seconds = 0.2 if self.short else goal["seconds"]

        def one(lane, redraw):
            # In three seconds, a redraw of 200 ms would be counted only a few times.
            return self.figures([self.path("share"), lane, redraw,
                                 seconds * (3 if redraw >= 200 and not self.short else 1)])

        frames = {redraw: one("none", redraw)["redraws"] for redraw in redraws}
        results = {}
        for lane in lanes:
            items = one(lane, 0)["items"]
            seen = {redraw: one(lane, redraw) for redraw in redraws}
            results[lane] = {str(redraw): {"items": s["items"] / items,
                                           "frames": s["redraws"] / frames[redraw]}
                             for redraw, s in seen.items()}
        return results

    def leave(self):
        print("leave …", file=sys.stderr, flush=True)
        return {kind: self.figures([self.path("leave"), kind, 100 if self.short else n])[figure]
                for kind, (n, figure, _) in cases.LEAVE.items()}

    def idle(self):
        print("idle …", file=sys.stderr, flush=True)
        return self.figures([self.path("idle")] + ([100] if self.short else []))

    def load(self):
        print("load …", file=sys.stderr, flush=True)
        runs = 1 if self.short else 50

        def once(exe):
            def run():
                start = time.perf_counter()
                for _ in range(runs):
                    subprocess.run([str(self.path(exe))], check=True)
                return {"ms": (time.perf_counter() - start) * 1000 / runs}

            return run

        times = self.in_turns({"Loft": once("load-loft"), "GIO": once("load-gio")})
        library = next(p for p in sorted((self.build / "src").glob("libloft-1.so.*"))
                       if p.is_file() and not p.is_symlink() and p.suffix != ".p")
        with tempfile.TemporaryDirectory() as folder:
            stripped = pathlib.Path(folder) / "lib"
            shutil.copy(library, stripped)
            subprocess.run(["strip", str(stripped)], check=True)
            size = stripped.stat().st_size
        return {"ms": {who: [r["ms"] for r in rows] for who, rows in times.items()}, "bytes": size}

    def awaits(self):
        """Returns {case: {who: {"ns": [ns, …], "instructions", "locked", "pieces"}}}. The last
        three are counted once, as the difference between 6,000 and 1,000 awaits. A short run does
        not count."""
        goal, results = cases.AWAITS, {}
        for case in goal["cases"]:
            print(f"{case} …", file=sys.stderr, flush=True)
            runs = {}
            for who in goal["contenders"]:
                exe, env = cases.CONTENDERS[who]
                name = goal["case"].get(who, {case: case}).get(case)
                if name is not None and self.path(exe).exists():
                    runs[who] = ([str(self.path(exe)), name], env)
            short = ["2000"] if self.short else []
            times = self.in_turns({who: lambda argv=argv, env=env: self.figures(argv + short, env)
                                   for who, (argv, env) in runs.items()})
            results[case] = {who: {"ns": [row["ns"] for row in rows]}
                             for who, rows in times.items() if rows[0]}
            for who, figures in ({} if self.short else results[case]).items():
                more, less = (executions(*runs[who], n) for n in (6000, 1000))
                figures |= {what: (more[what] - less[what]) / 5000 for what in more}
        return results

    def instructions(self):
        """Counts user instructions for each item with callgrind, as the difference between 12,000
        and 2,000 items."""
        def count(who, n):
            exe, env = cases.CONTENDERS[who]
            with tempfile.TemporaryDirectory() as folder:
                run = subprocess.run(["valgrind", "--tool=callgrind",
                                      f"--callgrind-out-file={folder}/out", str(self.path(exe)),
                                      cases.INSTRUCTIONS["case"].get(who, "post-drain"), str(n)],
                                     env={**VALGRIND, **env},
                                     stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
            if run.returncode != 0:
                sys.exit(f"callgrind of {exe} ended with {run.returncode}:\n{run.stderr}")
            return int(next(line for line in run.stderr.splitlines()
                            if "Collected" in line).split(":")[1])

        return {who: (count(who, 12000) - count(who, 2000)) / 10000
                for who in cases.INSTRUCTIONS["contenders"]
                if self.path(cases.CONTENDERS[who][0]).exists()}


def median(values):
    return statistics.median(values)
