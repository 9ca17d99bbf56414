/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Work that has an owner is cancelled when the owner goes, and keeps the owner alive only while it
 * runs. */

#include "test-util.h"

#define MANY 50000

static gboolean
drop_owner (LoftAsyncAction *action,
            gpointer         owner,
            GError         **error)
{
  g_object_unref (*(GObject **) owner);
  g_assert_true (G_IS_OBJECT (*(GObject **) owner)); /* the owner is held while its work runs */
  return TRUE;
}

static void
test_owner_alive (void)
{
  GObject *owner = g_object_new (G_TYPE_OBJECT, NULL);
  int ran = 0;
  g_autoptr (LoftAsyncAction)
    action = loft_dispatcher_run_for_async (loft_dispatcher_get_default (), 0, owner, test_succeed,
                                            &ran, NULL);

  g_assert_cmpuint (owner->ref_count, ==, 1);
  test_drain (NULL);
  g_assert_cmpint (ran, ==, 1);
  g_assert_cmpuint (owner->ref_count, ==, 1);
  g_object_unref (owner);
}

static void
test_owner_gone (void)
{
  GObject *owner = g_object_new (G_TYPE_OBJECT, NULL);
  int released = 0;
  g_autoptr (LoftAsyncAction)
    action = loft_dispatcher_run_for_async (loft_dispatcher_get_default (), 0, owner, test_succeed,
                                            &released, test_count);

  g_object_unref (owner);
  g_assert_true (loft_async_info_has_ended (LOFT_ASYNC_INFO (action)));
  g_assert_cmpint (loft_async_info_get_cancel_reason (LOFT_ASYNC_INFO (action)), ==,
                   LOFT_CANCEL_REASON_OWNER_GONE);
  test_drain (NULL);
  g_assert_cmpint (released, ==, 1);
}

/* A window that is closed is disposed while others still hold it. Its work is cancelled then. */
static void
test_owner_disposed (void)
{
  g_autoptr (GObject) owner = g_object_new (G_TYPE_OBJECT, NULL);
  int ran = 0;
  g_autoptr (LoftAsyncAction)
    action = loft_dispatcher_run_for_async (loft_dispatcher_get_default (), 0, owner, test_succeed,
                                            &ran, NULL);

  g_object_run_dispose (owner);
  g_assert_cmpint (loft_async_info_get_cancel_reason (LOFT_ASYNC_INFO (action)), ==,
                   LOFT_CANCEL_REASON_OWNER_GONE);
  test_drain (NULL);
  g_assert_cmpint (ran, ==, 0);
}

static void
test_owner_dropped_by_its_work (void)
{
  GObject *owner = g_object_new (G_TYPE_OBJECT, NULL);
  g_autoptr (LoftAsyncAction)
    action = loft_dispatcher_run_for_async (loft_dispatcher_get_default (), 0, owner, drop_owner,
                                            &owner, NULL);

  g_object_add_weak_pointer (owner, (gpointer *) &owner);
  test_drain (NULL);
  g_assert_null (owner);
  g_assert_true (loft_async_info_has_ended (LOFT_ASYNC_INFO (action)));
}

static void
test_cancel_for (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (LoftDispatcher) other = loft_dispatcher_get_for_context (context);
  g_autoptr (GObject) owner = g_object_new (G_TYPE_OBJECT, NULL),
                      stranger = g_object_new (G_TYPE_OBJECT, NULL);
  LoftAsyncAction *actions[10];
  g_autoptr (LoftAsyncAction) theirs = NULL, elsewhere = NULL;
  int ran = 0;

  for (int i = 0; i < 10; i++)
    actions[i] = loft_dispatcher_run_for_async (loft_dispatcher_get_default (), i % 4 - 2, owner,
                                                test_succeed, &ran, NULL);
  theirs = loft_dispatcher_run_for_async (loft_dispatcher_get_default (), 0, stranger, test_succeed,
                                          &ran, NULL);
  elsewhere = loft_dispatcher_run_for_async (other, 0, owner, test_succeed, &ran, NULL);
  g_assert_cmpuint (loft_dispatcher_cancel_for (loft_dispatcher_get_default (), owner), ==, 10);
  g_assert_cmpuint (loft_dispatcher_cancel_for (loft_dispatcher_get_default (), owner), ==, 0);
  test_drain (NULL);
  test_run_until_ended (context, elsewhere);
  g_assert_cmpint (ran, ==, 2);
  for (int i = 0; i < 10; i++)
    {
      g_assert_cmpint (loft_async_info_get_cancel_reason (LOFT_ASYNC_INFO (actions[i])), ==,
                       LOFT_CANCEL_REASON_REQUESTED);
      g_object_unref (actions[i]);
    }
}

static void
on_event (LoftEventSource *source,
          LoftEventArgs   *args,
          gpointer         data)
{
}

/* loft_dispatcher_cancel_for () leaves everything else that the owner has alone. */
static void
test_cancel_for_work_only (void)
{
  LoftDispatcher *d = loft_dispatcher_get_default ();
  g_autoptr (GObject) owner = g_object_new (G_TYPE_OBJECT, NULL);
  g_autoptr (LoftAction) bare = loft_action_new ();
  g_autoptr (LoftEventSource) source = loft_event_source_new ();
  g_autoptr (LoftAsyncAction) posted = NULL, pooled = NULL;
  int handled = 0;

  loft_async_info_set_completed_for (LOFT_ASYNC_INFO (bare), owner, test_on_completed, &handled,
                                     NULL, NULL);
  loft_async_info_bind_owner (LOFT_ASYNC_INFO (bare), owner);
  loft_event_source_add_for (source, owner, on_event, NULL, NULL);
  pooled = loft_thread_pool_run_for_async (owner, test_succeed, NULL, NULL);
  posted = loft_dispatcher_run_for_async (d, 0, owner, test_succeed, NULL, NULL);
  g_assert_cmpuint (loft_dispatcher_cancel_for (d, owner), ==, 1);
  assert_status (posted, CANCELED);
  assert_status (bare, STARTED);
  g_assert_true (loft_async_info_wait_unchecked (LOFT_ASYNC_INFO (pooled), NULL));
  assert_status (pooled, COMPLETED);
  loft_async_base_complete (LOFT_ASYNC_BASE (bare));
  test_drain (NULL);
}

/* Work that somebody else ends before its turn leaves nothing with its owner. */
static void
test_ended_by_hand (void)
{
  g_autoptr (GObject) owner = g_object_new (G_TYPE_OBJECT, NULL);
  LoftAsyncAction *action = loft_dispatcher_run_for_async (loft_dispatcher_get_default (), 0, owner,
                                                           test_succeed, NULL, NULL);

  g_object_add_weak_pointer (G_OBJECT (action), (gpointer *) &action);
  g_assert_true (loft_async_base_complete (LOFT_ASYNC_BASE (action)));
  g_object_unref (action);
  test_drain (NULL);
  g_assert_null (action);
}

/* One owner has so many works that handling them in a time that grows with the square of their
 * number would take minutes. First they run, and then the end of the owner cancels others. */
static void
test_many (void)
{
  GObject *owner = g_object_new (G_TYPE_OBJECT, NULL);
  int ran = 0, released = 0;

  for (int i = 0; i < MANY; i++)
    loft_async_info_forget (
      LOFT_ASYNC_INFO (loft_dispatcher_run_for_async (loft_dispatcher_get_default (), 0, owner,
                                                      test_succeed, &ran, NULL)));
  while (test_get (&ran) < MANY)
    g_main_context_iteration (NULL, TRUE);

  for (int i = 0; i < MANY; i++)
    loft_async_info_forget (
      LOFT_ASYNC_INFO (loft_dispatcher_run_for_async (loft_dispatcher_get_default (), 0, owner,
                                                      test_succeed, &released, test_count)));
  g_object_unref (owner);
  while (test_get (&released) < MANY)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (released, ==, MANY);
}

/* A toggle notify on the owner, as bindings use it, may call Loft, because no lock is held. */

typedef struct
{
  LoftAsyncAction *action;
  guint64 id;
} Toggle;

static void
on_toggle (gpointer  data,
           GObject  *owner,
           gboolean  is_last)
{
  Toggle *toggle = data;

  if (toggle->action != NULL)
    toggle->id = loft_async_info_get_id (LOFT_ASYNC_INFO (toggle->action));
}

static void
test_toggled_owner (void)
{
  GObject *owner = g_object_new (G_TYPE_OBJECT, NULL);
  Toggle toggle = { NULL, 0 };
  int ran = 0;

  g_object_add_toggle_ref (owner, on_toggle, &toggle);
  g_object_unref (owner); /* the toggle reference is the last, so the next reference toggles */
  toggle.action = loft_dispatcher_run_for_async (loft_dispatcher_get_default (), 0, owner,
                                                 test_succeed, &ran, NULL);
  test_drain (NULL);
  g_assert_cmpint (ran, ==, 1);
  g_assert_cmpuint (toggle.id, !=, 0);
  g_clear_object (&toggle.action);
  g_object_remove_toggle_ref (owner, on_toggle, &toggle);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/owned-work/owner-alive", test_owner_alive);
  g_test_add_func ("/owned-work/owner-gone", test_owner_gone);
  g_test_add_func ("/owned-work/owner-disposed", test_owner_disposed);
  g_test_add_func ("/owned-work/owner-dropped-by-its-work", test_owner_dropped_by_its_work);
  g_test_add_func ("/owned-work/cancel-for", test_cancel_for);
  g_test_add_func ("/owned-work/cancel-for-work-only", test_cancel_for_work_only);
  g_test_add_func ("/owned-work/ended-by-hand", test_ended_by_hand);
  g_test_add_func ("/owned-work/many", test_many);
  g_test_add_func ("/owned-work/toggled-owner", test_toggled_owner);
  return g_test_run ();
}
