/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A deferral, for the loop that waits for it. */

#pragma once

#include "loft-lock-private.h"

#include <loft/loft.h>

/* Any thread. Its completion wakes each context that was added; one that is added twice is removed twice. */
void loft_deferral_add_wake    (LoftDeferral *self, GMainContext *context);
void loft_deferral_remove_wake (LoftDeferral *self, GMainContext *context);
