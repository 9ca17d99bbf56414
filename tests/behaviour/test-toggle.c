/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Objects with toggle references, as bindings have them. Taking the second reference to such an
 * object, or dropping it, calls foreign code, which may call Loft. So Loft takes no reference under
 * a lock. If it did, each of these tests would wait for itself. */

#include "test-util.h"

typedef struct
{
  LoftAsyncInfo *info;       /* asked for its id, which takes its lock */
  GMainContext *context;     /* asked for its dispatcher, which takes the registry's */
  int toggled;
} Toggle;

static void
on_toggle (gpointer  data,
           GObject  *object,
           gboolean  is_last)
{
  Toggle *toggle = data;

  toggle->toggled++;
  if (toggle->info != NULL)
    g_assert_cmpuint (loft_async_info_get_id (toggle->info), !=, 0);
  if (toggle->context != NULL && !is_last)
    {
      g_autoptr (LoftDispatcher) dispatcher = loft_dispatcher_get_for_context (toggle->context);

      g_assert_true ((gpointer) dispatcher == (gpointer) object);
    }
}

/* From here on the toggle reference is the only one. */
static void
toggle_on (gpointer  object,
           Toggle   *toggle)
{
  g_object_add_toggle_ref (object, on_toggle, toggle);
  g_object_unref (object);
}

static void
test_cancel (void)
{
  Toggle toggle = { NULL }, child_toggle = { NULL };
  LoftAction *action = loft_action_new (), *child = loft_action_new ();

  loft_async_base_propagate_cancel (LOFT_ASYNC_BASE (action), LOFT_ASYNC_INFO (child));
  toggle_on (action, &toggle);
  toggle_on (child, &child_toggle);
  toggle.info = child_toggle.info = LOFT_ASYNC_INFO (action);
  loft_async_info_cancel (LOFT_ASYNC_INFO (action));
  assert_status (child, CANCELED);
  g_assert_cmpint (toggle.toggled, >, 0);
  g_assert_cmpint (child_toggle.toggled, >, 0);
  loft_action_complete (child);
  loft_action_complete (action);
  toggle.info = child_toggle.info = NULL;
  g_object_remove_toggle_ref (G_OBJECT (action), on_toggle, &toggle);
  g_object_remove_toggle_ref (G_OBJECT (child), on_toggle, &child_toggle);
}

static void
test_dispatcher (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  LoftDispatcher *dispatcher = loft_dispatcher_get_for_context (context);
  LoftDispatcher *again;
  Toggle toggle = { NULL };

  toggle_on (dispatcher, &toggle);
  toggle.context = context;
  again = loft_dispatcher_get_for_context (context);
  g_assert_true (again == dispatcher);
  g_assert_cmpint (toggle.toggled, >, 0);
  toggle.context = NULL;
  g_object_unref (again);
  g_object_remove_toggle_ref (G_OBJECT (dispatcher), on_toggle, &toggle);
}

static gboolean
go_on (LoftAsyncInfo *antecedent,
       gpointer       user_data,
       GError       **error)
{
  return TRUE;
}

/* A wait looks along the objects that are waited for. */
static void
test_wait (void)
{
  LoftAction *antecedent = loft_action_new ();
  g_autoptr (LoftAsyncAction)
    next = loft_async_info_continue_with (LOFT_ASYNC_INFO (antecedent), go_on, NULL, NULL);
  g_autoptr (GError) error = NULL;
  Toggle toggle = { NULL };

  toggle_on (antecedent, &toggle);
  toggle.info = LOFT_ASYNC_INFO (next);
  g_assert_false (loft_async_info_wait_unchecked (LOFT_ASYNC_INFO (next), &error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_DEADLOCK); /* it would run here */
  loft_action_complete (antecedent);
  test_run_until_ended (NULL, next);
  toggle.info = NULL;
  g_object_remove_toggle_ref (G_OBJECT (antecedent), on_toggle, &toggle);
}

static void
nothing (gpointer data)
{
}

/* A post with a key looks at the table of keys under a lock, and the queue takes a reference to the
 * dispatcher. */

static void
on_toggle_post (gpointer  data,
                GObject  *object,
                gboolean  is_last)
{
  Toggle *toggle = data;

  toggle->toggled++;
  if (toggle->context != NULL && !is_last && toggle->toggled == 1)
    g_assert_true (loft_dispatcher_enqueue_coalesced (LOFT_DISPATCHER (object), 0, "other", nothing,
                                                      NULL, NULL));
}

static void
test_coalesced (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  LoftDispatcher *dispatcher = loft_dispatcher_get_for_context (context);
  Toggle toggle = { .context = context };

  g_object_add_toggle_ref (G_OBJECT (dispatcher), on_toggle_post, &toggle);
  g_object_unref (dispatcher);
  toggle.toggled = 0;
  g_assert_true (loft_dispatcher_enqueue_coalesced (dispatcher, 0, "key", nothing, NULL, NULL));
  g_assert_cmpint (toggle.toggled, >, 0);
  toggle.context = NULL;
  test_drain (context);
  g_object_remove_toggle_ref (G_OBJECT (dispatcher), on_toggle_post, &toggle);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/toggle/cancel", test_cancel);
  g_test_add_func ("/toggle/dispatcher", test_dispatcher);
  g_test_add_func ("/toggle/wait", test_wait);
  g_test_add_func ("/toggle/coalesced", test_coalesced);
  return g_test_run ();
}
