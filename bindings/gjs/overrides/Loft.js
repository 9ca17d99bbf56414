// SPDX-FileCopyrightText: 2026 The Loft authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// Loft for JavaScript. gjs loads this file by itself when a program imports Loft: it has to be in
// gjs-1.0/overrides of a data folder, or in a folder "overrides" on GJS_PATH.
//
// gjs runs JavaScript on one thread, its home. The first part sees to it that Loft is given only
// callbacks that it calls, and releases, there. The second part makes async objects awaitable, and
// promises async objects. docs/javascript.md is the guide.

/* exported _init */

const {Gio, GLib, GObject} = imports.gi;

let Loft;

// What a program did wrong.

function nameOf(value) {
    if (value === null || value === undefined)
        return String(value);
    if (typeof value === 'object')
        return `an object of ${value.constructor?.name ?? 'no class'}`;
    return `a ${typeof value}`;
}

function needFunction(where, handler, arity) {
    if (typeof handler !== 'function') {
        throw new TypeError(`${where}: the handler has to be a function, and is ` +
            nameOf(handler));
    }
    if (handler.length > arity) {
        throw new TypeError(`${where}: the handler takes ${handler.length} arguments, ` +
            `and is called with ${arity}`);
    }
}

function needHome(where) {
    if (!Loft.apartment_is_sta()) {
        throw new TypeError(`${where}: this thread has no dispatcher, so the handler would be ` +
            'called on a worker, where gjs can\'t run JavaScript');
    }
}

function needAccess(where, dispatcher) {
    if (!dispatcher.has_thread_access()) {
        throw new TypeError(`${where}: the dispatcher belongs to another thread, where gjs can't ` +
            'run JavaScript. Post to Loft.Dispatcher.get_default ()');
    }
}

// Errors. A GError carries a domain, a code and a text. What was thrown is kept beside it, so that
// it arrives as it was, with its type and its stack.

const ERRORS_KEPT = 1000;
const errorDomain = GLib.quark_from_string('loft-javascript-error-quark');
const errors = new Map(); // by code; the oldest first
let lastCode = 0;

function textOf(error) {
    const place = error?.stack?.split('\n', 1)[0];
    return place ? `${error} (${place})` : String(error);
}

function toGError(error) {
    if (error instanceof GLib.Error)
        return error;
    lastCode = lastCode % 0x7fffffff + 1;
    errors.set(lastCode, error);
    if (errors.size > ERRORS_KEPT)
        errors.delete(errors.keys().next().value);
    return new GLib.Error(errorDomain, lastCode, textOf(error));
}

function fromGError(error) {
    if (error instanceof GLib.Error && error.domain === errorDomain && errors.has(error.code))
        return errors.get(error.code);
    if (error.stack === undefined) // C has returned it, and not gjs
        error.stack = new Error().stack;
    return error;
}

// Numbers. gjs takes every number for an int or a double, and rounds silently.

function bits(type, setter, size, isSigned) {
    const top = 1n << BigInt(isSigned ? size - 1 : size);
    return [type, {setter, size, lowest: isSigned ? -top : 0n, highest: top - 1n}];
}

const LONG_SIZE = GLib.SIZEOF_LONG * 8;
const integers = new Map([
    bits(GObject.TYPE_CHAR, 'set_schar', 8, true),
    bits(GObject.TYPE_UCHAR, 'set_uchar', 8, false),
    bits(GObject.TYPE_INT, 'set_int', 32, true),
    bits(GObject.TYPE_UINT, 'set_uint', 32, false),
    bits(GObject.TYPE_LONG, 'set_long', LONG_SIZE, true),
    bits(GObject.TYPE_ULONG, 'set_ulong', LONG_SIZE, false),
    bits(GObject.TYPE_INT64, 'set_int64', 64, true),
    bits(GObject.TYPE_UINT64, 'set_uint64', 64, false),
]);

// A JavaScript type for each of the others that a number, a string or a boolean can be.
const plainTypes = new Map([
    [GObject.TYPE_DOUBLE, ['number', 'set_double']],
    [GObject.TYPE_FLOAT, ['number', 'set_float']],
    [GObject.TYPE_BOOLEAN, ['boolean', 'set_boolean']],
    [GObject.TYPE_STRING, ['string', 'set_string']],
]);

function typeOf(type) {
    return type?.$gtype ?? type;
}

function checkInteger(type, value, {lowest, highest}) {
    if (typeof value !== 'bigint' && !Number.isInteger(value)) {
        throw new TypeError(`a ${GObject.type_name(type)} was promised, and the value is ` +
            `${typeof value === 'number' ? value : nameOf(value)}`);
    }
    const exact = BigInt(value);
    if (exact < lowest || exact > highest)
        throw new RangeError(`${value} does not fit a ${GObject.type_name(type)}`);
    return exact;
}

// Returns what C converts to a GValue of that type without a loss.
function toValue(promised, given) {
    const type = typeOf(promised);
    const integer = integers.get(type), plain = plainTypes.get(type);
    const value = new GObject.Value();
    if (integer !== undefined) {
        const exact = checkInteger(type, given, integer);
        value.init(type);
        value[integer.setter](integer.size > 32 ? exact : Number(exact));
        return value;
    }
    if (plain !== undefined) {
        const one = plain[0] === 'number' && typeof given === 'bigint' ? Number(given) : given;
        if (typeof one !== plain[0] && !(one === null && plain[0] === 'string')) {
            throw new TypeError(`a ${GObject.type_name(type)} was promised, and the value is ` +
                nameOf(given));
        }
        value.init(type);
        value[plain[1]](one);
        return value;
    }
    if (given === undefined)
        throw new TypeError(`a ${GObject.type_name(type)} was promised, and there is no value`);
    if (!GObject.type_is_a(type, GObject.TYPE_OBJECT))
        return given;
    if (given !== null && !(given instanceof GObject.Object && GObject.type_is_a(given, type))) {
        throw new TypeError(`a ${GObject.type_name(type)} was promised, and the value is ` +
            nameOf(given));
    }
    value.init(type);
    value.set_object(given);
    return value;
}

// Without this file, a handler of an operation returns [true, value]. That is still understood.
function resultOf(returned) {
    return Array.isArray(returned) && returned.length === 2 && returned[0] === true
        ? returned[1] : returned;
}

// From promises to async objects.

function isThenable(value) {
    return (typeof value === 'object' && value !== null || typeof value === 'function') &&
        typeof value.then === 'function';
}

// Ends a producer as the promise ends. The promise holds the producer, and nothing else does.
function endAs(producer, promise, type) {
    Promise.resolve(promise).then(value => {
        if (type === null)
            producer.complete();
        else
            producer.complete(resultOf(value));
    }).catch(error => producer.fail(toGError(error)));
    return producer;
}

function newProducer(type) {
    return type === null ? Loft.Action.new() : Loft.Operation.new(type);
}

// Returns an async object that ends with what a handler has returned.
function following(returned, type) {
    return returned instanceof Loft.AsyncInfo ? returned : endAs(newProducer(type), returned, type);
}

// The source is a promise, or a function that is called with an AbortSignal and returns one. With a
// bare promise a cancel has nothing to stop, and so it ends the object.
function produce(where, source, type) {
    if (source instanceof Loft.AsyncInfo)
        return source;
    if (typeof source !== 'function' && !isThenable(source)) {
        throw new TypeError(`${where}: it takes a promise, or a function that returns one, and ` +
            `not ${nameOf(source)}`);
    }
    needHome(where);
    const producer = newProducer(type);
    if (typeof source !== 'function') {
        producer.set_cancel_handler(canceled => canceled.fail(canceled.dup_error()));
        return endAs(producer, source, type);
    }
    needFunction(where, source, 1);
    return endAs(producer, new Promise(resolve => resolve(source(producer.get_abort_signal()))),
        type);
}

// Handlers of work. Whatever an action's handler returns is success, as in JavaScript a function
// fails by throwing. If it returns a promise or an async object, the work goes on with that.

function workHandler(handler, type = null) {
    return (action, ...rest) => {
        try {
            const returned = handler(action, ...rest);
            if (isThenable(returned))
                action.set_work(following(returned, type));
            else if (type !== null)
                action.set_work(newCompleted(type, resultOf(returned)));
        } catch (error) {
            throw toGError(error);
        }
        return type === null ? true : [true, placeholder(type)];
    };
}

// A value that gjs can convert to the type. It does not count, because the work goes on.
function placeholder(promised) {
    const type = typeOf(promised);
    if (type === GObject.TYPE_BOOLEAN)
        return false;
    const isNumber = integers.has(type) || plainTypes.get(type)?.[0] === 'number' ||
        GObject.type_is_a(type, GObject.TYPE_ENUM) || GObject.type_is_a(type, GObject.TYPE_FLAGS);
    return isNumber ? 0 : null;
}

// Work for a handler to go on with. gjs can't return a GValue of a given type from a handler.
function newCompleted(type, value) {
    const operation = Loft.Operation.new(typeOf(type));
    operation.complete(value);
    return operation;
}

// The handler of an agile reference gets the object first, and then its action.
function agileHandler(handler) {
    const work = workHandler((action, object) => handler(object, action));
    return (object, action) => work(action, object);
}

// An operation that tells whether the work ran. It goes on with an operation of that type.
function tryHandler(handler) {
    return workHandler((...args) => {
        const returned = handler(...args);
        return isThenable(returned)
            ? following((async () => {
                await returned;
                return true;
            })(), GObject.TYPE_BOOLEAN)
            : returned;
    });
}

// For a function that waits for its handler.
function callHandler(handler) {
    return action => {
        try {
            if (isThenable(handler(action))) {
                throw new TypeError('Loft.Dispatcher.call can\'t wait for a promise or an async ' +
                    'object. Use invoke_async');
            }
        } catch (error) {
            throw toGError(error);
        }
        return true;
    };
}

// For handlers that return an async object to C.
function nestedHandler(handler) {
    return (...args) => {
        try {
            const returned = handler(...args);
            return isThenable(returned) ? following(returned, null) : Loft.Action.new_completed();
        } catch (error) {
            throw toGError(error);
        }
    };
}

function asyncHandler(handler) {
    return nestedHandler((...args) => {
        const returned = handler(...args);
        if (!isThenable(returned)) {
            throw new TypeError('the handler has to return an async object or a promise, and ' +
                `returned ${nameOf(returned)}`);
        }
        return returned;
    });
}

// The forms of posting: which argument the handler is, how many arguments it is called with, and
// what becomes of it. A type is an argument, too.
const POSTS = {
    call: [0, 1, callHandler],
    invoke_async: [1, 1, workHandler],
    run_async: [1, 1, workHandler],
    run_delayed_async: [2, 1, workHandler],
    run_for_async: [2, 1, workHandler],
    run_full_async: [1, 1, workHandler],
    run_idle_async: [0, 2, workHandler],
    run_nested_async: [1, 1, nestedHandler],
    run_operation_async: [2, 1, workHandler, 1],
    run_operation_full_async: [2, 1, workHandler, 1],
    run_operation_with_progress_async: [3, 1, workHandler, 1],
    run_with_progress_async: [2, 1, workHandler],
    try_run_async: [1, 1, tryHandler],
    try_run_idle_async: [0, 2, tryHandler],
    // Nobody hears of an error in these. gjs logs it. The one argument is for the functions that
    // settle a promise.
    enqueue_coalesced: [2, 1, handler => handler],
    try_enqueue: [1, 1, handler => handler],
    try_enqueue_bounded: [2, 1, handler => handler],
};

function replace(object, name, make) {
    object[name] = make(object[name]);
}

// Replaces a method whose argument number `index` is a handler.
function replacePost(proto, where, name, [index, arity, wrap, typeIndex], check) {
    replace(proto, name, original => function (...args) {
        needFunction(`${where}.${name}`, args[index], arity);
        check(`${where}.${name}`, this);
        args[index] = wrap(args[index], typeIndex === undefined ? null : args[typeIndex]);
        return original.apply(this, args);
    });
}

function replacePosts() {
    for (const [name, form] of Object.entries(POSTS))
        replacePost(Loft.Dispatcher.prototype, 'Loft.Dispatcher', name, form, needAccess);
    replacePost(Loft.AgileReference.prototype, 'Loft.AgileReference', 'run_async',
        [1, 2, agileHandler], (where, reference) => {
            try {
                reference.resolve();
            } catch (error) {
                throw new TypeError(`${where}: the object belongs to another thread, where gjs ` +
                    `can't run JavaScript (${error.message})`);
            }
        });
    replacePost(Loft.ApartmentContext.prototype, 'Loft.ApartmentContext', 'run_async',
        [0, 1, workHandler], (where, context) => {
            if (!context.is_here()) {
                throw new TypeError(`${where}: the context is another thread's, where gjs can't ` +
                    'run JavaScript');
            }
        });
    for (const name of ['Debouncer', 'Throttler']) {
        replace(Loft[name], 'new', original => function (dispatcher, span, handler) {
            needFunction(`Loft.${name}.new`, handler, 1);
            needAccess(`Loft.${name}.new`, dispatcher);
            return original.call(this, dispatcher, span, handler);
        });
    }
    for (const [name, index] of [['start', 1], ['start_with_progress', 1]]) {
        replacePost(Loft.LatestSlot.prototype, 'Loft.LatestSlot', name,
            [index, 2, handler => handler], (where, slot) => needAccess(where, slot.dispatcher));
    }
    replace(Loft.Dispatcher.prototype, 'call', checked => function (handler) {
        try {
            return checked.call(this, handler);
        } catch (error) {
            throw fromGError(error);
        }
    });
}

// Handlers that come home.

function replaceHandlers() {
    const optional = (handler, arity, where) => {
        if (handler !== null && handler !== undefined)
            needFunction(where, handler, arity);
    };
    const table = [
        ['AsyncInfo', 'set_completed', 0, 2, optional],
        ['AsyncInfo', 'set_completed_for', 1, 2],
        ['AsyncInfo', 'call_when_ended', 0, 2],
        ['AsyncWithProgress', 'set_progress', 1, 2, optional],
        ['AsyncWithProgress', 'set_progress_for', 2, 2],
        ['EventSource', 'add', 0, 2],
        ['EventSource', 'add_for', 1, 2],
    ];
    for (const [type, name, index, arity, check] of table) {
        const where = `Loft.${type}.${name}`;
        replace(Loft[type].prototype, name, original => function (...args) {
            if (check === undefined)
                needFunction(where, args[index], arity);
            else
                check(args[index], arity, where);
            needHome(where);
            return original.apply(this, args);
        });
    }
}

// Continuations. All of them go on with what their handlers return, so all use the two forms of C
// that do.

function giveValue(operation, returned) {
    if (isThenable(returned)) {
        const given = returned.then(value => operation.complete(resultOf(value)));
        return endAs(Loft.Action.new(), given, null);
    }
    operation.complete(resultOf(returned));
    return null;
}

// Passes on how the antecedent has ended, after what the handler has begun.
async function thenAs(returned, antecedent) {
    await returned;
    return antecedent;
}

function replaceContinuations() {
    const proto = Loft.AsyncInfo.prototype;
    const withAsync = proto.continue_with_async, afterAsync = proto.continue_after_async;

    const check = (name, handler, arity) => {
        needFunction(`Loft.AsyncInfo.${name}`, handler, arity);
        needHome(`Loft.AsyncInfo.${name}`);
    };
    const replaceBoth = (name, arity, original, wrap) => {
        proto[name] = function (handler) {
            check(name, handler, arity);
            return original.call(this, wrap(handler));
        };
    };
    const replaceOperation = (name, arity, original) => {
        proto[name] = function (type, handler) {
            check(name, handler, arity);
            const operation = Loft.Operation.new(typeOf(type));
            operation.set_work(original.call(this, nestedHandler((...args) =>
                giveValue(operation, handler(...args)))));
            return operation;
        };
    };
    replaceBoth('continue_with', 1, withAsync, nestedHandler);
    replaceBoth('continue_with_async', 1, withAsync, asyncHandler);
    replaceBoth('continue_after', 2, afterAsync, nestedHandler);
    replaceBoth('continue_after_async', 2, afterAsync, asyncHandler);
    replaceBoth('recover', 1, afterAsync, handler => nestedHandler((antecedent, status) =>
        status === Loft.AsyncStatus.ERROR ? handler(antecedent) : antecedent));
    replaceBoth('always', 1, afterAsync, handler => nestedHandler(antecedent => {
        const returned = handler(antecedent);
        return isThenable(returned) ? thenAs(returned, antecedent) : antecedent;
    }));
    replaceOperation('continue_with_operation', 1, withAsync);
    replaceOperation('continue_after_operation', 2, afterAsync);
    proto.continue_with_for = function (owner, handler) {
        check('continue_with_for', handler, 1);
        const action = withAsync.call(this, nestedHandler(handler));
        action.bind_owner(owner);
        return action;
    };
}

// What would call JavaScript on another thread: it is refused before anything is called or kept.

function refuse(object, where, name, why) {
    object[name] = function () {
        throw new TypeError(`${where}${name}: ${why}`);
    };
}

function refuseOtherThreads() {
    const pool = 'the handler would run on a worker, and gjs can\'t run JavaScript there. Post ' +
        'to a dispatcher of this thread, or leave this work to C';
    const agile = 'the handler would run on the thread that ends the object, and gjs can\'t run ' +
        'JavaScript there. Use call_when_ended';
    const methods = (type, names, why) => {
        for (const name of names)
            refuse(Loft[type].prototype, `Loft.${type}.`, name, why);
    };
    for (const name of ['async', 'for_async', 'full_async', 'operation_async',
        'operation_full_async', 'operation_with_progress_async', 'with_options_async',
        'with_progress_async'])
        refuse(Loft, 'Loft.', `thread_pool_run_${name}`, pool);
    methods('Limiter', ['run_async', 'run_full_async', 'run_nested_async', 'run_operation_async',
        'run_operation_full_async'], pool);
    methods('TaskGroup', ['run_async'], pool);
    methods('ThreadPoolTimer', ['set_destroyed'], pool);
    for (const name of ['create', 'create_periodic'])
        refuse(Loft.ThreadPoolTimer, 'Loft.ThreadPoolTimer.', name, pool);
    methods('AsyncInfo', ['add_observer', 'set_completed_agile'], agile);
    methods('EventSource', ['add_agile'], 'the handler would run on the thread that raises the ' +
        'event, and gjs can\'t run JavaScript there. Use add');
    replace(Loft.Deferral, 'new', original => function (handler = null) {
        if (handler !== null) {
            throw new TypeError('Loft.Deferral.new: the handler would run on the thread that ' +
                'completes the deferral, or in a garbage collection. gjs can\'t run JavaScript ' +
                'there');
        }
        return original.call(this, handler);
    });
    replace(Loft, 'apartment_init', original => function (type) {
        if (type === Loft.ApartmentType.MTA) {
            throw new TypeError('Loft.apartment_init: in the MTA handlers would run on workers, ' +
                'and gjs can\'t run JavaScript there');
        }
        return original.call(this, type);
    });
}

// Signals of a dispatcher are emitted on its thread.
function refuseSignals() {
    const dispatcherOf = {Dispatcher: self => self, DispatcherTimer: self => self.dispatcher};
    for (const [type, getDispatcher] of Object.entries(dispatcherOf)) {
        for (const name of ['connect', 'connect_after']) {
            const original = GObject.Object.prototype[name];
            Loft[type].prototype[name] = function (...args) {
                needAccess(`Loft.${type}.${name}`, getDispatcher(this));
                return original.apply(this, args);
            };
        }
    }
}

// Virtual functions of a class of one's own are called on the thread that cancels or closes.
function refuseVirtualFunctions() {
    Loft.AsyncBase._classInit = function (klass) {
        for (const name of ['vfunc_canceled', 'vfunc_closed']) {
            if (Object.hasOwn(klass.prototype, name)) {
                throw new TypeError(`${klass.name}.${name} would run on any thread, and gjs ` +
                    'can\'t run JavaScript there. Use set_cancel_handler');
            }
        }
        return GObject.Object._classInit.call(this, klass);
    };
}

// AbortSignal. gjs has none of its own so far.

class AbortSignal {
    constructor() {
        this.aborted = false;
        this.reason = undefined;
        this.onabort = null;
        this._listeners = new Map(); // to whether it is called only once
    }

    addEventListener(type, listener, options = {}) {
        if (type === 'abort' && !this._listeners.has(listener))
            this._listeners.set(listener, options);
    }

    removeEventListener(type, listener) {
        if (type === 'abort')
            this._listeners.delete(listener);
    }

    throwIfAborted() {
        if (this.aborted)
            throw this.reason;
    }

    _abort(reason) {
        if (this.aborted)
            return;
        this.aborted = true;
        this.reason = reason;
        const event = {type: 'abort', target: this};
        const listeners = [...this._listeners.keys()];
        this._listeners.clear();
        this.onabort?.(event);
        for (const listener of listeners)
            listener.call(this, event);
    }
}

class AbortController {
    constructor() {
        this.signal = new AbortSignal();
    }

    abort(reason = new GLib.Error(Gio.IOErrorEnum, Gio.IOErrorEnum.CANCELLED, 'It was aborted')) {
        this.signal._abort(reason);
    }
}

const signalKey = Symbol('signal');
const cancellables = new WeakMap(); // of each signal

function cancellableOf(signal) {
    let cancellable = cancellables.get(signal);
    if (cancellable === undefined) {
        cancellable = new Gio.Cancellable();
        const keep = cancellable;
        cancellables.set(signal, cancellable);
        if (signal.aborted)
            keep.cancel();
        else
            signal.addEventListener('abort', () => keep.cancel(), {once: true});
    }
    return cancellable;
}

function addSignals() {
    Loft.AbortController = globalThis.AbortController ?? AbortController;
    Loft.AbortSignal = globalThis.AbortSignal ?? AbortSignal;

    Loft.AsyncInfo.prototype.bind_abort_signal = function (signal) {
        if (typeof signal?.aborted !== 'boolean' || typeof signal.addEventListener !== 'function') {
            throw new TypeError('Loft.AsyncInfo.bind_abort_signal: it takes an AbortSignal, and ' +
                `not ${nameOf(signal)}`);
        }
        this.bind_cancellable(cancellableOf(signal));
        return this;
    };
    Loft.AsyncBase.prototype.get_abort_signal = function () {
        if (this[signalKey] === undefined) {
            const controller = new Loft.AbortController();
            this[signalKey] = controller.signal;
            if (this.is_canceled())
                controller.abort(this.dup_error());
            else
                this.set_cancel_handler(canceled => controller.abort(canceled.dup_error()));
        }
        return this[signalKey];
    };
    replace(Loft.AsyncBase.prototype, 'set_cancel_handler', original => function (handler) {
        if (handler === null || handler === undefined) {
            original.call(this, null);
            return;
        }
        needFunction('Loft.AsyncBase.set_cancel_handler', handler, 1);
        needHome('Loft.AsyncBase.set_cancel_handler');
        this.set_cancel_handler_at_home(handler);
    });
}

// Awaiting.

let waitAsync; // C's function, which takes a callback

// The result of an object that has ended. It is never an async object: see settle ().
function take(info) {
    if (info instanceof Loft.AsyncOperation)
        return Loft.AsyncOperation.prototype.get_results.call(info)[1];
    if (info instanceof Loft.AsyncAction)
        Loft.AsyncAction.prototype.get_results.call(info);
    return undefined;
}

function settle(info, resolve, reject, seen) {
    try {
        const value = take(info);
        if (value instanceof Loft.AsyncInfo)
            follow(value, resolve, reject, seen.add(info));
        else
            resolve(value);
    } catch (error) {
        reject(fromGError(error));
    }
}

function follow(info, resolve, reject, seen) {
    if (seen.has(info)) {
        reject(new TypeError('An operation has itself as its value, so it never ends'));
        return;
    }
    const proto = Loft.AsyncInfo.prototype; // gjs may not find its methods in the object
    if (proto.has_ended.call(info) && proto.get_status.call(info) !== Loft.AsyncStatus.CLOSED) {
        const error = proto.dup_error.call(info);
        if (error === null)
            settle(info, resolve, reject, seen);
        else
            reject(fromGError(error));
        return;
    }
    waitAsync.call(info, null, (source, result) => {
        try {
            proto.wait_finish.call(source, result);
        } catch (error) {
            reject(fromGError(error));
            return;
        }
        settle(source, resolve, reject, seen);
    });
}

function toPromise(info) {
    return new Promise((resolve, reject) => follow(info, resolve, reject, new Set()));
}

function addPromises() {
    const proto = Loft.AsyncInfo.prototype;

    waitAsync = proto.wait_async;
    Gio._promisify(proto, 'wait_async', 'wait_finish');
    for (const name of ['then', 'catch', 'finally']) {
        const method = function (...args) {
            return toPromise(this)[name](...args);
        };
        proto[name] = method;
        // gjs finds nothing of an interface in a class of C that implements it by hand and has no
        // GIR. An await of such an object would not wait. Other objects still have no `then`.
        Object.defineProperty(GObject.Object.prototype, name, {
            configurable: true,
            get() {
                return this instanceof Loft.AsyncInfo ? method : undefined;
            },
            set(value) {
                Object.defineProperty(this, name,
                    {value, configurable: true, writable: true, enumerable: true});
            },
        });
    }
    Loft.action_from = source => produce('Loft.action_from', source, null);
    Loft.operation_from = (type, source) =>
        produce('Loft.operation_from', source, typeOf(type));
    // If there is no value, gjs looks at the type of the GValue before it throws the error.
    for (const name of ['get', 'get_results']) {
        replace(Loft.AsyncOperation.prototype, name, original => function () {
            const error = this.has_ended() ? this.dup_error() : null;
            if (error !== null)
                throw fromGError(error);
            return original.call(this);
        });
    }
    replace(Loft.Operation.prototype, 'complete', original => function (value) {
        return original.call(this, toValue(this.get_value_type(), value));
    });
    replace(Loft.AsyncBase.prototype, 'complete_with_value', original => function (value) {
        return this instanceof Loft.Operation ? this.complete(value) : original.call(this, value);
    });
    replace(Loft.AsyncBase.prototype, 'fail', original => function (error) {
        return original.call(this, toGError(error));
    });
    replace(Loft.AsyncBase.prototype, 'report_progress', original => function (value) {
        const type = this instanceof Loft.AsyncWithProgress ? this.get_progress_type() : null;
        return original.call(this, type === null ? value : toValue(type, value));
    });
}

// Progress, as something to iterate over.

const sinksKey = Symbol('sinks'); // who iterates over the reports of an object

class Reports {
    constructor(info, flags) {
        this._info = info;
        this._values = [];
        this._waiting = []; // functions that settle what next () has returned
        this._end = null; // a promise, once the object has ended
        if (info[sinksKey] === undefined) {
            const sinks = info[sinksKey] = new Set();
            info.set_progress(flags, (_info, value) => sinks.forEach(sink => sink._push(value)));
        }
        info[sinksKey].add(this);
        info.call_when_ended(() => this._close());
    }

    _push(value) {
        if (this._waiting.length > 0)
            this._waiting.shift()({value, done: false});
        else
            this._values.push(value);
    }

    // An error ends the loop with that error, once.
    _close() {
        if (this._end !== null)
            return; // the loop was left
        this._end = toPromise(this._info).then(() => ({value: undefined, done: true}));
        this._end.catch(() => {}); // whoever asks for the next report gets it
        while (this._waiting.length > 0)
            this._waiting.shift()(this._takeEnd());
    }

    _takeEnd() {
        const end = this._end;
        this._end = Promise.resolve({value: undefined, done: true});
        return end;
    }

    next() {
        if (this._values.length > 0)
            return Promise.resolve({value: this._values.shift(), done: false});
        if (this._end !== null)
            return this._takeEnd();
        return new Promise(resolve => this._waiting.push(resolve));
    }

    // The loop was left. The object goes on.
    return(value) {
        this._info[sinksKey].delete(this);
        this._values = [];
        this._end = Promise.resolve({value: undefined, done: true});
        return Promise.resolve({value, done: true});
    }

    [Symbol.asyncIterator]() {
        return this;
    }
}

function addProgress() {
    const reports = function (flags = Loft.ProgressFlags.ALL) {
        if (!(this instanceof Loft.AsyncWithProgress))
            throw new TypeError('This object was not started in a form that reports progress');
        return new Reports(this, flags);
    };
    Loft.AsyncInfo.prototype.iterate_progress = reports;
    // gjs does not look for a symbol in an interface.
    Loft.AsyncBase.prototype[Symbol.asyncIterator] = function () {
        return reports.call(this);
    };
}

function _init() {
    Loft = this;

    addSignals();
    addPromises();
    addProgress();
    replacePosts();
    replaceHandlers();
    replaceContinuations();
    refuseOtherThreads();
    refuseSignals();
    refuseVirtualFunctions();
}
