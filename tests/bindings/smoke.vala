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
