# SPDX-FileCopyrightText: 2026 The Loft authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Loft in Python: what PyGObject lays over the namespace `gi.repository.Loft`.

`await` waits for an async object, a coroutine becomes one, an exception becomes the error of the
action in whose handler it was raised, and each message names the file and the line of the caller.
docs/python.md explains all of it.

From the top: errors, handlers, event loops, await and progress, coroutines, the decorators, the
methods that are replaced, and the end of the program.
"""

import asyncio
import asyncio.events
import atexit
import collections
import contextvars
import functools
import inspect
import os
import selectors
import sys
import threading
import weakref

from gi.repository import Gio, GLib, GObject

# What gi.repository.Loft will be when this module has been loaded, with all that is replaced here.
Loft = sys.modules["gi.repository.Loft"]

__all__ = []

DOMAIN = GLib.quark_to_string(Loft.error_quark())
IO_DOMAIN = GLib.quark_to_string(Gio.io_error_quark())

# The async object for which the code that runs now is the work.
_current = contextvars.ContextVar("loft.current", default=None)

# The objects whose handlers are running now, on any thread.
_running = set()


def _public(thing):
    __all__.append(thing.__name__)
    return thing


def _place(depth=2):
    """Names the line that has called the caller of this function."""
    frame = sys._getframe(depth)
    code = frame.f_code
    return f"{code.co_qualname} () at {code.co_filename}:{frame.f_lineno}"


# Errors
#
# A GError is a domain, a code and a text. An exception is more, so the newest of them are kept
# under these three, and `await` and get () chain the error to the exception that it was.

KEPT = 256
_kept = collections.OrderedDict()
_kept_lock = threading.Lock()

_SUSPENDS = inspect.CO_GENERATOR | inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR


def _error(code, message):
    return GLib.Error(message, DOMAIN, code)


def _text(words):
    """As C can hold it."""
    return words.replace("\0", "\\0").encode("utf-8", "backslashreplace").decode()


def _describe(exception, where):
    """The exception's type, its text, and the place where it was raised."""
    try:
        words = str(exception)
    except Exception:
        words = "an exception without a text"
    found = exception.__traceback__
    while found is not None and found.tb_next is not None:
        found = found.tb_next
    if found is not None and found.tb_frame.f_code.co_filename != __file__:
        code = found.tb_frame.f_code
        where = f"{code.co_qualname} () at {code.co_filename}:{found.tb_lineno}"
    return _text(f"{type(exception).__name__}: {words} ({where})")


def _let_go(found):
    """Lets go of what the functions of a traceback held. Its lines stay."""
    while found is not None:
        frame, found = found.tb_frame, found.tb_next
        # Before Python 3.13, clear () closes a generator or coroutine that may still be suspended.
        if frame.f_code.co_flags & _SUSPENDS and sys.version_info < (3, 13):
            continue
        try:
            frame.clear()
        except RuntimeError:
            pass  # It is running, or suspended.


def _to_error(exception, where):
    """Returns the GError that an exception becomes, and keeps the exception."""
    if isinstance(exception, GLib.Error):
        error = exception
    elif isinstance(exception, asyncio.CancelledError):
        return GLib.Error("The coroutine was cancelled.", IO_DOMAIN, Gio.IOErrorEnum.CANCELLED)
    else:
        error = _error(Loft.Error.FAILED, _describe(exception, where))
    _let_go(exception.__traceback__)
    with _kept_lock:
        key = error.domain, error.code, error.message
        _kept[key] = exception
        _kept.move_to_end(key)
        if len(_kept) > KEPT:
            _kept.popitem(last=False)
    return error


def _original(error):
    return _kept.get((error.domain, error.code, error.message))


def _raise(error):
    """Raises an error that came from Loft, chained to the exception that it was."""
    original = _original(error)
    if original is not None and original is not error:
        raise error from original
    raise error


# Handlers
#
# PyGObject prints an exception that leaves a callback, and the callback has returned nothing then.
# So each callback that can fail is wrapped in one that raises nothing but a GError.

class _Box:
    """Holds any Python object as the value of a continuation. PyGObject takes an instance of a
    class that it does not know for nothing else, but turns a str or an int into another type."""

    def __init__(self, value):
        self.value = value


def _unbox(value):
    return value.value if isinstance(value, _Box) else value


_NUMBERS = {GObject.TYPE_BOOLEAN, GObject.TYPE_CHAR, GObject.TYPE_UCHAR, GObject.TYPE_INT,
            GObject.TYPE_UINT, GObject.TYPE_LONG, GObject.TYPE_ULONG, GObject.TYPE_INT64,
            GObject.TYPE_UINT64, GObject.TYPE_FLOAT, GObject.TYPE_DOUBLE}

# What stands in the place of a result that was given to the operation already.
_GIVEN = GObject.Value(GObject.TYPE_BOOLEAN, False)


def _as_gtype(value_type):
    return GObject.Value(value_type).g_type


def _to_value(result, value_type):
    """Returns the GValue of what a handler has returned."""
    if isinstance(result, GObject.Value):
        return result
    # The form that PyGObject asks for where there is no override.
    if value_type != GObject.TYPE_PYOBJECT and isinstance(result, tuple) and len(result) == 2 \
            and result[0] is True:
        result = result[1]
    try:
        if result is None and value_type in _NUMBERS:
            raise TypeError("nothing was returned")  # PyGObject takes it for 0
        return GObject.Value(value_type, result)
    except (TypeError, ValueError, OverflowError) as mismatch:
        raise TypeError(f"{result!r} is no {value_type.name}, which is what the operation promised "
                        f"({mismatch})") from None


class _Handler:
    """Calls a handler for Loft. One class for each kind of callback that can fail."""

    takes_value_type = False

    def __init__(self, handler, value_type, function, place):
        self.handler = handler
        self.value_type = value_type
        self.function = function
        self.place = place

    def __call__(self, *args):
        try:
            return self.run(args)
        except BaseException as exception:
            self.explain(exception, args)
            error = _to_error(exception, self.place)
        raise error

    def run(self, args):
        if not self.has_own_object or not args:
            return self.finish(self.handler(*args), args)
        token = _current.set(args[0])
        _running.add(args[0])
        try:
            return self.finish(self.handler(*args), args)
        finally:
            _running.discard(args[0])
            _current.reset(token)

    def explain(self, exception, args):
        """A call that the handler could not take says what it was called with."""
        found = exception.__traceback__
        while found is not None and found.tb_frame.f_code.co_filename == __file__:
            found = found.tb_next
        if isinstance(exception, TypeError) and found is None and exception.args \
                and not isinstance(self.handler, _Call):
            kinds = ", ".join(type(arg).__name__ for arg in args)
            exception.args = (f"{exception.args[0]} (a handler of {self.function} () is called "
                              f"with: {kinds})",)

    def refuse(self, result):
        if inspect.iscoroutine(result):
            result.close()
            raise TypeError("the handler is a coroutine function, which does nothing until it is "
                            "awaited. Pass the coroutine to Loft.action_from (), or put "
                            "@Loft.dispatched above the function.")


class _WorkHandler(_Handler):
    has_own_object = True

    def finish(self, result, args):
        self.refuse(result)
        return result is not False


class _Continuation(_WorkHandler):
    has_own_object = False


class _OperationHandler(_Handler):
    has_own_object = True

    def finish(self, result, args):
        self.refuse(result)
        args[0].complete_with_value(_to_value(result, self.value_type))
        return True, _GIVEN


class _OperationContinuation(_Handler):
    has_own_object = False

    def finish(self, result, args):
        self.refuse(result)
        value = _to_value(result, self.value_type)
        if self.value_type in _NUMBERS:
            return True, value
        if self.value_type == GObject.TYPE_PYOBJECT:
            return True, _Box(value.get_value())
        return True, value.get_value()


class _NestedHandler(_Handler):
    has_own_object = True

    def finish(self, result, args):
        if inspect.iscoroutine(result):
            return action_from(result)
        if isinstance(result, Loft.AsyncInfo):
            return result
        raise TypeError(f"the handler has to return an async object or a coroutine, and not "
                        f"{result!r}")


class _NestedContinuation(_NestedHandler):
    has_own_object = False


# By the name of the callback's type.
_HANDLERS = {
    "AgileHandler": _Continuation,
    "AsyncContinuation": _NestedContinuation,
    "BeginHandler": _NestedContinuation,
    "Continuation": _Continuation,
    "IdleHandler": _WorkHandler,
    "NestedHandler": _NestedHandler,
    "OperationContinuation": _OperationContinuation,
    "OperationHandler": _OperationHandler,
    "OutcomeAsyncContinuation": _NestedContinuation,
    "OutcomeContinuation": _Continuation,
    "OutcomeOperationContinuation": _OperationContinuation,
    "WorkHandler": _WorkHandler,
}


# Event loops
#
# asyncio's loop and GLib's are one loop. PyGObject has such a loop since 3.50. EventLoop is the one
# for older versions, and for a program whose main loop is GLib's alone: it is a source of the
# context, which runs what is ready in asyncio and returns. It never iterates the context itself.

class _PolledSelector(selectors.EpollSelector):
    """A selector that never sleeps: the context polls its file descriptor."""

    def select(self, timeout=None):
        return super().select(0)


class _LoopSource(GLib.Source):
    def __init__(self, loop, fd):
        super().__init__()
        self._loop = weakref.ref(loop)
        self._tag = self.add_unix_fd(fd, GLib.IOCondition.IN)
        self.set_name("Loft asyncio")
        self._is_over = False

    def end(self):
        """Destroys it, and lets go of it in C while Python's half is alive: PyGObject must not
        finalize a source whose Python half is going. The end of the interpreter may call it
        twice."""
        if not self._is_over:
            self._is_over = True
            self.destroy()
            self._clear_boxed()

    def __del__(self):
        self.end()

    def _is_due(self):
        loop = self._loop()
        return loop is not None and not loop.is_closed() and loop._wait_ms() == 0

    def prepare(self):
        loop = self._loop()
        if loop is None or loop.is_closed():
            return False, -1
        wait = loop._wait_ms()
        return wait == 0, wait

    def check(self):
        return bool(self.query_unix_fd(self._tag)) or self._is_due()

    def dispatch(self, callback, args):
        loop = self._loop()
        if loop is None or loop.is_closed():
            return GLib.SOURCE_REMOVE
        loop._step()
        return GLib.SOURCE_CONTINUE


_loops = weakref.WeakSet()  # of those that are not closed, perhaps


@_public
class EventLoop(asyncio.SelectorEventLoop):
    """An asyncio loop that is a source of a GLib.MainContext.

    Its tasks go on whenever the context is run, by whatever runs it: Gtk.Application.run (),
    GLib.MainLoop.run (), a dispatcher's own thread, or this loop's run_forever ()."""

    def __init__(self, context):
        selector = _PolledSelector()
        super().__init__(selector)
        self._glib_context = context
        self._glib_main = None
        self._source = _LoopSource(self, selector.fileno())
        self._source.attach(context)
        _loops.add(self)

    def _wait_ms(self):
        """How long the context may sleep: 0 if something is due, -1 if nothing ever is."""
        if self._ready:
            return 0
        if not self._scheduled:
            return -1
        seconds = self._scheduled[0]._when - self.time()
        return max(0, min(int(seconds * 1000 + 0.999), 2**31 - 1))

    def _step(self):
        """Runs what is ready."""
        outer = asyncio._get_running_loop()
        hooks = sys.get_asyncgen_hooks()
        thread_id = self._thread_id
        self._thread_id = threading.get_ident()
        sys.set_asyncgen_hooks(firstiter=self._asyncgen_firstiter_hook,
                               finalizer=self._asyncgen_finalizer_hook)
        asyncio._set_running_loop(self)
        try:
            self._run_once()
        finally:
            asyncio._set_running_loop(outer)
            sys.set_asyncgen_hooks(*hooks)
            self._thread_id = thread_id

    def _drain(self):
        """Runs what is ready, and what that makes ready, but waits for nothing."""
        for _ in range(1000):
            if not self._ready or self.is_closed():
                return
            self._step()

    def run_forever(self):
        self._check_closed()
        self._check_running()
        self._thread_id = threading.get_ident()
        self._glib_main = GLib.MainLoop(self._glib_context)
        asyncio._set_running_loop(self)
        try:
            if not self._stopping:
                self._glib_main.run()
        finally:
            asyncio._set_running_loop(None)
            self._stopping = False
            self._thread_id = None
            self._glib_main = None

    def stop(self):
        super().stop()
        if self._glib_main is not None:
            self._glib_main.quit()

    def close(self):
        super().close()
        self._source.end()


def _gi_event_loop():
    """PyGObject's loop, or None where PyGObject has none."""
    try:
        from gi.events import GLibEventLoop
    except ImportError:
        return None
    return GLibEventLoop


def _drives(loop, context):
    """Whether the loop runs the context, too."""
    own = getattr(loop, "_glib_context", None) or getattr(loop, "_context", None)
    return isinstance(own, GLib.MainContext) and hash(own) == hash(context)


class _Home:
    """What waits in one asyncio loop for objects of Loft."""

    _homes = weakref.WeakKeyDictionary()

    def __init__(self, loop, dispatcher):
        self.loop = weakref.ref(loop)
        self.is_gone = False
        self.futures = set()  # of awaits
        self.works = {}  # task: the operation that it is the work of
        if dispatcher is not None:
            me = weakref.ref(self)
            dispatcher.connect("shutdown-completed", lambda it: me() and me().on_gone(it))
            self.is_gone = dispatcher.is_shut_down()

    @classmethod
    def of(cls, loop):
        home = cls._homes.get(loop)
        if home is not None:
            return home
        dispatcher = Loft.Dispatcher.get_for_current_thread()
        if dispatcher is not None and not _drives(loop, dispatcher.get_context()):
            raise RuntimeError(
                f"{type(loop).__name__} does not run GLib's main context, so nothing of Loft that "
                "comes home to this thread would ever run. Call Loft.run (main ()) instead of "
                "asyncio.run (main ()), or Loft.install () before it.")
        home = cls._homes[loop] = cls(loop, dispatcher)
        return home

    @classmethod
    def here(cls):
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            raise RuntimeError("await needs a task of asyncio. Start the coroutine with "
                               "Loft.action_from () or Loft.run ().") from None
        return cls.of(loop)

    def post(self, function, *args):
        """Calls a function in the loop; any thread may ask."""
        loop = self.loop()
        try:
            if loop is not None:
                loop.call_soon_threadsafe(function, *args)
        except RuntimeError:
            pass  # It was closed, and so has let go of all that waited there.

    def on_gone(self, dispatcher):
        """The dispatcher has shut down: what waits here ends now, since nothing would wake it."""
        self.is_gone = True
        error = _disconnected()
        loop = self.loop()
        for future in list(self.futures):
            if not future.done():
                future.set_exception(error)
        if loop is not None and loop.is_running():
            return  # It goes on, and so the coroutines end by themselves.
        if isinstance(loop, EventLoop) and not loop.is_closed():
            loop._drain()
            for task in list(self.works):
                task.cancel()
            loop._drain()
        for operation in list(self.works.values()):
            operation.fail(error)
        self.works.clear()
        if loop is not None and loop is dispatcher.__dict__.get("_loft_loop"):
            loop.close()


def _disconnected():
    return _error(Loft.Error.DISCONNECTED, "The dispatcher on whose thread the coroutine waits has "
                  "shut down, so the coroutine can't go on there.")


def _ambient_loop():
    """Returns the loop in which a coroutine starts here: the one that runs, or that of this
    thread's main context."""
    loop = asyncio._get_running_loop()
    if loop is not None:
        return loop
    dispatcher = Loft.Dispatcher.get_for_current_thread()
    if dispatcher is None:
        raise RuntimeError("A coroutine can't start on a thread that has no loop. Start it on a "
                           "dispatcher's thread, inside of asyncio.run (), or with "
                           "@Loft.background.")
    context = dispatcher.get_context()
    # The policy that was set; nobody is asked to make one.
    policy = getattr(asyncio.events, "_event_loop_policy", None)
    if hasattr(policy, "get_event_loop_for_context"):
        return policy.get_event_loop_for_context(context)
    loop = dispatcher.__dict__.get("_loft_loop")
    if loop is None or loop.is_closed():
        loop = dispatcher._loft_loop = EventLoop(context)
    return loop


def _new_loop():
    """A loop of this thread's main context, or of a new one if it has none."""
    dispatcher = Loft.Dispatcher.get_for_current_thread()
    context = dispatcher.get_context() if dispatcher is not None else None
    return (_gi_event_loop() or EventLoop)(context or GLib.MainContext.default())


@_public
def run(main, *, debug=None):
    """Runs a coroutine to its end together with GLib's main context, as asyncio.run () does with
    asyncio alone, and returns its value."""
    if asyncio._get_running_loop() is not None:
        if inspect.iscoroutine(main):
            main.close()
        raise RuntimeError("Loft.run () can't be called inside of a running asyncio loop: await "
                           "the coroutine there.")
    context = None
    if Loft.Dispatcher.get_for_current_thread() is None and not _is_main_thread():
        context = GLib.MainContext.new()
        context.push_thread_default()
    try:
        with asyncio.Runner(debug=debug, loop_factory=_new_loop) as runner:
            return runner.run(main)
    finally:
        if context is not None:
            context.pop_thread_default()


def _is_main_thread():
    return threading.current_thread() is threading.main_thread()


@_public
def install():
    """Lets asyncio.run () run GLib's main context, too, on a thread that has one."""
    class Policy(asyncio.DefaultEventLoopPolicy):
        def new_event_loop(self):
            if Loft.Dispatcher.get_for_current_thread() is None:
                return super().new_event_loop()
            return _new_loop()

    asyncio.set_event_loop_policy(Policy())


# Await and progress

def _value_of(info):
    if not isinstance(info, Loft.AsyncOperation):
        return None
    return _unbox(_operation_get_results(info)[1])


def _outcome(info):
    """Returns the value of an object that has ended, or raises its error."""
    status = info.get_status()
    if status == Loft.AsyncStatus.CANCELED:
        error = info.dup_error()
        raise asyncio.CancelledError(error.message) from error
    if status == Loft.AsyncStatus.ERROR:
        _raise(info.dup_error())
    if isinstance(info, Loft.AsyncOperation):
        return _value_of(info)
    _action_get_results(info)  # raises if it is closed
    return None


class _Wait:
    """One await of an object that has not ended. It does not hold the object: if its producer drops
    it, the wait ends in an error."""

    def __init__(self, info):
        self.home = home = _Home.here()
        if home.is_gone:
            raise _disconnected()
        self.info = info.weak_ref()
        self.future = home.loop().create_future()
        home.futures.add(self.future)
        post, future = home.post, self.future
        if isinstance(info, Loft.AsyncBase):
            self.id = info.add_observer(lambda sender, *_: post(_resolve, future, sender))
        else:
            # A class that may have room for one handler only, and then says so in the result.
            self.id = 0
            info.wait_async(None, lambda sender, result, *_: _take_wait(future, sender, result))

    def __iter__(self):
        try:
            return (yield from self.future)
        except asyncio.CancelledError:
            info = self.info()
            if info is not None:
                if self.id:
                    info.remove_observer(self.id)
                info.cancel()
            raise
        finally:
            self.home.futures.discard(self.future)


def _take_wait(future, info, result):
    try:
        info.wait_finish(result)
    except GLib.Error as error:
        if not info.has_ended() and not future.done():
            future.set_exception(error)
    _resolve(future, info)


def _resolve(future, info):
    if not future.done():
        future.set_result(info)


def _await(self):
    """Waits in a task of asyncio until the object has ended, and returns its value. A cancel of the
    task cancels the object."""
    if self.has_ended():
        current = _current.get()
        if current is not None and current.is_canceled():
            yield  # a cancelled coroutine goes no further than its next await
        return _outcome(self)
    wait = _Wait(self)
    del self
    return _outcome((yield from wait))


class _Reports:
    """Collects the reports of one object, and gives them to `async for`."""

    def __init__(self):
        self.values = collections.deque()
        self.info = None  # once it has ended
        self.wake = None  # a function that any thread may call

    def on_progress(self, sender, value, *_):
        self.values.append(value)
        self.tell()

    def on_ended(self, sender, *_):
        self.info = sender
        self.tell()

    def tell(self):
        if self.wake is not None:
            self.wake()

    async def iterate(self, info):
        """Gives the reports until the object has ended, and raises its error."""
        home = _Home.here()
        ready = asyncio.Event()
        self.wake = wake = functools.partial(home.post, ready.set)
        observer = info.call_when_ended(self.on_ended, None)
        try:
            while True:
                while self.values:
                    yield self.values.popleft()
                if self.info is not None:
                    _outcome(self.info)
                    return
                ready.clear()
                if not self.values and self.info is None:
                    await ready.wait()
        except asyncio.CancelledError:
            info.cancel()
            raise
        finally:
            if self.wake is wake:  # A loop that was left ends later than the next one begins.
                self.wake = None
            if self.info is None:
                info.remove_observer(observer)


def _reports(self):
    """`async for value in action` gives each report of progress from now on, until it has ended. An
    error or a cancel is raised after the last one. It uses the object's progress handler. A second
    loop goes on where the first was left."""
    reports = self.__dict__.get("_loft_reports")
    if reports is None:
        reports = _Reports()
        self.set_progress(Loft.ProgressFlags.ALL, reports.on_progress, None)
        self._loft_reports = reports
    return reports.iterate(self)


# Coroutines

def _finish(operation, value_type, task, place):
    """Ends the operation as its task has ended."""
    if task.cancelled():
        operation.fail(_to_error(asyncio.CancelledError(), place))
    elif task.exception() is not None:
        operation.fail(_to_error(task.exception(), place))
    else:
        try:
            operation.complete_with_value(_to_value(task.result(), value_type))
        except TypeError as mismatch:
            operation.fail(_to_error(mismatch, place))


def _cancel_task(task, loop):
    if asyncio._get_running_loop() is loop:
        task.cancel()
        return
    try:
        loop.call_soon_threadsafe(task.cancel)
    except RuntimeError:
        pass  # The loop was closed; its tasks are over.


def _drive(operation, coroutine, value_type, place):
    """Starts the coroutine here, as the work of the operation."""
    loop = _ambient_loop()
    home = _Home.of(loop)
    if home.is_gone:
        raise _disconnected()
    if inspect.iscoroutine(coroutine):
        context = contextvars.copy_context()
        context.run(_current.set, operation)
        task = loop.create_task(coroutine, context=context)
    else:
        task = asyncio.ensure_future(coroutine, loop=loop)
    home.works[task] = operation  # asyncio itself holds no task

    def on_done(task):
        home.works.pop(task, None)
        _finish(operation, value_type, task, place)

    task.add_done_callback(on_done)
    operation.set_cancel_handler(lambda *_: _cancel_task(task, loop), None)


def _new_operation(value_type, progress_type, place):
    if progress_type is None:
        return _at(place, Loft.Operation.new, value_type)
    return _at(place, Loft.Operation.new_with_progress, value_type, progress_type)


def _check_coroutine(coroutine):
    if not inspect.isawaitable(coroutine):
        hint = ""
        if inspect.iscoroutinefunction(coroutine):
            hint = f": call it, {coroutine.__name__} ()"
        raise TypeError(f"action_from () takes a coroutine, a task or a future, and not "
                        f"{coroutine!r}{hint}")


@_public
def action_from(coroutine, *, value_type=GObject.TYPE_PYOBJECT, progress_type=None):
    """Starts a coroutine in the loop of this thread, and returns the operation that it is the work
    of: C code can wait for it, and a cancel of either cancels the other. A task or a future of
    asyncio becomes an operation, too."""
    place = _place()
    if isinstance(coroutine, Loft.AsyncInfo):
        return coroutine
    _check_coroutine(coroutine)
    value_type = _as_gtype(value_type)
    operation = _new_operation(value_type, progress_type, place)
    try:
        _drive(operation, coroutine, value_type, place)
    except BaseException:
        if inspect.iscoroutine(coroutine):
            coroutine.close()
        raise
    return operation


@_public
def current_action():
    """Returns the action or operation that the code which calls this is the work of, or None."""
    return _current.get()


# The decorators

class _Call:
    """A handler that calls a decorated function with the arguments of its caller."""

    def __init__(self, function, args, kwargs):
        self.function = function
        self.args = args
        self.kwargs = kwargs

    def __call__(self, *_):
        return self.function(*self.args, **self.kwargs)


def _start_coroutine_at(dispatcher, priority, function, args, kwargs, value_type, place):
    operation = _new_operation(value_type, None, place)

    def start(*_):
        if operation.has_ended() or operation.is_canceled():
            operation.complete()
            return
        coroutine = None
        try:
            coroutine = function(*args, **kwargs)
            _drive(operation, coroutine, value_type, place)
        except BaseException as exception:
            if coroutine is not None:
                coroutine.close()
            operation.fail(_to_error(exception, place))

    if not dispatcher.try_enqueue(priority, start):
        operation.fail(_error(Loft.Error.SHUT_DOWN, "The dispatcher has shut down: the coroutine "
                              "was not started."))
    return operation


@_public
def dispatched(function=None, *, dispatcher=None, priority=Loft.Priority.NORMAL,
               value_type=GObject.TYPE_PYOBJECT):
    """Decorates a function, so that a call of it from any thread runs it on a dispatcher's thread,
    and returns an operation with its value. The default is the dispatcher of the default main
    context. The function may be a coroutine function."""
    if function is None:
        return functools.partial(dispatched, dispatcher=dispatcher, priority=priority,
                                 value_type=value_type)
    if not callable(function):
        raise TypeError(f"@Loft.dispatched goes above a function, and not above {function!r}")
    value_type = _as_gtype(value_type)

    @functools.wraps(function)
    def call(*args, **kwargs):
        there = dispatcher or Loft.Dispatcher.get_default()
        place = _place()
        if inspect.iscoroutinefunction(function):
            return _start_coroutine_at(there, priority, function, args, kwargs, value_type, place)
        return _at(place, there.run_operation_async, priority, value_type,
                   _Call(function, args, kwargs))

    return call


def _run_on_worker(coroutine, operation):
    """Runs a coroutine to its end in a loop of its own, on a worker of the pool."""
    with asyncio.Runner() as runner:
        async def main():
            task = asyncio.ensure_future(coroutine)
            loop = asyncio.get_running_loop()
            operation.set_cancel_handler(lambda *_: _cancel_task(task, loop), None)
            return await task

        return runner.run(main())


@_public
def background(function=None, *, progress=None, value_type=GObject.TYPE_PYOBJECT):
    """Decorates a function, so that a call of it runs it on a worker of the pool, and returns an
    operation with its value. With a type of progress, `async for` over the operation gives all that
    the function reports. A coroutine function gets a loop of its own there."""
    if function is None:
        return functools.partial(background, progress=progress, value_type=value_type)
    if not callable(function):
        raise TypeError(f"@Loft.background goes above a function, and not above {function!r}")
    value_type = _as_gtype(value_type)

    @functools.wraps(function)
    def call(*args, **kwargs):
        place = _place()
        if inspect.iscoroutinefunction(function):
            def work(operation, *_):
                return _run_on_worker(function(*args, **kwargs), operation)
        else:
            work = _Call(function, args, kwargs)
        if progress is None:
            return _at(place, Loft.thread_pool_run_operation_async, value_type, work)
        reports = _Reports()
        settings = Loft.WorkSettings.new()
        settings.set_progress(progress, Loft.ProgressFlags.ALL, reports.on_progress, None)
        operation = _at(place, Loft.thread_pool_run_operation_full_async, settings, value_type,
                        work)
        operation._loft_reports = reports
        return operation

    return call


# The methods that are replaced

_given_place = threading.local()


def _at(place, function, *args):
    """Calls a function of Loft for the place that has called this module."""
    _given_place.place = place
    try:
        return function(*args)
    finally:
        _given_place.place = None


def _callback_of(info):
    """Returns the position and the type of the callback that a function of Loft takes, the position
    of its value type, and the names of its arguments; as Python counts them, without self."""
    position, found, value_type, names = 0, None, None, []
    for arg in info.get_arguments():
        kind = arg.get_type()
        interface = kind.get_interface() if kind.get_tag_as_string() == "interface" else None
        name = interface.get_name() if interface is not None else ""
        if name == "DestroyNotify":
            continue
        if found is None and hasattr(interface, "can_throw_gerror"):
            found = position, name, interface.can_throw_gerror()
        if arg.get_name() == "value_type":
            value_type = position
        names.append(arg.get_name())
        position += 1
    return found, value_type, names


def _makes_an_object(info):
    kind = info.get_return_type()
    if kind.get_tag_as_string() != "interface":
        return False
    return kind.get_interface().get_name() in {
        "Action", "AsyncAction", "AsyncInfo", "AsyncOperation", "Deferral", "Operation",
        "TaskGroup"}


def _find(args, kwargs, position, name):
    """Returns the container of an argument and its key there, or None."""
    if position < len(args):
        return args, position
    return (kwargs, name) if name in kwargs else (None, None)


def _wrap(info, original, skipped, name):
    """Returns a function that calls `original` with a handler that can raise, and with the place of
    the caller. The first `skipped` of its arguments are no arguments of C."""
    found, value_at, names = _callback_of(info)
    position, kind, can_fail = found if found is not None else (None, None, False)
    handler_class = _HANDLERS.get(kind, _Continuation) if can_fail else None

    def call(*args, **kwargs):
        place = getattr(_given_place, "place", None)
        if place is None:
            place = _place()
        else:
            _given_place.place = None
        if position is not None:
            args = list(args)
            where, key = _find(args, kwargs, position + skipped, names[position])
            handler = where[key] if where is not None else None
            if handler is not None and not callable(handler):
                if inspect.iscoroutine(handler):
                    handler.close()
                raise TypeError(f"{name} () takes a handler that can be called, and not "
                                f"{handler!r}")
            if handler is not None and handler_class is not None:
                value_type = None
                if value_at is not None:
                    at, index = _find(args, kwargs, value_at + skipped, "value_type")
                    value_type = _as_gtype(at[index])
                where[key] = handler_class(handler, value_type, name, place)
        _set_place(place)
        try:
            return original(*args, **kwargs)
        finally:
            _set_place(None)

    call.__name__ = call.__qualname__ = name.rpartition(".")[2]
    call.__doc__ = getattr(original, "__doc__", None)
    return call


_set_place = Loft.call_site_set


def _wrap_class(cls):
    for name, info in list(vars(cls).items()):
        if not hasattr(info, "get_arguments") or not hasattr(info, "is_method"):
            continue
        found, _, _ = _callback_of(info)
        if found is None and not _makes_an_object(info):
            continue
        if info.get_return_type().get_tag_as_string() == "interface" and name.startswith("get_"):
            continue
        full = f"Loft.{cls.__name__}.{name}"
        if info.is_method():
            setattr(cls, name, _wrap(info, info, 1, full))
        else:
            setattr(cls, name, staticmethod(_wrap(info, getattr(cls, name), 0, full)))


def _wrap_namespace():
    # Each is looked up once, so that PyGObject makes the class.
    for name in dir(Loft._introspection_module):
        thing = getattr(Loft, name, None)
        if isinstance(thing, type) and thing.__module__.endswith(".Loft"):
            _wrap_class(thing)
        elif hasattr(thing, "get_arguments") and not isinstance(thing, type):
            found, _, _ = _callback_of(thing)
            if found is not None or _makes_an_object(thing):
                globals()[name] = _wrap(thing, thing, 0, f"Loft.{name}")
                __all__.append(name)


_action_get = Loft.AsyncAction.get
_action_get_results = Loft.AsyncAction.get_results
_operation_get = Loft.AsyncOperation.get
_operation_get_results = Loft.AsyncOperation.get_results
_report_progress = Loft.AsyncBase.report_progress
_fail = Loft.AsyncBase.fail
_complete = Loft.Operation.complete


def _get_action(self):
    """Waits until the action has ended. Raises its error, or why the wait is refused."""
    try:
        _action_get(self)
    except GLib.Error as error:
        failed = error
    else:
        return
    _raise(failed)


def _get_operation(self):
    """Waits until the operation has ended, and returns its value. Raises its error, or why the wait
    is refused."""
    try:
        return _unbox(_operation_get(self)[1])
    except GLib.Error as error:
        failed = error
    _raise(failed)


def _get_operation_results(self):
    result = _operation_get_results(self)
    if isinstance(result[1], _Box):
        return result[0], result[1].value
    return result


def _report(self, value):
    """Reports progress. The value is converted to the type that was promised."""
    if isinstance(value, GObject.Value):
        return _report_progress(self, value)
    if isinstance(self, Loft.AsyncWithProgress):
        promised = self.get_progress_type()
        if promised == GObject.TYPE_PYOBJECT:
            return _report_progress(self, GObject.Value(promised, value))
    if isinstance(value, int) and not isinstance(value, bool):
        return self.report_progress_int64(value)
    return _report_progress(self, value)


def _complete_operation(self, value):
    return _complete(self, _to_value(value, self.get_value_type()))


def _fail_with(self, error):
    """Ends the object with an error, which may be any exception."""
    if isinstance(error, BaseException) and not isinstance(error, GLib.Error):
        error = _to_error(error, _place())
    return _fail(self, error)


def _enter(self):
    return self


def _complete_deferral(self, *exception):
    self.close()


def _replace_methods():
    Loft.AsyncInfo.__await__ = _await
    Loft.AsyncWithProgress.__aiter__ = _reports
    Loft.AsyncAction.get = _get_action
    Loft.AsyncOperation.get = _get_operation
    Loft.AsyncOperation.get_results = _get_operation_results
    Loft.AsyncBase.report_progress = _report
    Loft.AsyncBase.fail = _fail_with
    Loft.Operation.complete = _complete_operation
    Loft.Deferral.__enter__ = _enter
    Loft.Deferral.__exit__ = _complete_deferral


# The end of the program

_pid = os.getpid()


def _end():
    """Ends Loft while Python still runs, so that no thread of Loft calls Python afterwards."""
    if os.getpid() != _pid:
        return  # A forked child leaves the work to its parent.
    for info in list(_running):
        info.cancel()
    Loft.shutdown()
    for loop in list(_loops):
        if not loop.is_running() and not loop.is_closed():
            loop.close()


_wrap_namespace()
_replace_methods()
atexit.register(_end)
