# SPDX-FileCopyrightText: 2026 The Loft authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""The await cases in Python: coroutines that Loft.action_from () starts.

await-python.py FOREIGN [--policy]

FOREIGN is the library with an object of a foreign class. With --policy the cases run in PyGObject's
own event loop, which needs PyGObject 3.50.
"""

import asyncio
import ctypes
import gc
import os
import pathlib
import subprocess
import sys
import threading
import traceback
import weakref

import gi

gi.require_version("Loft", "1")
from gi.repository import Gio, GLib, GObject, Loft  # noqa: E402

CASES = []
STAYS = "a coroutine of asyncio stays on the thread of its loop; @Loft.background and " \
        "@Loft.dispatched run functions elsewhere"


def case(number, why=None):
    def keep(function):
        CASES.append((number, function, why))
        return function
    return keep


class Seen:
    """How far the coroutine came, and on which thread."""
    steps = 0
    thread = None


def see(steps):
    Seen.steps = steps
    Seen.thread = threading.current_thread()


def run_until(is_so):
    """Runs the default main context until something is so. Nothing of it is iterated by hand,
    because PyGObject's event loop pauses then."""
    loop = GLib.MainLoop()

    def look():
        if is_so():
            loop.quit()
            return GLib.SOURCE_REMOVE
        return GLib.SOURCE_CONTINUE

    GLib.idle_add(look)
    loop.run()


def run(info):
    run_until(info.has_ended)
    return info


def on_thread(function):
    thread = threading.Thread(target=function)
    thread.start()
    return thread


def elsewhere(function):
    on_thread(function).join()


def start(coroutine):
    """Starts it, and lets it come to its first await."""
    Seen.steps = 0
    action = Loft.action_from(coroutine)
    run_until(lambda: Seen.steps or action.has_ended())
    return action


async def await_what(what):
    see(1)
    await what
    see(2)


async def await_both(what, more):
    see(1)
    await what
    see(2)
    await more
    see(3)


def failed(code, text="failed"):
    return Loft.Action.new_failed(GLib.Error(text, "g-io-error-quark", code))


def assert_error(info, quark, code):
    error = info.dup_error()
    assert error is not None and error.matches(quark, code), error


def assert_status(info, status):
    assert info.has_ended()
    assert info.get_status() == status, info.get_status()


COMPLETED = Loft.AsyncStatus.COMPLETED
CANCELED = Loft.AsyncStatus.CANCELED
IO = Gio.io_error_quark()
LOFT = Loft.error_quark()


@case("A01")
def ended_before():
    async def await_ended():
        turns = []
        asyncio.get_running_loop().call_soon(turns.append, 1)
        await Loft.Action.new_completed()
        return len(turns)

    assert run(Loft.action_from(await_ended())).get() == 0


@case("A02")
def ends_later():
    later = Loft.Action.new()
    action = start(await_what(later))
    assert Seen.steps == 1
    elsewhere(later.complete)
    assert_status(run(action), COMPLETED)
    assert Seen.steps == 2 and Seen.thread is threading.main_thread()


@case("A03")
def in_mta():
    later = Loft.Action.new()
    places = []

    async def await_it():
        waits = await_what(later)
        asyncio.get_running_loop().call_later(0.001, later.complete)
        await waits
        places.append(Loft.Dispatcher.get_for_current_thread())

    elsewhere(lambda: asyncio.run(await_it()))
    assert Seen.steps == 2 and Seen.thread is not threading.main_thread()
    assert places == [None] or "--policy" in sys.argv  # whose loop brings a context


@case("A04")
def value():
    async def add_up(number, text, thing):
        return await number, await text, await thing

    number, text = Loft.Operation.new(GObject.TYPE_INT64), Loft.Operation.new(str)
    thing = Loft.Operation.new(object)
    sum = Loft.action_from(add_up(number, text, thing))
    number.complete(2**40)
    text.complete("text")
    thing.complete({"a": [1]})
    assert run(sum).get() == (2**40, "text", {"a": [1]})


@case("A05")
def error():
    action = start(await_what(failed(Gio.IOErrorEnum.BUSY)))
    assert_error(run(action), IO, Gio.IOErrorEnum.BUSY)
    assert Seen.steps == 1


@case("A06")
def caught():
    async def catch_and_go_on(what):
        try:
            await what
            see(10)
        except GLib.Error as error:
            if not error.matches(IO, Gio.IOErrorEnum.BUSY):
                raise
            see(2)
        await Loft.delay_async(1)
        see(3)

    run(start(catch_and_go_on(failed(Gio.IOErrorEnum.BUSY)))).get()
    assert Seen.steps == 3
    rethrown = Loft.action_from(catch_and_go_on(failed(Gio.IOErrorEnum.EXISTS)))
    assert_error(run(rethrown), IO, Gio.IOErrorEnum.EXISTS)


@case("A07")
def awaited_canceled():
    action = start(await_what(Loft.Action.new_canceled()))
    assert_status(run(action), CANCELED)
    assert Seen.steps == 1


@case("A08")
def canceled_before():
    async def cancel_itself():
        Loft.current_action().cancel()
        see(1)
        await Loft.Action.new_completed()
        see(2)

    assert_status(run(start(cancel_itself())), CANCELED)
    assert Seen.steps == 1


@case("A09", "asyncio's cancel ends the await itself, at once, and the coroutine may catch it")
def canceled_while_waiting():
    pass


@case("A10")
def canceled_elsewhere():
    later, at_end = Loft.Action.new(), []

    async def note_the_end():
        try:
            await await_what(later)
        finally:
            at_end.append(threading.current_thread())

    action = start(note_the_end())
    elsewhere(action.cancel)
    assert_status(run(action), CANCELED)
    assert Seen.steps == 1 and at_end == [threading.main_thread()]
    later.complete()


@case("A11")
def canceled_late():
    action = run(start(await_what(Loft.Action.new_completed())))
    action.cancel()
    assert_status(action, COMPLETED)


@case("A12")
def no_propagation():
    later = Loft.Action.new()
    action = start(await_what(asyncio.shield(asyncio.ensure_future(later, loop=here()))))
    action.cancel()
    assert_status(run(action), CANCELED)
    assert later.get_status() == Loft.AsyncStatus.STARTED
    later.complete()


def here():
    """The loop of a coroutine that starts on this thread."""
    async def which():
        return asyncio.get_running_loop()

    return run(Loft.action_from(which())).get()


@case("A13")
def propagation():
    later = Loft.Action.new()
    action = start(await_what(later))
    action.cancel()
    assert_status(run(action), CANCELED)
    assert later.is_canceled()
    later.complete()


@case("A14")
def ten_deep():
    async def go_down(depth, what):
        if depth == 0:
            see(1)
            await what
        else:
            await Loft.action_from(go_down(depth - 1, what))
        see(2)

    later = Loft.Action.new()
    action = start(go_down(10, later))
    action.cancel()
    run_until(later.is_canceled)
    assert_status(run(action), CANCELED)
    assert Seen.steps == 1
    later.complete()


@case("A15")
def cancel_handler():
    canceled = []

    async def handle_cancel(what):
        see(1)
        try:
            await what
        except asyncio.CancelledError:
            canceled.append(True)
            raise

    later = Loft.Action.new()
    action = start(handle_cancel(later))
    action.cancel()
    assert_status(run(action), CANCELED)
    assert canceled == [True]
    later.complete()


@case("A16")
def progress():
    async def report():
        for i in range(1, 4):
            Loft.current_action().report_progress(i)
            await asyncio.sleep(0)

    log = []
    action = Loft.action_from(report(), progress_type=GObject.TYPE_INT64)
    action.set_progress(Loft.ProgressFlags.ALL, lambda info, value, *_: log.append(value))
    action.set_completed(lambda info, status, *_: log.append("end"))
    run_until(lambda: "end" in log)
    assert log == [1, 2, 3, "end"]

    async def iterate():
        action = Loft.action_from(report(), progress_type=GObject.TYPE_INT64)
        return [value async for value in action]

    assert run(Loft.action_from(iterate())).get() == [1, 2, 3]


@case("A17")
def handler_late():
    log = []
    action = run(start(await_what(Loft.Action.new_completed())))
    action.set_completed(lambda info, status, *_: log.append(status))
    run_until(lambda: log)
    assert log == [COMPLETED]


def await_without_home(shut_down_first):
    """Awaits on a thread whose dispatcher shuts down before or meanwhile."""
    later, found = Loft.Action.new(), []

    def body():
        context = GLib.MainContext.new()
        context.push_thread_default()
        controller = Loft.DispatcherController.new_on_current_thread()
        Seen.steps = 0
        try:
            if not shut_down_first:
                found.append(Loft.action_from(await_what(later)))
                while Seen.steps == 0:
                    context.iteration(True)
            controller.shutdown()
            if shut_down_first:
                found.append(Loft.action_from(await_what(later)))
        except GLib.Error as error:
            found.append(error)
        context.pop_thread_default()

    elsewhere(body)
    later.complete()
    return found[0]


@case("A18", None if "--policy" not in sys.argv else "the context is iterated by hand")
def home_gone():
    action = await_without_home(False)
    assert_error(run(action), LOFT, Loft.Error.DISCONNECTED)
    assert Seen.steps == 1


@case("A19")
def home_gone_before():
    error = await_without_home(True)
    assert error.matches(LOFT, Loft.Error.DISCONNECTED)
    assert Seen.steps == 0


@case("A20")
def work_shut_down():
    controller = Loft.DispatcherController.new_on_dedicated_thread("work")
    waits = controller.get_dispatcher().run_delayed_async(
        Loft.Priority.NORMAL, 3600 * 1000000, lambda action: None)
    action = start(await_what(waits))
    down = controller.shutdown_async()
    assert_status(run(action), CANCELED)
    run(down).get()


@case("A21", STAYS)
def background():
    pass


@case("A22", STAYS)
def foreground():
    pass


@case("A23", STAYS)
def foreground_refused():
    pass


@case("A24")
def after():
    async def wait_a_while():
        begin = GLib.get_monotonic_time()
        await Loft.delay_async(5000)
        waited = GLib.get_monotonic_time() - begin
        await asyncio.sleep(0)
        see(2)
        return waited

    assert run(Loft.action_from(wait_a_while())).get() >= 5000
    assert Seen.thread is threading.main_thread()


async def wait_for_fd(fd):
    loop, ready = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(fd, ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_reader(fd)
    return True


@case("A25")
def descriptor():
    read, write = os.pipe()
    waits = Loft.action_from(wait_for_fd(read))
    GLib.idle_add(lambda: os.write(write, b"x") and False)
    assert run(waits).get() is True
    os.close(read)
    os.close(write)


@case("A26")
def descriptor_timeout():
    async def wait(fd):
        try:
            return await asyncio.wait_for(wait_for_fd(fd), 0.001)
        except asyncio.TimeoutError:
            return False

    read, write = os.pipe()
    assert run(Loft.action_from(wait(read))).get() is False
    os.close(read)
    os.close(write)


@case("A27", STAYS)
def agile():
    pass


@case("A28")
def all_of_them():
    a, b, c = Loft.Action.new(), Loft.Action.new(), Loft.Action.new_completed()
    action = start(await_what(Loft.when_all([a, b], Loft.WhenFlags.DEFAULT)))

    async def gather():
        await asyncio.gather(a, b, c)

    gathered = Loft.action_from(gather())
    a.complete()
    assert Seen.steps == 1
    elsewhere(b.complete)
    run(action).get()
    run(gathered).get()
    assert Seen.steps == 2


@case("A29")
def first_of_them():
    async def await_number(what):
        return await what

    a, b = Loft.Action.new(), Loft.Action.new()
    any = Loft.when_any([a, b], Loft.WhenFlags.DEFAULT)
    index = Loft.action_from(await_number(any))
    b.complete()
    assert run(index).get() == 1
    a.complete()


@case("A30")
def timeout():
    async def limit(what):
        await asyncio.wait_for(what, 0.001)

    never = Loft.Action.new()
    action = start(await_what(Loft.with_timeout(never, 1000)))
    assert_error(run(action), IO, Gio.IOErrorEnum.TIMED_OUT)
    slow = Loft.Action.new()
    limited = run(Loft.action_from(limit(slow)))
    assert "TimeoutError" in limited.dup_error().message
    assert slow.is_canceled()
    never.complete()
    slow.complete()


@case("A31")
def twice():
    later = Loft.Action.new()
    action = start(await_both(later, later))
    elsewhere(later.complete)
    run(action).get()
    assert Seen.steps == 3


@case("A32")
def two():
    later = Loft.Action.new()
    first, second = start(await_what(later)), start(await_what(later))
    elsewhere(later.complete)
    run(first).get()
    run(second).get()


@case("A33")
def nothing():
    action = run(start(await_what(None)))
    assert "TypeError" in action.dup_error().message
    assert "await-python.py" in action.dup_error().message


def foreign():
    """An object of a class that implements the interface by hand, in C."""
    made = foreign_library.await_foreign_new()
    object = GObject.new(GObject.GType.from_name("TestForeign"))
    ctypes.CDLL(None).g_object_unref(ctypes.c_void_p(made))
    return object


def complete_foreign(object):
    foreign_library.await_foreign_complete(ctypes.c_void_p(hash(object)))


@case("A34")
def of_a_foreign_class():
    object = foreign()
    action = start(await_what(object))
    assert Seen.steps == 1
    complete_foreign(object)
    run(action).get()
    assert Seen.steps == 2 and Seen.thread is threading.main_thread()


@case("A35")
def foreign_refuses():
    object = foreign()
    object.set_completed(lambda *_: None)
    action = start(await_what(object))
    assert_error(run(action), LOFT, Loft.Error.ILLEGAL_DELEGATE_ASSIGNMENT)
    complete_foreign(object)


@case("A36")
def in_cancel_handler():
    canceled, later, started = Loft.Action.new(), Loft.Action.new(), []

    def start_in_cancel(base, *_):
        started.append(Loft.action_from(await_what(later)))
        base.complete()

    canceled.set_cancel_handler(start_in_cancel)
    canceled.cancel()
    elsewhere(later.complete)
    run(started[0]).get()


@case("A37")
def let_go():
    held = [Loft.Action.new()]

    async def await_it():
        see(1)
        await held.pop()

    action = start(await_it())
    gc.collect()
    assert_error(run(action), LOFT, Loft.Error.DISCONNECTED)


@case("A38")
def nobody_holds_it():
    told = []

    async def fail(what):
        await await_what(what)
        raise LookupError("nobody holds it")

    def on_unhandled(dispatcher, error, source):
        told.append((error.message, source))
        return True

    dispatcher = Loft.Dispatcher.get_default()
    handler = dispatcher.connect("unhandled-error", on_unhandled)
    later = Loft.Action.new()
    start(fail(later))
    gc.collect()
    later.complete()
    run_until(lambda: told or gc.collect() is None)
    dispatcher.disconnect(handler)
    assert "LookupError: nobody holds it" in told[0][0]
    assert "start () at" in told[0][1], told


class Thing:
    pass


@case("A39")
def released_first():
    thing, later, log = Thing(), Loft.Action.new(), []
    is_alive = weakref.ref(thing)

    async def hold(thing):
        see(1)
        await later

    action = start(hold(thing))
    del thing
    assert is_alive() is not None
    action.set_completed(lambda *_: log.append(is_alive()))
    later.complete()
    run_until(lambda: log)
    assert log == [None]


@case("A40")
def owner():
    owner, later = Gio.SimpleAction.new("owner", None), Loft.Action.new()
    action = start(await_both(later, Loft.Action.new_completed()))
    action.bind_owner(owner)
    del owner
    gc.collect()
    assert_status(run(action), CANCELED)
    assert action.get_cancel_reason() == Loft.CancelReason.OWNER_GONE
    assert Seen.steps == 1
    later.complete()


@case("A41")
def own_error():
    async def fail():
        await Loft.Action.new_completed()
        raise KeyError("its own")

    async def unfit():
        return "no number"

    action = run(Loft.action_from(fail()))
    assert_error(action, LOFT, Loft.Error.FAILED)
    assert "KeyError: 'its own'" in action.dup_error().message
    assert "await-python.py:" in action.dup_error().message
    try:
        action.get()
    except GLib.Error as error:
        assert isinstance(error.__cause__, KeyError)
    else:
        raise AssertionError("no error")
    number = run(Loft.action_from(unfit(), value_type=GObject.TYPE_INT64))
    assert "TypeError" in number.dup_error().message


@case("A42")
def handler_raises():
    later, printed = Loft.Action.new(), []
    action = start(await_what(later))

    def on_completed(*_):
        raise RuntimeError("in a handler")

    def hook(kind, error, where):
        printed.append(str(error))

    later.set_completed(on_completed)
    sys.excepthook, before = hook, sys.excepthook
    later.complete()
    run(action).get()
    run_until(lambda: printed)
    sys.excepthook = before
    assert printed == ["in a handler"]


@case("A43")
def million():
    async def many_awaits():
        done = Loft.Action.new_completed()
        for _ in range(1000000):
            await done
        return True

    assert run(Loft.action_from(many_awaits())).get()


@case("A44")
def get():
    got = []

    async def give():
        await Loft.delay_async(1)
        return "it"

    operation = Loft.action_from(give())
    thread = on_thread(lambda: got.append(operation.get()))
    run_until(lambda: got)
    thread.join()
    assert got == ["it"]


@case("A45")
def task_and_back():
    async def double(number):
        return 2 * await number

    async def there_and_back():
        task = asyncio.ensure_future(double(Loft.Operation.new_completed(21)))
        action = Loft.action_from(task)
        assert isinstance(action, Loft.AsyncOperation)
        back = asyncio.ensure_future(action)
        assert isinstance(back, asyncio.Task)
        return await back

    assert run(Loft.action_from(there_and_back())).get() == 42


@case("A46")
def cancel_of_either():
    async def cancel_the_task():
        task = asyncio.ensure_future(asyncio.sleep(3600))
        action = Loft.action_from(task)
        task.cancel()
        try:
            await action
        except asyncio.CancelledError:
            return action.get_status()

    async def cancel_the_action():
        task = asyncio.ensure_future(asyncio.sleep(3600))
        Loft.action_from(task).cancel()
        try:
            await task
        except asyncio.CancelledError:
            return task.cancelled()

    async def cancel_what_waits():
        later = Loft.Action.new()
        task = asyncio.ensure_future(await_what(later))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
        canceled = later.is_canceled()
        later.complete()
        return canceled

    async def swallow():
        see(1)
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            return "swallowed"

    assert run(Loft.action_from(cancel_the_task())).get() == CANCELED
    assert run(Loft.action_from(cancel_the_action())).get() is True
    assert run(Loft.action_from(cancel_what_waits())).get() is True
    action = start(swallow())
    action.cancel()
    assert_status(run(action), CANCELED)


LEAVE = """
import gi, sys
gi.require_version("Loft", "1")
from gi.repository import GLib, Loft

async def wait_for_ever():
    try:
        await kept
    except GLib.Error as error:
        print("waited until", Loft.Error(error.code).value_nick)
        raise
    finally:
        print("finally")

kept = Loft.Action.new()
waits = Loft.action_from(wait_for_ever())
GLib.MainContext.default().iteration(False)
late = Loft.Dispatcher.get_default().run_async(0, lambda action: print("worked"))
sys.exit(3)
"""


@case("A47")
def exit_with_work_left():
    left = subprocess.run([sys.executable, "-c", LEAVE], capture_output=True, text=True,
                          check=False)
    assert left.returncode == 3, left
    assert left.stdout.split("\n") == [
        "worked", "waited until disconnected", "finally", ""], left


def main():
    global foreign_library
    foreign_library = ctypes.CDLL(sys.argv[1])
    foreign_library.await_foreign_new.restype = ctypes.c_void_p
    folder, report, bad = os.environ.get("LOFT_AWAIT_DIR"), None, 0
    if "--policy" in sys.argv:
        try:
            from gi.events import GLibEventLoopPolicy
        except ImportError:
            print("1..0 # SKIP PyGObject has no event loop")
            return 0
        asyncio.set_event_loop_policy(GLibEventLoopPolicy())
    elif folder is not None:
        pathlib.Path(folder).mkdir(parents=True, exist_ok=True)
        report = open(pathlib.Path(folder) / "python.tsv", "w")
    print(f"1..{len(CASES)}", flush=True)
    for i, (number, function, why) in enumerate(CASES, 1):
        result = f"ok {i} /await/{number}"
        if why is not None:
            result += f" # SKIP {why}"
        else:
            try:
                function()
            except BaseException:
                traceback.print_exc()
                result = "not " + result
                bad += 1
                print(result, flush=True)
                continue
        print(result, flush=True)
        if report is not None:
            print(number, "pass" if why is None else "none", why or "", sep="\t", file=report)
    if report is not None:
        report.close()
    return min(bad, 1)


if __name__ == "__main__":
    sys.exit(main())
