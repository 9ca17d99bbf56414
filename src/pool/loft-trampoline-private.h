/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What runs at once on the thread that is there, one in the other, without growing the stack. A
 * thread has one trampoline for its deliveries and one for its cancels. */

#pragma once

#include "base/loft-thread-private.h"
#include "queue/loft-work-item-private.h"

/* Runs @item on this thread: at once, or when what runs here is done if the stack is deep. */
void     loft_trampoline_run     (LoftTrampolineKind kind, LoftWorkItem *item);

/* The same in parts, for what needs an item only when the stack is deep: between enter and leave it
 * runs. FALSE: it must be put off. */
gboolean loft_trampoline_enter   (LoftTrampolineKind kind);
void     loft_trampoline_leave   (LoftTrampolineKind kind);
void     loft_trampoline_put_off (LoftTrampolineKind kind, LoftWorkItem *item);
