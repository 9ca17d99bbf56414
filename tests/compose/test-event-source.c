/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Events whose handlers are called at their home. */

#include "said.h"

/* Handlers whose home is that of the raising thread are called inside of the raise, in their
 * order. */
static void
test_at_home (void)
{
  g_autoptr (LoftEventSource) source = loft_event_source_new ();
  g_autoptr (LoftAsyncAction) action = loft_event_source_raise_async (source, NULL);
  guint64 b;

  assert_status (action, COMPLETED); /* nobody listens */
  g_assert_cmpuint (loft_event_source_add (source, say, (gpointer) "a", NULL), !=, 0);
  b = loft_event_source_add (source, say, (gpointer) "b", NULL);
  loft_event_source_add_agile (source, say, (gpointer) "c", NULL);
  raise_text (source, "1");
  g_assert_cmpstr (said->str, ==, "a1b1c1");
  g_assert_true (loft_event_source_remove (source, b));
  g_assert_false (loft_event_source_remove (source, b));
  g_assert_false (loft_event_source_remove (source, 0));
  g_string_set_size (said, 0);
  raise_text (source, "2");
  g_assert_cmpstr (said->str, ==, "a2c2");
}

typedef struct
{
  LoftEventSource *source;
  LoftAsyncAction *action;
  guint64 token;
} Raise;

static void *
raise_elsewhere (void *data)
{
  Raise *raise = data;

  raise->action = loft_event_source_raise_async (raise->source, NULL);
  return NULL;
}

/* If the event is raised elsewhere, its handlers run at their home, and the raiser's action ends
 * when they have returned. */
static void
test_comes_home (void)
{
  Raise raise = { loft_event_source_new () };
  int released = 0;

  raise.token = loft_event_source_add (raise.source, say, (gpointer) "a", NULL);
  test_on_thread (raise_elsewhere, &raise);
  g_assert_cmpstr (said->str, ==, "");
  assert_status (raise.action, STARTED);
  test_run_until_ended (NULL, raise.action);
  g_assert_cmpstr (said->str, ==, "a");
  g_object_unref (raise.action);

  loft_event_source_add (raise.source, say, &released, test_count);
  g_object_unref (raise.source);
  g_assert_cmpint (released, ==, 1);
}

static void
take (LoftEventSource *source,
      LoftEventArgs   *args,
      gpointer         out_deferral)
{
  *(LoftDeferral **) out_deferral = loft_event_args_take_deferral (args, NULL);
}

static LoftEventArgs *kept;

static void
keep (LoftEventSource *source,
      LoftEventArgs   *args,
      gpointer         unused)
{
  kept = g_object_ref (args);
}

/* The raiser's action ends with the last deferral. After that no other deferral can be taken. */
static void
test_deferrals (void)
{
  g_autoptr (LoftEventSource) source = loft_event_source_new ();
  g_autoptr (LoftAsyncAction) action = NULL;
  LoftDeferral *first = NULL, *second = NULL, *third;
  g_autoptr (GError) error = NULL;

  loft_event_source_add (source, take, &first, NULL);
  loft_event_source_add (source, take, &second, NULL);
  loft_event_source_add (source, keep, NULL, NULL);
  action = loft_event_source_raise_async (source, NULL);
  assert_status (action, STARTED);
  loft_deferral_close (first);
  third = loft_event_args_take_deferral (kept, NULL); /* one is open */
  loft_deferral_close (second);
  assert_status (action, STARTED);
  loft_deferral_close (third);
  assert_status (action, COMPLETED);
  g_assert_null (loft_event_args_take_deferral (kept, &error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_ILLEGAL_METHOD_CALL);
  g_object_unref (first);
  g_object_unref (second);
  g_object_unref (third);
  g_clear_object (&kept);
}

static void
change (LoftEventSource *source,
        LoftEventArgs   *args,
        gpointer         token)
{
  g_string_append_c (said, 'r');
  loft_event_source_remove (source, *(guint64 *) token);
  loft_event_source_add (source, say, (gpointer) "n", NULL);
}

/* A handler that is added during a raise is called from the next raise on. A handler may remove
 * itself. */
static void
test_snapshot (void)
{
  g_autoptr (LoftEventSource) source = loft_event_source_new ();
  guint64 token;

  token = loft_event_source_add (source, change, &token, NULL);
  loft_event_source_add (source, say, (gpointer) "a", NULL);
  raise_text (source, "");
  g_assert_cmpstr (said->str, ==, "ra");
  raise_text (source, "");
  g_assert_cmpstr (said->str, ==, "raan");
}

static void
say_it (LoftEventSource *source,
        LoftEventArgs   *args,
        gpointer         text)
{
  g_string_append (said, text);
}

static void *
raise_it (void *source)
{
  loft_async_info_forget (LOFT_ASYNC_INFO (loft_event_source_raise_async (source, NULL)));
  return NULL;
}

/* If a handler is removed at its home while a raise is on its way to it, it is not called. */
static void
test_removed_at_home (void)
{
  g_autoptr (LoftEventSource) source = loft_event_source_new ();
  int released = 0;
  guint64 token = loft_event_source_add (source, say_it, &released, test_count);

  loft_event_source_add (source, say_it, (gpointer) "b", NULL);
  test_on_thread (raise_it, source);
  g_assert_true (loft_event_source_remove (source, token));
  g_assert_false (loft_event_source_remove (source, token));
  test_drain (NULL);
  g_assert_cmpstr (said->str, ==, "b");
  g_assert_cmpint (released, ==, 1);
}

static void
remove_other (LoftEventSource *source,
              LoftEventArgs   *args,
              gpointer         token)
{
  loft_event_source_remove (source, *(guint64 *) token);
}

/* The same holds if an earlier handler of the same raise removes it. */
static void
test_removed_by_another (void)
{
  g_autoptr (LoftEventSource) source = loft_event_source_new ();
  guint64 token;

  loft_event_source_add (source, remove_other, &token, NULL);
  token = loft_event_source_add (source, say_it, (gpointer) "a", NULL);
  raise_it (source);
  g_assert_cmpstr (said->str, ==, "");
}

/* A handler is removed with its owner, even if a raise is on its way to it. */
static void
test_owner (void)
{
  g_autoptr (LoftEventSource) source = loft_event_source_new ();
  GObject *owner = g_object_new (G_TYPE_OBJECT, NULL);
  int released = 0;

  loft_event_source_add_for (source, owner, say_it, (gpointer) "a", NULL);
  loft_event_source_add_for (source, owner, say_it, &released, test_count);
  g_assert_cmpuint (owner->ref_count, ==, 1);
  g_assert_true (loft_event_source_remove (source, 2));
  raise_it (source);
  g_assert_cmpstr (said->str, ==, "a");

  test_on_thread (raise_it, source);
  g_object_unref (owner);
  g_assert_cmpuint (loft_event_source_get_n_handlers (source), ==, 0);
  test_drain (NULL);
  g_assert_cmpstr (said->str, ==, "a");
  g_assert_cmpint (released, ==, 1);
}

/* If the event source goes before the owner, the handler's data is released then. */
static void
test_owner_outlives (void)
{
  LoftEventSource *source = loft_event_source_new ();
  g_autoptr (GObject) owner = g_object_new (G_TYPE_OBJECT, NULL);
  int released = 0;

  loft_event_source_add_for (source, owner, say_it, &released, test_count);
  g_object_unref (source);
  g_assert_cmpint (released, ==, 1);
}

static gboolean
add_there (LoftAsyncAction *action,
           gpointer         user_data,
           GError         **error)
{
  gpointer *both = user_data;

  loft_event_source_add (both[0], say, both[1], test_count);
  return TRUE;
}

/* A handler whose home is gone is removed and counted, and its data is released. */
static void
test_home_gone (void)
{
  g_autoptr (LoftEventSource) source = loft_event_source_new ();
  g_autoptr (LoftAsyncAction) added = NULL;
  gpointer both[2];
  int released = 0;
  Controlled c;

  controlled_start (&c);
  both[0] = source;
  both[1] = &released;
  loft_event_source_add (source, say, (gpointer) "a", NULL);
  added = loft_dispatcher_run_async (c.dispatcher, 0, add_there, both, NULL);
  g_assert_true (loft_async_info_wait_unchecked (LOFT_ASYNC_INFO (added), NULL));
  g_assert_cmpuint (loft_event_source_get_n_handlers (source), ==, 2);
  controlled_end (&c);
  controlled_wait_until_gone (&c);
  g_test_expect_message ("Loft", G_LOG_LEVEL_MESSAGE, "A handler of an event was removed*");
  raise_text (source, "");
  g_test_assert_expected_messages ();
  g_assert_cmpstr (said->str, ==, "a");
  g_assert_cmpuint (loft_event_source_get_n_handlers (source), ==, 1);
  g_assert_cmpint (test_get (&released), ==, 1);
  /* These are the call and the data. */
  g_assert_cmpuint (loft_dispatcher_get_undelivered (c.dispatcher), ==, 2);
  controlled_free (&c);
}

/* The same holds if the handler's own thread raises the event. */
static void
test_own_home_gone (void)
{
  g_autoptr (LoftEventSource) source = loft_event_source_new ();
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (LoftDispatcherController) controller = NULL;

  g_main_context_push_thread_default (context);
  controller = loft_dispatcher_controller_new_on_current_thread (NULL);
  loft_event_source_add (source, say, (gpointer) "a", NULL);
  raise_text (source, "1");
  g_assert_true (loft_dispatcher_controller_shutdown (controller, NULL));
  g_test_expect_message ("Loft", G_LOG_LEVEL_MESSAGE, "A handler of an event was removed*");
  raise_text (source, "2");
  g_test_assert_expected_messages ();
  g_assert_cmpstr (said->str, ==, "a1");
  g_assert_cmpuint (loft_event_source_get_n_handlers (source), ==, 0);
  g_main_context_pop_thread_default (context);
}

static void
count_event (LoftEventSource *source,
             LoftEventArgs   *args,
             gpointer         counter)
{
  test_count (counter);
}

static void *
churn (void *data)
{
  gpointer *both = data;

  for (int i = 0; i < 500; i++)
    {
      guint64 token = loft_event_source_add_agile (both[0], count_event, both[1], NULL);

      loft_async_info_forget (LOFT_ASYNC_INFO (loft_event_source_raise_async (both[0], NULL)));
      loft_event_source_remove (both[0], token);
    }
  return NULL;
}

static void
test_threads (void)
{
  g_autoptr (LoftEventSource) source = loft_event_source_new ();
  pthread_t threads[4];
  int called = 0;
  gpointer both[] = { source, &called };

  for (int i = 0; i < 4; i++)
    pthread_create (&threads[i], NULL, churn, both);
  for (int i = 0; i < 4; i++)
    pthread_join (threads[i], NULL);
  g_assert_cmpint (test_get (&called), >=, 2000); /* each called its own, at least */
  g_assert_cmpuint (loft_event_source_get_n_handlers (source), ==, 0);
}

static void
drop_source (LoftEventSource *source,
             LoftEventArgs   *args,
             gpointer         out_source)
{
  g_string_append_c (said, 'd');
  g_clear_object ((LoftEventSource **) out_source);
}

/* A handler may drop the event source that is being raised. */
static void
test_dropped_by_handler (void)
{
  LoftEventSource *source = loft_event_source_new ();
  g_autoptr (LoftAsyncAction) action = NULL;

  loft_event_source_add (source, drop_source, &source, NULL);
  loft_event_source_add (source, drop_source, &source, NULL);
  action = loft_event_source_raise_async (source, NULL);
  g_assert_null (source);
  g_assert_cmpstr (said->str, ==, "dd");
  assert_status (action, COMPLETED);
}

int
main (int   argc,
      char *argv[])
{
  const struct { const char *path; void (*func) (void); } cases[] = {
    { "/event-source/at-home", test_at_home },
    { "/event-source/comes-home", test_comes_home },
    { "/event-source/deferrals", test_deferrals },
    { "/event-source/snapshot", test_snapshot },
    { "/event-source/removed-at-home", test_removed_at_home },
    { "/event-source/removed-by-another", test_removed_by_another },
    { "/event-source/owner", test_owner },
    { "/event-source/owner-outlives", test_owner_outlives },
    { "/event-source/home-gone", test_home_gone },
    { "/event-source/own-home-gone", test_own_home_gone },
    { "/event-source/threads", test_threads },
    { "/event-source/dropped-by-handler", test_dropped_by_handler },
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_test_add_data_func (cases[i].path, (gconstpointer) cases[i].func, run_case);
  return g_test_run ();
}
