/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Work that dies with its widget. */

#include "test-util.h"

#include <loft-gtk/loft-gtk.h>

#define MANY 100000

/* What became of the work of one test. */
typedef struct
{
  gint ran;
  gint released;
  gint released_elsewhere; /* on another thread than that of GTK */
  GThread *home;
  GtkWidget *window;
  GtkWidget *label;
  LoftAsyncAction *action;
} Fixture;

static void
set_up (Fixture       *self,
        gconstpointer  data)
{
  self->home = g_thread_self ();
  self->window = gtk_window_new ();
  self->label = gtk_label_new ("work");
  gtk_window_set_child (GTK_WINDOW (self->window), self->label);
}

static void
tear_down (Fixture       *self,
           gconstpointer  data)
{
  g_clear_object (&self->action);
  if (self->window != NULL)
    gtk_window_destroy (GTK_WINDOW (self->window));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpint (self->released_elsewhere, ==, 0);
}

static void
close_window (Fixture *self)
{
  gtk_window_destroy (GTK_WINDOW (g_steal_pointer (&self->window)));
}

static void
on_released (gpointer data)
{
  Fixture *self = data;

  g_atomic_int_inc (&self->released);
  if (g_thread_self () != self->home)
    g_atomic_int_inc (&self->released_elsewhere);
}

static gboolean
on_work (LoftAsyncAction  *action,
         gpointer          data,
         GError          **error)
{
  Fixture *self = data;

  g_atomic_int_inc (&self->ran);
  return TRUE;
}

static void
assert_ends (gpointer         info,
             LoftAsyncStatus  status)
{
  test_run_until_ended (NULL, info);
  g_assert_cmpint (loft_async_info_get_status (info), ==, status);
}

static void
run_until_released (Fixture *self,
                    gint     n)
{
  while (g_atomic_int_get (&self->released) < n)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (self->released, ==, n);
}

/* Work runs as long as its widget is there. */
static void
test_runs (Fixture       *self,
           gconstpointer  data)
{
  self->action = loft_gtk_run_async (self->label, LOFT_PRIORITY_NORMAL, on_work, self,
                                     on_released);
  assert_ends (self->action, LOFT_ASYNC_STATUS_COMPLETED);
  g_assert_cmpint (self->ran, ==, 1);
  g_assert_cmpint (self->released, ==, 1);
}

/* A window that closes cancels the work of its children, which somebody may still hold. */
static void
test_window_closes (Fixture       *self,
                    gconstpointer  data)
{
  g_autoptr (GtkWidget) label = g_object_ref (self->label);

  self->action = loft_gtk_run_async (label, LOFT_PRIORITY_NORMAL, on_work, self, on_released);
  close_window (self);
  assert_ends (self->action, LOFT_ASYNC_STATUS_CANCELED);
  run_until_released (self, 1);
  g_assert_cmpint (self->ran, ==, 0);
}

/* The work of the window itself is cancelled when the window is disposed. */
static void
test_work_of_window (Fixture       *self,
                     gconstpointer  data)
{
  self->action = loft_gtk_run_async (self->window, LOFT_PRIORITY_NORMAL, on_work, self,
                                     on_released);
  close_window (self);
  assert_ends (self->action, LOFT_ASYNC_STATUS_CANCELED);
  g_assert_cmpint (self->ran, ==, 0);
}

/* A widget that was never in a window keeps its work until it is finalized. */
static void
test_never_rooted (Fixture       *self,
                   gconstpointer  data)
{
  GtkWidget *loose = g_object_ref_sink (gtk_label_new (NULL));

  self->action = loft_gtk_run_async (loose, LOFT_PRIORITY_NORMAL, on_work, self, on_released);
  assert_ends (self->action, LOFT_ASYNC_STATUS_COMPLETED);
  g_object_unref (self->action);

  self->action = loft_gtk_run_async (loose, LOFT_PRIORITY_NORMAL, on_work, self, on_released);
  g_object_unref (loose);
  assert_ends (self->action, LOFT_ASYNC_STATUS_CANCELED);
  g_assert_cmpint (self->ran, ==, 1);
}

/* A move to another window cancels. Work that is started between the windows outlasts the arrival
 * in the second one, and dies when the widget leaves that. */
static void
test_moves (Fixture       *self,
            gconstpointer  data)
{
  GtkWidget *other = gtk_window_new ();
  g_autoptr (GtkWidget) label = g_object_ref (self->label);
  g_autoptr (LoftAsyncAction) before = NULL;
  g_autoptr (LoftAsyncAction) between = NULL;

  before = loft_gtk_run_async (label, LOFT_PRIORITY_NORMAL, on_work, self, on_released);
  gtk_window_set_child (GTK_WINDOW (self->window), NULL);
  between = loft_gtk_run_async (label, LOFT_PRIORITY_NORMAL, on_work, self, on_released);
  gtk_window_set_child (GTK_WINDOW (other), label);
  assert_ends (before, LOFT_ASYNC_STATUS_CANCELED);
  assert_ends (between, LOFT_ASYNC_STATUS_COMPLETED);

  self->action = loft_gtk_run_async (label, LOFT_PRIORITY_NORMAL, on_work, self, on_released);
  gtk_window_set_child (GTK_WINDOW (other), NULL);
  assert_ends (self->action, LOFT_ASYNC_STATUS_CANCELED);
  g_assert_cmpint (self->ran, ==, 1);
  gtk_window_destroy (GTK_WINDOW (other));
}

static gboolean
on_close_and_look (LoftAsyncAction  *action,
                   gpointer          data,
                   GError          **error)
{
  Fixture *self = data;
  GtkWidget *label = self->label;

  self->ran++;
  close_window (self);
  g_assert_true (loft_async_info_is_canceled (LOFT_ASYNC_INFO (action)));
  g_assert_cmpstr (gtk_label_get_label (GTK_LABEL (label)), ==, "work"); /* it is still held */
  return TRUE;
}

/* A handler may destroy its own widget, and its action ends Canceled. */
static void
test_disposed_inside (Fixture       *self,
                      gconstpointer  data)
{
  g_autoptr (LoftAsyncAction) next = NULL;

  self->action = loft_gtk_run_async (self->label, LOFT_PRIORITY_NORMAL, on_close_and_look, self,
                                     on_released);
  next = loft_gtk_run_async (self->label, LOFT_PRIORITY_NORMAL, on_work, self, on_released);
  assert_ends (self->action, LOFT_ASYNC_STATUS_CANCELED);
  assert_ends (next, LOFT_ASYNC_STATUS_CANCELED);
  run_until_released (self, 2);
  g_assert_cmpint (self->ran, ==, 1);
}

static gboolean
on_cancel_all (LoftAsyncAction  *action,
               gpointer          data,
               GError          **error)
{
  Fixture *self = data;

  self->ran++;
  loft_gtk_cancel_all (self->label);
  g_assert_true (loft_async_info_is_canceled (LOFT_ASYNC_INFO (action)));
  self->action = loft_gtk_run_async (self->label, LOFT_PRIORITY_NORMAL, on_work, self,
                                     on_released);
  return TRUE;
}

/* A handler may cancel all work of its widget, itself included, and start other work. */
static void
test_cancel_all_inside (Fixture       *self,
                        gconstpointer  data)
{
  g_autoptr (LoftAsyncAction) first = NULL;
  g_autoptr (LoftAsyncAction) second = NULL;

  first = loft_gtk_run_async (self->label, LOFT_PRIORITY_NORMAL, on_cancel_all, self,
                              on_released);
  second = loft_gtk_run_async (self->label, LOFT_PRIORITY_NORMAL, on_work, self, on_released);
  assert_ends (first, LOFT_ASYNC_STATUS_CANCELED);
  assert_ends (second, LOFT_ASYNC_STATUS_CANCELED);
  assert_ends (self->action, LOFT_ASYNC_STATUS_COMPLETED);
  run_until_released (self, 3);
  g_assert_cmpint (self->ran, ==, 2);

  loft_gtk_cancel_all (self->label);
  loft_gtk_cancel_all (self->label); /* nothing is left */
}

static gboolean
on_never_continue (LoftAsyncInfo  *info,
                   gpointer        data,
                   GError        **error)
{
  g_assert_not_reached ();
}

static void
on_never_completed (LoftAsyncInfo   *info,
                    LoftAsyncStatus  status,
                    gpointer         data)
{
  g_assert_not_reached ();
}

static void
on_destroy_start (GtkWidget *widget,
                  Fixture   *self)
{
  g_autoptr (LoftAsyncAction) next = NULL;

  self->action = loft_gtk_run_async (widget, LOFT_PRIORITY_NORMAL, on_work, self, on_released);
  g_assert_cmpint (loft_async_info_get_status (LOFT_ASYNC_INFO (self->action)), ==,
                   LOFT_ASYNC_STATUS_CANCELED);
  next = loft_gtk_continue_with (widget, LOFT_ASYNC_INFO (self->action),
                                 on_never_continue, self, on_released);
  g_assert_true (loft_async_info_is_canceled (LOFT_ASYNC_INFO (next)));
}

/* Work that is started for a widget that is being destroyed, or is disposed, ends at once. */
static void
test_too_late (Fixture       *self,
               gconstpointer  data)
{
  g_autoptr (GtkWidget) label = g_object_ref (self->label);
  g_autoptr (LoftAsyncAction) late = NULL;
  g_autoptr (LoftAsyncAction) adopted = NULL;
  g_autoptr (LoftAction) by_hand = loft_action_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (LoftGtkScope) scope = NULL;

  g_signal_connect (label, "destroy", G_CALLBACK (on_destroy_start), self);
  close_window (self);
  scope = loft_gtk_dup_scope (label);
  g_object_run_dispose (G_OBJECT (label));
  g_assert_true (loft_gtk_scope_has_ended (scope));
  assert_ends (self->action, LOFT_ASYNC_STATUS_CANCELED);
  run_until_released (self, 2);

  late = loft_gtk_thread_pool_run_async (label, on_work, self, on_released);
  assert_ends (late, LOFT_ASYNC_STATUS_CANCELED);
  loft_gtk_adopt (label, LOFT_ASYNC_INFO (by_hand));
  g_assert_true (loft_async_info_is_canceled (LOFT_ASYNC_INFO (by_hand)));
  g_assert_false (loft_gtk_set_completed (label, LOFT_ASYNC_INFO (by_hand),
                                          on_never_completed, self, on_released, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  loft_action_complete (by_hand);
  run_until_released (self, 4);
  g_assert_cmpint (self->ran, ==, 0);
}

typedef struct
{
  Fixture *fixture;
  TestEvent begun;
} Worker;

static gboolean
on_work_until_canceled (LoftAsyncAction  *action,
                        gpointer          data,
                        GError          **error)
{
  Worker *worker = data;

  test_event_set (&worker->begun);
  while (!loft_async_info_is_canceled (LOFT_ASYNC_INFO (action)))
    sched_yield ();
  return TRUE;
}

static void
on_worker_released (gpointer data)
{
  Worker *worker = data;

  on_released (worker->fixture);
}

/* Work of the pool learns of the end of its widget, and its data is released at home. */
static void
test_pool (Fixture       *self,
           gconstpointer  data)
{
  Worker worker = { self, TEST_EVENT_INIT };

  self->action = loft_gtk_thread_pool_run_async (self->label, on_work, self, on_released);
  assert_ends (self->action, LOFT_ASYNC_STATUS_COMPLETED);
  run_until_released (self, 1);
  g_object_unref (self->action);

  self->action = loft_gtk_thread_pool_run_async (self->label, on_work_until_canceled, &worker,
                                                 on_worker_released);
  test_event_wait (&worker.begun);
  close_window (self);
  assert_ends (self->action, LOFT_ASYNC_STATUS_CANCELED);
  run_until_released (self, 2);
}

/* An object that was started otherwise is adopted. It leaves the widget when it ends. */
static void
test_adopt (Fixture       *self,
            gconstpointer  data)
{
  g_autoptr (LoftAction) ends = loft_action_new ();
  g_autoptr (LoftAction) stays = loft_action_new ();

  loft_gtk_adopt (self->label, LOFT_ASYNC_INFO (ends));
  loft_gtk_adopt (self->label, LOFT_ASYNC_INFO (stays));
  loft_gtk_adopt (self->label, LOFT_ASYNC_INFO (stays)); /* twice does no harm */
  loft_action_complete (ends);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  loft_gtk_adopt (self->label, LOFT_ASYNC_INFO (ends));  /* it has ended */

  close_window (self);
  g_assert_cmpint (loft_async_info_get_status (LOFT_ASYNC_INFO (ends)), ==,
                   LOFT_ASYNC_STATUS_COMPLETED);
  g_assert_true (loft_async_info_is_canceled (LOFT_ASYNC_INFO (stays)));
  loft_action_complete (stays);
  assert_ends (stays, LOFT_ASYNC_STATUS_CANCELED);
}

static void
on_completed (LoftAsyncInfo   *info,
              LoftAsyncStatus  status,
              gpointer         data)
{
  ((Fixture *) data)->ran++;
}

static void
on_progress (LoftAsyncInfo *info,
             const GValue  *progress,
             gpointer       data)
{
  ((Fixture *) data)->ran++;
}

static gboolean
on_continue (LoftAsyncInfo  *info,
             gpointer        data,
             GError        **error)
{
  ((Fixture *) data)->ran++;
  return TRUE;
}

/* Starts an action by hand with each kind of handler, which all belong to the label. */
static LoftAction *
action_with_handlers (Fixture          *self,
                      LoftAsyncAction **out_continued)
{
  LoftAction *action = loft_action_new_with_progress (G_TYPE_INT);
  g_autoptr (GError) error = NULL;

  g_assert_true (loft_gtk_set_completed (self->label, LOFT_ASYNC_INFO (action), on_completed, self,
                                         on_released, &error));
  g_assert_no_error (error);
  g_assert_true (loft_gtk_set_progress (self->label, LOFT_ASYNC_WITH_PROGRESS (action), 0,
                                        on_progress, self, on_released, &error));
  g_assert_no_error (error);
  *out_continued = loft_gtk_continue_with (self->label, LOFT_ASYNC_INFO (action),
                                           on_continue, self, on_released);
  return action;
}

static void
report (LoftAction *action)
{
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_INT);
  g_value_set_int (&value, 1);
  loft_async_base_report_progress (LOFT_ASYNC_BASE (action), &value);
}

/* Handlers of other work are called while their widget is there. */
static void
test_handlers (Fixture       *self,
               gconstpointer  data)
{
  g_autoptr (LoftAsyncAction) continued = NULL;
  g_autoptr (LoftAction) action = action_with_handlers (self, &continued);

  report (action);
  loft_action_complete (action);
  assert_ends (continued, LOFT_ASYNC_STATUS_COMPLETED);
  run_until_released (self, 3);
  g_assert_cmpint (self->ran, ==, 3);
}

/* They are dropped with the widget, although the work goes on. */
static void
test_handlers_dropped (Fixture       *self,
                       gconstpointer  data)
{
  g_autoptr (LoftAsyncAction) continued = NULL;
  g_autoptr (LoftAction) action = action_with_handlers (self, &continued);

  report (action); /* it is on its way */
  close_window (self);
  loft_action_complete (action);
  assert_ends (action, LOFT_ASYNC_STATUS_COMPLETED);
  assert_ends (continued, LOFT_ASYNC_STATUS_CANCELED);
  run_until_released (self, 3);
  g_assert_cmpint (self->ran, ==, 0);
}

/* 100,000 pieces of waiting work do not hold up the end of their widget. */
static void
test_many (Fixture       *self,
           gconstpointer  data)
{
  g_autoptr (GPtrArray) actions = g_ptr_array_new_full (MANY, g_object_unref);
  gint64 begin, end;

  for (guint i = 0; i < MANY; i++)
    g_ptr_array_add (actions, loft_gtk_run_async (self->label, LOFT_PRIORITY_NORMAL, on_work, self,
                                                  on_released));
  begin = g_get_monotonic_time ();
  close_window (self);
  end = g_get_monotonic_time ();
  g_test_message ("a window with %d waiting items closed in %.2f ms", MANY, (end - begin) / 1e3);

  run_until_released (self, MANY);
  g_test_message ("and the items were gone after %.1f ms",
                  (g_get_monotonic_time () - end) / 1e3);
  for (guint i = 0; i < MANY; i++)
    assert_ends (actions->pdata[i], LOFT_ASYNC_STATUS_CANCELED);
  g_assert_cmpint (self->ran, ==, 0);
}

/* As many adopted objects are cancelled in parts. */
static void
test_many_adopted (Fixture       *self,
                   gconstpointer  data)
{
  g_autoptr (GPtrArray) actions = g_ptr_array_new_full (MANY, g_object_unref);
  gint64 begin, end;

  for (guint i = 0; i < MANY; i++)
    {
      g_ptr_array_add (actions, loft_action_new ());
      loft_gtk_adopt (self->label, actions->pdata[i]);
    }
  begin = g_get_monotonic_time ();
  close_window (self);
  end = g_get_monotonic_time ();
  g_test_message ("a window with %d adopted objects closed in %.2f ms", MANY, (end - begin) / 1e3);

  for (guint i = 0; i < MANY; i++)
    {
      while (!loft_async_info_is_canceled (actions->pdata[i]))
        g_main_context_iteration (NULL, TRUE);
      loft_action_complete (actions->pdata[i]);
      assert_ends (actions->pdata[i], LOFT_ASYNC_STATUS_CANCELED);
    }
}

/* Four workers that post for a widget until it goes. */
typedef struct
{
  LoftGtkScope *scope;
  gint ran;
  gint released;
  gint posted;
  gint late; /* handlers that began after the end of the scope */
} Flood;

static gboolean
on_flood_item (LoftAsyncAction  *action,
               gpointer          data,
               GError          **error)
{
  Flood *flood = data;

  flood->ran++;
  flood->late += loft_gtk_scope_has_ended (flood->scope);
  return TRUE;
}

static void
on_flood_released (gpointer data)
{
  g_atomic_int_inc (&((Flood *) data)->released);
}

static gboolean
on_flood (LoftAsyncAction  *action,
          gpointer          data,
          GError          **error)
{
  Flood *flood = data;

  while (!loft_async_info_is_canceled (LOFT_ASYNC_INFO (action)))
    {
      LoftAsyncAction *item;

      if (g_atomic_int_get (&flood->posted) - g_atomic_int_get (&flood->released) > 1000)
        {
          sched_yield (); /* so that the loop keeps up, also under valgrind */
          continue;
        }
      item = loft_gtk_scope_run_async (flood->scope, LOFT_PRIORITY_NORMAL, on_flood_item, flood,
                                       on_flood_released);
      g_atomic_int_inc (&flood->posted);
      g_object_unref (item);
    }
  return TRUE;
}

static void
flood_and_close (Fixture *self,
                 guint    round)
{
  GtkWidget *window = gtk_window_new ();
  GtkWidget *label = gtk_label_new ("flood");
  LoftAsyncAction *floods[4];
  Flood flood = { NULL };

  gtk_window_set_child (GTK_WINDOW (window), label);
  gtk_window_present (GTK_WINDOW (window));
  flood.scope = loft_gtk_dup_scope (label);
  for (guint i = 0; i < G_N_ELEMENTS (floods); i++)
    floods[i] = loft_gtk_thread_pool_run_async (label, on_flood, &flood, on_flood_released);
  while (g_atomic_int_get (&flood.ran) < (gint) round % 50 + 1)
    g_main_context_iteration (NULL, TRUE);

  gtk_window_destroy (GTK_WINDOW (window));
  for (guint i = 0; i < G_N_ELEMENTS (floods); i++)
    {
      assert_ends (floods[i], LOFT_ASYNC_STATUS_CANCELED);
      g_object_unref (floods[i]);
    }
  while (g_atomic_int_get (&flood.released) < flood.posted + (gint) G_N_ELEMENTS (floods))
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (flood.late, ==, 0);
  g_object_unref (flood.scope);
}

/* Windows close in the middle of posts from four threads. */
static void
test_flood (Fixture       *self,
            gconstpointer  data)
{
  guint n = g_getenv ("LOFT_TEST_RACES") != NULL ? 10 : 200; /* fewer under the sanitizers */

  for (guint round = 0; round < n; round++)
    flood_and_close (self, round);
  g_test_message ("%u windows closed", n);
}

static gpointer
on_other_thread (gpointer data)
{
  Fixture *self = data;

  return loft_gtk_run_async (self->label, LOFT_PRIORITY_NORMAL, on_work, self, NULL);
}

#define EXPECT(text) g_test_expect_message ("LoftGtk", G_LOG_LEVEL_CRITICAL, text)

/* Faults of the programmer are told, and the data is released. */
static void
test_bad_input (Fixture       *self,
                gconstpointer  data)
{
  EXPECT ("*GTK_IS_WIDGET*");
  g_assert_null (loft_gtk_run_async (NULL, LOFT_PRIORITY_NORMAL, on_work, self, on_released));
  EXPECT ("*handler != NULL*");
  g_assert_null (loft_gtk_run_async (self->label, LOFT_PRIORITY_NORMAL, NULL, self, on_released));
  EXPECT ("*GTK_IS_WIDGET*");
  g_assert_null (loft_gtk_thread_pool_run_async (NULL, on_work, self, on_released));
  EXPECT ("*LOFT_IS_ASYNC_INFO*");
  loft_gtk_adopt (self->label, NULL);
  EXPECT ("*GTK_IS_WIDGET*");
  loft_gtk_cancel_all (NULL);
  EXPECT ("*is_gtk_thread*");
  g_assert_null (g_thread_join (g_thread_new (NULL, on_other_thread, self)));
  g_test_assert_expected_messages ();
  g_assert_cmpint (self->released, ==, 3);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
#define ADD(name, func) \
  g_test_add ("/gtk/scope/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("runs", test_runs);
  ADD ("window-closes", test_window_closes);
  ADD ("work-of-window", test_work_of_window);
  ADD ("never-rooted", test_never_rooted);
  ADD ("moves", test_moves);
  ADD ("disposed-inside", test_disposed_inside);
  ADD ("cancel-all-inside", test_cancel_all_inside);
  ADD ("too-late", test_too_late);
  ADD ("pool", test_pool);
  ADD ("adopt", test_adopt);
  ADD ("handlers", test_handlers);
  ADD ("handlers-dropped", test_handlers_dropped);
  ADD ("many", test_many);
  ADD ("many-adopted", test_many_adopted);
  ADD ("flood", test_flood);
  ADD ("bad-input", test_bad_input);
  return g_test_run ();
}
