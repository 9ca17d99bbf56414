// SPDX-FileCopyrightText: 2026 The Loft authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// The await cases in Vala: async methods that are actions.

const Loft.Priority NORMAL = Loft.Priority.NORMAL;

public delegate void Start (AsyncReadyCallback callback);
public delegate void Finish (AsyncResult result) throws Error;

class Case {
	public string number;
	public Start? start;
	public Finish? finish;
	public string? why;

	public Case (string number, owned Start start, owned Finish finish, string? why = null) {
		this.number = number;
		this.start = (owned) start;
		this.finish = (owned) finish;
		this.why = why;
	}

	public Case.without (string number, string why) {
		this.number = number;
		this.why = why;
	}
}

// Runs the loop until the object has ended, on a thread that may not block.
void run_until_ended (Loft.AsyncInfo info) {
	while (!info.has_ended ())
		MainContext.get_thread_default ().iteration (true);
}

void complete_elsewhere (Loft.Action action) {
	new Thread<bool> ("complete", () => action.complete ());
}

void on_thread (owned ThreadFunc<bool> func) {
	new Thread<bool> ("other", (owned) func).join ();
}

async void drain () throws Error {
	var dispatcher = Loft.Dispatcher.get_default ();
	for (int i = 0; i < 5; i++)
		yield dispatcher.run_async (Loft.Priority.IDLE, () => true).wait_async ();
}

void assert_canceled (Error? error) {
	assert (error is IOError.CANCELLED);
}

async Error? error_of (Loft.AsyncInfo info) {
	try {
		yield info.wait_async ();
		return null;
	} catch (Error error) {
		return error;
	}
}

// An async method that awaits, and counts.
class Awaiter {
	public Loft.AsyncInfo[] what;
	public int steps;
	public unowned Thread<void*>? thread;
	public Loft.Action action;

	public Awaiter (Loft.AsyncInfo first, Loft.AsyncInfo? second = null) {
		what = { first };
		if (second != null)
			what += second;
		action = Loft.action_from ((done, cancellable) => go.begin (cancellable, done),
			(result) => go.end (result));
	}

	public async void go (Cancellable cancellable) throws Error {
		foreach (var one in what) {
			cancellable.set_error_if_cancelled ();
			steps++;
			yield one.wait_async ();
		}
		steps++;
		thread = Thread.self<void*> ();
	}
}

// A class of one's own. It has no get_results, and no other virtual function of Loft.
class Foreign : Object, Loft.AsyncInfo, Loft.AsyncAction {
	public Loft.AsyncStatus status = Loft.AsyncStatus.STARTED;
	private Loft.CompletedHandler? handler;

	public Loft.AsyncStatus get_status () {
		return status;
	}

	public bool set_completed (owned Loft.CompletedHandler? handler) throws Error {
		if (this.handler != null)
			throw new Loft.Error.ILLEGAL_DELEGATE_ASSIGNMENT ("used");
		this.handler = (owned) handler;
		return true;
	}

	public void end () {
		status = Loft.AsyncStatus.COMPLETED;
		handler (this, status);
		handler = null;
	}
}

class CustomOperation : Loft.AsyncBase, Loft.AsyncOperation {
}

async void a01 () throws Error {
	var awaiter = new Awaiter (new Loft.Action.completed ());
	yield awaiter.action.wait_async ();
	assert (awaiter.steps == 2);
}

async void a02 () throws Error {
	var later = new Loft.Action ();
	var awaiter = new Awaiter (later);
	assert (awaiter.steps == 1);
	complete_elsewhere (later);
	yield awaiter.action.wait_async ();
	assert (awaiter.steps == 2);
	assert (awaiter.thread == Thread.self<void*> ());
}

async void a04 () throws Error {
	var later = new Loft.Operation (typeof (int64));
	var sum = Loft.operation_from (typeof (int64),
		(done, cancellable) => add_one.begin (later, done), (result) => add_one.end (result));
	later.complete_int64 (int64.MAX - 1);
	yield sum.wait_async ();
	assert (sum.get_int64 () == int64.MAX);
}

async int64 add_one (Loft.Operation operation) throws Error {
	yield operation.wait_async ();
	return operation.get_int64 () + 1;
}

async void a05 () throws Error {
	var later = new Loft.Action ();
	var awaiter = new Awaiter (later);
	later.fail (new IOError.BUSY ("busy"));
	assert ((yield error_of (awaiter.action)) is IOError.BUSY);
	assert (awaiter.steps == 1);
}

async void a06 () throws Error {
	int steps = 0;
	try {
		yield new Loft.Action.failed (new Loft.Error.DISCONNECTED ("gone")).wait_async ();
		assert_not_reached ();
	} catch (Loft.Error.DISCONNECTED error) {
		steps++;
	}
	yield Loft.delay_async (1).wait_async ();
	assert (steps == 1);
}

async void a07 () throws Error {
	var awaiter = new Awaiter (new Loft.Action.canceled ());
	assert_canceled (yield error_of (awaiter.action));
	assert (awaiter.steps == 1);
}

async void a08 () throws Error {
	bool ran = false;
	var action = Loft.Dispatcher.get_default ().run_async (NORMAL, () => {
		ran = true;
		return true;
	});
	action.cancel ();
	assert_canceled (yield error_of (action));
	yield drain ();
	assert (!ran);
}

async void a09 () throws Error {
	var later = new Loft.Action ();
	var awaiter = new Awaiter (later, new Loft.Action.completed ());
	awaiter.action.cancel ();
	assert (!awaiter.action.has_ended ());
	later.complete ();
	assert_canceled (yield error_of (awaiter.action));
	assert (awaiter.steps == 1);
}

async void a10 () throws Error {
	var later = new Loft.Action ();
	var awaiter = new Awaiter (later, new Loft.Action.completed ());
	on_thread (() => {
		awaiter.action.cancel ();
		return true;
	});
	later.complete ();
	assert_canceled (yield error_of (awaiter.action));
}

async void a11 () throws Error {
	var awaiter = new Awaiter (new Loft.Action.completed ());
	yield awaiter.action.wait_async ();
	awaiter.action.cancel ();
	assert (awaiter.action.get_status () == Loft.AsyncStatus.COMPLETED);
}

async void a12 () throws Error {
	var later = new Loft.Action ();
	var awaiter = new Awaiter (later);
	awaiter.action.cancel ();
	assert (!later.is_canceled ());
	later.complete ();
	assert_canceled (yield error_of (awaiter.action));
}

async void a13 () throws Error {
	var later = new Loft.Action ();
	var awaiter = new Awaiter (later);
	awaiter.action.propagate_cancel (later);
	awaiter.action.cancel ();
	assert (later.get_cancel_reason () == Loft.CancelReason.PROPAGATED);
	later.complete ();
	assert_canceled (yield error_of (awaiter.action));
}

Awaiter go_down (Loft.AsyncInfo last, int depth) {
	var below = depth == 0 ? last : go_down (last, depth - 1).action;
	var awaiter = new Awaiter (below);
	awaiter.action.propagate_cancel (below);
	return awaiter;
}

async void a14 () throws Error {
	var later = new Loft.Action ();
	var action = go_down (later, 10).action;
	action.cancel ();
	assert (later.is_canceled ());
	later.complete ();
	assert_canceled (yield error_of (action));
}

async void a15 () throws Error {
	var action = new Loft.Action ();
	int handled = 0, at_home = 0;
	action.set_cancel_handler (() => handled++);
	action.cancel ();
	assert (handled == 1);
	action.set_cancel_handler_at_home (() => at_home++);
	assert (at_home == 0);
	yield drain ();
	assert (at_home == 1);
	action.complete ();
}

async void a16 () throws Error {
	var seen = new StringBuilder ();
	var dispatcher = Loft.Dispatcher.get_default ();
	var posted = dispatcher.run_with_progress_async (NORMAL, typeof (int), (action) => {
		for (int i = 1; i <= 3; i++)
			((Loft.AsyncBase) action).report_progress (i);
		return true;
	});
	var work = (Loft.AsyncWithProgress) posted;
	work.set_progress (Loft.ProgressFlags.ALL, (sender, progress) => {
		seen.append ("%d ".printf (progress.get_int ()));
	});
	work.set_completed (() => seen.append ("end"));
	yield work.wait_async ();
	yield drain ();
	assert (seen.str == "1 2 3 end");
}

async void a17 () throws Error {
	var action = new Loft.Action.completed ();
	int called = 0;
	action.set_completed (() => called++);
	yield drain ();
	assert (called == 1);
}

// Vala's methods go on in the context in which they began, and need no dispatcher.
async void a18 () throws Error {
	on_thread (() => {
		await_without_home (false);
		return true;
	});
}

async void a19 () throws Error {
	on_thread (() => {
		await_without_home (true);
		return true;
	});
}

void await_without_home (bool shut_down_first) {
	try {
		var context = new MainContext ();
		context.push_thread_default ();
		var controller = new Loft.DispatcherController.on_current_thread ();
		var later = new Loft.Action ();
		Awaiter? awaiter = shut_down_first ? null : new Awaiter (later);
		controller.shutdown ();
		if (awaiter == null)
			awaiter = new Awaiter (later);
		complete_elsewhere (later);
		run_until_ended (awaiter.action);
		assert (awaiter.action.get_status () == Loft.AsyncStatus.COMPLETED);
		assert (awaiter.thread == Thread.self<void*> ());
		context.pop_thread_default ();
	} catch (Error error) {
		assert_not_reached ();
	}
}

async void a20 () throws Error {
	var controller = new Loft.DispatcherController.on_dedicated_thread ("work");
	var dispatcher = controller.get_dispatcher ();
	var waits = dispatcher.run_delayed_async (NORMAL, TimeSpan.HOUR, () => true);
	var down = controller.shutdown_async ();
	assert_canceled (yield error_of (waits));
	yield down.wait_async ();
}

async void a24 () throws Error {
	int64 begin = get_monotonic_time ();
	yield Loft.delay_async (5 * TimeSpan.MILLISECOND).wait_async ();
	assert (get_monotonic_time () - begin >= 5 * TimeSpan.MILLISECOND);
}

async void a28 () throws Error {
	var a = new Loft.Action (), b = new Loft.Action ();
	var awaiter = new Awaiter (Loft.when_all ({ a, b }));
	a.complete ();
	yield drain ();
	assert (awaiter.steps == 1);
	complete_elsewhere (b);
	yield awaiter.action.wait_async ();
}

async void a29 () throws Error {
	var a = new Loft.Action (), b = new Loft.Action ();
	var any = Loft.when_any ({ a, b });
	b.complete ();
	yield any.wait_async ();
	assert (any.get_int64 () == 1);
	a.complete ();
}

async void a30 () throws Error {
	var never = new Loft.Action ();
	assert ((yield error_of (Loft.with_timeout (never, 1000))) is IOError.TIMED_OUT);
	never.complete ();
}

async void a31 () throws Error {
	var later = new Loft.Action ();
	var awaiter = new Awaiter (later, later);
	complete_elsewhere (later);
	yield awaiter.action.wait_async ();
	assert (awaiter.steps == 3);
}

async void a32 () throws Error {
	var later = new Loft.Action ();
	var first = new Awaiter (later), second = new Awaiter (later);
	complete_elsewhere (later);
	yield first.action.wait_async ();
	yield second.action.wait_async ();
}

async void a34 () throws Error {
	var foreign = new Foreign ();
	var awaiter = new Awaiter (foreign);
	foreign.end ();
	yield awaiter.action.wait_async ();

	var custom = (CustomOperation) Object.@new (typeof (CustomOperation));
	custom.complete_with_value (7);
	yield custom.wait_async ();
	assert (custom.get_int64 () == 7);
}

async void a35 () throws Error {
	var foreign = new Foreign ();
	foreign.set_completed (() => {});
	assert ((yield error_of (foreign)) is Loft.Error.ILLEGAL_DELEGATE_ASSIGNMENT);
}

async void a36 () throws Error {
	var canceled = new Loft.Action (), later = new Loft.Action ();
	Awaiter? started = null;
	canceled.set_cancel_handler (() => {
		started = new Awaiter (later);
		canceled.complete ();
	});
	canceled.cancel ();
	complete_elsewhere (later);
	yield started.action.wait_async ();
}

async void a37 () throws Error {
	Loft.Action? later = new Loft.Action ();
	Error? seen = null;
	later.wait_async.begin (null, (source, result) => {
		try {
			((Loft.AsyncInfo) source).wait_async.end (result);
		} catch (Error error) {
			seen = error;
		}
		a37.callback ();
	});
	later = null;
	yield;
	assert (seen is Loft.Error.DISCONNECTED);
}

async void fail_alone () throws Error {
	yield Loft.delay_async (1).wait_async ();
	throw new IOError.BUSY ("nobody looks");
}

async void a38 () throws Error {
	int told = 0;
	var dispatcher = Loft.Dispatcher.get_default ();
	var id = dispatcher.unhandled_error.connect ((error, source) => {
		assert (error is IOError.BUSY);
		told++;
		a38.callback ();
		return true;
	});
	Loft.action_from ((done, cancellable) => fail_alone.begin (done),
		(result) => fail_alone.end (result)).forget ();
	yield;
	dispatcher.disconnect (id);
	assert (told == 1);
}

async void a41 () throws Error {
	var action = Loft.action_from ((done, cancellable) => fail_alone.begin (done),
		(result) => fail_alone.end (result));
	assert ((yield error_of (action)) is IOError.BUSY);
	var unfit = Loft.operation_from (typeof (Object), (done, cancellable) => name_it.begin (done),
		(result) => name_it.end (result));
	assert ((yield error_of (unfit)) is Loft.Error.INVALID_ARGUMENT);
}

async string name_it () throws Error {
	return "no object";
}

async void a43 () throws Error {
	var done = new Loft.Action.completed ();
	for (int i = 0; i < 1000000; i++)
		yield done.wait_async ();
}

async void a44 () throws Error {
	var awaiter = new Awaiter (Loft.delay_async (1));
	yield Loft.thread_pool_run_async (() => awaiter.action.@get ()).wait_async ();
}

async void a45 () throws Error {
	var operation = Loft.operation_from (typeof (string),
		(done, cancellable) => name_it.begin (done),
		(result) => name_it.end (result));
	yield operation.wait_async ();
	assert (operation.dup_string () == "no object");
}

// A method that sees its cancellable, and a wait that a cancellable ends.
async void wait_for_cancel (Cancellable cancellable) throws Error {
	yield new Loft.Action ().wait_async (cancellable);
}

async void a46 () throws Error {
	var action = Loft.action_from ((done, cancellable) => wait_for_cancel.begin (cancellable, done),
		(result) => wait_for_cancel.end (result));
	action.cancel ();
	assert_canceled (yield error_of (action));

	var cancellable = new Cancellable ();
	var dispatcher = Loft.Dispatcher.get_default ();
	var work = dispatcher.run_delayed_async (NORMAL, TimeSpan.HOUR, () => true);
	work.bind_cancellable (cancellable);
	cancellable.cancel ();
	assert_canceled (yield error_of (work));
}

async void a47 () throws Error {
	var process = new Subprocess (SubprocessFlags.STDERR_SILENCE, Environment.get_prgname (),
		"leave-work");
	yield process.wait_async ();
	assert (process.get_if_exited ());
	assert (process.get_exit_status () == 3);
}

int leave_work () {
	var never = new Loft.Action ();
	var awaiter = new Awaiter (never);
	var posted = Loft.Dispatcher.get_default ().run_async (NORMAL, () => true);
	var pool = Loft.thread_pool_run_async (() => true);
	var after = never.continue_with (() => true);
	assert (!awaiter.action.has_ended () && !posted.has_ended () && !after.has_ended ());
	pool.forget ();
	return 3;
}

Case[] list_cases () {
	const string OTHER_THREAD = "an async method stays in its context; work is posted elsewhere";
	const string COROUTINE_IN_C = "it is for coroutines in C; Vala reads a GInputStream";
	return {
		new Case ("A01", (done) => a01.begin (done), (result) => a01.end (result),
			"a wait of GIO's kind always goes through the loop"),
		new Case ("A02", (done) => a02.begin (done), (result) => a02.end (result)),
		new Case.without ("A03", "an async method needs a context to go on in"),
		new Case ("A04", (done) => a04.begin (done), (result) => a04.end (result)),
		new Case ("A05", (done) => a05.begin (done), (result) => a05.end (result)),
		new Case ("A06", (done) => a06.begin (done), (result) => a06.end (result)),
		new Case ("A07", (done) => a07.begin (done), (result) => a07.end (result)),
		new Case ("A08", (done) => a08.begin (done), (result) => a08.end (result)),
		new Case ("A09", (done) => a09.begin (done), (result) => a09.end (result),
			"a method can't be stopped from outside; it looks at its cancellable"),
		new Case ("A10", (done) => a10.begin (done), (result) => a10.end (result)),
		new Case ("A11", (done) => a11.begin (done), (result) => a11.end (result)),
		new Case ("A12", (done) => a12.begin (done), (result) => a12.end (result)),
		new Case ("A13", (done) => a13.begin (done), (result) => a13.end (result)),
		new Case ("A14", (done) => a14.begin (done), (result) => a14.end (result)),
		new Case ("A15", (done) => a15.begin (done), (result) => a15.end (result)),
		new Case ("A16", (done) => a16.begin (done), (result) => a16.end (result)),
		new Case ("A17", (done) => a17.begin (done), (result) => a17.end (result)),
		new Case ("A18", (done) => a18.begin (done), (result) => a18.end (result)),
		new Case ("A19", (done) => a19.begin (done), (result) => a19.end (result)),
		new Case ("A20", (done) => a20.begin (done), (result) => a20.end (result)),
		new Case.without ("A21", OTHER_THREAD),
		new Case.without ("A22", OTHER_THREAD),
		new Case.without ("A23", OTHER_THREAD),
		new Case ("A24", (done) => a24.begin (done), (result) => a24.end (result)),
		new Case.without ("A25", COROUTINE_IN_C),
		new Case.without ("A26", COROUTINE_IN_C),
		new Case.without ("A27", OTHER_THREAD),
		new Case ("A28", (done) => a28.begin (done), (result) => a28.end (result)),
		new Case ("A29", (done) => a29.begin (done), (result) => a29.end (result)),
		new Case ("A30", (done) => a30.begin (done), (result) => a30.end (result)),
		new Case ("A31", (done) => a31.begin (done), (result) => a31.end (result)),
		new Case ("A32", (done) => a32.begin (done), (result) => a32.end (result)),
		new Case.without ("A33", "valac refuses null where a type is not nullable"),
		new Case ("A34", (done) => a34.begin (done), (result) => a34.end (result)),
		new Case ("A35", (done) => a35.begin (done), (result) => a35.end (result)),
		new Case ("A36", (done) => a36.begin (done), (result) => a36.end (result)),
		new Case ("A37", (done) => a37.begin (done), (result) => a37.end (result)),
		new Case ("A38", (done) => a38.begin (done), (result) => a38.end (result)),
		new Case.without ("A39", "valac frees a method's variables after its callback"),
		new Case.without ("A40", "an async method has no owner; it looks at its cancellable"),
		new Case ("A41", (done) => a41.begin (done), (result) => a41.end (result)),
		new Case.without ("A42", "a handler without throws can't fail"),
		new Case ("A43", (done) => a43.begin (done), (result) => a43.end (result)),
		new Case ("A44", (done) => a44.begin (done), (result) => a44.end (result)),
		new Case ("A45", (done) => a45.begin (done), (result) => a45.end (result)),
		new Case ("A46", (done) => a46.begin (done), (result) => a46.end (result)),
		new Case ("A47", (done) => a47.begin (done), (result) => a47.end (result)),
	};
}

void run_case (Case one, FileStream? report) {
	if (one.start != null) {
		AsyncResult? ended = null;
		one.start ((source, result) => ended = result);
		while (ended == null)
			MainContext.@default ().iteration (true);
		try {
			one.finish (ended);
		} catch (Error error) {
			Test.message ("%s", error.message);
			Test.fail ();
		}
	}
	if (report != null)
		report.printf ("%s\t%s\t%s\n", one.number, one.why != null ? "none" : "pass",
			one.why ?? "");
}

int main (string[] args) {
	if (args.length > 1 && args[1] == "leave-work")
		return leave_work ();
	string? folder = Environment.get_variable ("LOFT_AWAIT_DIR");
	FileStream? report = null;
	string self = args[0];
	Test.init (ref args);
	Environment.set_prgname (self);
	if (folder != null) {
		DirUtils.create_with_parents (folder, 0755);
		report = FileStream.open (folder + "/vala.tsv", "w");
	}
	var cases = list_cases ();
	foreach (unowned Case one in cases) {
		Case held = one;
		Test.add_data_func ("/await/" + one.number, () => run_case (held, report));
	}
	return Test.run ();
}
