// SPDX-FileCopyrightText: 2026 The Loft authors
// SPDX-License-Identifier: LGPL-2.1-or-later

namespace Loft {
	// What vapigen can't say: the value is a constant one.
	[CCode (cheader_filename = "loft/loft.h", instance_pos = 2.9)]
	public delegate void ProgressHandler (Loft.AsyncInfo sender,
		[CCode (type = "const GValue*")] GLib.Value progress);

	// What the scanner can't say: the callback and its data come out, for a function of GIO's kind.
	[CCode (cheader_filename = "loft/loft.h", cname = "loft_operation_new_for_async_with_finish")]
	public static Loft.Operation operation_for_async (GLib.Type value_type,
		owned Loft.FinishHandler finish, out unowned GLib.AsyncReadyCallback callback);

	// An async method as an async object: the first calls its begin, and the second its end.
	[CCode (has_typedef = false)]
	public delegate void MethodBegin (GLib.AsyncReadyCallback callback,
		GLib.Cancellable cancellable);
	[CCode (has_typedef = false)]
	public delegate void MethodEnd (GLib.AsyncResult result) throws GLib.Error;
	[CCode (has_typedef = false)]
	public delegate GLib.Value MethodEndWithValue (GLib.AsyncResult result) throws GLib.Error;

	[CCode (cname = "loft_vala_operation_from")]
	public static Loft.Operation operation_from (GLib.Type value_type, Loft.MethodBegin begin,
		owned Loft.MethodEndWithValue end) {
		unowned GLib.AsyncReadyCallback callback;
		var operation = Loft.operation_for_async (value_type, (source, result, out value) => {
			var ended = end (result);
			value = ended;
			return true;
		}, out callback);
		begin (callback, operation.dup_cancellable ());
		return operation;
	}

	[CCode (cname = "loft_vala_action_from")]
	public static Loft.Action action_from (Loft.MethodBegin begin, owned Loft.MethodEnd end) {
		var action = new Loft.Action ();
		action.set_work (Loft.operation_from (typeof (bool), begin, (result) => {
			end (result);
			return true;
		}));
		return action;
	}
}
