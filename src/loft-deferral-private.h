/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A deferral, for the loop that waits for it. */

#pragma once

#include "loft-lock-private.h"

#include <loft/loft.h>

/* Wakes @context (NULL: nobody) when it is completed. Any thread. */
void loft_deferral_set_wake (LoftDeferral *self, GMainContext *context);
