/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The observers that wait for the end of one object. They keep their order, and each of them may
 * leave. */

#include "test-util.h"
#include "async/loft-observers-private.h"

#define MANY 1000

static LoftHandler *
new_handler (void)
{
  return loft_handler_new (LOFT_HANDLER_OBSERVER, TRUE, NULL, NULL, NULL);
}

/* Checks the ids of all observers that are left, in their order. */
static void
assert_left (LoftObservers *observers,
             const guint64 *ids,
             guint          n)
{
  LoftHandler *all = loft_observers_take (observers), *next;

  for (guint i = 0; i < n; i++, all = next)
    {
      g_assert_nonnull (all);
      g_assert_cmpuint (all->id, ==, ids[i]);
      next = all->next;
      loft_handler_unref (all);
    }
  g_assert_null (all);
  g_assert_cmpuint (observers->n, ==, 0);
  g_assert_null (observers->by_id);
}

static void
leave (LoftObservers *observers,
       guint64        id)
{
  LoftHandler *handler = loft_observers_remove (observers, id);

  g_assert_nonnull (handler);
  g_assert_cmpuint (handler->id, ==, id);
  loft_handler_unref (handler);
}

static void
test_order (void)
{
  LoftObservers observers = { NULL };

  for (guint64 i = 1; i <= 4; i++)
    g_assert_cmpuint (loft_observers_append (&observers, new_handler ()), ==, i);
  leave (&observers, 1); /* the first, the last, and one between */
  leave (&observers, 4);
  g_assert_cmpuint (loft_observers_append (&observers, new_handler ()), ==, 5);
  leave (&observers, 3);
  assert_left (&observers, (guint64[]) { 2, 5 }, 2);
}

/* Each of very many observers can leave, in any order, but only once. */
static void
test_many (void)
{
  LoftObservers observers = { NULL };
  guint64 last = 0;

  for (guint i = 0; i < MANY; i++)
    last = loft_observers_append (&observers, new_handler ());
  for (guint64 id = 2; id < last; id += 2)
    leave (&observers, id);
  g_assert_null (loft_observers_remove (&observers, 2));
  for (guint64 id = last - 1; id > 3; id -= 2)
    leave (&observers, id);
  g_assert_null (loft_observers_remove (&observers, last + 1));
  assert_left (&observers, (guint64[]) { 1, 3, last }, 3);
}

/* When all observers have left, the list is as it was at first, but does not use an id again. */
static void
test_all_leave (void)
{
  LoftObservers observers = { NULL };

  for (guint64 id = 1; id <= MANY; id++)
    loft_observers_append (&observers, new_handler ());
  for (guint64 id = 1; id <= MANY; id++)
    leave (&observers, id);
  g_assert_null (observers.first);
  g_assert_null (observers.by_id);
  g_assert_cmpuint (loft_observers_append (&observers, new_handler ()), ==, MANY + 1);
  assert_left (&observers, (guint64[]) { MANY + 1 }, 1);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/observers/order", test_order);
  g_test_add_func ("/observers/many", test_many);
  g_test_add_func ("/observers/all-leave", test_all_leave);
  return g_test_run ();
}
