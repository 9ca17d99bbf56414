# SPDX-FileCopyrightText: 2026 The Loft authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Runs a Python program that leaves work of every kind behind and calls sys.exit (3). Its status
has to be 3 each time.

exit.py [RUNS]

The default of RUNS is 20. docs/getting-started.md shows the line that such a program begins with
where there is no override.
"""

import atexit
import subprocess
import sys
import time
import unittest

import gi

gi.require_version("Loft", "1")
from gi.repository import Gio, GLib, GObject, Loft  # noqa: E402


def leave_work_behind():
    """Starts work of each kind, with an object that only a running Python can release."""
    atexit.register(Loft.shutdown)
    kept = []
    dispatcher = Loft.Dispatcher.get_default()

    def succeed(*args):
        return True

    def ignore(*args):
        pass

    def run_for_a_while(action, data):
        end = time.monotonic() + 0.1
        while time.monotonic() < end:
            time.sleep(0.001)
        return True

    def report(action, data):
        for n in range(100):
            action.report_progress(n)
            time.sleep(0.001)
        return True

    low = Loft.Priority.LOW
    dispatcher.try_enqueue(low, ignore, object())
    dispatcher.run_async(low, succeed, object()).forget()
    kept.append(dispatcher.run_delayed_async(low, 50_000_000, succeed, object()))
    kept.append(Loft.delay_async(2000))
    controller = Loft.DispatcherController.new_on_dedicated_thread("worker")
    controller.get_dispatcher().try_enqueue(low, ignore, object())
    kept.append(controller)
    kept += [Loft.thread_pool_run_async(run_for_a_while, object()) for _ in range(3)]
    kept += [Loft.thread_pool_run_async(succeed, object()) for _ in range(50)]
    reporting = Loft.thread_pool_run_with_progress_async(GObject.TYPE_INT, report, object())
    reporting.set_progress(Loft.ProgressFlags.ALL, ignore, object())
    kept.append(reporting)
    kept.append(Loft.ThreadPoolTimer.create_periodic(1000, ignore, object()))
    kept.append(Loft.ThreadPoolTimer.create(20_000_000, ignore, object()))
    timer = dispatcher.create_timer()
    timer.props.interval = 1000
    timer.connect("tick", ignore)
    timer.start()
    debouncer = Loft.Debouncer.new(dispatcher, 1000, ignore, object())
    debouncer.trigger()
    kept += [timer, debouncer]
    action = Loft.Action.new()
    kept += [action, action.continue_with(succeed, object())]
    action.set_completed(ignore, object())
    action.wait_async(None, ignore, None)
    event = Loft.EventSource.new()
    event.add(ignore, object())
    kept += [event, event.raise_async(4)]
    reference = Loft.AgileReference.new(Gio.SimpleAction.new("x", None))
    kept += [reference, reference.run_async(low, succeed, object())]
    sys.exit(3)


class Exit(unittest.TestCase):
    runs = 20

    def test_status(self):
        for n in range(self.runs):
            status = subprocess.run([sys.executable, __file__, "child"], stderr=subprocess.DEVNULL,
                                    check=False).returncode
            self.assertEqual(status, 3, f"run {n}")


if __name__ == "__main__":
    if sys.argv[1:] == ["child"]:
        leave_work_behind()
    if len(sys.argv) > 1:
        Exit.runs = int(sys.argv[1])
    unittest.main(argv=sys.argv[:1])
