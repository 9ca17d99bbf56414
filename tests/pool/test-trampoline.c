/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The trampoline: items run at once, one inside of the other, on a stack that does not grow. */

#include "test-util.h"

#include "pool/loft-trampoline-private.h"

#define DEEPER 100000 /* deeper than any stack could go */

/* An item that runs the next one from inside. */
typedef struct
{
  LoftWorkItem item;
  guint n;
} Step;

typedef struct
{
  GMutex mutex;
  GCond cond;
  GArray *order;   /* of guint: the items that began */
  GThread *thread; /* the one that ran the last item */
} Log;

static Log seen;

static void
log_clear (void)
{
  g_clear_pointer (&seen.order, g_array_unref);
  seen.order = g_array_new (FALSE, FALSE, sizeof (guint));
  seen.thread = NULL;
}

static void
log_add (guint n)
{
  g_mutex_lock (&seen.mutex);
  g_array_append_val (seen.order, n);
  seen.thread = g_thread_self ();
  g_cond_broadcast (&seen.cond);
  g_mutex_unlock (&seen.mutex);
}

static void
log_wait (guint n)
{
  g_mutex_lock (&seen.mutex);
  while (seen.order->len < n)
    g_cond_wait (&seen.cond, &seen.mutex);
  g_mutex_unlock (&seen.mutex);
}

static void step_run (LoftWorkItem *item, LoftDispatcher *dispatcher);

static const LoftWorkItemClass step_class = {
  .name = "step",
  .run = step_run,
};

static LoftWorkItem *
step_new (guint n)
{
  Step *step = g_new0 (Step, 1);

  step->item.klass = &step_class;
  step->n = n;
  return &step->item;
}

static void
step_run (LoftWorkItem   *item,
          LoftDispatcher *dispatcher)
{
  guint n = ((Step *) item)->n;

  g_free (item);
  log_add (n);
  if (n > 0)
    loft_trampoline_run (LOFT_TRAMPOLINE_DELIVERIES, step_new (n - 1));
}

static void
test_any_depth (void)
{
  log_clear ();
  loft_trampoline_run (LOFT_TRAMPOLINE_DELIVERIES, step_new (DEEPER));

  g_assert_cmpuint (seen.order->len, ==, DEEPER + 1);
  for (guint i = 0; i <= DEEPER; i++)
    g_assert_cmpuint (g_array_index (seen.order, guint, i), ==, DEEPER - i);
  g_assert_true (seen.thread == g_thread_self ());
}

/* Enters the trampoline until it is full, and then runs two more items, which are put off. Returns
 * how often it was entered. */
static guint
fill (LoftTrampolineKind kind)
{
  guint depth = 0;

  while (loft_trampoline_enter (kind))
    depth++;
  loft_trampoline_run (kind, step_new (0));
  loft_trampoline_run (kind, step_new (0));
  return depth;
}

static void
empty (LoftTrampolineKind kind,
       guint              depth)
{
  while (depth-- > 0)
    loft_trampoline_leave (kind);
}

static void
test_the_outermost_runs_what_was_put_off (void)
{
  guint depth;

  log_clear ();
  depth = fill (LOFT_TRAMPOLINE_CANCELS);
  g_assert_cmpuint (depth, >, 1);
  g_assert_true (loft_thread_has_put_off ());
  empty (LOFT_TRAMPOLINE_CANCELS, depth - 1);
  g_assert_cmpuint (seen.order->len, ==, 0);
  empty (LOFT_TRAMPOLINE_CANCELS, 1);
  g_assert_cmpuint (seen.order->len, ==, 2);
  g_assert_false (loft_thread_has_put_off ());
}

/* Cancels must not wait for deliveries that are nested deeply, nor deliveries for cancels. */
static void
test_two_kinds_are_two_stacks (void)
{
  guint depth;

  log_clear ();
  depth = fill (LOFT_TRAMPOLINE_DELIVERIES);
  loft_trampoline_run (LOFT_TRAMPOLINE_CANCELS, step_new (0));
  g_assert_cmpuint (seen.order->len, ==, 1);
  empty (LOFT_TRAMPOLINE_DELIVERIES, depth);
  g_assert_cmpuint (seen.order->len, ==, 3);
}

static void
test_a_thread_that_blocks_hands_over (gconstpointer data)
{
  LoftTrampolineKind kind = GPOINTER_TO_INT (data);
  guint depth;

  log_clear ();
  depth = fill (kind);
  loft_thread_hand_over ();
  g_assert_false (loft_thread_has_put_off ());
  log_wait (2); /* although this thread is still in the middle of the stack */
  g_assert_true (seen.thread != g_thread_self ());
  empty (kind, depth);
  g_assert_cmpuint (seen.order->len, ==, 2);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/trampoline/any-depth", test_any_depth);
  g_test_add_func ("/trampoline/outermost", test_the_outermost_runs_what_was_put_off);
  g_test_add_func ("/trampoline/two-kinds", test_two_kinds_are_two_stacks);
  g_test_add_data_func ("/trampoline/hand-over/deliveries",
                        GINT_TO_POINTER (LOFT_TRAMPOLINE_DELIVERIES),
                        test_a_thread_that_blocks_hands_over);
  g_test_add_data_func ("/trampoline/hand-over/cancels", GINT_TO_POINTER (LOFT_TRAMPOLINE_CANCELS),
                        test_a_thread_that_blocks_hands_over);
  return g_test_run ();
}
