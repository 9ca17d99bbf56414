/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The heap of delayed work. Insertion and removal take O(log n), and the next due time is known at
 * once. */

#include "config.h"

#include "queue/loft-timer-heap-private.h"

/* The one order of timers. */
static gboolean
loft_timer_entry_is_before (const LoftTimerEntry *a,
                            const LoftTimerEntry *b)
{
  if (a->due != b->due)
    return a->due < b->due;
  return a->serial < b->serial; /* of two that are due together, the one that was inserted first */
}

static void
loft_timer_heap_put (LoftTimerHeap  *heap,
                     gsize           at,
                     LoftTimerEntry *entry)
{
  heap->entries[at] = entry;
  entry->index = at + 1;
}

static void
loft_timer_heap_sift_up (LoftTimerHeap  *heap,
                         gsize           at,
                         LoftTimerEntry *entry)
{
  while (at > 0)
    {
      gsize parent = (at - 1) / 2;

      if (!loft_timer_entry_is_before (entry, heap->entries[parent]))
        break;
      loft_timer_heap_put (heap, at, heap->entries[parent]);
      at = parent;
    }
  loft_timer_heap_put (heap, at, entry);
}

static void
loft_timer_heap_sift_down (LoftTimerHeap  *heap,
                           gsize           at,
                           LoftTimerEntry *entry)
{
  for (;;)
    {
      gsize child = 2 * at + 1;

      if (child >= heap->length)
        break;
      if (child + 1 < heap->length &&
          loft_timer_entry_is_before (heap->entries[child + 1], heap->entries[child]))
        child++;
      if (!loft_timer_entry_is_before (heap->entries[child], entry))
        break;
      loft_timer_heap_put (heap, at, heap->entries[child]);
      at = child;
    }
  loft_timer_heap_put (heap, at, entry);
}

void
loft_timer_heap_clear (LoftTimerHeap *heap)
{
  g_assert (heap->length == 0);
  g_clear_pointer (&heap->entries, g_free);
  heap->size = 0;
}

void
loft_timer_heap_insert (LoftTimerHeap  *heap,
                        LoftTimerEntry *entry)
{
  g_assert (entry->index == 0);

  if (heap->length == heap->size)
    {
      heap->size = MAX (16, heap->size * 2);
      heap->entries = g_renew (LoftTimerEntry *, heap->entries, heap->size);
    }
  entry->serial = heap->next_serial++;
  loft_timer_heap_sift_up (heap, heap->length++, entry);
}

gboolean
loft_timer_heap_remove (LoftTimerHeap  *heap,
                        LoftTimerEntry *entry)
{
  LoftTimerEntry *last;
  gsize at;

  if (entry->index == 0)
    return FALSE;

  at = entry->index - 1;
  g_assert (at < heap->length && heap->entries[at] == entry);
  last = heap->entries[--heap->length];
  entry->index = 0;
  if (last == entry)
    return TRUE;
  if (at > 0 && loft_timer_entry_is_before (last, heap->entries[(at - 1) / 2]))
    loft_timer_heap_sift_up (heap, at, last);
  else
    loft_timer_heap_sift_down (heap, at, last);
  return TRUE;
}

LoftTimerEntry *
loft_timer_heap_peek (LoftTimerHeap *heap)
{
  return heap->length > 0 ? heap->entries[0] : NULL;
}

LoftTimerEntry *
loft_timer_heap_pop_due (LoftTimerHeap *heap,
                         gint64         now)
{
  LoftTimerEntry *first = loft_timer_heap_peek (heap);

  if (first == NULL || first->due > now)
    return NULL;
  loft_timer_heap_remove (heap, first);
  return first;
}
