/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The timer heap returns the entry that is due first. Entries that are due at the same time come in
 * the order of their insertion, and an entry can be removed from anywhere in the heap. */

#include "queue/loft-timer-heap-private.h"

static void
test_order (void)
{
  LoftTimerHeap heap = { NULL };
  LoftTimerEntry entries[1000] = { 0 };
  GRand *rand = g_rand_new_with_seed (1);
  LoftTimerEntry *entry, *last = NULL;
  int n = 0;

  for (int i = 0; i < 1000; i++)
    {
      entries[i].due = g_rand_int_range (rand, 0, 100);
      loft_timer_heap_insert (&heap, &entries[i]);
    }
  for (int i = 0; i < 1000; i += 7)
    {
      g_assert_true (loft_timer_heap_remove (&heap, &entries[i]));
      g_assert_false (loft_timer_heap_remove (&heap, &entries[i]));
    }
  g_assert_null (loft_timer_heap_pop_due (&heap, -1));
  while ((entry = loft_timer_heap_pop_due (&heap, 100)) != NULL)
    {
      if (last != NULL)
        g_assert_true (last->due < entry->due ||
                       (last->due == entry->due && last->serial < entry->serial));
      g_assert_cmpint ((entry - entries) % 7, !=, 0);
      last = entry;
      n++;
    }
  g_assert_cmpint (n, ==, 1000 - 143);
  loft_timer_heap_clear (&heap);
  g_rand_free (rand);
}

static void
test_due (void)
{
  LoftTimerHeap heap = { NULL };
  LoftTimerEntry soon = { .due = 10 }, late = { .due = 20 };

  loft_timer_heap_insert (&heap, &late);
  loft_timer_heap_insert (&heap, &soon);
  g_assert_true (loft_timer_heap_peek (&heap) == &soon);
  g_assert_null (loft_timer_heap_pop_due (&heap, 9));
  g_assert_true (loft_timer_heap_pop_due (&heap, 10) == &soon);
  g_assert_null (loft_timer_heap_pop_due (&heap, 19));
  g_assert_true (loft_timer_heap_pop_due (&heap, 1000) == &late);
  loft_timer_heap_clear (&heap);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/timer-heap/order", test_order);
  g_test_add_func ("/timer-heap/due", test_due);
  return g_test_run ();
}
