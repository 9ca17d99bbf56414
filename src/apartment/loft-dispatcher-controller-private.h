/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The end of a dispatcher as an action. */

#pragma once

#include "base/loft-trace-private.h"
#include "dispatcher/loft-dispatcher-private.h"

/* Any thread: asks the dispatcher to end in order, by its loop. The action ends with it, or with
 * DISCONNECTED when it was given up instead. */
LoftAsyncAction *loft_dispatcher_shut_down_async (LoftDispatcher *self, const LoftCallSite *site);
