// SPDX-FileCopyrightText: 2026 The Loft authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// Loft from gjs: post, await, take a value, be cancelled, be refused to wait.

imports.gi.versions.Loft = '1';
const {Gio, GLib, GObject, Loft} = imports.gi;
const System = imports.system;

const loop = new GLib.MainLoop(null, false);

function assert(truth, what) {
    if (!truth)
        throw new Error(`not true: ${what}`);
}

// Any async object as a promise.
function ended(info) {
    return new Promise((resolve, reject) => {
        info.wait_async(null, (source, result) => {
            try {
                source.wait_finish(result);
                resolve(info);
            } catch (error) {
                reject(error);
            }
        });
    });
}

async function run() {
    const dispatcher = Loft.Dispatcher.get_default();
    let ran = 0;

    const action = dispatcher.run_async(Loft.Priority.LOW, () => {
        ran++;
        return true;
    });
    assert(action.get_status() === Loft.AsyncStatus.STARTED, 'a posted action is Started');
    await ended(action);
    assert(ran === 1, 'it ran once');
    assert(action.get_status() === Loft.AsyncStatus.COMPLETED, 'and is Completed');

    // Without bindings/gjs an async object is no thenable: to await it gives it back, and does not hang.
    assert(await action === (typeof action.then === 'function' ? undefined : action), 'await gives the object itself');

    const operation = dispatcher.run_operation_async(Loft.Priority.HIGH, GObject.TYPE_INT, () => [true, 42]);
    await ended(operation);
    assert(operation.get_results()[1] === 42, 'the value arrives');

    const doubled = operation.continue_with_operation(GObject.TYPE_INT,
        antecedent => [true, 2 * antecedent.get_results()[1]]);
    await ended(doubled);
    assert(doubled.get_results()[1] === 84, 'a continuation goes on with the value');

    const inner = new Loft.Action();
    const followed = doubled.continue_with_async(() => inner);
    dispatcher.try_enqueue(Loft.Priority.LOW, () => inner.complete());
    await ended(followed);
    assert(inner.get_status() === Loft.AsyncStatus.COMPLETED, 'it ended with the one inside');

    const tried = dispatcher.try_run_async(Loft.Priority.NORMAL, () => true);
    await ended(tried);
    assert(tried.get_results()[1] === true, 'a try tells that it ran');

    assert(tried.get_boolean() === true, 'also by its short form');

    const reports = [];
    const reporting = dispatcher.run_operation_with_progress_async(Loft.Priority.LOW, GObject.TYPE_INT, GObject.TYPE_INT,
        o => {
            o.report_progress(50);
            return [true, 7];
        });
    reporting.set_progress(Loft.ProgressFlags.ALL, (info, value) => reports.push(value));
    await ended(reporting);
    assert(reports.length === 1 && reports[0] === 50, 'progress arrives before the end');
    assert(reporting.get_results()[1] === 7, 'and the value');

    const canceled = dispatcher.run_async(Loft.Priority.IDLE, () => true);
    canceled.cancel();
    try {
        await ended(canceled);
        assert(false, 'a canceled action throws');
    } catch (error) {
        assert(error.matches(Gio.IOErrorEnum, Gio.IOErrorEnum.CANCELLED), `${error} is CANCELLED`);
    }

    const waiting = dispatcher.run_async(Loft.Priority.LOW, () => true);
    try {
        waiting.get();
        assert(false, 'a get () that only this thread could end is refused');
    } catch (error) {
        assert(error.matches(Loft.Error, Loft.Error.DEADLOCK), `${error} is DEADLOCK`);
    }
    await ended(waiting);
}

let failure = null;
run().catch(error => (failure = error)).finally(() => loop.quit());
loop.run();
if (failure !== null) {
    printerr(`${failure}\n${failure.stack}`);
    System.exit(1);
}
