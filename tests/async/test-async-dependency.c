/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Who waits for whom: what an object notes of the object that it awaits, and the walk along such
 * notes, which ends whatever shape the chain has. */

#include "test-util.h"

#include "async/loft-async-dependency-private.h"

#define MANY 1000

/* A graph without async work: each object names the next one. */
static LoftAsyncInfo *
dup_next (LoftAsyncInfo *info)
{
  LoftAsyncInfo *next = g_object_get_data (G_OBJECT (info), "next");

  return next != NULL ? g_object_ref (next) : NULL;
}

/* Makes @n objects, of which each waits for the next, and the last one for @back (n: for none). */
static void
make_chain (LoftAction **chain,
            guint        n,
            guint        back)
{
  for (guint i = 0; i < n; i++)
    chain[i] = loft_action_new_completed ();
  for (guint i = 0; i < n; i++)
    g_object_set_data (G_OBJECT (chain[i]), "next",
                       i + 1 < n    ? chain[i + 1]
                       : back < n ? chain[back]
                                    : NULL);
}

static void
free_chain (LoftAction **chain,
            guint        n)
{
  for (guint i = 0; i < n; i++)
    g_object_unref (chain[i]);
}

/* Returns how many of the @n objects the walk from the first one comes to. */
static guint
count_met (LoftAction **chain,
           guint        n)
{
  LoftAwaitWalk walk;
  guint met = 0;

  loft_await_walk_begin (&walk, LOFT_ASYNC_INFO (chain[0]), dup_next);
  do
    for (guint i = 0; i < n; i++)
      if (walk.current == LOFT_ASYNC_INFO (chain[i]))
        {
          met += g_object_get_data (G_OBJECT (chain[i]), "met") == NULL;
          g_object_set_data (G_OBJECT (chain[i]), "met", chain[i]);
        }
  while (loft_await_walk_next (&walk));
  loft_await_walk_end (&walk);
  return met;
}

/* A chain is walked to its end, however long it is. */
static void
test_chain (void)
{
  LoftAction *chain[MANY];

  make_chain (chain, MANY, MANY);
  g_assert_cmpuint (count_met (chain, MANY), ==, MANY);
  free_chain (chain, MANY);
}

/* A circle of any length, with a way into it of any length, is walked all round, and then left. */
static void
test_circle (void)
{
  LoftAction *chain[40];

  for (guint n = 1; n <= 40; n++)
    for (guint back = 0; back < n; back++)
      {
        make_chain (chain, n, back);
        g_assert_cmpuint (count_met (chain, n), ==, n);
        free_chain (chain, n);
      }
}

/* The observer is noted only while the object waits for that very link. */
static void
test_note (void)
{
  g_autoptr (LoftAction) action = loft_action_new_completed ();
  LoftLink *first = loft_link_new (NULL, LOFT_ASYNC_INFO (action));
  LoftLink *second = loft_link_new (NULL, LOFT_ASYNC_INFO (action));
  LoftAsyncDependency self = { NULL, 0 }, taken;
  LoftLink *old;

  g_assert_null (loft_async_dependency_set (&self, first));
  loft_async_dependency_set_observer (&self, first, 7);
  g_assert_cmpuint (self.observer, ==, 7);

  old = loft_async_dependency_set (&self, second);
  g_assert_true (old == first);
  g_assert_cmpuint (self.observer, ==, 0);
  loft_async_dependency_set_observer (&self, first, 8); /* it is late */
  g_assert_cmpuint (self.observer, ==, 0);

  taken = loft_async_dependency_take (&self);
  g_assert_true (taken.link == second);
  g_assert_null (self.link);
  loft_async_dependency_set_observer (&self, second, 9);
  g_assert_cmpuint (self.observer, ==, 0);

  loft_link_unref (old);
  loft_link_unref (taken.link);
  loft_link_unref (first);
  loft_link_unref (second);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/async-dependency/chain", test_chain);
  g_test_add_func ("/async-dependency/circle", test_circle);
  g_test_add_func ("/async-dependency/note", test_note);
  return g_test_run ();
}
