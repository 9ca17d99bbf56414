/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* When what is due: a binary heap ordered by due time, then by the order of insertion. Its user
 * locks it. */

#pragma once

#include <glib.h>

typedef struct
{
  gint64  due;     /* monotonic µs */
  guint64 serial;  /* the heap's: decides between equal times */
  gsize   index;   /* the heap's: its place plus one; 0: in no heap */
} LoftTimerEntry;

typedef struct
{
  LoftTimerEntry **entries;
  gsize            length;
  gsize            size;
  guint64          next_serial;
} LoftTimerHeap;

void            loft_timer_heap_clear    (LoftTimerHeap *heap);
void            loft_timer_heap_insert   (LoftTimerHeap *heap, LoftTimerEntry *entry);
gboolean        loft_timer_heap_remove   (LoftTimerHeap *heap, LoftTimerEntry *entry);
LoftTimerEntry *loft_timer_heap_peek     (LoftTimerHeap *heap);

/* Takes the first entry if it is due by @now. */
LoftTimerEntry *loft_timer_heap_pop_due  (LoftTimerHeap *heap, gint64 now);
