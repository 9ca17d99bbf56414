# SPDX-FileCopyrightText: 2026 The Loft authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Tests what Loft's override for PyGObject adds: what handlers may return and raise, the places in
messages, coroutines, event loops, decorators, deferrals, bad input, and the end of the program.
The await cases are in tests/await/await-python.py."""

import asyncio
import subprocess
import sys
import threading
import unittest

import gi

gi.require_version("Loft", "1")
from gi.repository import Gio, GLib, GObject, Loft  # noqa: E402

LOFT = Loft.error_quark()


def on_thread(function, *args):
    """Runs a function on a thread of its own, and returns its value or raises its exception."""
    result = []

    def body():
        try:
            result.append((function(*args), None))
        except BaseException as exception:
            result.append((None, exception))

    thread = threading.Thread(target=body)
    thread.start()
    thread.join()
    value, exception = result[0]
    if exception is not None:
        raise exception
    return value


def get(info):
    """Waits on another thread, which has no loop."""
    return on_thread(info.get)


class Handlers(unittest.TestCase):
    def test_what_an_action_returns(self):
        for succeeds in (None, True, 3, "text"):
            self.assertIsNone(get(Loft.thread_pool_run_async(lambda action: succeeds)))
        with self.assertRaises(GLib.Error):
            get(Loft.thread_pool_run_async(lambda action: False))

    def test_what_an_operation_returns(self):
        thing = object()
        for value_type, value in [
                (GObject.TYPE_INT64, -2**62), (GObject.TYPE_UINT64, 2**63),
                (GObject.TYPE_BOOLEAN, True), (GObject.TYPE_DOUBLE, 0.5), (str, "h\u00e9"),
                (str, None), (object, thing), (object, None), (object, [1, {2: "3"}]),
                (object, (True, 1)), (Gio.SimpleAction, Gio.SimpleAction.new("x", None))]:
            with self.subTest(value_type=value_type, value=value):
                operation = Loft.thread_pool_run_operation_async(value_type, lambda _: value)
                self.assertEqual(get(operation), value)
                follows = operation.continue_with_operation(value_type, lambda info: info.get())
                self.assertEqual(Loft.run(self.wait(follows)), value)
                self.assertEqual(follows.get_results()[1], value)

    @staticmethod
    async def wait(info):
        return await info

    def test_a_pair_is_a_value_too(self):
        operation = Loft.thread_pool_run_operation_async(GObject.TYPE_INT64, lambda _: (True, 4))
        self.assertEqual(get(operation), 4)

    def test_a_value_that_does_not_fit(self):
        for value in ("text", 2**63, None):
            operation = Loft.thread_pool_run_operation_async(GObject.TYPE_INT64, lambda _: value)
            with self.assertRaises(GLib.Error) as caught:
                get(operation)
            self.assertIn("gint64", caught.exception.message)
            self.assertIn("override.py:", caught.exception.message)

    def test_an_exception(self):
        def work(action):
            raise FileNotFoundError("no such thing")

        action = Loft.thread_pool_run_async(work)
        with self.assertRaises(GLib.Error) as caught:
            get(action)
        error = caught.exception
        self.assertTrue(error.matches(LOFT, Loft.Error.FAILED))
        self.assertRegex(error.message, r"FileNotFoundError: no such thing "
                                        r"\(.*work \(\) at .*override.py:\d+\)")
        self.assertIsInstance(error.__cause__, FileNotFoundError)

    def test_an_exception_that_passed_through_others(self):
        def work(action):
            raise KeyError("deep")

        first = Loft.thread_pool_run_async(work)
        last = Loft.with_timeout(first.continue_with(lambda info: None), 10**7)
        with self.assertRaises(GLib.Error) as caught:
            Loft.run(self.wait(last))
        self.assertEqual(repr(caught.exception.__cause__), "KeyError('deep')")

    def test_a_glib_error(self):
        def work(action):
            raise GLib.Error("busy", "g-io-error-quark", Gio.IOErrorEnum.BUSY)

        with self.assertRaises(GLib.Error) as caught:
            get(Loft.thread_pool_run_async(work))
        self.assertTrue(caught.exception.matches(Gio.io_error_quark(), Gio.IOErrorEnum.BUSY))

    def test_fail_with_an_exception(self):
        action = Loft.Action.new()
        action.fail(ValueError("by hand"))
        with self.assertRaises(GLib.Error) as caught:
            action.get()
        self.assertRegex(caught.exception.message, r"ValueError: by hand \(.*override.py:\d+\)")
        self.assertIsInstance(caught.exception.__cause__, ValueError)
        with self.assertRaises(TypeError):
            Loft.Action.new_completed().fail("text")

    def test_texts_that_c_cannot_hold(self):
        class Odd(Exception):
            def __str__(self):
                raise RuntimeError

        for exception, text in [(ValueError("a\0b"), "a\\0b"), (ValueError("\ud800"), "\\ud800"),
                                (Odd(), "without a text")]:
            def work(action):
                raise exception

            with self.assertRaises(GLib.Error) as caught:
                get(Loft.thread_pool_run_async(work))
            self.assertIn(text, caught.exception.message)

    def test_wrong_arity(self):
        def work(a, b, c):
            pass

        with self.assertRaises(GLib.Error) as caught:
            get(Loft.thread_pool_run_async(work))
        self.assertIn("TypeError", caught.exception.message)
        self.assertIn("missing 2 required positional arguments", caught.exception.message)
        self.assertIn("Loft.thread_pool_run_async () is called with", caught.exception.message)
        self.assertIn("test_wrong_arity () at", caught.exception.message)

    def test_wrong_arity_of_a_decorated_function(self):
        with self.assertRaises(GLib.Error) as caught:
            get(Loft.background(lambda a: a)(1, 2))
        self.assertIn("takes 1 positional argument but 2 were given", caught.exception.message)
        self.assertNotIn("is called with", caught.exception.message)

    def test_an_exception_that_a_suspended_coroutine_has_caught(self):
        """It is still in the traceback, and goes on."""
        caught = []

        async def catch_and_go_on():
            try:
                raise KeyError("kept")
            except KeyError as error:
                caught.append(error)
            await asyncio.sleep(0.001)
            return "went on"

        async def main():
            task = asyncio.ensure_future(catch_and_go_on())
            await asyncio.sleep(0)

            @Loft.background
            def raise_it():
                raise caught[0]

            with self.assertRaises(GLib.Error):
                await raise_it()
            return await task

        self.assertEqual(Loft.run(main()), "went on")

    def test_no_handler(self):
        dispatcher = Loft.Dispatcher.get_default()
        for handler in (3, "text", object()):
            with self.assertRaisesRegex(TypeError, "takes a handler that can be called"):
                dispatcher.run_async(Loft.Priority.LOW, handler)
            with self.assertRaisesRegex(TypeError, "takes a handler that can be called"):
                dispatcher.try_enqueue(Loft.Priority.LOW, handler)
        with self.assertRaises(TypeError):
            dispatcher.run_async(Loft.Priority.LOW)

    def test_a_coroutine_function_is_no_handler(self):
        async def work(action):
            pass

        with self.assertRaises(GLib.Error) as caught:
            get(Loft.thread_pool_run_async(work))
        self.assertIn("coroutine function", caught.exception.message)

    def test_nested(self):
        async def later():
            await Loft.delay_async(1)
            return 3

        async def main():
            run = Loft.Dispatcher.get_default().run_nested_async
            for handler in (lambda action: later(), lambda action: Loft.delay_async(1)):
                await run(Loft.Priority.NORMAL, handler)
            with self.assertRaises(GLib.Error) as caught:
                await run(Loft.Priority.NORMAL, lambda action: None)
            self.assertIn("async object or a coroutine", caught.exception.message)

        Loft.run(main())

    def test_current_action(self):
        self.assertIsNone(Loft.current_action())
        seen = []
        action = Loft.thread_pool_run_async(lambda action: seen.append(Loft.current_action()))
        get(action)
        self.assertEqual(seen, [action])


class Places(unittest.TestCase):
    def test_who_asked(self):
        dispatcher = Loft.Dispatcher.get_default()
        first = Loft.Action.new()

        async def nothing():
            pass

        for info in [first, Loft.Operation.new_canceled(int), Loft.delay_async(1),
                     dispatcher.run_async(Loft.Priority.LOW, lambda action: None),
                     first.continue_with(lambda info: None),
                     Loft.action_from(nothing()),
                     Loft.dispatched(lambda: None)(), Loft.background(lambda: None)(),
                     Loft.background(lambda: None, progress=int)(),
                     Loft.when_all([first], Loft.WhenFlags.DEFAULT)]:
            info.forget()
            self.assertRegex(info.dup_source_location(),
                             r"test_who_asked \(\) at .*override.py:\d+")
        first.complete()

    def test_a_refused_wait(self):
        action = Loft.delay_async(10**9)
        with self.assertRaises(GLib.Error) as caught:
            action.get()
        self.assertTrue(caught.exception.matches(LOFT, Loft.Error.BLOCKING_WAIT))
        self.assertRegex(caught.exception.message, r"test_a_refused_wait \(\) at .*override.py:")


class Loops(unittest.TestCase):
    @staticmethod
    async def work():
        return await Loft.dispatched(lambda: "ran")(), await Loft.background(lambda: 2)()

    def test_run(self):
        self.assertEqual(Loft.run(self.work()), ("ran", 2))

    def test_asyncio_says_what_to_call(self):
        with self.assertRaisesRegex(RuntimeError, r"Loft\.run \(main \(\)\)"):
            asyncio.run(self.work())

    def test_asyncio_after_install(self):
        before = asyncio.get_event_loop_policy()
        Loft.install()
        try:
            self.assertEqual(asyncio.run(self.work()), ("ran", 2))
        finally:
            asyncio.set_event_loop_policy(before)

    def test_asyncio_with_pygobjects_policy(self):
        try:
            from gi.events import GLibEventLoopPolicy
        except ImportError:
            self.skipTest("PyGObject has no event loop")
        before = asyncio.get_event_loop_policy()
        asyncio.set_event_loop_policy(GLibEventLoopPolicy())
        try:
            loop = asyncio.get_event_loop_policy().get_event_loop()
            self.assertEqual(loop.run_until_complete(self.work()), ("ran", 2))
            self.assertEqual(Loft.run(self.work()), ("ran", 2))
        finally:
            asyncio.set_event_loop_policy(before)

    def test_other_threads(self):
        async def delayed():
            await Loft.delay_async(1)
            return threading.current_thread() is not threading.main_thread()

        self.assertTrue(on_thread(lambda: asyncio.run(delayed())))
        self.assertTrue(on_thread(lambda: Loft.run(delayed())))

    def test_own_loop(self):
        """The one of older versions, in every version."""
        async def all_of_asyncio():
            reader, writer = await asyncio.open_connection(sock=ends[0])
            writer.write(b"hello\n")
            await writer.drain()
            got = await asyncio.wait_for(loop.sock_recv(ends[1], 10), 5)
            writer.close()
            process = await asyncio.create_subprocess_exec(
                "echo", "there", stdout=asyncio.subprocess.PIPE)
            out, _ = await process.communicate()
            name = await asyncio.to_thread(lambda: threading.current_thread().name)
            return got, out, name

        import socket
        ends = socket.socketpair()
        ends[1].setblocking(False)
        loop = Loft.EventLoop(GLib.MainContext.default())
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            got, out, name = runner.run(all_of_asyncio())
        ends[1].close()
        self.assertEqual((got, out), (b"hello\n", b"there\n"))
        self.assertTrue(name.startswith("asyncio"))

    def test_a_dispatchers_own_thread(self):
        controller = Loft.DispatcherController.new_on_dedicated_thread("own")

        @Loft.dispatched(dispatcher=controller.get_dispatcher())
        async def where():
            await asyncio.sleep(0.001)
            await Loft.delay_async(1)
            return Loft.Dispatcher.get_for_current_thread()

        async def main():
            self.assertEqual(await where(), controller.get_dispatcher())
            await controller.shutdown_async()
            with self.assertRaises(GLib.Error) as caught:
                await where()
            self.assertTrue(caught.exception.matches(LOFT, Loft.Error.SHUT_DOWN))

        Loft.run(main())

    def test_an_applications_own_loop(self):
        """Nothing of Loft runs it. The coroutine goes on in it all the same."""
        application, log = Gio.Application(flags=Gio.ApplicationFlags.NON_UNIQUE), []

        async def load():
            log.extend(await self.work())
            application.release()

        def on_activate(application):
            application.hold()
            Loft.action_from(load()).forget()
            log.append("activated")

        application.connect("activate", on_activate)
        self.assertEqual(application.run([]), 0)
        self.assertEqual(log, ["activated", "ran", 2])

    def test_outside_of_a_task(self):
        coroutine = self.work()
        with self.assertRaisesRegex(RuntimeError, "Loft.action_from"):
            coroutine.send(None)

    def test_nested_run(self):
        async def main():
            Loft.run(self.work())

        with self.assertRaisesRegex(RuntimeError, "await the coroutine there"):
            Loft.run(main())

    def test_no_loop_on_a_worker(self):
        with self.assertRaises(GLib.Error) as caught:
            get(Loft.thread_pool_run_async(lambda action: Loft.action_from(self.work())))
        self.assertIn("Loft.background", caught.exception.message)


class Coroutines(unittest.TestCase):
    def test_bad_input(self):
        async def work():
            pass

        for wrong in (None, 3, "text", work, lambda: None):
            with self.assertRaisesRegex(TypeError, "takes a coroutine, a task or a future"):
                Loft.action_from(wrong)
        with self.assertRaisesRegex(TypeError, r"call it, work \(\)"):
            Loft.action_from(work)
        with self.assertRaises(TypeError):
            Loft.background(3)
        with self.assertRaises(TypeError):
            Loft.dispatched("text")

    def test_never_settles(self):
        async def never():
            await asyncio.get_running_loop().create_future()

        async def main():
            action = Loft.action_from(never())
            with self.assertRaises(asyncio.TimeoutError):
                await asyncio.wait_for(action, 0.001)
            self.assertTrue(action.is_canceled())

        Loft.run(main())

    def test_swallows_its_cancel(self):
        async def swallow():
            while True:
                try:
                    await Loft.delay_async(1000)
                    return "went on"
                except asyncio.CancelledError:
                    pass

        async def main():
            action = Loft.action_from(swallow())
            await asyncio.sleep(0)
            action.cancel()
            with self.assertRaises(asyncio.CancelledError):
                await action
            self.assertTrue(action.has_ended())
            self.assertEqual(action.get_status(), Loft.AsyncStatus.CANCELED)

        Loft.run(main())

    def test_closed(self):
        async def main():
            action = Loft.Action.new_completed()
            action.close()
            with self.assertRaises(GLib.Error) as caught:
                await action
            self.assertTrue(caught.exception.matches(LOFT, Loft.Error.ILLEGAL_METHOD_CALL))

        Loft.run(main())

    def test_background_is_cancelled(self):
        begun = threading.Event()

        @Loft.background
        async def wait():
            begun.set()
            await asyncio.sleep(3600)

        async def main():
            operation = wait()
            await asyncio.to_thread(begun.wait)
            operation.cancel()
            with self.assertRaises(asyncio.CancelledError):
                await operation

        Loft.run(main())

    def test_progress(self):
        @Loft.background(progress=object)
        def report(fails):
            for i in range(3):
                Loft.current_action().report_progress({"step": i})
            if fails:
                raise KeyError("after all")
            return "value"

        async def main():
            operation, steps = report(False), []
            async for value in operation:
                steps.append(value["step"])
            self.assertEqual(steps, [0, 1, 2])
            self.assertEqual(await operation, "value")
            steps.clear()
            with self.assertRaises(GLib.Error):
                async for value in report(True):
                    steps.append(value["step"])
            self.assertEqual(steps, [0, 1, 2])

        Loft.run(main())

    def test_a_second_loop_goes_on(self):
        async def report():
            for i in range(4):
                Loft.current_action().report_progress(i)
                await asyncio.sleep(0)

        async def main():
            action, got = Loft.action_from(report(), progress_type=int), []
            async for value in action:
                got.append(value)
                break
            async for value in action:
                got.append(value)
            self.assertEqual(got, [0, 1, 2, 3])

        Loft.run(main())

    def test_no_progress(self):
        async def main():
            with self.assertRaisesRegex(TypeError, "async for"):
                async for _ in Loft.background(lambda: None)():
                    pass
            plain = Loft.Action.new()
            with self.assertRaises(GLib.Error):
                async for _ in plain:
                    pass
            plain.complete()

        Loft.run(main())

    def test_errors_of_groups(self):
        async def main():
            one, other = Loft.background(lambda: 1 / 0)(), Loft.background(lambda: 2)()
            error, value = await asyncio.gather(one, other, return_exceptions=True)
            self.assertIsInstance(error.__cause__, ZeroDivisionError)
            self.assertEqual(value, 2)

        Loft.run(main())


class Deferrals(unittest.TestCase):
    def test_with(self):
        event, log = Loft.EventSource.new(), []

        async def save(deferral):
            with deferral:
                await Loft.delay_async(1)
                log.append("saved")

        event.add(lambda source, args, *_: Loft.action_from(
            save(args.take_deferral())).forget())

        async def main():
            await event.raise_async(4)
            log.append("raised")

        Loft.run(main())
        self.assertEqual(log, ["saved", "raised"])

    def test_completes_when_it_raises(self):
        deferral = Loft.Deferral.new(lambda *_: None)
        with self.assertRaises(KeyError):
            with deferral:
                raise KeyError
        self.assertTrue(deferral.is_complete())


def run_python(text):
    return subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=False)


HEAD = """
import asyncio, gi, os, sys
gi.require_version("Loft", "1")
from gi.repository import GLib, Loft
"""


class End(unittest.TestCase):
    def test_in_order(self):
        done = run_python(HEAD + """
dispatcher = Loft.Dispatcher.get_default()
dispatcher.try_enqueue(0, lambda: print("queued"))
dispatcher.connect("shutdown-completed", lambda _: print("over"))
sys.exit(3)
""")
        self.assertEqual((done.returncode, done.stdout), (3, "queued\nover\n"), done.stderr)

    def test_running_work_is_cancelled(self):
        done = run_python(HEAD + """
import threading, time
begun = threading.Barrier(3)

@Loft.background
async def wait():
    begun.wait()
    try:
        await asyncio.sleep(3600)
    finally:
        os.write(1, b"finally ")

@Loft.background
def look():
    begun.wait()
    while not Loft.current_action().is_canceled():
        time.sleep(0.001)
    os.write(1, b"cancelled ")

both = wait(), look()
begun.wait()
""")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(sorted(done.stdout.split()), ["cancelled", "finally"], done.stderr)

    def test_a_forked_child_leaves_it_alone(self):
        done = run_python(HEAD + """
Loft.Dispatcher.get_default().try_enqueue(0, lambda: print("queued", flush=True))
if os.fork() == 0:
    sys.exit(0)
os.wait()
""")
        self.assertEqual((done.returncode, done.stdout), (0, "queued\n"), done.stderr)

    def test_a_loop_that_was_interrupted(self):
        done = run_python(HEAD + """
import signal, threading
async def main():
    threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGINT)).start()
    try:
        await Loft.delay_async(3600 * 1000000)
    finally:
        print("finally")
try:
    Loft.run(main())
except KeyboardInterrupt:
    print("interrupted")
""")
        self.assertEqual((done.returncode, done.stdout), (0, "finally\ninterrupted\n"),
                         done.stderr)


if __name__ == "__main__":
    unittest.main()
