/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What an event brings to its handlers, and the count of those who are not done with it. */

#pragma once

#include "async/loft-async-base-private.h"

/* One for the caller, who must say when it is done. */
LoftEventArgs *loft_event_args_new     (const GValue *value, LoftAction *action);

/* One more who is not done yet; and one less: the last ends the action. */
void           loft_event_args_enter   (LoftEventArgs *self);
void           loft_event_args_leave   (LoftEventArgs *self);
