# SPDX-FileCopyrightText: 2026 The Loft authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Tests lists, observers and relays from Python."""

import threading
import unittest

import gi

gi.require_version("Loft", "1")
from gi.repository import Gio, GLib, GObject, Loft  # noqa: E402

main_thread = threading.get_ident()


def run_until(is_so):
    while not is_so():
        GLib.MainContext.default().iteration(True)


class Row(GObject.Object):
    def __init__(self, number):
        super().__init__()
        self.number = number


class Speaker(GObject.Object):
    number = GObject.Property(type=int, default=0)

    @GObject.Signal(arg_types=(int, str))
    def said(self, number, text):
        pass


def on_worker(func):
    thread = threading.Thread(target=func)
    thread.start()
    thread.join()


class Lists(unittest.TestCase):
    def test_feeder(self):
        feeder = Loft.ListFeeder.new(Row)
        changes, states = [], []

        def on_changed(model, position, removed, added):
            self.assertEqual(threading.get_ident(), main_thread)
            changes.append((position, removed, added))

        def push():
            feeder.push(Row(1))
            feeder.push_all([Row(2), Row(3)])
            self.assertTrue(feeder.try_push(Row(4)))

        feeder.connect("items-changed", on_changed)
        feeder.connect("notify::state", lambda *args: states.append(feeder.props.state))
        on_worker(push)
        feeder.close()
        run_until(feeder.is_complete)
        self.assertEqual([row.number for row in feeder], [1, 2, 3, 4])
        self.assertEqual(changes, [(0, 0, 4)])
        self.assertEqual(states, [Loft.FeederState.COMPLETE])
        with self.assertRaises(GLib.Error) as refused:
            feeder.push(Row(5))
        self.assertTrue(refused.exception.matches(Loft.error_quark(),
                                                  Loft.Error.ILLEGAL_METHOD_CALL))

    def test_sorted(self):
        feeder = Loft.ListFeeder.new(Row)
        feeder.set_sort_func(lambda a, b, *data: a.number - b.number)
        for number in (3, 1, 2):
            feeder.push(Row(number))
        run_until(lambda: feeder.get_n_items() == 3)
        self.assertEqual([row.number for row in feeder], [1, 2, 3])

    def test_cancelled_with_its_work(self):
        feeder = Loft.ListFeeder.new(Row)
        work = Loft.Action.new()
        all_in = feeder.all_in_async()
        feeder.bind(work)
        feeder.push(Row(1))
        work.cancel()
        run_until(all_in.has_ended)
        self.assertEqual(feeder.get_state(), Loft.FeederState.CANCELED)
        self.assertTrue(feeder.props.error.matches(Gio.io_error_quark(),
                                                   Gio.IOErrorEnum.CANCELLED))
        work.complete()


class Observers(unittest.TestCase):
    def test_observer(self):
        action = Loft.Action.new_with_progress(GObject.TYPE_INT)
        observer = Loft.AsyncObserver(action=action, maximum=100)
        seen = []
        observer.connect("report", lambda observer, report: seen.append(report))
        on_worker(lambda: action.report_progress(50))
        run_until(lambda: observer.props.fraction == 0.5)
        self.assertEqual(seen, [50])
        on_worker(lambda: action.fail(GLib.Error.new_literal(Gio.io_error_quark(), "gone",
                                                             Gio.IOErrorEnum.NOT_FOUND)))
        run_until(observer.is_done)
        self.assertEqual(observer.props.error.message, "gone")
        self.assertEqual(observer.props.status, Loft.AsyncStatus.ERROR)


class Relays(unittest.TestCase):
    def test_relay(self):
        source, target = Speaker(), Speaker()
        relay = Loft.Relay.new(source, target)
        heard = []

        def change():
            source.number = 1
            source.emit("said", 1, "text")
            source.number = 2

        relay.connect("changed::number",
                      lambda relay, property, value: heard.append((property.name, value)))
        relay.add_closure("said", lambda relay, *args: heard.append(args))
        relay.add_signal("said")
        target.connect("said", lambda target, *args: heard.append(("target",) + args))
        on_worker(change)
        run_until(lambda: len(heard) == 3)
        self.assertEqual(heard, [("number", 2), (1, "text"), ("target", 1, "text")])
        self.assertEqual(target.number, 2)
        self.assertEqual(relay.get_value("number"), (True, 2))
        with self.assertRaisesRegex(GLib.Error, "no such signal"):
            relay.add_closure("sung", print)


if __name__ == "__main__":
    unittest.main()
