/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftTrampoline: runs items at once on the calling thread, nested, without growing the stack. A
 * thread has one trampoline for its deliveries and one for its cancels. */

#pragma once

#include "base/loft-thread-private.h"
#include "queue/loft-work-item-private.h"

/* Runs @item on this thread: at once, or, if the stack is deep, after the items that run here
 * now. */
void     loft_trampoline_run     (LoftTrampolineKind kind, LoftWorkItem *item);

/* The same in parts, for callers that need an item only when the stack is deep: what runs between
 * enter and leave runs on the trampoline. Enter returns FALSE if it must be put off. */
gboolean loft_trampoline_enter   (LoftTrampolineKind kind);
void     loft_trampoline_leave   (LoftTrampolineKind kind);
void     loft_trampoline_put_off (LoftTrampolineKind kind, LoftWorkItem *item);
