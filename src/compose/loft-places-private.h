/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Places on the pool, and the work that waits for one: what a LoftLimiter is made of. */

#pragma once

#include "work/loft-work-private.h"

typedef struct _LoftPlaces LoftPlaces;

LoftPlaces *loft_places_new   (guint limit);
LoftPlaces *loft_places_ref   (LoftPlaces *self);
void        loft_places_unref (gpointer self);

/* Makes the work, which is begun when all that came before has begun and a place is free; the caller gets a reference. Any
 * thread. */
LoftWork   *loft_places_post  (LoftPlaces *self, LoftWorkRequest *request);
