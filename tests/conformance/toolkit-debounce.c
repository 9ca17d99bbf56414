/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* T17 to T24: tests of the Community Toolkit's debounced timers, written anew. */

#include "own-context.h"
#include "base/loft-clock-private.h"

#define TOOLKIT \
  "CommunityToolkit/Windows components/Extensions/tests/DispatcherQueueTimerExtensionTests.cs: " \
  "DispatcherQueueTimer_Debounce_"

#define QUIET 60

static gint64 now;
static LoftDebouncer *debouncer;
static int released;
static const char *value; /* what the handler logs */

static void
pass (gint64 by)
{
  loft_clock_set (now += by);
  test_drain (f.context);
}

static void
say_value (gpointer unused)
{
  say ((gpointer) value);
}

static void
count_released (gpointer unused)
{
  released++;
}

static void
begin_debounce (void)
{
  begin ();
  loft_clock_set (now = g_get_monotonic_time ());
  released = 0;
  debouncer = loft_debouncer_new (f.dispatcher, QUIET, say_value, NULL, count_released);
}

static void
end_debounce (void)
{
  g_clear_object (&debouncer);
  end ();
  loft_clock_set (-1);
}

static void
trigger (const char *text)
{
  value = text;
  g_assert_true (loft_debouncer_trigger (debouncer));
  g_assert_true (loft_debouncer_is_pending (debouncer));
}

static void
trigger_at_once (const char *text)
{
  value = text;
  g_assert_true (loft_debouncer_trigger_at_once (debouncer));
  pass (0);
}

static void
assert_over (const char *expected)
{
  assert_log (expected);
  g_assert_false (loft_debouncer_is_pending (debouncer));
}

static void
t17 (void)
{
  begin_debounce ();
  trigger ("He");
  pass (QUIET - 1);
  assert_log ("");
  pass (1);
  assert_over ("He");
  pass (10 * QUIET);
  assert_over ("");
  end_debounce ();
}

static void
t18 (void)
{
  begin_debounce ();
  trigger ("He");
  pass (20);
  loft_debouncer_cancel (debouncer);
  assert_over ("");
  pass (QUIET);
  assert_over ("");
  end_debounce ();
}

static void
t19 (void)
{
  begin_debounce ();
  trigger ("He");
  trigger ("Hello");
  assert_log ("");
  pass (QUIET);
  assert_over ("Hello");
  end_debounce ();
}

static void
t20 (void)
{
  begin_debounce ();
  value = "He";
  g_assert_true (loft_debouncer_trigger_at_once (debouncer));
  assert_log (""); /* not inside the call */
  pass (0);
  assert_log ("He");
  pass (QUIET);
  assert_over ("");
  end_debounce ();
}

static void
t21 (void)
{
  begin_debounce ();
  trigger_at_once ("He");
  assert_log ("He");
  pass (QUIET - 1);
  trigger_at_once ("Hello");
  pass (QUIET - 1); /* the quiet time has begun anew */
  trigger_at_once ("Hello!");
  pass (QUIET);
  assert_over ("");
  trigger_at_once ("Again");
  assert_log ("Again");
  end_debounce ();
}

static void
t22 (void)
{
  begin_debounce ();
  trigger ("Hello");
  pass (QUIET / 2);
  assert_log ("");
  trigger_at_once ("He");
  assert_log ("He");
  pass (2 * QUIET);
  assert_over ("");
  end_debounce ();
}

static void
t23 (void)
{
  begin_debounce ();
  trigger_at_once ("H");
  assert_log ("H");
  pass (QUIET / 2);
  trigger ("Hel");
  pass (QUIET / 2);
  trigger ("Hello");
  pass (QUIET - 1);
  assert_log ("");
  pass (1);
  assert_over ("Hello");
  end_debounce ();
}

static void
t24 (void)
{
  begin_debounce ();
  trigger ("He");
  pass (20);
  loft_debouncer_cancel (debouncer);
  g_object_add_weak_pointer (G_OBJECT (debouncer), (gpointer *) &debouncer);
  g_object_unref (debouncer);
  pass (QUIET);
  g_assert_null (debouncer);
  g_assert_cmpint (released, ==, 1);
  assert_log ("");
  end_debounce ();
}

#define LATER "the call comes from the dispatcher, never inside of the trigger"

static Case cases[] = {
  { "T17", "a debounced call comes once, when it has been quiet", TOOLKIT "Trailing", PASS, NULL,
    t17 },
  { "T18", "stopped before: it never comes", TOOLKIT "Trailing_Stop", PASS, NULL, t18 },
  { "T19", "a second trigger puts it off; the last one counts", TOOLKIT "Trailing_Interrupt", PASS,
    NULL, t19 },
  { "T20", "immediate: called at once, and not when it has been quiet", TOOLKIT "Immediate",
    DIFFERS, LATER, t20 },
  { "T21", "immediate: what comes before it has been quiet is left out",
    TOOLKIT "Immediate_Interrupt", DIFFERS, LATER, t21 },
  { "T22", "one is waiting, then an immediate one: only that is called, at once",
    TOOLKIT "Trailing_Switch_Leading_Interrupt", DIFFERS, LATER, t22 },
  { "T23", "an immediate one, then two that wait: the last one is called in the end",
    TOOLKIT "Leading_Switch_Trailing_Interrupt_Twice", DIFFERS, LATER, t23 },
  { "T24", "stopped and let go: what it holds is released", TOOLKIT "Trailing_Stop_Lifetime", PASS,
    NULL, t24 },
};

int
main (int   argc,
      char *argv[])
{
  return conformance_main (argc, argv, "toolkit-debounce", cases, G_N_ELEMENTS (cases));
}
