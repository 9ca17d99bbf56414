# SPDX-FileCopyrightText: 2026 The Loft authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""The cases that are measured, the contenders of each case, and the goals of Loft."""

from dataclasses import dataclass, field

# The name in the table: the executable, and the variables of its environment. Qt has two
# dispatchers. It uses its own one if the variable is set and not empty, as in a program without
# GLib. Otherwise it uses one that runs a GMainContext, as in a GTK program.
CONTENDERS = {
    "Loft action": ("loft-action", {}),
    "Loft post": ("loft-post", {}),
    "g_idle_add": ("glib-idle", {}),
    "g_main_context_invoke": ("glib-invoke", {}),
    "GTask": ("gtask", {}),
    "GThreadPool": ("glib-idle", {}),
    "bare GMainContext": ("glib-bare", {}),
    "bare GObject": ("glib-bare", {}),
    "Qt invokeMethod": ("qt-invoke", {"QT_NO_GLIB": "1"}),
    "Qt invokeMethod, GLib": ("qt-invoke", {"QT_NO_GLIB": ""}),
    "QPromise.then": ("qt-promise", {"QT_NO_GLIB": "1"}),
    "QThreadPool": ("qt-invoke", {"QT_NO_GLIB": "1"}),
    "libuv": ("uv", {}),
    "Loft timer": ("loft-action", {}),
    "g_timeout_add": ("glib-idle", {}),
    "g_source_destroy": ("glib-idle", {}),
    "LOFT_AWAIT": ("loft-await", {}),
    "co_await of Loft": ("loft-await-cpp", {}),
    "wait_async": ("loft-wait-async", {}),
    "no await": ("loft-await", {}),
    "fiber of libdex": ("dex-await", {}),
    "co_await of a Qt call": ("qt-await", {"QT_NO_GLIB": "1"}),
    "co_await of a QFuture": ("qt-await-future", {"QT_NO_GLIB": "1"}),
}


@dataclass
class Case:
    number: str
    name: str  # the name of the case in the driver
    title: str
    unit: str
    contenders: list
    goals: list = field(default_factory=list)  # (contender, peer, ratio at most)
    figure: str = ""  # which figure of the driver; the unit if not given
    n: dict = field(default_factory=dict)  # the number of items of contenders that take fewer

    @property
    def key(self):
        return f"{self.number} {self.name} {self.figure or self.unit}"


ALL_POSTS = ["Loft action", "Loft post", "g_idle_add", "g_main_context_invoke", "GTask",
             "Qt invokeMethod", "Qt invokeMethod, GLib", "libuv"]

CASES = [
    Case("P1", "flood-one", "One thread floods a loop with 1,000,000 items", "ns", ALL_POSTS,
         [("Loft action", "g_idle_add", 0.25), ("Loft action", "GTask", 0.15),
          ("Loft action", "Qt invokeMethod", 0.65), ("Loft post", "g_idle_add", 0.06),
          ("Loft post", "Qt invokeMethod", 0.15), ("Loft post", "libuv", 0.85)],
         n={"GTask": 200000}),
    Case("P2", "flood-four", "Four threads flood a loop", "ns", ALL_POSTS,
         [("Loft action", "g_idle_add", 0.32), ("Loft action", "Qt invokeMethod", 1.0),
          ("Loft post", "g_idle_add", 0.07), ("Loft post", "libuv", 0.70)],
         n={"GTask": 200000}),
    Case("P3", "trips-many", "There and back, 10,000 in flight", "ns",
         ["Loft action", "Loft post", "g_idle_add", "GTask", "Qt invokeMethod", "QPromise.then",
          "libuv"],
         [("Loft action", "g_idle_add", 0.21), ("Loft action", "GTask", 0.14),
          ("Loft action", "QPromise.then", 0.38)],
         n={"GTask": 100000}),
    Case("P3", "trips-one", "There and back, one at a time, both loops on one core", "us",
         ["Loft action", "Loft post", "bare GMainContext", "g_idle_add", "GTask",
          "Qt invokeMethod", "libuv"],
         [("Loft action", "g_idle_add", 0.50), ("Loft action", "Qt invokeMethod", 0.95),
          ("Loft action", "bare GMainContext", 1.0)]),
    Case("P4", "pool-submit", "1,000,000 items to the thread pool", "ns",
         ["Loft action", "GThreadPool", "GTask", "QThreadPool", "libuv"],
         [("Loft action", "GThreadPool", 0.60), ("Loft action", "GTask", 0.14),
          ("Loft action", "QThreadPool", 1.2)],
         n={"GTask": 200000}),
    Case("P4c", "pool-many", "To the pool, and the end comes home, 10,000 in flight", "ns",
         ["Loft action", "GThreadPool", "GTask", "QThreadPool", "QPromise.then", "libuv"],
         [("Loft action", "GThreadPool", 0.30), ("Loft action", "GTask", 0.20),
          ("Loft action", "QThreadPool", 0.75)],
         n={"GTask": 200000}),
    Case("P4l", "pool-one", "The same, one at a time", "us",
         ["Loft action", "GThreadPool", "GTask", "QThreadPool", "QPromise.then", "libuv"],
         [("Loft action", "GThreadPool", 0.05), ("Loft action", "QThreadPool", 0.05),
          ("Loft action", "libuv", 0.05)]),
    Case("P5", "chain", "Each item posts the next", "ns",
         ["Loft action", "Loft post", "g_idle_add", "GTask", "Qt invokeMethod", "libuv"],
         [("Loft action", "g_idle_add", 0.45), ("Loft post", "g_idle_add", 0.036)]),
    Case("P6", "wake", "A post to a loop that sleeps, one core: median", "us",
         ["Loft action", "Loft post", "bare GMainContext", "g_idle_add", "GTask",
          "Qt invokeMethod", "libuv"],
         [("Loft action", "g_idle_add", 0.40), ("Loft post", "g_idle_add", 0.40)]),
    Case("P6", "wake", "A post to a loop that sleeps, one core: the 99th of 100", "us",
         ["Loft action", "Loft post", "bare GMainContext", "g_idle_add", "GTask",
          "Qt invokeMethod", "libuv"],
         [("Loft action", "g_idle_add", 1.0), ("Loft post", "g_idle_add", 1.0)], figure="p99"),
    Case("P7", "memory", "Memory of an item that waits", "bytes",
         ["Loft action", "Loft post", "g_idle_add", "GTask", "Qt invokeMethod", "libuv"],
         [("Loft action", "g_idle_add", 0.50), ("Loft action", "Qt invokeMethod", 0.60),
          ("Loft post", "g_idle_add", 0.25)]),
    Case("P10", "cancel", "1,000,000 posts are taken back", "ns",
         ["Loft action", "g_source_destroy"],
         [("Loft action", "g_source_destroy", 0.25)]),
    Case("P10", "cancel", "The same of 100,000", "ns", ["Loft action", "g_source_destroy"],
         figure="tenth"),
    Case("P11", "timers", "100,000 timers: started, 50,000 ticks, stopped", "ms",
         ["Loft timer", "g_timeout_add"],
         [("Loft timer", "g_timeout_add", 0.10)]),
    Case("P11", "timers", "Of these, a start", "ns", ["Loft timer", "g_timeout_add"],
         figure="start"),
    Case("P11", "timers", "Of these, a tick", "ns", ["Loft timer", "g_timeout_add"], figure="tick"),
    Case("P11", "timers", "Of these, a stop", "ns", ["Loft timer", "g_timeout_add"], figure="stop"),
]

# The numbers of items in a short run, which only checks that a case works. The other cases take
# 2000.
SHORT = {"trips-one": 20, "pool-one": 20, "wake": 20, "timers": 50}

# P10: the largest ratio between the cost of taking back one item of a million and one item of a
# hundred thousand.
LINEAR = ("Loft action", "P10 cancel ns", "P10 cancel tenth", 1.3)

# P9: user instructions for each item. All items are posted and then run, on one thread. The case
# "objects" makes an object, takes one more reference to it, and drops both.
INSTRUCTIONS = {
    "contenders": ["bare GObject", "Loft action", "Loft post", "g_idle_add", "GTask",
                   "Qt invokeMethod", "libuv"],
    "case": {"bare GObject": "objects"},
    "goals": [("Loft action", "GTask", 0.39), ("Loft action", "g_idle_add", 1.0),
              ("Loft post", "g_idle_add", 0.15)],
}

# P8: how the GTK demo's window is flooded, with the pointer still and moving. The goals: the fewest
# frames a second, the longest gap in ms, and the smallest ratio of the items to those of the best
# peer.
FRAMES = {"rounds": 3, "seconds": 3, "loft": ["high", "normal", "low", "idle", "all"],
          "peers": ["glib-default", "glib-idle"],
          "rate": 59, "gap": 21, "items": 0.98}

# P12: Loft alone: the numbers, and the largest ratio between the cost at the most and the least.
# For timers, a tick costs O(log n) (P11).
GROWTH = {
    "queued": ([1000, 100000, 10000000], 1.3),
    "producers": ([1, 8, 64], 1.3),
    "dispatchers": ([1, 100, 1000], 1.3),
    "timers": ([1000, 10000, 100000], 1.67),
    "owned": ([1000, 10000, 100000], 2),
    "continuations": ([1000, 10000, 100000], 2),
}

# P15: a flood in each lane beside a redraw that is always due, with the length of the redraw in ms.
# The goals: the smallest fraction of the items that run without the redraw, and of the redraws that
# are drawn without the flood.
SHARE = {"lanes": ["high", "normal", "low", "idle"], "redraws": [5, 20, 50, 200], "seconds": 3,
         "items": 0.24, "frames": 0.74}

# P16: what remains of objects that were given up: their number, the unit of the figure, and the
# largest figure.
LEAVE = {"continuations": (100000, "bytes", 1), "contexts": (1000, "descriptors", 0)}

# P17: awaits of what has ended before, and of what the same loop ends later. "no await" does the
# latter's actions alone. The goals are the most pieces of memory that an await of each case
# allocates, without those of the action.
AWAITS = {
    "cases": {"await-ended": "ended before", "await-later": "ends later"},
    "contenders": ["LOFT_AWAIT", "co_await of Loft", "wait_async", "no await", "fiber of libdex",
                   "co_await of a Qt call", "co_await of a QFuture"],
    "case": {"no await": {"await-later": "unawaited"}},
    "goals": {"await-ended": 0, "await-later": 1},
    "goals of": ["LOFT_AWAIT", "co_await of Loft"],
}
