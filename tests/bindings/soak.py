# SPDX-FileCopyrightText: 2026 The Loft authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Measures how much memory stays behind for each callback: of PyGObject alone, and of Loft.

soak.py [CALLBACKS [ROW]]

CALLBACKS is for each row, and 10,000 by default; ROW is a part of a row's name. PyGObject 3.50
keeps nothing. PyGObject 3.42 keeps some bytes for each callback that it has made, more of them for
one with more arguments, and Loft must not keep more than that for the callbacks that a row takes.
"""

import asyncio
import gc
import sys

import gi

gi.require_version("Loft", "1")
from gi.repository import GLib, GObject, Loft  # noqa: E402

AT_ONCE = 100
KEEPS = 150  # bytes for each callback, in a PyGObject that keeps some
SLACK = 30  # bytes for each; the heap itself is as coarse as that in a short run


def resident():
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * 4096


async def wait_for(make_all):
    """`make_all` calls its argument AT_ONCE times."""
    left = AT_ONCE
    over = asyncio.Event()

    def tick(*_):
        nonlocal left
        left -= 1
        if left == 0:
            over.set()

    make_all(tick)
    await over.wait()


def idle(tick):
    for _ in range(AT_ONCE):
        GLib.idle_add(tick, priority=GLib.PRIORITY_DEFAULT)


def enqueue(tick):
    dispatcher = Loft.Dispatcher.get_default()
    for _ in range(AT_ONCE):
        dispatcher.try_enqueue(Loft.Priority.NORMAL, tick)


async def of_pygobject():
    await wait_for(idle)


async def of_try_enqueue():
    await wait_for(enqueue)


async def of_run_async():
    dispatcher = Loft.Dispatcher.get_default()
    for _ in range(AT_ONCE):
        await dispatcher.run_async(Loft.Priority.NORMAL, lambda action: None)


async def of_operations():
    for number in range(AT_ONCE):
        assert await Loft.thread_pool_run_operation_async(
            GObject.TYPE_INT64, lambda operation: number) == number


@Loft.background
def add(a, b):
    return a + b


async def of_background():
    for number in range(AT_ONCE):
        assert await add(number, 1) == number + 1


async def of_coroutines():
    async def nothing():
        await asyncio.sleep(0)

    for _ in range(AT_ONCE):
        await Loft.action_from(nothing())


async def of_errors():
    @Loft.background
    def fail():
        raise KeyError("no such")

    for _ in range(AT_ONCE):
        try:
            await fail()
        except GLib.Error as error:
            assert isinstance(error.__cause__, KeyError)


async def of_progress():
    @Loft.background(progress=GObject.TYPE_INT)
    def report():
        for i in range(9):
            Loft.current_action().report_progress(i)

    for _ in range(AT_ONCE // 10):
        assert [i async for i in report()] == list(range(9))


# Each row: its name, what runs, and how many of PyGObject's callbacks one of its callbacks takes.
ROWS = [
    ("GLib.idle_add (), PyGObject alone", of_pygobject, None),
    ("try_enqueue ()", of_try_enqueue, 1),
    ("await run_async ()", of_run_async, 2),
    ("await thread_pool_run_operation_async ()", of_operations, 2),
    ("await of a @background function", of_background, 2),
    ("await action_from ()", of_coroutines, 2),
    ("await of a @background function that raises", of_errors, 2),
    ("async for, each report", of_progress, 1),
]


async def measure(run, callbacks):
    for _ in range(20):
        await run()
    gc.collect()
    before = resident()
    for _ in range(callbacks // AT_ONCE):
        await run()
    gc.collect()
    return max(0, resident() - before) / callbacks


async def main(callbacks, rows):
    alone, bad = None, False
    for name, run, takes in rows:
        kept = await measure(run, callbacks)
        if takes is None:
            alone = kept
        elif kept > (takes * KEEPS if alone > SLACK else 0) + SLACK:
            bad = True
            name = f"{name}: MORE THAN PyGObject"
        print(f"{kept:8.1f} bytes each: {name}", flush=True)
    return bad


if __name__ == "__main__":
    chosen = ROWS[:1] + [row for row in ROWS[1:] if len(sys.argv) < 3 or sys.argv[2] in row[0]]
    sys.exit(Loft.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10000, chosen)))
