# SPDX-FileCopyrightText: 2026 The Loft authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Tests Loft from Python: post work, take a value, see an error, cancel, report progress, and get
an error for a wait that is not allowed."""

import threading
import unittest

import gi

gi.require_version("Loft", "1")
from gi.repository import Gio, GLib, GObject, Loft  # noqa: E402


def run_until_ended(info):
    """Runs the main loop until `info` has ended. Returns what wait_finish returns, or raises its
    error."""
    loop = GLib.MainLoop()
    ended = []

    def on_waited(source, result, *data):
        ended.append((source, result))
        loop.quit()

    info.wait_async(None, on_waited, None)
    loop.run()
    source, result = ended[0]
    return source.wait_finish(result)


class Smoke(unittest.TestCase):
    def test_nothing_private(self):
        names = set(dir(Loft.AsyncBase))
        for name in ("do_peek_runner", "do_queued_canceled_locked", "do_ends_only_after"):
            self.assertNotIn(name, names)

    def test_post(self):
        dispatcher = Loft.Dispatcher.get_default()
        seen = []

        def work(action, data):
            seen.append((data, threading.current_thread()))
            return True

        action = dispatcher.run_async(Loft.Priority.LOW, work, "data")
        self.assertEqual(action.get_status(), Loft.AsyncStatus.STARTED)
        self.assertTrue(run_until_ended(action))
        self.assertEqual(action.get_status(), Loft.AsyncStatus.COMPLETED)
        self.assertEqual(seen, [("data", threading.main_thread())])

    def test_operation(self):
        operation = Loft.thread_pool_run_operation_async(
            GObject.TYPE_INT64, lambda operation, data: (True, 42), None)
        run_until_ended(operation)
        self.assertEqual(operation.get_results()[1], 42)

    def test_error(self):
        def work(action, data):
            raise GLib.Error("no such thing", "smoke", 3)

        action = Loft.thread_pool_run_async(work, None)
        with self.assertRaises(GLib.Error) as caught:
            run_until_ended(action)
        self.assertEqual((caught.exception.message, caught.exception.code), ("no such thing", 3))

    def test_completed_comes_home(self):
        threads = []

        def on_completed(info, status, data):
            threads.append(threading.current_thread())

        action = Loft.thread_pool_run_async(lambda action, data: True, None)
        # It runs inside this call if the action has already ended.
        action.set_completed(on_completed, None)
        while not threads:
            GLib.MainContext.default().iteration(True)
        self.assertEqual(threads, [threading.main_thread()])

    def test_cancel(self):
        action = Loft.Dispatcher.get_default().run_async(
            Loft.Priority.IDLE, lambda action, data: True, None)
        action.cancel()
        with self.assertRaises(GLib.Error) as caught:
            run_until_ended(action)
        self.assertTrue(caught.exception.matches(Gio.io_error_quark(), Gio.IOErrorEnum.CANCELLED))

    def test_progress(self):
        reports = []

        def work(action, data):
            for percent in (50, 100):
                action.report_progress(percent)
            return True

        dispatcher = Loft.Dispatcher.get_default()
        action = dispatcher.run_with_progress_async(Loft.Priority.LOW, GObject.TYPE_INT, work, None)
        action.set_progress(
            Loft.ProgressFlags.ALL, lambda info, value, data: reports.append(value), None)
        run_until_ended(action)
        self.assertEqual(reports, [50, 100])

    def test_continuation(self):
        first = Loft.thread_pool_run_async(lambda action, data: True, None)
        second = first.continue_with(lambda antecedent, data: True, None)
        self.assertTrue(run_until_ended(second))

    def test_continuations(self):
        number = Loft.thread_pool_run_operation_async(
            GObject.TYPE_INT64, lambda operation, data: (True, 20), None)
        doubled = number.continue_with_operation(
            GObject.TYPE_INT64,
            lambda antecedent, factor: (True, antecedent.get_results()[1] * factor), 2
        )
        run_until_ended(doubled)
        self.assertEqual(doubled.get_results()[1], 40)

        inner = Loft.Action.new()
        followed = doubled.continue_with_async(lambda antecedent, data: inner, None)
        GLib.idle_add(lambda: inner.complete() and False)
        self.assertTrue(run_until_ended(followed))

        def fail(action, data):
            raise GLib.Error("no such thing", "smoke", 3)

        recovered = Loft.thread_pool_run_async(fail, None).recover(
            lambda antecedent, data: True, None)
        self.assertTrue(run_until_ended(recovered))

    def test_try_run(self):
        kinds = []

        def work(action, data):
            kinds.append(isinstance(action, Loft.AsyncAction))
            return True

        tried = Loft.Dispatcher.get_default().try_run_async(Loft.Priority.NORMAL, work, None)
        run_until_ended(tried)
        self.assertEqual(kinds, [True])
        self.assertIs(Loft.AsyncOperation.get_results(tried)[1], True)
        self.assertIs(tried.get_boolean(), True)

    def test_wait_is_refused(self):
        action = Loft.Dispatcher.get_default().run_async(
            Loft.Priority.LOW, lambda action, data: True, None)
        with self.assertRaises(GLib.Error) as caught:
            action.get()
        self.assertTrue(caught.exception.matches(Loft.error_quark(), Loft.Error.DEADLOCK))
        run_until_ended(action)

    def test_no_thenable(self):
        for name in ("then", "await", "yield", "finally"):
            self.assertFalse(hasattr(Loft.Action, name))


if __name__ == "__main__":
    unittest.main()
