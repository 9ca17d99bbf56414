// SPDX-FileCopyrightText: 2026 The Loft authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// gjs without bindings/gjs: one line of its own makes objects of each kind awaitable.

const {Gio, GLib, GObject, Loft} = imports.gi;
const System = imports.system;

Gio._promisify(Loft.AsyncInfo.prototype, 'wait_async', 'wait_finish');

const dispatcher = Loft.Dispatcher.get_default();
const loop = new GLib.MainLoop(null, false);

function assert(condition, text) {
    if (!condition)
        throw new Error(text);
}

function completed(action) {
    GLib.idle_add(GLib.PRIORITY_DEFAULT, () => {
        action.complete();
        return GLib.SOURCE_REMOVE;
    });
    return action;
}

function makeAll() {
    const first = dispatcher.run_async(Loft.Priority.LOW, () => true);
    const group = Loft.TaskGroup.new(Loft.TaskGroupFlags.DEFAULT);
    group.seal();
    return {
        'action of a dispatcher': first,
        'operation of a dispatcher': dispatcher.run_operation_async(Loft.Priority.LOW, GObject.TYPE_INT, () => [true, 7]),
        'with progress': dispatcher.run_with_progress_async(Loft.Priority.LOW, GObject.TYPE_INT, () => true),
        'try': dispatcher.try_run_async(Loft.Priority.LOW, () => true),
        'delay': Loft.delay_async(1),
        'producer': completed(Loft.Action.new()),
        'continuation': first.continue_with(() => true),
        'time-out': Loft.with_timeout(dispatcher.run_async(Loft.Priority.LOW, () => true), GLib.TIME_SPAN_HOUR),
        'all': Loft.when_all([first], Loft.WhenFlags.DEFAULT),
        'group': group,
    };
}

async function run() {
    for (const [kind, info] of Object.entries(makeAll()))
        assert(await info.wait_async(null), `${kind} can be awaited`);
}

let failure = null;
run().catch(error => (failure = error)).finally(() => loop.quit());
loop.run();
if (failure !== null) {
    printerr(`${failure}\n${failure.stack}`);
    System.exit(1);
}
