// SPDX-FileCopyrightText: 2026 The Loft authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// The await cases in JavaScript: asynchronous functions that are actions.

imports.gi.versions.Loft = '1';
const {AwaitElsewhere, Gio, GLib, GObject, Loft} = imports.gi;
const System = imports.system;

const dispatcher = Loft.Dispatcher.get_default();
const loop = new GLib.MainLoop(null, false);
const NORMAL = Loft.Priority.NORMAL;
const {CANCELED, COMPLETED, STARTED} = Loft.AsyncStatus;

function assert(truth, what) {
    if (!truth)
        throw new Error(`not true: ${what}`);
}

async function assertRejects(promise, domain, code) {
    let error = null;
    try {
        await promise;
    } catch (thrown) {
        error = thrown;
    }
    assert(error !== null, 'it fails');
    if (typeof domain === 'function' && code === undefined)
        assert(error instanceof domain, `${error} is a ${domain.name}`);
    else
        assert(error instanceof GLib.Error && error.matches(domain, code), `${error} has ${code}`);
    return error;
}

function assertThrows(func, type) {
    try {
        func();
    } catch (error) {
        assert(error instanceof type, `${error} is a ${type.name}`);
        return;
    }
    assert(false, `${func} throws`);
}

function assertStatus(info, status) {
    assert(info.get_status() === status, `${info.get_status()} is ${status}`);
}

// A few turns of the loop.
async function drain() {
    for (let i = 0; i < 5; i++)
        await dispatcher.run_async(Loft.Priority.IDLE, () => {});
}

// An action that awaits other objects in turn, and counts.
function awaiting(...infos) {
    const seen = {steps: 0};
    seen.action = Loft.action_from(async () => {
        for (const info of infos) {
            seen.steps++;
            await info;
        }
        seen.steps++;
    });
    return seen;
}

// Runs a function of this file in a process of its own, and returns its exit status and output.
async function inProcess(name) {
    const process = Gio.Subprocess.new(['gjs', System.programInvocationName, name],
        Gio.SubprocessFlags.STDOUT_PIPE | Gio.SubprocessFlags.STDERR_MERGE);
    const output = await new Promise((resolve, reject) => {
        process.communicate_utf8_async(null, null, (source, result) => {
            try {
                resolve(source.communicate_utf8_finish(result)[1]);
            } catch (error) {
                reject(error);
            }
        });
    });
    assert(process.get_if_exited(), `it exits, and does not crash: ${output}`);
    return {status: process.get_exit_status(), output};
}

const cases = {
    async A01() {
        let turns = 0;
        const source = GLib.idle_add(GLib.PRIORITY_HIGH, () => {
            turns++;
            return GLib.SOURCE_CONTINUE;
        });
        await dispatcher.run_async(NORMAL, () => {});
        const before = turns;
        await Loft.Action.new_completed();
        assert(turns === before, 'the loop has not turned');
        GLib.source_remove(source);
    },

    async A02() {
        const later = new Loft.Action(), seen = awaiting(later);
        assert(seen.steps === 1, 'it waits');
        AwaitElsewhere.elsewhere_complete(later);
        await seen.action;
        assert(seen.steps === 2, 'it has gone on');
    },

    async A04() {
        const later = Loft.Operation.new(GObject.TYPE_INT64);
        const sum = Loft.operation_from(GObject.TYPE_INT64, async () => await later + 1);
        later.complete(2 ** 40);
        assert(await sum === 2 ** 40 + 1, 'numbers arrive');
        const text = Loft.Operation.new(String);
        text.complete('text');
        assert(await text === 'text', 'and strings');
        const file = Loft.Operation.new(Gio.File);
        file.complete(null);
        assert(await file === null, 'and nothing');
    },

    async A05() {
        const later = new Loft.Action(), seen = awaiting(later);
        later.fail(new GLib.Error(Gio.IOErrorEnum, Gio.IOErrorEnum.BUSY, 'busy'));
        await assertRejects(seen.action, Gio.IOErrorEnum, Gio.IOErrorEnum.BUSY);

        const thrown = new RangeError('mine');
        const failed = dispatcher.run_async(NORMAL, () => {
            throw thrown;
        });
        const passedOn = Loft.with_timeout(Loft.when_all([failed], 0), GLib.TIME_SPAN_HOUR);
        assert(await assertRejects(passedOn, RangeError) === thrown, 'it is the same error');
    },

    async A06() {
        let steps = 0;
        await Loft.action_from(async () => {
            try {
                await Loft.Action.new_failed(
                    new GLib.Error(Gio.IOErrorEnum, Gio.IOErrorEnum.BUSY, 'busy'));
            } catch (error) {
                steps++;
            }
            await Loft.delay_async(1);
            steps++;
        });
        assert(steps === 2, 'it has gone on');
    },

    async A07() {
        const seen = awaiting(Loft.Action.new_canceled());
        await assertRejects(seen.action, Gio.IOErrorEnum, Gio.IOErrorEnum.CANCELLED);
        assert(seen.steps === 1, 'no further');
    },

    async A08() {
        let ran = false;
        const action = dispatcher.run_async(NORMAL, async () => {
            ran = true;
            await Loft.delay_async(1);
        });
        action.cancel();
        await assertRejects(action, Gio.IOErrorEnum, Gio.IOErrorEnum.CANCELLED);
        await drain();
        assert(!ran, 'it never began');
    },

    // It goes to its end, unless it looks at its signal.
    async A09() {
        const later = new Loft.Action();
        let steps = 0;
        const action = Loft.action_from(async signal => {
            await later;
            steps++;
            signal.throwIfAborted();
            steps++;
        });
        action.cancel();
        assert(!action.has_ended(), 'it still waits');
        await drain();
        later.complete();
        await assertRejects(action, Gio.IOErrorEnum, Gio.IOErrorEnum.CANCELLED);
        assert(steps === 1, 'it went as far as its signal');
    },

    async A10() {
        const later = new Loft.Action();
        let aborted = false;
        const action = Loft.action_from(async signal => {
            signal.addEventListener('abort', () => {
                aborted = true;
                later.complete();
            });
            await later;
        });
        AwaitElsewhere.elsewhere_cancel(action);
        assert(!aborted, 'JavaScript runs on this thread only');
        await assertRejects(action, Gio.IOErrorEnum, Gio.IOErrorEnum.CANCELLED);
        assert(aborted, 'the cancel came home');
    },

    async A11() {
        const {action} = awaiting(Loft.Action.new_completed());
        await action;
        action.cancel();
        assertStatus(action, COMPLETED);
    },

    async A12() {
        const later = new Loft.Action(), {action} = awaiting(later);
        action.cancel();
        await drain();
        assertStatus(later, STARTED);
        later.complete();
        await assertRejects(action, Gio.IOErrorEnum, Gio.IOErrorEnum.CANCELLED);
    },

    async A13() {
        const later = new Loft.Action(), {action} = awaiting(later);
        action.propagate_cancel(later);
        action.cancel();
        assert(later.get_cancel_reason() === Loft.CancelReason.PROPAGATED, 'it was passed on');
        later.complete();
        await assertRejects(action, Gio.IOErrorEnum, Gio.IOErrorEnum.CANCELLED);
    },

    async A14() {
        const later = new Loft.Action();
        const goDown = depth => {
            const below = depth === 0 ? later : goDown(depth - 1);
            const {action} = awaiting(below);
            action.propagate_cancel(below);
            return action;
        };
        const action = goDown(10);
        action.cancel();
        assert(later.is_canceled(), 'it has reached the last');
        later.complete();
        await assertRejects(action, Gio.IOErrorEnum, Gio.IOErrorEnum.CANCELLED);
    },

    async A15() {
        const action = new Loft.Action();
        let handled = 0;
        action.set_cancel_handler(() => handled++);
        action.cancel();
        await drain();
        assert(handled === 1, 'it has run once');
        action.complete();
    },

    async A16() {
        const reports = [];
        const action = dispatcher.run_with_progress_async(NORMAL, GObject.TYPE_INT, async self => {
            for (let i = 1; i <= 3; i++) {
                self.report_progress(i);
                await Loft.delay_async(1);
            }
        });
        for await (const value of action)
            reports.push(value);
        assert(reports.join() === '1,2,3', `${reports} are in order`);
        assert(action.has_ended(), 'the loop has waited for the end');
    },

    async A17() {
        const action = Loft.Action.new_completed();
        assert(await new Promise(resolve => {
            action.set_completed((sender, status) => resolve(status));
        }) === COMPLETED, 'it was called');
    },

    async A18() {
        const {status, output} = await inProcess('loseHome');
        assert(status === 0, output);
    },

    async A19() {
        const {status, output} = await inProcess('awaitWithoutHome');
        assert(status === 0, output);
    },

    async A20() {
        const controller = Loft.DispatcherController.new_on_dedicated_thread('work');
        const waits = AwaitElsewhere.elsewhere_delay(controller.get_dispatcher());
        const down = controller.shutdown_async();
        await assertRejects(waits, Gio.IOErrorEnum, Gio.IOErrorEnum.CANCELLED);
        await down;
    },

    async A24() {
        const begin = GLib.get_monotonic_time();
        await Loft.delay_async(5 * GLib.TIME_SPAN_MILLISECOND);
        assert(GLib.get_monotonic_time() - begin >= 5 * GLib.TIME_SPAN_MILLISECOND, 'it waited');
    },

    async A28() {
        const a = new Loft.Action(), b = new Loft.Action();
        const seen = awaiting(Loft.when_all([a, b], 0));
        a.complete();
        await drain();
        assert(seen.steps === 1, 'it waits for both');
        AwaitElsewhere.elsewhere_complete(b);
        await seen.action;
        await Promise.all([a, b]); // the form of JavaScript
    },

    async A29() {
        const a = new Loft.Action(), b = new Loft.Action();
        const any = Loft.when_any([a, b], 0);
        b.complete();
        assert(await any === 1, 'the second was first');
        await Promise.race([a, b]);
        a.complete();
    },

    async A30() {
        const never = new Loft.Action();
        await assertRejects(Loft.with_timeout(never, 1000), Gio.IOErrorEnum,
            Gio.IOErrorEnum.TIMED_OUT);
        never.complete();
    },

    async A31() {
        const later = new Loft.Action(), seen = awaiting(later, later);
        AwaitElsewhere.elsewhere_complete(later);
        await seen.action;
        assert(seen.steps === 3, 'both were awaited');
    },

    async A32() {
        const later = new Loft.Action(), first = awaiting(later), second = awaiting(later);
        AwaitElsewhere.elsewhere_complete(later);
        await first.action;
        await second.action;
    },

    async A33() {
        assert(await null === null && await undefined === undefined, 'as everywhere in JavaScript');
        assertThrows(() => Loft.action_from(null), TypeError);
        assertThrows(() => Loft.action_from(undefined), TypeError);
        assertThrows(() => Loft.action_from(7), TypeError);
    },

    async A34() {
        const foreign = AwaitElsewhere.foreign_new_info(), seen = awaiting(foreign);
        await drain(); // its one handler is set
        AwaitElsewhere.foreign_end(foreign);
        await seen.action;
    },

    async A35() {
        const foreign = AwaitElsewhere.foreign_new_info();
        AwaitElsewhere.foreign_use_slot(foreign);
        await assertRejects(awaiting(foreign).action, Loft.Error,
            Loft.Error.ILLEGAL_DELEGATE_ASSIGNMENT);
    },

    async A36() {
        const canceled = new Loft.Action(), later = new Loft.Action();
        const started = new Promise(resolve => {
            canceled.set_cancel_handler(() => {
                const {action} = awaiting(later);
                canceled.complete();
                resolve([action]); // in an array: a promise would wait for it
            });
        });
        canceled.cancel();
        await assertRejects(canceled, Gio.IOErrorEnum, Gio.IOErrorEnum.CANCELLED);
        const [action] = await started;
        AwaitElsewhere.elsewhere_complete(later);
        await action;
    },

    async A37() {
        let later = new Loft.Action();
        const awaited = later.then(() => {});
        later = null;
        System.gc();
        await assertRejects(awaited, Loft.Error, Loft.Error.DISCONNECTED);
    },

    async A38() {
        const told = new Promise(resolve => {
            const id = dispatcher.connect('unhandled-error', (self, error) => {
                dispatcher.disconnect(id);
                resolve(error);
                return true;
            });
        });
        Loft.action_from(async () => {
            await Loft.delay_async(1);
            throw new RangeError('nobody looks');
        }).forget();
        System.gc();
        assert((await told).message.startsWith('RangeError: nobody looks'), 'it was reported');
    },

    async A40() {
        let owner = new Gio.SimpleAction({name: 'owner'}), aborted = false;
        const later = new Loft.Action();
        const action = dispatcher.run_for_async(NORMAL, owner, async self => {
            self.get_abort_signal().onabort = () => (aborted = true);
            await later;
        });
        await drain();
        owner.run_dispose();
        await drain();
        assert(aborted, 'its signal has told it');
        later.complete();
        await assertRejects(action, Gio.IOErrorEnum, Gio.IOErrorEnum.CANCELLED);
        assert(action.get_cancel_reason() === Loft.CancelReason.OWNER_GONE, 'the owner is gone');
        owner = null;
    },

    async A41() {
        const error = await assertRejects(Loft.action_from(async () => {
            await Loft.delay_async(0);
            throw new EvalError('its own');
        }), EvalError);
        assert(error.stack.includes('await-gjs.js'), 'with its stack');
        await assertRejects(Loft.operation_from(GObject.TYPE_INT, async () => 'no number'),
            TypeError);
        await assertRejects(Loft.operation_from(GObject.TYPE_INT, async () => 2 ** 31), RangeError);
        await assertRejects(Loft.operation_from(GObject.TYPE_INT, async () => {}), TypeError);
    },

    async A42() {
        const later = new Loft.Action();
        const fatal = GLib.log_set_always_fatal(GLib.LogLevelFlags.LEVEL_ERROR);
        later.set_completed(() => {
            throw new Error('gjs logs this');
        });
        AwaitElsewhere.elsewhere_complete(later);
        await later;
        await drain();
        GLib.log_set_always_fatal(fatal);
    },

    async A43() {
        const done = Loft.Action.new_completed();
        for (let i = 0; i < 20000; i++)
            await done;
    },

    async A44() {
        await AwaitElsewhere.elsewhere_get(Loft.action_from(async () => {
            await Loft.delay_async(1);
        }));
    },

    async A45() {
        const promise = new Promise(resolve => resolve(7));
        const operation = Loft.operation_from(GObject.TYPE_INT, promise);
        assert(operation instanceof Loft.AsyncOperation, 'C sees an operation');
        assert(await operation === 7, 'with the value of the promise');
        const action = Loft.Action.new_completed();
        assert(action.then(() => 8) instanceof Promise, 'JavaScript sees a promise');
        assert(await action.then(() => 8) === 8, 'which can be chained');
        assert(Loft.action_from(action) === action, 'an action stays what it is');
    },

    async A46() {
        let reason = null;
        const action = Loft.action_from(signal => new Promise((resolve, reject) => {
            signal.addEventListener('abort', () => {
                reason = signal.reason;
                reject(reason);
            });
        }));
        action.cancel();
        await assertRejects(action, Gio.IOErrorEnum, Gio.IOErrorEnum.CANCELLED);
        assert(reason instanceof GLib.Error, 'the signal has told why');

        const never = Loft.action_from(new Promise(() => {}));
        never.cancel();
        await assertRejects(never, Gio.IOErrorEnum, Gio.IOErrorEnum.CANCELLED);

        const controller = new Loft.AbortController();
        const waits = dispatcher.run_delayed_async(NORMAL, GLib.TIME_SPAN_HOUR, () => {})
            .bind_abort_signal(controller.signal);
        controller.abort();
        await assertRejects(waits, Gio.IOErrorEnum, Gio.IOErrorEnum.CANCELLED);
    },

    async A47() {
        const {status, output} = await inProcess('leaveWork');
        assert(status === 3, `${status}: ${output}`);
    },
};

const oneThread = 'JavaScript runs on one thread';
const reasons = {
    A01: 'an await of JavaScript always suspends; it goes on before the loop turns',
    A03: oneThread,
    A09: 'an async function can\'t be stopped from outside; it looks at its AbortSignal',
    A21: oneThread,
    A22: oneThread,
    A23: oneThread,
    A25: 'it is for coroutines in C; JavaScript reads a GInputStream',
    A26: 'it is for coroutines in C; JavaScript reads a GInputStream',
    A27: oneThread,
    A39: 'the garbage collector releases what a function holds',
    A40: 'an async function can\'t be stopped from outside; it looks at its AbortSignal',
    A43: '20 000 pass; gjs takes about 50 µs for each',
};

// What runs in a process of its own, because it ends the home of its thread.
const processes = {
    // The await goes on: it needs the context, and not its dispatcher.
    async loseHome() {
        const controller = Loft.DispatcherController.new_on_current_thread();
        const later = new Loft.Action(), seen = awaiting(later);
        controller.shutdown();
        AwaitElsewhere.elsewhere_complete(later);
        await seen.action;
        assert(seen.steps === 2, 'it has gone on');
    },

    async awaitWithoutHome() {
        const controller = Loft.DispatcherController.new_on_current_thread();
        controller.shutdown();
        const later = new Loft.Action(), seen = awaiting(later);
        AwaitElsewhere.elsewhere_complete(later);
        await seen.action;
        await assertRejects(dispatcher.run_async(NORMAL, async () => {}), Gio.IOErrorEnum,
            Gio.IOErrorEnum.CANCELLED);
    },

    async leaveWork() {
        const never = new Promise(() => {});
        globalThis.kept = [
            Loft.action_from(never),
            Loft.action_from(() => never),
            dispatcher.run_async(NORMAL, () => never),
            dispatcher.run_delayed_async(NORMAL, GLib.TIME_SPAN_HOUR, async () => {}),
            Loft.delay_async(1000),
            new Loft.Action().continue_with(async () => {}),
        ];
        new Loft.Action().then(() => {}, () => {});
        globalThis.kept.forEach(one => one.then(() => {}, () => {}));
        dispatcher.run_operation_async(NORMAL, GObject.TYPE_INT, async () => 1).forget();
        await Loft.delay_async(1);
        return 3;
    },
};

function write(report, number, why) {
    if (report !== null)
        report.put_string(`${number}\t${why ? 'none' : 'pass'}\t${why ?? ''}\n`, null);
}

function openReport() {
    const folder = GLib.getenv('LOFT_AWAIT_DIR');
    if (folder === null)
        return null;
    GLib.mkdir_with_parents(folder, 0o755);
    const file = Gio.File.new_for_path(`${folder}/gjs.tsv`);
    return Gio.DataOutputStream.new(file.replace(null, false, Gio.FileCreateFlags.NONE, null));
}

async function runCases() {
    const numbers = Array.from({length: 47}, (_, i) => `A${String(i + 1).padStart(2, '0')}`);
    const report = openReport();
    let failed = 0;
    print(`1..${numbers.length}`);
    for (const [i, number] of numbers.entries()) {
        try {
            await cases[number]?.();
            await drain();
            write(report, number, reasons[number]);
            const skip = number in cases ? '' : ` # SKIP ${reasons[number]}`;
            print(`ok ${i + 1} /await/${number}${skip}`);
        } catch (error) {
            failed++;
            print(`not ok ${i + 1} /await/${number}\n# ${error}\n# ${error.stack}`);
        }
        System.gc();
    }
    report?.close(null);
    return failed;
}

async function main() {
    const name = ARGV[0];
    if (name === undefined)
        return await runCases() > 0 ? 1 : 0;
    return await processes[name]() ?? 0;
}

let status = 1;
main().then(result => (status = result), error => printerr(`${error}\n${error.stack}`))
    .finally(() => loop.quit());
loop.run();
System.exit(status);
