/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the posting forms of a dispatcher share. */

#pragma once

#include "dispatcher/loft-dispatcher-private.h"
#include "work/loft-work-private.h"

/* The guards of a form; on failure the data is released, since it was handed over. */
gboolean  loft_dispatcher_check_request (LoftDispatcher *self, int priority,
                                         const LoftWorkRequest *request, const char *function);

/* At home: makes the work and runs it; the caller gets the reference. */
LoftWork *loft_dispatcher_run_at_once   (LoftDispatcher *self, LoftWorkRequest *request);

/* Makes the work and queues it; the caller gets one reference, the lane another. */
