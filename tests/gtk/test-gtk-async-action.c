/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftGtkAsyncAction: a GAction that starts work. */

#include "by-hand.h"
#include "gtk-window.h"

/* A window with an action, a button that starts its work, and one that cancels it. */
typedef struct
{
  LoftGtkAsyncAction *action; /* strong */
  GtkWidget *window;          /* weak */
  GtkWidget *start;
  GtkWidget *cancel;
  GtkWidget *bar;
  GSimpleActionGroup *group;  /* strong */
  LoftAsyncInfo *work;        /* what the handler starts; NULL: nothing */
  int n_started;
  int n_released;
} Fixture;

static LoftAsyncInfo *
on_start (LoftGtkAsyncAction *action,
          GVariant           *parameter,
          gpointer            user_data)
{
  Fixture *f = user_data;

  g_assert_true (action == f->action);
  g_assert_null (parameter);
  f->n_started++;
  return f->work != NULL ? g_object_ref (f->work) : NULL;
}

static void
on_release (gpointer data)
{
  ((Fixture *) data)->n_released++;
}

static void
set_up (Fixture      *f,
        gconstpointer data)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  f->start = gtk_button_new_with_label ("Copy");
  f->cancel = gtk_button_new_with_label ("Cancel");
  f->bar = loft_gtk_error_bar_new ();
  gtk_box_append (GTK_BOX (box), f->bar);
  gtk_box_append (GTK_BOX (box), f->start);
  gtk_box_append (GTK_BOX (box), f->cancel);
  f->window = test_window_new (box);
  g_object_add_weak_pointer (G_OBJECT (f->window), (gpointer *) &f->window);

  f->work = LOFT_ASYNC_INFO (loft_action_new ());
  f->action = loft_gtk_async_action_new ("copy", NULL, on_start, f, on_release);
  f->group = g_simple_action_group_new ();
  loft_gtk_async_action_add_to_map (f->action, G_ACTION_MAP (f->group));
  gtk_widget_insert_action_group (f->window, "work", G_ACTION_GROUP (f->group));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (f->start), "work.copy");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (f->cancel), "work.copy-cancel");
}

static void
end_work (Fixture *f)
{
  if (f->work != NULL && LOFT_IS_ACTION (f->work))
    loft_action_complete (LOFT_ACTION (f->work));
  test_run_posted ();
}

static void
tear_down (Fixture      *f,
           gconstpointer data)
{
  end_work (f);
  if (f->window != NULL)
    gtk_window_destroy (GTK_WINDOW (f->window));
  g_object_unref (f->group);
  if (f->action != NULL)
    g_assert_finalize_object (f->action);
  g_assert_cmpint (f->n_released, ==, 1);
  test_run_posted ();
  g_clear_object (&f->work);
}

/* What can be activated: "start", "cancel" or none of the two. */
static void
assert_enabled (Fixture    *f,
                const char *expected)
{
  gboolean can_start = strcmp (expected, "start") == 0, can_cancel = !strcmp (expected, "cancel");

  g_assert_true (g_action_get_enabled (G_ACTION (f->action)) == can_start);
  g_assert_true (g_action_get_enabled (loft_gtk_async_action_get_cancel_action (f->action)) ==
                 can_cancel);
  g_assert_true (gtk_widget_is_sensitive (f->start) == can_start);
  g_assert_true (gtk_widget_is_sensitive (f->cancel) == can_cancel);
}

static void
set_work (Fixture *f,
          gpointer work)
{
  g_object_unref (f->work);
  f->work = work;
}

/* A click starts the work. While it runs, only the other button can be clicked. */
static void
test_run (Fixture      *f,
          gconstpointer data)
{
  LoftAsyncObserver *observer = loft_gtk_async_action_get_observer (f->action);

  assert_enabled (f, "start");
  g_assert_false (loft_gtk_async_action_is_running (f->action));
  test_click (f->start);
  g_assert_cmpint (f->n_started, ==, 1);
  assert_enabled (f, "cancel");
  g_assert_true (loft_gtk_async_action_is_running (f->action));

  g_action_activate (G_ACTION (f->action), NULL); /* it does not run twice */
  g_assert_cmpint (f->n_started, ==, 1);

  end_work (f);
  assert_enabled (f, "start");
  g_assert_false (loft_gtk_async_action_is_running (f->action));
  g_assert_cmpint (loft_async_observer_get_status (observer), ==, LOFT_ASYNC_STATUS_COMPLETED);

  /* Once more. */
  set_work (f, loft_action_new ());
  test_click (f->start);
  g_assert_cmpint (f->n_started, ==, 2);
  assert_enabled (f, "cancel");
}

/* Work that is cancelled runs until it has ended. */
static void
test_cancel (Fixture      *f,
             gconstpointer data)
{
  loft_gtk_async_action_set_widget (f->action, f->window);
  loft_gtk_async_action_set_error_title (f->action, "Not copied");
  test_click (f->start);
  test_click (f->cancel);
  g_assert_true (loft_async_info_is_canceled (f->work));
  assert_enabled (f, "none");
  g_assert_true (loft_gtk_async_action_is_running (f->action));
  end_work (f);
  assert_enabled (f, "start");
  g_assert_cmpuint (loft_gtk_error_bar_get_n_errors (LOFT_GTK_ERROR_BAR (f->bar)), ==, 0);
}

static LoftAsyncInfo *
on_start_pool (LoftGtkAsyncAction *action,
               GVariant           *parameter,
               gpointer            counter)
{
  return LOFT_ASYNC_INFO (loft_thread_pool_run_async (test_succeed, counter, NULL));
}

/* The action holds the work: the handler need not keep it. */
static void
test_pool (void)
{
  int n_done = 0;
  LoftGtkAsyncAction *action = loft_gtk_async_action_new ("count", NULL, on_start_pool, &n_done,
                                                          NULL);

  for (int i = 1; i <= 100; i++)
    {
      g_action_activate (G_ACTION (action), NULL);
      test_run_until_done (loft_gtk_async_action_get_observer (action));
      g_assert_cmpint (test_get (&n_done), ==, i);
      g_assert_true (g_action_get_enabled (G_ACTION (action)));
    }
  g_assert_finalize_object (action);
}

/* The program can disable it, too. Work that runs goes on. */
static void
test_can_start (Fixture      *f,
                gconstpointer data)
{
  loft_gtk_async_action_set_can_start (f->action, FALSE);
  assert_enabled (f, "none");
  g_action_activate (G_ACTION (f->action), NULL);
  g_assert_cmpint (f->n_started, ==, 0);
  loft_gtk_async_action_set_can_start (f->action, TRUE);
  test_click (f->start);
  loft_gtk_async_action_set_can_start (f->action, FALSE);
  assert_enabled (f, "cancel");
  end_work (f);
  assert_enabled (f, "none");
}

/* The handler has nothing to do, as when the user has chosen no file. */
static void
test_nothing (Fixture      *f,
              gconstpointer data)
{
  g_clear_object (&f->work);
  test_click (f->start);
  g_assert_cmpint (f->n_started, ==, 1);
  assert_enabled (f, "start");
}

/* The handler fails: the error is presented, and the next click starts anew. */
static void
test_fails_at_once (Fixture      *f,
                    gconstpointer data)
{
  loft_gtk_async_action_set_widget (f->action, f->start);
  loft_gtk_async_action_set_error_title (f->action, "Not copied");
  set_work (f, loft_action_new_failed (g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                                                            "no such file")));
  test_click (f->start);
  assert_enabled (f, "start");
  g_assert_cmpuint (loft_gtk_error_bar_get_n_errors (LOFT_GTK_ERROR_BAR (f->bar)), ==, 1);
  g_assert_cmpstr (loft_gtk_error_bar_get_title (LOFT_GTK_ERROR_BAR (f->bar)), ==, "Not copied");
  loft_gtk_error_bar_dismiss (LOFT_GTK_ERROR_BAR (f->bar));
  test_click (f->start); /* the same object again */
  assert_enabled (f, "start");
  g_assert_cmpuint (loft_gtk_error_bar_get_n_errors (LOFT_GTK_ERROR_BAR (f->bar)), ==, 1);
}

/* Work that fails later. Without a title, its error is only in the observer. */
static void
test_fails_later (Fixture      *f,
                  gconstpointer data)
{
  for (guint n_errors = 0; n_errors <= 1; n_errors++)
    {
      set_work (f, loft_action_new ());
      test_click (f->start);
      loft_async_base_fail (LOFT_ASYNC_BASE (f->work),
                            g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, "late"));
      test_run_posted ();
      assert_enabled (f, "start");
      g_assert_error (loft_async_observer_get_error (
                        loft_gtk_async_action_get_observer (f->action)),
                      G_IO_ERROR, G_IO_ERROR_FAILED);
      g_assert_cmpuint (loft_gtk_error_bar_get_n_errors (LOFT_GTK_ERROR_BAR (f->bar)), ==,
                        n_errors);
      loft_gtk_async_action_set_widget (f->action, f->start);
      loft_gtk_async_action_set_error_title (f->action, "Not copied");
    }
}

/* The window is closed while the work runs. */
static void
test_window_closed (Fixture      *f,
                    gconstpointer data)
{
  loft_gtk_async_action_set_widget (f->action, f->window);
  test_click (f->start);
  gtk_window_destroy (GTK_WINDOW (f->window));
  g_assert_true (loft_async_info_is_canceled (f->work));
  g_assert_null (loft_gtk_async_action_get_widget (f->action));
  g_assert_false (g_action_get_enabled (G_ACTION (f->action)));
  end_work (f);
  g_assert_false (g_action_get_enabled (G_ACTION (f->action))); /* it has no window to work for */
  g_action_activate (G_ACTION (f->action), NULL);
  g_assert_cmpint (f->n_started, ==, 1);
  loft_gtk_async_action_set_widget (f->action, NULL);
  g_assert_true (g_action_get_enabled (G_ACTION (f->action)));
}

/* A page leaves the window, and comes back. */
static void
test_widget_leaves (Fixture      *f,
                    gconstpointer data)
{
  GtkWidget *box = gtk_window_get_child (GTK_WINDOW (f->window));

  loft_gtk_async_action_set_widget (f->action, f->bar);
  test_click (f->start);
  g_object_ref (f->bar);
  gtk_box_remove (GTK_BOX (box), f->bar);
  g_assert_true (loft_async_info_is_canceled (f->work));
  end_work (f);
  gtk_box_append (GTK_BOX (box), f->bar);
  g_object_unref (f->bar);
  assert_enabled (f, "start");
}

/* The action is finalized while its work runs. The cancelling one may live longer. */
static void
test_finalized (Fixture      *f,
                gconstpointer data)
{
  g_autoptr (GAction) cancel = g_object_ref (loft_gtk_async_action_get_cancel_action (f->action));

  test_click (f->start);
  g_action_map_remove_action (G_ACTION_MAP (f->group), "copy");
  g_assert_finalize_object (g_steal_pointer (&f->action));
  g_assert_true (loft_async_info_is_canceled (f->work));
  g_assert_false (g_action_get_enabled (cancel));
  g_action_activate (cancel, NULL);
}

static LoftAsyncInfo *
on_start_and_close (LoftGtkAsyncAction *action,
                    GVariant           *parameter,
                    gpointer            work)
{
  g_assert_false (g_action_get_enabled (G_ACTION (action)));
  g_action_activate (G_ACTION (action), NULL); /* in its own handler: refused */
  gtk_window_destroy (GTK_WINDOW (loft_gtk_async_action_get_widget (action)));
  return g_object_ref (work);
}

/* The handler itself closes the window, which holds the action. */
static void
test_closed_by_its_handler (void)
{
  g_autoptr (LoftAction) work = loft_action_new ();
  GtkWidget *window = test_window_new (NULL);
  LoftGtkAsyncAction *action = loft_gtk_async_action_new ("close", NULL, on_start_and_close, work,
                                                          NULL);
  GSimpleActionGroup *group = g_simple_action_group_new ();

  loft_gtk_async_action_set_widget (action, window);
  loft_gtk_async_action_add_to_map (action, G_ACTION_MAP (group));
  gtk_widget_insert_action_group (window, "work", G_ACTION_GROUP (group));
  g_object_unref (group);
  g_object_add_weak_pointer (G_OBJECT (action), (gpointer *) &action);
  g_object_unref (action);
  gtk_widget_activate_action (window, "work.close", NULL);
  g_assert_true (loft_async_info_is_canceled (LOFT_ASYNC_INFO (work)));
  loft_action_complete (work);
  test_run_posted ();
  while (action != NULL)
    g_main_context_iteration (NULL, TRUE);
}

/* The same work in two actions: both show it, and either cancels it. */
static void
test_shared_work (Fixture      *f,
                  gconstpointer data)
{
  LoftGtkAsyncAction *first = f->action;
  LoftGtkAsyncAction *second = loft_gtk_async_action_new ("copy-too", NULL, on_start, f, NULL);

  test_click (f->start);
  f->action = second;
  g_action_activate (G_ACTION (second), NULL);
  f->action = first;
  g_action_activate (loft_gtk_async_action_get_cancel_action (second), NULL);
  g_assert_true (loft_async_info_is_canceled (f->work));
  end_work (f);
  assert_enabled (f, "start");
  g_assert_true (g_action_get_enabled (G_ACTION (second)));
  g_assert_finalize_object (second);
}

/* Work of a class that implements the interfaces by hand, and knows no cancel. */
static void
test_foreign (Fixture      *f,
              gconstpointer data)
{
  LoftAction *unused = LOFT_ACTION (f->work);
  TestForeign *foreign = g_object_new (TEST_TYPE_FOREIGN, NULL);

  f->work = LOFT_ASYNC_INFO (foreign);
  test_click (f->start);
  assert_enabled (f, "cancel");
  test_click (f->cancel);
  assert_enabled (f, "cancel"); /* it goes on */
  test_foreign_complete (foreign);
  test_run_posted ();
  assert_enabled (f, "start");
  g_object_unref (unused);
}

/* What GAction demands: names, types, no state. */
static LoftAsyncInfo *
on_start_with (LoftGtkAsyncAction *action,
               GVariant           *parameter,
               gpointer            text)
{
  g_string_append (text, g_variant_get_string (parameter, NULL));
  return LOFT_ASYNC_INFO (loft_action_new_completed ());
}

static void
test_parameter (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (LoftGtkAsyncAction) action = loft_gtk_async_action_new (
    "open", G_VARIANT_TYPE_STRING, on_start_with, text, NULL);
  g_autofree char *name = NULL;
  GVariantType *type = NULL;

  g_assert_true (g_variant_type_equal (g_action_get_parameter_type (G_ACTION (action)),
                                       G_VARIANT_TYPE_STRING));
  g_object_get (action, "name", &name, "parameter-type", &type, NULL);
  g_assert_cmpstr (name, ==, "open");
  g_assert_true (g_variant_type_equal (type, G_VARIANT_TYPE_STRING));
  g_variant_type_free (type);
  g_assert_null (g_action_get_state_type (G_ACTION (action)));
  g_assert_null (g_action_get_state (G_ACTION (action)));
  g_assert_null (g_action_get_state_hint (G_ACTION (action)));

  g_action_activate (G_ACTION (action), g_variant_new_string ("a file"));
  g_assert_cmpstr (text->str, ==, "a file");

  g_test_expect_message ("LoftGtk", G_LOG_LEVEL_CRITICAL, "*parameter*");
  g_action_activate (G_ACTION (action), NULL);
  g_test_assert_expected_messages ();
  g_assert_cmpstr (text->str, ==, "a file");
}

/* GtkBuilder and other languages can make it without its handler: it says so. */
static void
test_without_handler (void)
{
  g_autoptr (LoftGtkAsyncAction) action = g_object_new (LOFT_GTK_TYPE_ASYNC_ACTION, NULL);

  g_test_expect_message ("LoftGtk", G_LOG_LEVEL_CRITICAL, "*start != NULL*");
  g_action_activate (G_ACTION (action), NULL);
  g_test_assert_expected_messages ();

  g_test_expect_message ("LoftGtk", G_LOG_LEVEL_CRITICAL, "*g_action_name_is_valid*");
  g_assert_null (loft_gtk_async_action_new ("not a name", NULL, on_start, NULL, NULL));
  g_test_assert_expected_messages ();
}

static void
on_enabled_changed (GActionGroup *group,
                    const char   *name,
                    gboolean      is_enabled,
                    gpointer      log)
{
  g_string_append_printf (log, "%s%s ", is_enabled ? "+" : "-", name);
}

/* A group, and so a menu, hears of each change. The two are never enabled at once. */
static void
test_group (Fixture      *f,
            gconstpointer data)
{
  g_autoptr (GString) log = g_string_new (NULL);
  gulong id = g_signal_connect (f->group, "action-enabled-changed",
                                G_CALLBACK (on_enabled_changed), log);

  test_click (f->start);
  g_assert_cmpstr (log->str, ==, "-copy +copy-cancel ");
  g_string_set_size (log, 0);
  end_work (f);
  g_assert_cmpstr (log->str, ==, "-copy-cancel +copy ");
  g_signal_handler_disconnect (f->group, id);
}

/* Returns the item of an open menu with this text. */
static GtkWidget *
find_item (GtkWidget  *widget,
           const char *text)
{
  GtkWidget *found = NULL;

  if (strcmp (G_OBJECT_TYPE_NAME (widget), "GtkModelButton") == 0)
    {
      g_autofree char *own = NULL;

      g_object_get (widget, "text", &own, NULL);
      if (g_strcmp0 (own, text) == 0)
        return widget;
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_item (child, text);
  return found;
}

/* In a GMenu: the items follow, and activate it. */
static void
test_menu (Fixture      *f,
           gconstpointer data)
{
  g_autoptr (GMenu) menu = g_menu_new ();
  GtkWidget *button = gtk_menu_button_new ();
  GtkWidget *popover, *copy, *cancel;

  g_menu_append (menu, "Copy", "work.copy");
  g_menu_append (menu, "Stop", "work.copy-cancel");
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (button), G_MENU_MODEL (menu));
  gtk_box_append (GTK_BOX (gtk_window_get_child (GTK_WINDOW (f->window))), button);
  popover = GTK_WIDGET (gtk_menu_button_get_popover (GTK_MENU_BUTTON (button)));
  copy = find_item (popover, "Copy");
  cancel = find_item (popover, "Stop");
  g_assert_nonnull (copy);
  g_assert_nonnull (cancel);

  g_assert_true (gtk_widget_get_sensitive (copy));
  g_assert_false (gtk_widget_get_sensitive (cancel));
  test_click (copy);
  g_assert_cmpint (f->n_started, ==, 1);
  g_assert_false (gtk_widget_get_sensitive (copy));
  g_assert_true (gtk_widget_get_sensitive (cancel));
  test_click (cancel);
  g_assert_true (loft_async_info_is_canceled (f->work));
  end_work (f);
  g_assert_true (gtk_widget_get_sensitive (copy));
}

/* Reports until it is cancelled. */
static gboolean
report (LoftAsyncAction *action,
        gpointer         user_data,
        GError         **error)
{
  for (int i = 0; !loft_async_info_is_canceled (LOFT_ASYNC_INFO (action)); i++)
    loft_async_base_report_progress_double (LOFT_ASYNC_BASE (action), i % 100 / 100.0);
  return TRUE;
}

static LoftAsyncInfo *
on_start_report (LoftGtkAsyncAction *action,
                 GVariant           *parameter,
                 gpointer            user_data)
{
  return LOFT_ASYNC_INFO (loft_thread_pool_run_with_progress_async (G_TYPE_DOUBLE, report, NULL,
                                                                    NULL));
}

static GtkWidget *
new_busy_window (LoftGtkAsyncAction *action)
{
  LoftAsyncObserver *observer = loft_gtk_async_action_get_observer (action);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *bar = gtk_progress_bar_new (), *cancel = gtk_button_new ();
  GtkWidget *spinner = gtk_spinner_new (), *window;

  gtk_box_append (GTK_BOX (box), bar);
  gtk_box_append (GTK_BOX (box), cancel);
  gtk_box_append (GTK_BOX (box), spinner);
  window = test_window_new (box);
  loft_gtk_progress_bar_bind (GTK_PROGRESS_BAR (bar), observer);
  loft_gtk_button_bind_cancel (GTK_BUTTON (cancel), observer);
  loft_gtk_spinner_bind (spinner, observer);
  loft_gtk_widget_bind_errors (window, observer, "Not done");
  loft_gtk_async_action_set_widget (action, window);
  return window;
}

/* 200 windows are closed while their work reports. Nothing of them is left. */
static void
test_closed_while_busy (void)
{
  for (int i = 0; i < 200; i++)
    {
      LoftGtkAsyncAction *action = loft_gtk_async_action_new ("report", NULL, on_start_report,
                                                              NULL, NULL);
      LoftAsyncObserver *observer = g_object_ref (loft_gtk_async_action_get_observer (action));
      GtkWidget *window = new_busy_window (action);

      g_object_add_weak_pointer (G_OBJECT (window), (gpointer *) &window);
      g_action_activate (G_ACTION (action), NULL);
      for (int turn = 0; turn < i % 8; turn++)
        g_main_context_iteration (NULL, TRUE);
      gtk_window_destroy (GTK_WINDOW (window));
      test_run_until_done (observer);
      g_assert_cmpint (loft_async_observer_get_status (observer), ==,
                       LOFT_ASYNC_STATUS_CANCELED);
      while (window != NULL)
        g_main_context_iteration (NULL, TRUE);
      g_assert_finalize_object (action);
      g_assert_finalize_object (observer);
    }
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
#define ADD(name, func) \
  g_test_add ("/gtk/async-action/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("run", test_run);
  ADD ("cancel", test_cancel);
  g_test_add_func ("/gtk/async-action/pool", test_pool);
  ADD ("can-start", test_can_start);
  ADD ("nothing", test_nothing);
  ADD ("fails-at-once", test_fails_at_once);
  ADD ("fails-later", test_fails_later);
  ADD ("window-closed", test_window_closed);
  ADD ("widget-leaves", test_widget_leaves);
  ADD ("finalized", test_finalized);
  g_test_add_func ("/gtk/async-action/closed-by-its-handler", test_closed_by_its_handler);
  ADD ("shared-work", test_shared_work);
  ADD ("foreign", test_foreign);
  g_test_add_func ("/gtk/async-action/parameter", test_parameter);
  g_test_add_func ("/gtk/async-action/without-handler", test_without_handler);
  ADD ("group", test_group);
  ADD ("menu", test_menu);
  g_test_add_func ("/gtk/async-action/closed-while-busy", test_closed_while_busy);
  return g_test_run ();
}
