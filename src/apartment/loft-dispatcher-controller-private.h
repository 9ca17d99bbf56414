/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The shutdown of a dispatcher as an action. */

#pragma once

#include "base/loft-trace-private.h"
#include "dispatcher/loft-dispatcher-private.h"

/* Asks the dispatcher to end in order, by its own loop. Any thread may call it. The action
 * completes when the dispatcher has ended, or fails with DISCONNECTED when the dispatcher was given
 * up instead. */
LoftAsyncAction *loft_dispatcher_shut_down_async (LoftDispatcher *self, const LoftCallSite *site);
