/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The functions that the posting forms of a dispatcher share. */

#pragma once

#include "dispatcher/loft-dispatcher-private.h"
#include "work/loft-work-private.h"

/* Checks the arguments of a posting form. On failure the data is released, because the caller has
 * handed it over. */
gboolean  loft_dispatcher_check_request (LoftDispatcher *self, int priority,
                                         const LoftWorkRequest *request, const char *function);

/* Makes the work and runs it at once. The calling thread is the dispatcher's thread. Returns a
 * reference to the work. */
LoftWork *loft_dispatcher_run_at_once   (LoftDispatcher *self, LoftWorkRequest *request);
