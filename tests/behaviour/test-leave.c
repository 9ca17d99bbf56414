/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* An object that ends leaves what it waited for. Nothing of it stays there, and its data is
 * released at its home at once. */

#include "several.h"

#define MANY 100

static int released;

static gboolean
never (LoftAsyncInfo *antecedent,
       gpointer       data,
       GError       **error)
{
  g_assert_not_reached ();
}

static gboolean
never_operation (LoftAsyncInfo *antecedent,
                 GValue        *result,
                 gpointer       data,
                 GError       **error)
{
  g_assert_not_reached ();
}

static LoftAsyncInfo *
never_async (LoftAsyncInfo *antecedent,
             gpointer       data,
             GError       **error)
{
  g_assert_not_reached ();
}

static gpointer
continue_in_form (gpointer antecedent,
                  int      form)
{
  switch (form)
    {
    case 0: return loft_async_info_continue_with (antecedent, never, &released, test_count);
    case 1:
      return loft_async_info_continue_with_operation (antecedent, G_TYPE_INT, never_operation,
                                                      &released, test_count);
    case 2:
      return loft_async_info_continue_with_async (antecedent, never_async, &released, test_count);
    case 3: return loft_async_info_recover (antecedent, never, &released, test_count);
    default: return loft_async_info_always (antecedent, never, &released, test_count);
    }
}

/* Drops the last reference to an object, and checks that the object is gone. */
static void
assert_gone (gpointer *info)
{
  gpointer weak = *info;

  g_object_add_weak_pointer (weak, &weak);
  g_clear_object (info);
  g_assert_null (weak);
}

static void
test_continuations (void)
{
  g_autoptr (LoftAction) antecedent = loft_action_new ();

  for (int form = 0; form < 5; form++)
    for (int i = 0; i < MANY; i++)
      {
        gpointer continuation = continue_in_form (antecedent, form);

        released = 0;
        loft_async_info_cancel (continuation);
        assert_status (continuation, CANCELED);
        g_assert_cmpint (released, ==, 1);
        assert_gone (&continuation);
      }
  loft_action_complete (antecedent);
  test_drain (NULL);
}

/* If another thread cancels a continuation, its data is released at its home. */
static void
test_data_goes_home (void)
{
  g_autoptr (LoftAction) antecedent = loft_action_new ();
  gpointer continuation = continue_in_form (antecedent, 0);

  released = 0;
  test_on_thread (cancel_it, continuation);
  g_assert_cmpint (released, ==, 0);
  test_drain (NULL);
  g_assert_cmpint (released, ==, 1);
  assert_gone (&continuation);
}

static gpointer
when (int             form,
      LoftAsyncInfo **items,
      LoftWhenFlags   flags)
{
  return form == 0 ? (gpointer) loft_when_any (items, 2, flags)
                   : (gpointer) loft_when_all (items, 2, flags);
}

/* The result of when_any () or when_all () is freed when it is dropped and nobody listens to it. */
static void
test_when_let_go (void)
{
  g_autoptr (LoftAction) a = loft_action_new ();
  g_autoptr (LoftAction) b = loft_action_new ();
  LoftAsyncInfo *items[] = { LOFT_ASYNC_INFO (a), LOFT_ASYNC_INFO (b) };

  for (int form = 0; form < 2; form++)
    for (int i = 0; i < MANY; i++)
      {
        gpointer waited = when (form, items, LOFT_WHEN_DEFAULT);

        g_assert_cmpint (loft_async_info_wait_for (waited, 0, NULL), ==, LOFT_ASYNC_STATUS_STARTED);
        assert_gone (&waited);
      }
  loft_action_complete (a);
  loft_action_complete (b);
}

static void
count_end (LoftAsyncInfo   *info,
           LoftAsyncStatus  status,
           gpointer         count)
{
  test_count (count);
}

/* Whoever listens to the result is told, even if everybody else drops the result. When the last
 * listener has left, the result is freed. */
static void
test_when_listened (void)
{
  for (int form = 0; form < 2; form++)
    {
      g_autoptr (LoftAction) a = loft_action_new ();
      g_autoptr (LoftAction) b = loft_action_new ();
      LoftAsyncInfo *items[] = { LOFT_ASYNC_INFO (a), LOFT_ASYNC_INFO (b) };
      gpointer told = when (form, items, LOFT_WHEN_DEFAULT);
      gpointer left = when (form, items, LOFT_WHEN_DEFAULT);
      gpointer handled = when (form, items, LOFT_WHEN_DEFAULT);
      int count = 0;
      guint64 id;

      loft_async_info_add_observer (told, count_end, &count, NULL);
      loft_async_info_set_completed (handled, count_end, &count, NULL, NULL);
      id = loft_async_info_add_observer (left, count_end, NULL, NULL);
      g_object_add_weak_pointer (left, &left);
      g_object_unref (left);
      g_assert_nonnull (left);
      g_object_ref (left);
      g_assert_true (loft_async_info_remove_observer (left, id));
      assert_gone (&left);

      g_object_unref (told);
      g_object_unref (handled);
      loft_action_complete (a);
      loft_action_complete (b);
      test_drain (NULL);
      g_assert_cmpint (count, ==, 2);
    }
}

/* A cancellable or an owner would only cancel the result, and does not hold it. */
static void
test_when_bound (void)
{
  g_autoptr (LoftAction) a = loft_action_new ();
  g_autoptr (LoftAction) b = loft_action_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GObject) owner = g_object_new (G_TYPE_OBJECT, NULL);
  LoftAsyncInfo *items[] = { LOFT_ASYNC_INFO (a), LOFT_ASYNC_INFO (b) };

  for (int form = 0; form < 2; form++)
    {
      gpointer bound = when (form, items, LOFT_WHEN_DEFAULT);

      loft_async_info_bind_cancellable (bound, cancellable);
      loft_async_info_bind_owner (bound, owner);
      assert_gone (&bound);
    }
}

/* With LOFT_WHEN_CANCEL_LOSERS the result still has something to do after it was dropped. */
static void
test_when_with_losers (void)
{
  g_autoptr (LoftAction) a = loft_action_new ();
  g_autoptr (LoftAction) b = loft_action_new ();
  LoftAsyncInfo *items[] = { LOFT_ASYNC_INFO (a), LOFT_ASYNC_INFO (b) };
  gpointer first = when (0, items, LOFT_WHEN_CANCEL_LOSERS);

  g_object_add_weak_pointer (first, &first);
  g_object_unref (first);
  g_assert_nonnull (first);
  loft_action_complete (a);
  assert_status (b, CANCELED);
  g_assert_null (first);
}

/* when_any () of no objects has failed, and nobody holds its result. */
static void
test_when_of_nothing (void)
{
  gpointer nothing = loft_when_any (NULL, 0, LOFT_WHEN_CANCEL_LOSERS);
  g_autoptr (GError) error = loft_async_info_dup_error (nothing);

  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_INVALID_ARGUMENT);
  assert_gone (&nothing);
}

/* If the result of with_timeout () ends by its deadline, it is freed although the inner object goes
 * on. */
static void
test_timeout (void)
{
  g_autoptr (LoftAction) slow = loft_action_new_with_progress (G_TYPE_INT);
  gpointer limited;

  for (int i = 0; i < MANY; i++)
    {
      limited = loft_with_timeout (LOFT_ASYNC_INFO (slow), G_TIME_SPAN_DAY);
      g_assert_true (
        loft_async_base_fail (limited,
                              g_error_new_literal (G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "too slow")));
      g_clear_error (&(GError *) { loft_async_info_dup_error (limited) });
      assert_gone (&limited);
    }
}

static void
test_latest_slot (void)
{
  g_autoptr (LoftLatestSlot) slot = loft_latest_slot_new (loft_dispatcher_get_default ());
  g_autoptr (LoftAction) a = loft_action_new ();
  g_autoptr (LoftAction) b = loft_action_new ();

  released = 0;
  g_assert_true (
    loft_latest_slot_start (slot, LOFT_ASYNC_INFO (a), count_end, &released, test_count));
  g_assert_true (
    loft_latest_slot_start (slot, LOFT_ASYNC_INFO (b), count_end, &released, test_count));
  g_assert_cmpint (released, ==, 1);
  loft_latest_slot_clear (slot);
  g_assert_cmpint (released, ==, 2);
}

/* Work that waits for its turn in a limiter is released at once when it is cancelled. */

static gboolean
never_work (LoftAsyncAction *action,
            gpointer         data,
            GError         **error)
{
  g_assert_not_reached ();
}

static LoftAsyncInfo *
give_back (LoftAsyncAction *action,
           gpointer         inner,
           GError         **error)
{
  return g_object_ref (inner);
}

static void
test_limiter (void)
{
  g_autoptr (LoftLimiter) limiter = loft_limiter_new_serial ();
  g_autoptr (LoftAction) inner = loft_action_new ();
  g_autoptr (LoftAsyncAction)
    first = loft_limiter_run_nested_async (limiter, give_back, inner, NULL);
  gpointer waiting[MANY];

  for (int i = 0; i < MANY; i++)
    waiting[i] = loft_limiter_run_async (limiter, never_work, &released, test_count);
  released = 0;
  for (int i = 0; i < MANY; i++)
    {
      loft_async_info_cancel (waiting[i]);
      g_assert_cmpint (released, ==, i + 1);
      assert_gone (&waiting[i]);
    }
  loft_action_complete (inner);
  test_run_until_ended (NULL, first);
}

/* The same holds for work that waits because all workers of the pool are blocked. */
static void
test_pool (void)
{
  TestEvent go_on = TEST_EVENT_INIT;
  g_autoptr (GPtrArray) blocked = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (LoftAsyncAction) work = NULL;

  for (int i = 0; i < MANY; i++)
    g_ptr_array_add (blocked, loft_thread_pool_run_async (test_hold, &go_on, NULL));
  work = loft_thread_pool_run_async (never_work, &released, test_count);
  released = 0;
  loft_async_info_cancel (LOFT_ASYNC_INFO (work));
  g_assert_cmpint (released, ==, 1);

  test_event_set (&go_on);
  for (int i = 0; i < MANY; i++)
    wait_until_ended (blocked->pdata[i]);
}

/* Delayed work may be ended by hand before its time, and releases its data then. */
static void
test_delayed (void)
{
  g_autoptr (LoftAsyncAction)
    work = loft_dispatcher_run_delayed_async (loft_dispatcher_get_default (), LOFT_PRIORITY_NORMAL,
                                              G_TIME_SPAN_DAY, never_work, &released, test_count);

  released = 0;
  g_assert_true (loft_async_base_complete (LOFT_ASYNC_BASE (work)));
  test_drain (NULL);
  g_assert_cmpint (released, ==, 1);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/leave/continuations", test_continuations);
  g_test_add_func ("/leave/data-goes-home", test_data_goes_home);
  g_test_add_func ("/leave/when-let-go", test_when_let_go);
  g_test_add_func ("/leave/when-listened", test_when_listened);
  g_test_add_func ("/leave/when-bound", test_when_bound);
  g_test_add_func ("/leave/when-with-losers", test_when_with_losers);
  g_test_add_func ("/leave/when-of-nothing", test_when_of_nothing);
  g_test_add_func ("/leave/timeout", test_timeout);
  g_test_add_func ("/leave/latest-slot", test_latest_slot);
  g_test_add_func ("/leave/limiter", test_limiter);
  g_test_add_func ("/leave/pool", test_pool);
  g_test_add_func ("/leave/delayed", test_delayed);
  return g_test_run ();
}
