# SPDX-FileCopyrightText: 2026 The Loft authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Tests the model from Python: controllers, event loops, timers, agile references, and composed
objects."""

import threading
import unittest

import gi

gi.require_version("Loft", "1")
from gi.repository import Gio, GLib, Loft  # noqa: E402


def run_until(is_so):
    while not is_so():
        GLib.MainContext.default().iteration(True)


def run_until_ended(info):
    info.add_observer(lambda *args: GLib.MainContext.default().wakeup(), None)
    run_until(info.has_ended)
    return info


class Dispatchers(unittest.TestCase):
    def test_controller(self):
        controller = Loft.DispatcherController.new_on_dedicated_thread("model")
        dispatcher = controller.get_dispatcher()
        self.assertEqual(dispatcher.get_name(), "model")
        seen, held, started = [], [], threading.Event()

        def on_starting(dispatcher):
            seen.append("starting")
            held.append(dispatcher.hold_shutdown())
            dispatcher.try_enqueue(Loft.Priority.LOW, lambda data: seen.append(data), "work")
            started.set()

        dispatcher.connect("shutdown-starting", on_starting)
        dispatcher.connect("shutdown-completed", lambda dispatcher: seen.append("completed"))
        action = controller.shutdown_async()
        started.wait()
        self.assertFalse(action.has_ended())
        held[0].complete()
        run_until_ended(action)
        self.assertEqual(seen, ["starting", "work", "completed"])
        self.assertFalse(dispatcher.try_enqueue(Loft.Priority.LOW, lambda data: None, None))

    def test_event_loop(self):
        dispatcher = Loft.Dispatcher.get_default()
        seen = []

        def work(data):
            seen.append("work")
            dispatcher.enqueue_event_loop_exit()

        dispatcher.try_enqueue(Loft.Priority.LOW, work, None)
        dispatcher.run_event_loop(Loft.RunOptions.DEFAULT, None)
        self.assertEqual(seen, ["work"])
        dispatcher.try_enqueue(Loft.Priority.LOW, lambda data: seen.append("more"), None)
        dispatcher.process_events(Loft.ProcessEventsOption.ALL_IF_PRESENT)
        self.assertEqual(seen, ["work", "more"])

    def test_constructors(self):
        timer = Loft.DispatcherTimer(interval=1000, is_repeating=False)
        ticks = []
        timer.connect("tick", lambda timer: ticks.append(1))
        self.assertTrue(timer.start())
        run_until(lambda: ticks)
        self.assertEqual(Loft.Limiter(limit=3).get_limit(), 3)
        slot = Loft.LatestSlot(dispatcher=Loft.Dispatcher.get_default())
        self.assertIsNone(slot.dup_current())
        ran = []
        other = Loft.Dispatcher(context=GLib.MainContext.default())
        self.assertTrue(other.try_enqueue(Loft.Priority.HIGH, lambda data: ran.append(data), "ran"))
        run_until(lambda: ran)

    def test_timer(self):
        timer = Loft.Dispatcher.get_default().create_timer()
        ticks = []

        def on_tick(timer):
            ticks.append(timer.props.is_running)
            if len(ticks) == 3:
                timer.stop()

        timer.props.interval = 1000
        timer.connect("tick", on_tick)
        self.assertTrue(timer.start())
        run_until(lambda: not timer.props.is_running)
        self.assertEqual(len(ticks), 3)

    def test_pool_timer(self):
        called = []
        over = threading.Event()
        timer = Loft.ThreadPoolTimer.create(1000, lambda timer, data: called.append(data), "once")
        timer.set_destroyed(lambda timer, data: over.set(), None)
        over.wait()
        self.assertEqual(called, ["once"])

    def test_coalesced(self):
        seen = []
        for i in range(5):
            Loft.Dispatcher.get_default().enqueue_coalesced(
                Loft.Priority.LOW, "one", lambda data: seen.append(data), i)
        run_until(lambda: seen)
        self.assertEqual(seen, [4])


class Apartments(unittest.TestCase):
    def test_reference(self):
        thing = Gio.SimpleAction.new("thing", None)
        reference = Loft.AgileReference.new(thing)
        errors, threads = [], []

        def elsewhere():
            try:
                reference.resolve()
            except GLib.Error as error:
                errors.append(error)

        thread = threading.Thread(target=elsewhere)
        thread.start()
        thread.join()
        self.assertTrue(errors[0].matches(Loft.error_quark(), Loft.Error.WRONG_THREAD))
        self.assertIs(reference.resolve(), thing)

        def call(thing, action, data):
            threads.append((thing.get_name(), threading.current_thread()))
            return True

        run_until_ended(reference.run_async(Loft.Priority.NORMAL, call, None))
        self.assertEqual(threads, [("thing", threading.main_thread())])

    def test_context(self):
        here = Loft.ApartmentContext.capture()
        threads = []

        def come_back(action, data):
            threads.append(threading.current_thread())
            return True

        def work(action, data):
            here.run_async(come_back, None)
            return True

        Loft.thread_pool_run_async(work, None)
        run_until(lambda: threads)
        self.assertEqual(threads, [threading.main_thread()])


class Composing(unittest.TestCase):
    def test_all_and_any(self):
        parts = [Loft.thread_pool_run_async(lambda action, data: True, None) for i in range(3)]
        run_until_ended(Loft.when_all(parts, Loft.WhenFlags.DEFAULT))
        first = run_until_ended(
            Loft.when_any([Loft.Action.new()] + parts, Loft.WhenFlags.CANCEL_LOSERS))
        self.assertGreater(first.get_results()[1], 0)

    def test_timeout(self):
        inner, canceled = Loft.Action.new(), threading.Event()
        inner.set_cancel_handler(lambda base, data: canceled.set(), None)
        outer = run_until_ended(Loft.with_timeout(inner, 1000))
        self.assertTrue(outer.dup_error().matches(Gio.io_error_quark(), Gio.IOErrorEnum.TIMED_OUT))
        canceled.wait()
        inner.complete()

    def test_group_and_limiter(self):
        group = Loft.TaskGroup.new(Loft.TaskGroupFlags.CANCEL_ON_FAILURE)
        limiter = Loft.Limiter.new(2)
        for i in range(4):
            group.add(limiter.run_async(lambda action, data: True, None))
        group.seal()
        run_until_ended(group)
        self.assertEqual(group.get_status(), Loft.AsyncStatus.COMPLETED)

    def test_latest_slot(self):
        slot = Loft.LatestSlot.new(Loft.Dispatcher.get_default())
        older, newer = Loft.Action.new(), Loft.Action.new()
        seen = []
        slot.start(older, lambda info, status, data: seen.append("older"), None)
        slot.start(newer, lambda info, status, data: seen.append("newer"), None)
        newer.complete()
        run_until(lambda: seen)
        self.assertEqual(older.get_status(), Loft.AsyncStatus.CANCELED)
        self.assertEqual(seen, ["newer"])

    def test_pacing(self):
        seen = []
        debouncer = Loft.Debouncer.new(
            Loft.Dispatcher.get_default(), 1000, lambda data: seen.append(data), "settled")
        throttler = Loft.Throttler.new(
            Loft.Dispatcher.get_default(), 1000, lambda data: seen.append(data), "again")
        debouncer.trigger()
        debouncer.trigger()
        throttler.trigger()
        run_until(lambda: len(seen) == 2)
        self.assertEqual(sorted(seen), ["again", "settled"])

    def test_event(self):
        event = Loft.EventSource.new()
        seen, deferrals = [], []

        def on_event(source, args, data):
            seen.append(args.get_value())
            deferrals.append(args.take_deferral())

        token = event.add(on_event, None)
        action = event.raise_async(42)
        self.assertFalse(action.has_ended())
        deferrals[0].complete()
        run_until_ended(action)
        self.assertEqual(seen, [42])
        self.assertTrue(event.remove(token))


if __name__ == "__main__":
    unittest.main()
