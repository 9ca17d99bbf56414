/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The children of one object are kept in their order, and those that have ended are removed once
 * there are many. */

#include "test-util.h"

#include "async/loft-async-children-private.h"

#define MANY 64

typedef struct
{
  LoftAction *actions[2 * MANY];
  LoftLink *links[2 * MANY];
} Family;

static void
family_begin (Family            *family,
              LoftAsyncChildren *children,
              guint              n)
{
  for (guint i = 0; i < n; i++)
    {
      family->actions[i] = loft_action_new ();
      family->links[i] = loft_link_new (LOFT_ASYNC_INFO (family->actions[i]), NULL);
      loft_async_children_add (children, family->links[i]);
    }
}

static void
family_end (Family *family,
            guint   n)
{
  for (guint i = 0; i < n; i++)
    {
      loft_link_unref (family->links[i]);
      loft_action_complete (family->actions[i]);
      g_object_unref (family->actions[i]);
    }
}

static void
test_order (void)
{
  LoftAsyncChildren children = { NULL };
  GPtrArray *all;
  Family family;

  g_assert_null (loft_async_children_take (&children));
  family_begin (&family, &children, 3);
  g_assert_false (loft_async_children_are_many (&children));
  all = loft_async_children_take (&children);
  g_assert_cmpuint (all->len, ==, 3);
  for (guint i = 0; i < 3; i++)
    g_assert_true (all->pdata[i] == family.links[i]);
  g_assert_null (loft_async_children_take (&children));
  g_ptr_array_unref (all);
  family_end (&family, 3);
}

static void
test_remove (void)
{
  LoftAsyncChildren children = { NULL };
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (GPtrArray) ended = g_ptr_array_new ();
  GPtrArray *out;
  Family family;

  family_begin (&family, &children, MANY);
  g_assert_true (loft_async_children_are_many (&children));
  all = loft_async_children_dup (&children);
  g_assert_cmpuint (all->len, ==, MANY);
  for (guint i = 0; i < MANY; i += 2)
    g_ptr_array_add (ended, all->pdata[i]);

  out = loft_async_children_remove (&children, ended);
  g_assert_cmpuint (out->len, ==, MANY / 2);
  g_assert_cmpuint (children.links->len, ==, MANY / 2);
  for (guint i = 0; i < MANY / 2; i++)
    g_assert_true (children.links->pdata[i] == family.links[2 * i + 1]);
  g_ptr_array_unref (out);

  /* They are not many again before there are twice as many as were kept, or the work would grow
   * with the square of their number. */
  g_assert_false (loft_async_children_are_many (&children));
  loft_async_children_clear (&children);
  family_end (&family, MANY);
}

/* A cancel has taken the children while somebody was finding out which of them have ended. */
static void
test_taken_meanwhile (void)
{
  LoftAsyncChildren children = { NULL };
  g_autoptr (GPtrArray) all = NULL;
  GPtrArray *out;
  Family family;

  family_begin (&family, &children, MANY);
  all = loft_async_children_dup (&children);
  g_ptr_array_unref (loft_async_children_take (&children));
  out = loft_async_children_remove (&children, all);
  g_assert_cmpuint (out->len, ==, 0);
  g_assert_null (children.links);
  g_ptr_array_unref (out);
  family_end (&family, MANY);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/async-children/order", test_order);
  g_test_add_func ("/async-children/remove", test_remove);
  g_test_add_func ("/async-children/taken-meanwhile", test_taken_meanwhile);
  return g_test_run ();
}
