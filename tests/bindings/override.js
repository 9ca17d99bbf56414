// SPDX-FileCopyrightText: 2026 The Loft authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// What bindings/gjs adds to JavaScript, beside the await cases: handlers, conversions, and what is
// refused.

imports.gi.versions.Loft = '1';
const {Gio, GLib, GObject, Loft} = imports.gi;
const System = imports.system;

const dispatcher = Loft.Dispatcher.get_default();
const loop = new GLib.MainLoop(null, false);
const NORMAL = Loft.Priority.NORMAL;

function assert(truth, what) {
    if (!truth)
        throw new Error(`not true: ${what}`);
}

async function errorOf(promise) {
    try {
        await promise;
    } catch (error) {
        return error;
    }
    return null;
}

function refuses(type, func) {
    try {
        func();
    } catch (error) {
        assert(error instanceof type, `${error} is a ${type.name}`);
        return;
    }
    assert(false, `${func} throws`);
}

// A pause that only the loop can end.
function pause() {
    return Loft.delay_async(1);
}

async function asyncHandlers() {
    let ended = 0;
    const slowly = async () => {
        await pause();
        ended++;
    };
    const settings = Loft.WorkSettings.new();
    const owner = new Gio.SimpleAction({name: 'owner'});
    const forms = [
        () => dispatcher.run_async(NORMAL, slowly),
        () => dispatcher.run_for_async(NORMAL, owner, slowly),
        () => dispatcher.run_delayed_async(NORMAL, 1, slowly),
        () => dispatcher.run_idle_async(slowly),
        () => dispatcher.run_full_async(settings, slowly),
        () => dispatcher.run_nested_async(NORMAL, slowly),
        () => dispatcher.run_with_progress_async(NORMAL, GObject.TYPE_INT, slowly),
        () => dispatcher.invoke_async(NORMAL, slowly),
        () => dispatcher.try_run_async(NORMAL, slowly),
        () => Loft.AgileReference.new(owner).run_async(NORMAL, slowly),
        () => Loft.ApartmentContext.capture().run_async(slowly),
        () => Loft.Action.new_completed().continue_with(slowly),
        () => Loft.Action.new_completed().continue_with_for(owner, slowly),
        () => Loft.Action.new_completed().continue_with_async(slowly),
        () => Loft.Action.new_completed().continue_after(slowly),
        () => Loft.Action.new_completed().always(slowly),
    ];
    for (const [i, form] of forms.entries()) {
        await form();
        assert(ended === i + 1, `${form} has followed its handler`);
    }
    const error = await errorOf(dispatcher.run_async(NORMAL, async () => {
        await pause();
        throw new RangeError('late');
    }));
    assert(error instanceof RangeError && error.stack.includes('override.js'), 'type and stack');
}

async function values() {
    const run = (type, value) => dispatcher.run_operation_async(NORMAL, type, async () => {
        await pause();
        return value;
    });
    const file = Gio.File.new_for_path('/');
    for (const [type, value] of [[GObject.TYPE_INT, -7], [GObject.TYPE_UINT, 2 ** 32 - 1],
        [GObject.TYPE_INT64, 2 ** 53], [GObject.TYPE_DOUBLE, 1.5], [Number, 5], [String, 'text'],
        [Boolean, true], [String, null], [GObject.TYPE_UCHAR, 255]]) {
        assert(await run(type, value) === value, `${value} arrives`);
        assert(await dispatcher.run_operation_async(NORMAL, type, () => value) === value,
            `${value} arrives at once`);
    }
    assert((await run(Gio.File, file)).equal(file), 'an object arrives');
    assert((await run(GLib.Variant.$gtype, new GLib.Variant('i', 5))).deepUnpack() === 5,
        'a variant arrives');
    assert(await run(GObject.TYPE_INT64, 2n ** 40n) === 2 ** 40, 'a BigInt is a number');
    assert(await run(GObject.TYPE_INT, [true, 5]) === 5, 'the pair of plain gjs is understood');
    assert(await Loft.Action.new_completed().continue_with_operation(GObject.TYPE_INT, () => 3) ===
        3, 'a continuation has a value');
    assert(await Loft.Action.new_completed().continue_after_operation(GObject.TYPE_INT,
        async () => 4) === 4, 'and can be asynchronous');
    for (const [type, value, kind] of [[GObject.TYPE_INT, 1.5, TypeError],
        [GObject.TYPE_INT, 'x', TypeError], [GObject.TYPE_INT, 2 ** 31, RangeError],
        [GObject.TYPE_UINT, -1, RangeError], [String, 5, TypeError],
        [Gio.File, {}, TypeError], [Gio.File, undefined, TypeError]])
        assert(await errorOf(run(type, value)) instanceof kind, `${value} is refused`);
}

async function awaiting() {
    const itself = Loft.Operation.new(Loft.Operation);
    itself.complete(itself);
    assert(await errorOf(itself) instanceof TypeError, 'it does not wait for itself for ever');

    const inner = Loft.Operation.new(GObject.TYPE_INT), outer = Loft.Operation.new(Loft.Operation);
    inner.complete(3);
    outer.complete(inner);
    assert(await outer === 3, 'the value is plain');

    const Own = GObject.registerClass({Implements: [Loft.AsyncInfo, Loft.AsyncAction]},
        class Own extends Loft.AsyncBase {});
    const own = new Own();
    own.complete();
    assert(await own === undefined, 'a class of one\'s own is awaited');

    const closed = Loft.Action.new_completed();
    closed.close();
    assert((await errorOf(closed)).matches(Loft.Error, Loft.Error.ILLEGAL_METHOD_CALL),
        'a closed object has no result');
    assert(await dispatcher.run_async(NORMAL, () => {}).finally(() => {}) === undefined, 'finally');
    assert(await dispatcher.run_async(NORMAL, () => {
        throw new Error('caught');
    }).catch(error => error.message) === 'caught', 'catch');
    assert(await dispatcher.run_async(NORMAL, () => {}).wait_async(null) === true,
        'wait_async has its promise');
    const plain = new Gio.SimpleAction({name: 'plain'});
    assert(await plain === plain && plain.then === undefined, 'other objects are as they were');
}

async function progress() {
    const start = goOn => dispatcher.run_operation_with_progress_async(NORMAL, GObject.TYPE_INT,
        GObject.TYPE_DOUBLE, async self => {
            for (let i = 0; i < 3; i++) {
                self.report_progress(i / 2);
                await pause();
            }
            await goOn;
            throw new Error('at the end');
        });
    const goOn = new Loft.Action(), whole = start(null), seen = [];
    const error = await errorOf((async () => {
        for await (const value of whole)
            seen.push(value);
    })());
    assert(seen.join() === '0,0.5,1' && error.message === 'at the end', 'reports, then the error');

    const left = start(goOn);
    for await (const value of left) {
        assert(value === 0, 'the first');
        break;
    }
    assert(!left.has_ended(), 'the work goes on');
    goOn.complete();
    assert((await errorOf(left)).message === 'at the end', 'to its end');
    assert(await errorOf((async () => {
        for await (const value of dispatcher.run_async(NORMAL, () => {}))
            assert(false, `no ${value}`);
    })()) instanceof TypeError, 'it has no progress');
}

async function otherThreads() {
    const nothing = () => assert(false, 'it is never called');
    const ended = Loft.Action.new_completed();
    const controller = Loft.DispatcherController.new_on_dedicated_thread('other');
    const other = controller.get_dispatcher();
    const timer = other.create_timer();
    for (const func of [
        () => Loft.thread_pool_run_async(nothing),
        () => Loft.thread_pool_run_operation_async(GObject.TYPE_INT, nothing),
        () => Loft.ThreadPoolTimer.create(1, nothing),
        () => Loft.Limiter.new(1).run_async(nothing),
        () => new Loft.TaskGroup().run_async(nothing),
        () => ended.set_completed_agile(nothing),
        () => ended.add_observer(nothing),
        () => Loft.EventSource.new().add_agile(nothing),
        () => Loft.Deferral.new(nothing),
        () => Loft.apartment_init(Loft.ApartmentType.MTA),
        () => other.try_enqueue(NORMAL, nothing),
        () => other.run_async(NORMAL, nothing),
        () => other.call(nothing),
        () => other.connect('shutdown-starting', nothing),
        () => timer.connect('tick', nothing),
        () => Loft.Debouncer.new(other, 1, nothing),
        () => Loft.LatestSlot.new(other).start(ended, nothing),
        () => GObject.registerClass(class extends Loft.AsyncBase {
            vfunc_canceled() {}
        }),
    ])
        refuses(TypeError, func);
    await controller.shutdown_async();
}

function wrongHandlers() {
    const action = new Loft.Action();
    for (const func of [
        () => dispatcher.run_async(() => {}),
        () => dispatcher.call(async () => {}),
        () => dispatcher.run_async(NORMAL, null),
        () => dispatcher.run_async(NORMAL, 'text'),
        () => dispatcher.run_async(NORMAL, (one, two) => [one, two]),
        () => dispatcher.try_enqueue(NORMAL, undefined),
        () => action.call_when_ended({}),
        () => action.continue_with(7),
        () => action.set_cancel_handler('text'),
        () => action.bind_abort_signal({}),
        () => Loft.action_from({}),
        () => Loft.operation_from(String, null),
    ])
        refuses(TypeError, func);
    action.complete();
}

// Work whose object JavaScript no longer holds, and objects that are let go unended in the middle of
// a garbage collection: nothing is lost.
async function collections() {
    const seen = {ran: 0, ended: 0, continued: 0, canceled: 0, letGo: 0};
    for (let round = 0; round < 20; round++) {
        for (let i = 0; i < 20; i++) {
            const work = dispatcher.run_delayed_async(NORMAL, 100, async () => {
                await pause();
                seen.ran++;
            });
            work.call_when_ended(() => seen.ended++);
            work.continue_with(() => void seen.continued++).forget();
            const producer = new Loft.Action();
            producer.set_cancel_handler(self => {
                seen.canceled++;
                self.complete();
            });
            producer.cancel();
            new Loft.Action().then(() => {}, () => seen.letGo++);
            Loft.action_from(new Promise(() => {}));
            dispatcher.run_delayed_async(NORMAL, GLib.TIME_SPAN_HOUR, () => {}).cancel();
        }
        System.gc();
        await pause();
    }
    while (Object.values(seen).some(n => n < 400)) {
        System.gc();
        await pause();
    }
    assert(Object.values(seen).every(n => n === 400), JSON.stringify(seen));
}

async function run() {
    await asyncHandlers();
    await values();
    await awaiting();
    await progress();
    await otherThreads();
    wrongHandlers();
    await collections();
}

let status = 1;
run().then(() => (status = 0), error => printerr(`${error}\n${error.stack}`))
    .finally(() => loop.quit());
loop.run();
System.exit(status);
