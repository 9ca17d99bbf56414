/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftTimerHeap: a binary heap, ordered by due time and then by the order of insertion. The user of
 * the heap locks it. */

#pragma once

#include <glib.h>

typedef struct
{
  gint64  due;     /* monotonic µs */
  guint64 serial;  /* set by the heap; decides between equal times */
  gsize   index;   /* set by the heap; its place plus one; 0: in no heap */
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

/* Removes and returns the first entry if it is due by @now; otherwise returns NULL. */
LoftTimerEntry *loft_timer_heap_pop_due  (LoftTimerHeap *heap, gint64 now);
