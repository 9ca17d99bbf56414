/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftRelay: what an object says that a worker changes, emitted at home. */

#include "controlled.h"
#include "speaker.h"

static TestSpeaker *source;
static GString *heard;

static gboolean
is_home (void)
{
  return loft_dispatcher_has_thread_access (loft_dispatcher_get_default ());
}

static void
on_changed (LoftRelay    *relay,
            GParamSpec   *property,
            const GValue *value,
            gpointer      user_data)
{
  g_autofree char *text = g_strdup_value_contents (value);

  g_assert_true (is_home ());
  g_string_append_printf (heard, "%s=%s ", property->name, text);
}

static void
on_said (gpointer    sender,
         int         number,
         const char *text,
         gpointer    mark)
{
  g_assert_true (is_home ());
  g_string_append_printf (heard, "%s%d:%s ", (char *) mark, number, text);
}

static void
assert_heard (const char *expected)
{
  test_drain (NULL);
  g_assert_cmpstr (heard->str, ==, expected);
  g_string_set_size (heard, 0);
}

static LoftRelay *
relay_new (gpointer target)
{
  LoftRelay *relay = loft_relay_new (G_OBJECT (source), target);

  g_signal_connect (relay, "changed", G_CALLBACK (on_changed), NULL);
  return relay;
}

static void
run_case (gconstpointer func)
{
  source = g_object_new (TEST_TYPE_SPEAKER, NULL);
  heard = g_string_new (NULL);
  ((void (*) (void)) func) ();
  test_drain (NULL);
  g_clear_object (&source);
  g_string_free (heard, TRUE);
}

/* Runs a function on a thread without a home, which is the worker. */
static void *
run_func (void *func)
{
  ((void (*) (void)) func) ();
  return NULL;
}

static void
on_worker (void (*func) (void))
{
  test_on_thread (run_func, (void *) func);
}

static void
change_properties (void)
{
  g_object_set (source, "number", 1, NULL);
  g_object_set (source, "text", "a", NULL);
  g_object_set (source, "number", 2, NULL);
  g_object_set (source, "number", 3, NULL);
}

/* Of each property the last value arrives, once. */
static void
test_properties (void)
{
  g_autoptr (LoftRelay) relay = relay_new (NULL);
  g_auto (GValue) number = G_VALUE_INIT;

  on_worker (change_properties);
  g_assert_cmpstr (heard->str, ==, "");
  g_assert_false (loft_relay_get_value (relay, "number", &number));
  assert_heard ("number=3 text=\"a\" ");
  g_assert_true (loft_relay_get_value (relay, "number", &number));
  g_assert_cmpint (g_value_get_int (&number), ==, 3);
  on_worker (change_properties);
  assert_heard ("number=3 text=\"a\" ");
}

static void
on_number (LoftRelay    *relay,
           GParamSpec   *property,
           const GValue *value,
           gpointer      count)
{
  test_count (count);
}

static void
test_detail (void)
{
  g_autoptr (LoftRelay) relay = loft_relay_new (G_OBJECT (source), NULL);
  int count = 0;

  g_signal_connect (relay, "changed::text", G_CALLBACK (on_number), &count);
  on_worker (change_properties);
  test_drain (NULL);
  g_assert_cmpint (count, ==, 1);
}

/* The target at home follows the source. */
static void
on_target_notify (GObject    *target,
                  GParamSpec *property,
                  gpointer    user_data)
{
  g_assert_true (is_home ());
  g_string_append_printf (heard, "notify::%s ", property->name);
}

static void
test_target (void)
{
  g_autoptr (TestSpeaker) target = g_object_new (TEST_TYPE_SPEAKER, NULL);
  g_autoptr (LoftRelay) relay = loft_relay_new (G_OBJECT (source), G_OBJECT (target));

  g_signal_connect (target, "notify", G_CALLBACK (on_target_notify), NULL);
  on_worker (change_properties);
  assert_heard ("notify::number notify::text ");
  g_assert_cmpint (target->number, ==, 3);
  g_assert_cmpstr (target->text, ==, "a");
  g_assert_true (loft_relay_get_target (relay) == G_OBJECT (target));
}

/* What the source had before is sent when that is asked for. */
static void
send_all (void)
{
  g_autoptr (LoftRelay) relay =
    loft_relay_new_for_dispatcher (loft_dispatcher_get_default (), G_OBJECT (source), NULL);

  g_signal_connect (relay, "changed", G_CALLBACK (on_changed), NULL);
  loft_relay_send_all (relay);
}

static void
test_send_all (void)
{
  g_object_set (source, "number", 7, NULL);
  on_worker (send_all);
  assert_heard ("number=7 text=NULL thing=NULL ");
}

static void
emit (void)
{
  g_object_set (source, "number", 1, NULL);
  g_signal_emit_by_name (source, "said", 1, "a");
  g_object_set (source, "number", 2, NULL);
  g_signal_emit_by_name (source, "said", 2, "b");
}

/* Signals arrive each time. The values that they find are at least as new as they were. */
static void
test_signals (void)
{
  g_autoptr (LoftRelay) relay = relay_new (NULL);

  loft_relay_add_handler (relay, "said", G_CALLBACK (on_said), "said", NULL, NULL);
  on_worker (emit);
  assert_heard ("number=2 said1:a said2:b ");
}

static void
test_signal_on_target (void)
{
  g_autoptr (TestSpeaker) target = g_object_new (TEST_TYPE_SPEAKER, NULL);
  g_autoptr (LoftRelay) relay = loft_relay_new (G_OBJECT (source), G_OBJECT (target));

  g_signal_connect (target, "said", G_CALLBACK (on_said), "target");
  g_assert_cmpuint (loft_relay_add_signal (relay, "said", NULL), !=, 0);
  on_worker (emit);
  assert_heard ("target1:a target2:b ");
}

/* The detail of the emission is that of the source's. */
static void
emit_with_detail (void)
{
  g_signal_emit_by_name (source, "said::loud", 1, "a");
  g_signal_emit_by_name (source, "said::softly", 2, "b");
  g_signal_emit_by_name (source, "said", 3, "c");
}

static void
test_detail_on_target (void)
{
  g_autoptr (TestSpeaker) target = g_object_new (TEST_TYPE_SPEAKER, NULL);
  g_autoptr (LoftRelay) relay = loft_relay_new (G_OBJECT (source), G_OBJECT (target));

  g_signal_connect (target, "said::softly", G_CALLBACK (on_said), "softly");
  loft_relay_add_signal (relay, "said", NULL);
  on_worker (emit_with_detail);
  assert_heard ("softly2:b ");
}

/* A handler that is disconnected at home is not called for what was on its way. Its data is
 * released at home. */
static void
on_released (gpointer data)
{
  g_assert_true (is_home ());
  test_count (data);
}

static void
test_disconnect (void)
{
  g_autoptr (LoftRelay) relay = loft_relay_new (G_OBJECT (source), NULL);
  int released = 0;
  guint64 id = loft_relay_add_handler (relay, "said", G_CALLBACK (on_said), &released, on_released,
                                       NULL);

  on_worker (emit);
  g_assert_true (loft_relay_remove (relay, id));
  g_assert_false (loft_relay_remove (relay, id));
  on_worker (emit);
  assert_heard ("");
  g_assert_cmpint (released, ==, 1);
}

/* Signals that can't be relayed are refused, and the error says why. */
static void
assert_cannot_connect (LoftRelay  *relay,
                       const char *signal,
                       const char *why)
{
  g_autoptr (GError) error = NULL;
  int released = 0;

  g_assert_cmpuint (loft_relay_add_handler (relay, signal, G_CALLBACK (on_said), &released,
                                            on_released, &error),
                    ==, 0);
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_INVALID_ARGUMENT);
  g_assert_nonnull (strstr (error->message, why));
  g_assert_cmpint (released, ==, 1);
}

static void
test_bad_signals (void)
{
  g_autoptr (LoftRelay) relay = loft_relay_new (G_OBJECT (source), NULL);
  g_autoptr (GObject) target = g_object_new (G_TYPE_OBJECT, NULL);
  g_autoptr (LoftRelay) other = loft_relay_new (G_OBJECT (source), target);
  g_autoptr (GError) error = NULL, other_error = NULL;

  assert_cannot_connect (relay, "sung", "no such signal");
  assert_cannot_connect (relay, "notify::number", "LoftRelay::changed");
  assert_cannot_connect (relay, "asked", "answer");
  assert_cannot_connect (relay, "pointed", "plain pointer");
  g_assert_cmpuint (loft_relay_add_signal (relay, "said", &error), ==, 0);
  g_assert_nonnull (strstr (error->message, "no target"));
  g_assert_cmpuint (loft_relay_add_signal (other, "said", &other_error), ==, 0);
  g_assert_nonnull (strstr (other_error->message, "the target has no such signal"));
}

/* When the source is gone, all that it said has arrived, and the relay says that it is complete. */
static void
emit_and_go (void)
{
  emit ();
  g_clear_object (&source);
}

static void
on_complete (GObject    *relay,
             GParamSpec *property,
             gpointer    user_data)
{
  g_string_append (heard, "complete ");
}

static void
test_complete (void)
{
  g_autoptr (LoftRelay) relay = relay_new (NULL);

  g_signal_connect (relay, "notify::is-complete", G_CALLBACK (on_complete), NULL);
  on_worker (emit_and_go);
  g_assert_false (loft_relay_is_complete (relay));
  g_assert_null (loft_relay_dup_source (relay));
  assert_heard ("number=2 complete ");
  g_assert_true (loft_relay_is_complete (relay));
  g_assert_cmpuint (loft_relay_add_handler (relay, "said", G_CALLBACK (on_said), NULL, NULL, NULL),
                    ==, 0);
}

/* A relay that is dropped still delivers what was said before, and nothing else. */
static void
test_let_go (void)
{
  LoftRelay *relay = relay_new (NULL);

  on_worker (emit);
  g_object_unref (relay);
  assert_heard ("number=2 ");
  on_worker (emit);
  assert_heard ("");
}

static void
test_flush (void)
{
  g_autoptr (LoftRelay) relay = relay_new (NULL);

  on_worker (emit);
  loft_relay_flush (relay);
  g_assert_cmpstr (heard->str, ==, "number=2 ");
  assert_heard ("number=2 "); /* and not again */
}

/* A handler that runs a loop of its own does not hold up the rest. */
static void
run_loop (LoftRelay    *relay,
          GParamSpec   *property,
          const GValue *value,
          gpointer      user_data)
{
  g_string_append (heard, "( ");
  test_drain (NULL);
  g_string_append (heard, ") ");
}

static void
test_nested_loop (void)
{
  g_autoptr (LoftRelay) relay = loft_relay_new (G_OBJECT (source), NULL);

  g_signal_connect (relay, "changed::number", G_CALLBACK (run_loop), NULL);
  loft_relay_add_handler (relay, "said", G_CALLBACK (on_said), "", NULL, NULL);
  on_worker (emit);
  assert_heard ("( 1:a 2:b ) ");
}

/* An object that is the value of a property is released at home. */
static void
on_thing_gone (gpointer  user_data,
               GObject  *thing)
{
  g_assert_true (is_home ());
  test_count (user_data);
}

static int things_gone;

static void
set_thing (void)
{
  g_autoptr (GObject) thing = g_object_new (G_TYPE_OBJECT, NULL);

  g_object_weak_ref (thing, on_thing_gone, &things_gone);
  g_object_set (source, "thing", thing, NULL);
  g_clear_object (&source->thing);
}

static void
test_release (void)
{
  LoftRelay *relay = loft_relay_new (G_OBJECT (source), NULL);

  things_gone = 0;
  on_worker (set_thing);
  test_drain (NULL);
  g_assert_cmpint (things_gone, ==, 0); /* it is the last value */
  g_object_unref (relay);
  g_assert_cmpint (things_gone, ==, 1);
}

/* A home that has shut down: the loss is counted, and said once. It is found on the worker, or by
 * the home's thread. */
static int losses_said; /* atomic */

static void
on_message (const char    *domain,
            GLogLevelFlags level,
            const char    *message,
            gpointer       user_data)
{
  g_assert_nonnull (strstr (message, "was not relayed"));
  g_assert_nonnull (strstr (message, "\"gone\" has shut down"));
  __atomic_fetch_add (&losses_said, 1, __ATOMIC_RELEASE);
}

static void
test_home_gone (void)
{
  guint n, handler = g_log_set_handler ("Loft", G_LOG_LEVEL_MESSAGE, on_message, NULL);
  g_autoptr (LoftDispatcherController)
    controller = loft_dispatcher_controller_new_on_dedicated_thread ("gone", NULL);
  g_autoptr (LoftDispatcher)
    dispatcher = g_object_ref (loft_dispatcher_controller_get_dispatcher (controller));
  g_autoptr (LoftRelay) relay =
    loft_relay_new_for_dispatcher (dispatcher, G_OBJECT (source), NULL);
  g_autoptr (LoftAsyncAction) down = loft_dispatcher_controller_shutdown_async (controller);

  test_run_until_ended (NULL, down);
  do /* its thread may still relay what comes before its last act */
    on_worker (emit);
  while (loft_dispatcher_get_undelivered (dispatcher) == 0);
  while (test_get (&losses_said) == 0)
    sched_yield ();
  n = loft_dispatcher_get_undelivered (dispatcher);
  on_worker (emit);
  g_assert_cmpuint (loft_dispatcher_get_undelivered (dispatcher), >=, n + 2);
  g_assert_cmpint (test_get (&losses_said), ==, 1);
  g_log_remove_handler ("Loft", handler);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define CASE(name, func) g_test_add_data_func ("/relay/" name, func, run_case)
  CASE ("properties", test_properties);
  CASE ("detail", test_detail);
  CASE ("target", test_target);
  CASE ("send-all", test_send_all);
  CASE ("signals", test_signals);
  CASE ("signal-on-target", test_signal_on_target);
  CASE ("detail-on-target", test_detail_on_target);
  CASE ("disconnect", test_disconnect);
  CASE ("bad-signals", test_bad_signals);
  CASE ("complete", test_complete);
  CASE ("let-go", test_let_go);
  CASE ("flush", test_flush);
  CASE ("nested-loop", test_nested_loop);
  CASE ("release", test_release);
  CASE ("home-gone", test_home_gone);
  return g_test_run ();
}
