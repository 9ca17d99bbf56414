// SPDX-FileCopyrightText: 2026 The Loft authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// Loft from Vala: post, yield, take a value, be refused to wait.

async void run () throws Error {
	var dispatcher = Loft.Dispatcher.get_default ();
	int ran = 0;

	var action = dispatcher.run_async (Loft.Priority.LOW, (action) => {
		ran++;
		return true;
	});
	yield action.wait_async (null);
	assert (ran == 1);
	assert (action.get_status () == Loft.AsyncStatus.COMPLETED);

	var operation = Loft.thread_pool_run_operation_async (typeof (int), (operation, out result) => {
		result = 42;
		return true;
	});
	yield operation.wait_async (null);
	Value value;
	operation.get_results (out value);
	assert (value.get_int () == 42);

	var waiting = dispatcher.run_async (Loft.Priority.LOW, (action) => { return true; });
	try {
		waiting.get ();
		assert_not_reached ();
	} catch (Error error) {
		assert (error is Loft.Error.DEADLOCK);
	}
	yield waiting.wait_async (null);

	yield model ();
}

// What is composed, a timer, and a dispatcher with a thread of its own.
async void model () throws Error {
	var dispatcher = Loft.Dispatcher.get_default ();
	var group = new Loft.TaskGroup (Loft.TaskGroupFlags.DEFAULT);
	var limiter = new Loft.Limiter (2);
	for (int i = 0; i < 4; i++)
		group.add (limiter.run_async ((action) => { return true; }));
	group.seal ();
	yield group.wait_async (null);

	Loft.AsyncInfo[] parts = { Loft.delay_async (1000), new Loft.Action () };
	var any = Loft.when_any (parts, Loft.WhenFlags.CANCEL_LOSERS);
	yield any.wait_async (null);
	assert (any.get_int64 () == 0);

	int ticks = 0;
	var timer = dispatcher.create_timer ();
	timer.interval = 1000;
	timer.tick.connect (() => {
		if (++ticks == 3) {
			timer.stop ();
			model.callback ();
		}
	});
	timer.start ();
	yield;
	assert (ticks == 3);

	var controller = new Loft.DispatcherController.on_dedicated_thread ("model");
	var reference = new Loft.AgileReference (group);
	assert (reference.resolve () == group);
	yield controller.shutdown_async ().wait_async (null);
	assert (controller.get_dispatcher ().is_shut_down ());
}

int main () {
	var loop = new MainLoop ();
	int status = 0;

	run.begin ((source, result) => {
		try {
			run.end (result);
		} catch (Error error) {
			printerr ("%s\n", error.message);
			status = 1;
		}
		loop.quit ();
	});
	loop.run ();
	return status;
}
