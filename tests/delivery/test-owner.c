/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftOwner: a list of what dies with a GObject. When the GObject goes, each entry is told once, in
 * the order in which it was added, unless it has left the list before. */

#include "test-util.h"
#include "delivery/loft-owner-private.h"

#define MANY 100000

typedef struct
{
  LoftOwned owned;
  int number;
} Thing;

static GArray *told;

static gpointer
leave (Thing *thing)
{
  gpointer item = loft_owned_leave (&thing->owned);

  loft_owned_clear (&thing->owned);
  return item;
}

static void
on_gone (gpointer thing)
{
  g_array_append_val (told, ((Thing *) thing)->number);
  leave (thing);
}

static Thing *
add_thing (GObject *owner,
           int      number)
{
  Thing *thing = g_new0 (Thing, 1);

  thing->number = number;
  loft_owner_add (owner, &thing->owned, thing, on_gone);
  return thing;
}

static void
set_up (void)
{
  told = g_array_new (FALSE, FALSE, sizeof (int));
}

static void
assert_told (const int *numbers,
             guint      n)
{
  g_assert_cmpmem (told->data, told->len * sizeof (int), numbers, n * sizeof (int));
  g_array_unref (told);
}

static void
test_order (void)
{
  GObject *owner = g_object_new (G_TYPE_OBJECT, NULL);
  g_autofree Thing *a = add_thing (owner, 1);
  g_autofree Thing *b = add_thing (owner, 2);
  g_autofree Thing *c = add_thing (owner, 3);

  set_up ();
  g_assert_true (leave (b) == b);
  g_object_unref (owner);
  assert_told ((int[]) { a->number, c->number }, 2);
}

/* A reference to the owner can be taken until the owner is gone. */
static void
test_dup (void)
{
  GObject *owner = g_object_new (G_TYPE_OBJECT, NULL);
  g_autofree Thing *thing = add_thing (owner, 1);
  LoftOwner *link = loft_owner_ref (thing->owned.owner);
  g_autoptr (GObject) got = loft_owner_dup (link);

  g_assert_true (got == owner);
  g_clear_object (&got);
  g_assert_true (leave (thing) == thing);
  g_object_unref (owner);
  g_assert_null (loft_owner_dup (link));
  loft_owner_unref (link);
}

/* An owner that is disposed may live on. What it owns from then on dies with its next dispose. */
static void
test_disposed_twice (void)
{
  GObject *owner = g_object_new (G_TYPE_OBJECT, NULL);
  g_autofree Thing *a = add_thing (owner, 1);
  g_autofree Thing *b = NULL;

  set_up ();
  g_object_run_dispose (owner);
  g_assert_cmpuint (told->len, ==, 1);
  b = add_thing (owner, 2);
  g_object_unref (owner);
  assert_told ((int[]) { a->number, b->number }, 2);
}

static void
count_item (gpointer item,
            gpointer count)
{
  (*(int *) count)++;
}

/* There are so many entries that work which grows with the square of their number would take
 * minutes. */
static void
test_many (void)
{
  GObject *owner = g_object_new (G_TYPE_OBJECT, NULL);
  g_autoptr (GPtrArray) things = g_ptr_array_new_with_free_func (g_free);
  int count = 0;

  set_up ();
  for (int i = 0; i < MANY; i++)
    g_ptr_array_add (things, add_thing (owner, i));
  for (int i = 0; i < MANY; i += 2)
    g_assert_nonnull (leave (things->pdata[i]));
  loft_owner_foreach (owner, on_gone, count_item, &count);
  loft_owner_foreach (owner, NULL, count_item, &count); /* none is of that kind */
  g_assert_cmpint (count, ==, MANY / 2);
  g_object_unref (owner);
  g_assert_cmpuint (told->len, ==, MANY / 2);
  for (int i = 0; i < MANY / 2; i++)
    g_assert_cmpint (g_array_index (told, int, i), ==, 2 * i + 1);
  g_array_unref (told);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/owner/order", test_order);
  g_test_add_func ("/owner/dup", test_dup);
  g_test_add_func ("/owner/disposed-twice", test_disposed_twice);
  g_test_add_func ("/owner/many", test_many);
  return g_test_run ();
}
