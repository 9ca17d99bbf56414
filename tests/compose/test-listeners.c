/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The list of an event's handlers: their order, and the snapshot of them that a raise has. */

#include "test-util.h"
#include "compose/loft-listeners-private.h"

#define MANY 50000

static LoftListener *
new_listener (void)
{
  LoftListener *listener = g_new0 (LoftListener, 1);

  listener->refs = 1;
  listener->to.agile = TRUE;
  listener->source = loft_event_link_new (NULL);
  return listener;
}

static void
leave (LoftListeners *listeners,
       guint64        token)
{
  LoftListenerSnapshot *old = NULL;
  LoftListener *listener = loft_listeners_remove (listeners, token, &old);

  g_assert_nonnull (listener);
  g_assert_true (listener->removed);
  g_clear_pointer (&old, loft_listener_snapshot_unref);
  loft_listener_unref (listener);
}

static void
test_order (void)
{
  LoftListeners listeners = { NULL };
  LoftListenerSnapshot *before, *again, *after;

  g_assert_null (loft_listeners_snapshot (&listeners));
  for (guint64 token = 1; token <= 3; token++)
    g_assert_cmpuint (loft_listeners_add (&listeners, new_listener ()), ==, token);
  before = loft_listeners_snapshot (&listeners);
  again = loft_listeners_snapshot (&listeners);
  g_assert_true (before == again);

  leave (&listeners, 2);
  after = loft_listeners_snapshot (&listeners);
  g_assert_cmpuint (before->n, ==, 3);
  g_assert_cmpuint (after->n, ==, 2);
  g_assert_cmpuint (after->all[0]->token, ==, 1);
  g_assert_cmpuint (after->all[1]->token, ==, 3);

  loft_listener_snapshot_unref (before);
  loft_listener_snapshot_unref (again);
  loft_listener_snapshot_unref (after);
  leave (&listeners, 1);
  leave (&listeners, 3);
  g_assert_null (listeners.by_token);
}

/* Each handler is added and removed in constant time. Work that grows with the square of their
 * number would take minutes. */
static void
test_many (void)
{
  LoftListeners listeners = { NULL };

  for (guint i = 0; i < MANY; i++)
    loft_listeners_add (&listeners, new_listener ());
  g_assert_cmpuint (loft_listeners_count (&listeners), ==, MANY);
  for (guint64 token = MANY; token > 0; token--)
    leave (&listeners, token);
  g_assert_null (loft_listeners_snapshot (&listeners));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/listeners/order", test_order);
  g_test_add_func ("/listeners/many", test_many);
  return g_test_run ();
}
