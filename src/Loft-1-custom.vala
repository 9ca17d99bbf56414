// SPDX-FileCopyrightText: 2026 The Loft authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// What vapigen can't say: the value is a constant one.
namespace Loft {
	[CCode (cheader_filename = "loft/loft.h", instance_pos = 2.9)]
	public delegate void ProgressHandler (Loft.AsyncInfo sender, [CCode (type = "const GValue*")] GLib.Value progress);
}
