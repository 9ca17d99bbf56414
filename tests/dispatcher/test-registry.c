/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The registry: a context has one dispatcher for as long as somebody holds it, and all dispatchers
 * are listed. */

#include "test-util.h"
#include "dispatcher/loft-registry-private.h"

static gboolean
is_listed (LoftDispatcher *dispatcher)
{
  g_autoptr (GPtrArray) all = loft_registry_snapshot ();

  return g_ptr_array_find (all, dispatcher, NULL);
}

static void
test_one_for_a_context (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  LoftDispatcher *first, *again;

  g_assert_null (loft_registry_lookup (context));
  first = loft_dispatcher_get_for_context (context);
  again = loft_registry_lookup (context);
  g_assert_true (first == again);
  g_assert_true (is_listed (first));

  g_object_unref (again);
  g_object_unref (first);
  g_assert_null (loft_registry_lookup (context));
}

typedef struct
{
  GMainContext *context;
  LoftDispatcher *found;
} Seeker;

static void *
seek (void *data)
{
  Seeker *seeker = data;

  seeker->found = loft_dispatcher_get_for_context (seeker->context);
  return NULL;
}

/* Threads that ask for the dispatcher of one context at the same moment all get the same one. */
static void
test_settle (void)
{
  for (guint round = 0; round < 200; round++)
    {
      g_autoptr (GMainContext) context = g_main_context_new ();
      Seeker seekers[4];
      pthread_t threads[4];

      for (guint i = 0; i < 4; i++)
        {
          seekers[i] = (Seeker) { context, NULL };
          pthread_create (&threads[i], NULL, seek, &seekers[i]);
        }
      for (guint i = 0; i < 4; i++)
        pthread_join (threads[i], NULL);
      for (guint i = 0; i < 4; i++)
        g_assert_true (seekers[i].found == seekers[0].found);
      for (guint i = 0; i < 4; i++)
        g_object_unref (seekers[i].found);
      g_assert_null (loft_registry_lookup (context));
    }
}

static void
test_not_inherited (void)
{
  g_object_unref (loft_dispatcher_get_for_current_thread ());
  g_assert_false (loft_registry_is_inherited ());
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/registry/one-for-a-context", test_one_for_a_context);
  g_test_add_func ("/registry/settle", test_settle);
  g_test_add_func ("/registry/not-inherited", test_not_inherited);
  return g_test_run ();
}
