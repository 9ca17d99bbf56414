/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The async objects that were made while somebody observes. */

#pragma once

#include "queue/loft-work-item-private.h"
#include "async/loft-async-state-private.h"

typedef struct
{
  const char  *type;
  LoftCallSite site;
  LoftPhase    phase;
  LoftLane     lane;
  gint64       since; /* when the object was made, monotonic µs */
} LoftLiveObject;

/* Any thread may call these. */
void    loft_live_objects_begin (void);
void    loft_live_objects_end   (void);

/* @word is the word that the object's phase is in. May be called again, with a better call site. */
void    loft_live_objects_note  (GTypeInstance *object, guint32 *word, const LoftCallSite *site);
__attribute__ ((cold, noinline))
void    loft_live_objects_forget (GTypeInstance *object);

/* The objects that have not ended; the array is the caller's. */
GArray *loft_live_objects_list  (void);
