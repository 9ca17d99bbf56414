// SPDX-FileCopyrightText: 2026 The Loft authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// The model from gjs: event loops, timers, deferrals and what is composed. All of it on the main thread: gjs runs no
// JavaScript on another.

imports.gi.versions.Loft = '1';
const {Gio, GLib, Loft} = imports.gi;
const System = imports.system;

const loop = new GLib.MainLoop(null, false);
const dispatcher = Loft.Dispatcher.get_default();

function assert(truth, what) {
    if (!truth)
        throw new Error(`not true: ${what}`);
}

function ended(info) {
    return new Promise(resolve => {
        info.set_completed(() => resolve()); // which comes home; an observer may be called on any thread
    });
}

async function composing() {
    const a = new Loft.Action(), b = new Loft.Action();
    const all = Loft.when_all([a, b], Loft.WhenFlags.DEFAULT);
    const any = Loft.when_any([a, b], Loft.WhenFlags.CANCEL_LOSERS);

    b.complete();
    await ended(any);
    assert(any.get_results()[1] === 1, 'the second was first');
    assert(a.get_status() === Loft.AsyncStatus.CANCELED, 'the loser was asked to stop');
    a.complete();
    await ended(all);
    assert(all.get_status() === Loft.AsyncStatus.CANCELED, 'all shows that one was cancelled');

    const inner = new Loft.Action();
    const outer = Loft.with_timeout(inner, 1000);
    await ended(outer);
    assert(outer.dup_error().matches(Gio.io_error_quark(), Gio.IOErrorEnum.TIMED_OUT), 'the time was over');

    const group = Loft.TaskGroup.new(Loft.TaskGroupFlags.DEFAULT);
    group.add(dispatcher.run_async(Loft.Priority.LOW, () => true));
    group.seal();
    await ended(group);
    assert(group.get_status() === Loft.AsyncStatus.COMPLETED, 'a group ends with its children');
}

async function timers() {
    let ticks = 0;

    await new Promise(resolve => {
        const timer = dispatcher.create_timer();

        timer.interval = 1000;
        timer.connect('tick', () => {
            if (++ticks < 3)
                return;
            timer.stop();
            resolve();
        });
        timer.start();
    });
    assert(ticks === 3, 'three ticks, and none after the stop');

    await new Promise(resolve => {
        const debouncer = Loft.Debouncer.new(dispatcher, 1000, resolve);

        debouncer.trigger();
        debouncer.trigger();
    });
}

async function events() {
    const event = Loft.EventSource.new();
    let deferral = null, value = null;

    event.add((source, args) => {
        value = args.get_value();
        deferral = args.take_deferral();
    });
    const action = event.raise_async(42);
    assert(value === 42, 'it brings what was given');
    assert(!action.has_ended(), 'the deferral holds it');
    deferral.complete();
    await ended(action);
}

function references() {
    const thing = new Gio.SimpleAction({name: 'thing'});
    const reference = Loft.AgileReference.new(thing);

    assert(reference.resolve() === thing, 'at home it gives the object');
}

async function run() {
    references();
    await composing();
    await timers();
    await events();
}

let status = 0;

run().catch(error => {
    printerr(`${error}\n${error.stack}`);
    status = 1;
}).finally(() => loop.quit());
loop.run();
System.exit(status);
