/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Starts the scan and receives its reports and its end. The sets enter their list by themselves.
 * Everything here runs on the main thread, so nothing needs a lock.
 *
 *   demo_window_scan -> demo_scan_async ─┬─ sets ········ Low, into the list
 *                                        ├─ on_progress · Normal
 *                                        └─ on_sets_in ·· when the last set is in: the scan is over
 */

#include "demo-window.h"

#include <string.h>

#include "demo-cleaner.h"
#include "demo-export-dialog.h"
#include "demo-menus.h"
#include "demo-name.h"
#include "demo-pages.h"
#include "demo-problems.h"
#include "demo-scan.h"
#include "demo-status.h"

#define WIDE 720 /* pixels */

struct _DemoWindow
{
  GtkApplicationWindow parent_instance;

  GtkWidget *subtitle;
  GtkWidget *open_button;
  GtkWidget *cancel_button;
  GtkWidget *info_bar;
  GtkWidget *info_label;
  GtkWidget *problems_button;
  GtkWidget *status;
  GtkWidget *search_bar;
  GtkWidget *search;
  GtkWidget *stack;
  GtkWidget *list;
  GtkWidget *toast;
  GtkWidget *selection_bar;
  GtkWidget *bar_scroller;
  GtkWidget *bar;
  DemoCleaner *cleaner;

  DemoSettings *settings;   /* of the next scan */
  LoftListFeeder *sets;     /* of the last scan; NULL: there was none */
  LoftListFeeder *problems;
  LoftAsyncOperation *scan; /* NULL: none is under way */
  DemoProgress progress;    /* the newest */
  guint n_updates;          /* sets and reports that have come */
};

G_DEFINE_FINAL_TYPE (DemoWindow, demo_window, GTK_TYPE_APPLICATION_WINDOW)

enum { SCAN_ENDED, N_SIGNALS };
static guint signals[N_SIGNALS];

static void
demo_window_say (DemoWindow *self,
                 const char *text)
{
  gtk_widget_set_visible (self->problems_button, FALSE);
  gtk_label_set_text (GTK_LABEL (self->info_label), text);
  gtk_info_bar_set_revealed (GTK_INFO_BAR (self->info_bar), TRUE);
}

static void
on_say (GtkWidget  *window,
        const char *text)
{
  demo_window_say (DEMO_WINDOW (window), text);
}

static void
demo_window_enable (DemoWindow *self,
                    const char *name,
                    gboolean    enabled)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), name);

  g_simple_action_set_enabled (G_SIMPLE_ACTION (action), enabled);
}

static void
demo_window_set_scanning (DemoWindow *self,
                          gboolean    scanning)
{
  gboolean found = !scanning && self->sets != NULL;

  demo_window_enable (self, "open", !scanning);
  demo_window_enable (self, "rescan", !scanning && self->settings->folders->len > 0);
  demo_window_enable (self, "export", found);
  demo_window_enable (self, "cancel", scanning);
  gtk_widget_set_visible (self->open_button, !scanning);
  gtk_widget_set_visible (self->cancel_button, scanning);
  gtk_widget_set_visible (self->selection_bar,
                          found && g_list_model_get_n_items (G_LIST_MODEL (self->sets)) > 0);
  demo_cleaner_set_sets (self->cleaner, found ? G_LIST_MODEL (self->sets) : NULL);
  demo_bar_set_scanning (DEMO_BAR (self->bar), scanning);
}

/* What the scan sends. */

static void
on_sets_changed (GListModel *sets,
                 guint       position,
                 guint       removed,
                 guint       added,
                 DemoWindow *self)
{
  self->n_updates += added;
}

static void
on_progress (LoftAsyncInfo *sender,
             const GValue  *value,
             gpointer       data)
{
  DemoWindow *self = DEMO_WINDOW (data);

  if (LOFT_ASYNC_INFO (self->scan) != sender)
    return; /* cancelled or closed in the meantime */
  self->n_updates++;
  self->progress = *(DemoProgress *) g_value_get_boxed (value);
  demo_status_update (DEMO_STATUS (self->status), &self->progress);
}

static void
demo_window_show_problems (DemoWindow *self)
{
  g_autofree char *text = demo_problems_describe (G_LIST_MODEL (self->problems));

  if (text == NULL)
    return;
  demo_window_say (self, text);
  gtk_widget_set_visible (self->problems_button,
                          g_list_model_get_n_items (G_LIST_MODEL (self->problems)) > 1);
}

/* All sets are in the list, or it was cancelled. */
static void
on_sets_in (LoftAsyncInfo   *sender,
            LoftAsyncStatus  status,
            gpointer         data)
{
  DemoWindow *self = DEMO_WINDOW (data);
  g_autoptr (LoftAsyncOperation) scan = g_steal_pointer (&self->scan);
  g_autoptr (GError) error = NULL;
  g_auto (GValue) value = G_VALUE_INIT;

  if (scan == NULL)
    return; /* closed in the meantime */
  if (loft_async_operation_get_results (scan, &value, &error))
    self->progress = *(DemoProgress *) g_value_get_boxed (&value);
  else if (status == LOFT_ASYNC_STATUS_ERROR)
    demo_window_say (self, error->message);
  demo_window_set_scanning (self, FALSE);
  demo_status_end (DEMO_STATUS (self->status), &self->progress,
                   loft_async_info_is_canceled (LOFT_ASYNC_INFO (scan)));
  if (g_list_model_get_n_items (G_LIST_MODEL (self->sets)) == 0)
    gtk_stack_set_visible_child_name (GTK_STACK (self->stack), "none");
  demo_window_show_problems (self);
  g_signal_emit (self, signals[SCAN_ENDED], 0);
}

static void
demo_window_make_lists (DemoWindow *self)
{
  g_clear_object (&self->sets);
  g_clear_object (&self->problems);
  self->sets = loft_list_feeder_new (DEMO_TYPE_SET);
  self->problems = loft_list_feeder_new (DEMO_TYPE_ROW);
  loft_list_feeder_bind_owner (self->sets, G_OBJECT (self));
  loft_list_feeder_bind_owner (self->problems, G_OBJECT (self));
  g_signal_connect_object (self->sets, "items-changed", G_CALLBACK (on_sets_changed), self, 0);
  demo_list_set_sets (DEMO_LIST (self->list), G_LIST_MODEL (self->sets));
}

static void
demo_window_show_folders (DemoWindow *self)
{
  g_autofree char *first = demo_name_escape (self->settings->folders->pdata[0]);
  g_autofree char *text = NULL;

  if (self->settings->folders->len == 1)
    text = g_strdup (first);
  else
    text = g_strdup_printf ("%s and %u more", first, self->settings->folders->len - 1);
  gtk_label_set_text (GTK_LABEL (self->subtitle), text);
  gtk_widget_set_visible (self->subtitle, TRUE);
}

/* Scans with the settings. */
static void
demo_window_scan (DemoWindow *self)
{
  g_autoptr (LoftAsyncAction) all_in = NULL;

  g_return_if_fail (self->scan == NULL);
  self->n_updates = 0;
  memset (&self->progress, 0, sizeof self->progress);
  demo_window_make_lists (self);
  demo_window_show_folders (self);
  gtk_info_bar_set_revealed (GTK_INFO_BAR (self->info_bar), FALSE);
  gtk_widget_set_visible (self->status, TRUE);
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), "list");
  demo_window_set_scanning (self, TRUE);
  demo_status_start (DEMO_STATUS (self->status));

  self->scan = demo_scan_async (self->settings, self->sets, self->problems);
  loft_async_with_progress_set_progress (LOFT_ASYNC_WITH_PROGRESS (self->scan),
                                         LOFT_PROGRESS_LATEST, on_progress, g_object_ref (self),
                                         g_object_unref, NULL);
  all_in = loft_list_feeder_all_in_async (self->sets);
  loft_async_info_call_when_ended (LOFT_ASYNC_INFO (all_in), on_sets_in, g_object_ref (self),
                                   g_object_unref);
}

/* Scans what is in @files, which is a list of GFile. */
static void
demo_window_scan_files (DemoWindow *self,
                        GSList     *files)
{
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);

  for (GSList *at = files; at != NULL; at = at->next)
    {
      g_autofree char *path = g_file_get_path (at->data);

      if (path != NULL && g_file_test (path, G_FILE_TEST_IS_DIR))
        g_ptr_array_add (paths, g_steal_pointer (&path));
    }
  if (self->scan != NULL)
    return;
  if (paths->len == 0)
    {
      demo_window_say (self, "That is no folder of this computer. Choose one with a path of its "
                             "own.");
      return;
    }
  g_ptr_array_unref (self->settings->folders);
  self->settings->folders = g_steal_pointer (&paths);
  demo_window_scan (self);
}

void
demo_window_scan_path (DemoWindow *self,
                       const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  GSList files = { .data = file };

  demo_window_scan_files (self, &files);
}

/* What the user asks for. */

static void
on_folders_chosen (GtkNativeDialog *dialog,
                   int              response,
                   DemoWindow      *self)
{
  g_autoptr (GListModel) chosen = NULL;
  GSList *files = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    {
      chosen = gtk_file_chooser_get_files (GTK_FILE_CHOOSER (dialog));
      for (guint i = 0; i < g_list_model_get_n_items (chosen); i++)
        files = g_slist_append (files, g_list_model_get_item (chosen, i));
      demo_window_scan_files (self, files);
      g_slist_free_full (files, g_object_unref);
    }
  g_object_unref (dialog);
}

static void
on_open (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       data)
{
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new ("Choose Folders", GTK_WINDOW (data),
                                                              GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER,
                                                              "_Scan", "_Cancel");

  gtk_file_chooser_set_select_multiple (GTK_FILE_CHOOSER (dialog), TRUE);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect (dialog, "response", G_CALLBACK (on_folders_chosen), data);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static gboolean
on_drop (GtkDropTarget *target,
         const GValue  *value,
         double         x,
         double         y,
         DemoWindow    *self)
{
  GSList *files = gdk_file_list_get_files (g_value_get_boxed (value));

  demo_window_scan_files (self, files);
  g_slist_free (files);
  return TRUE;
}

static void
on_rescan (GSimpleAction *action,
           GVariant      *parameter,
           gpointer       data)
{
  demo_window_scan (data);
}

/* The list drops what is on its way at once, and on_sets_in () comes in the next turn. The worker
 * stops at its next chunk. */
static void
on_cancel (GSimpleAction *action,
           GVariant      *parameter,
           gpointer       data)
{
  DemoWindow *self = data;

  demo_window_enable (self, "cancel", FALSE);
  demo_status_cancel (DEMO_STATUS (self->status));
  loft_async_info_cancel (LOFT_ASYNC_INFO (self->scan));
}

static void
on_one_file_system (GSimpleAction *action,
                    GVariant      *state,
                    gpointer       data)
{
  DEMO_WINDOW (data)->settings->one_file_system = g_variant_get_boolean (state);
  g_simple_action_set_state (action, state);
}

static void
on_min_size (GSimpleAction *action,
             GVariant      *state,
             gpointer       data)
{
  DEMO_WINDOW (data)->settings->min_size = g_ascii_strtoull (g_variant_get_string (state, NULL),
                                                             NULL, 10);
  g_simple_action_set_state (action, state);
}

/* Adds the folder of the selected file to @folders, and scans again. */
static void
demo_window_use_folder (DemoWindow *self,
                        GPtrArray  *folders)
{
  DemoRow *row = demo_list_get_selected (DEMO_LIST (self->list));

  if (row == NULL || self->scan != NULL)
    return;
  g_ptr_array_add (folders, g_path_get_dirname (demo_row_get_path (row)));
  demo_window_scan (self);
}

static void
on_keep_folder (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       data)
{
  demo_window_use_folder (data, DEMO_WINDOW (data)->settings->references);
}

static void
on_exclude_folder (GSimpleAction *action,
                   GVariant      *parameter,
                   gpointer       data)
{
  demo_window_use_folder (data, DEMO_WINDOW (data)->settings->excluded);
}

/* Returns the path of the selected file, or NULL. */
static const char *
demo_window_get_path (DemoWindow *self)
{
  DemoRow *row = demo_list_get_selected (DEMO_LIST (self->list));

  return row != NULL ? demo_row_get_path (row) : NULL;
}

static void
on_open_file (GSimpleAction *action,
              GVariant      *parameter,
              gpointer       data)
{
  if (demo_window_get_path (data) != NULL)
    demo_file_actions_open (data, demo_window_get_path (data), on_say);
}

static void
on_reveal (GSimpleAction *action,
           GVariant      *parameter,
           gpointer       data)
{
  if (demo_window_get_path (data) != NULL)
    demo_file_actions_reveal (data, demo_window_get_path (data), on_say);
}

static void
on_copy_path (GSimpleAction *action,
              GVariant      *parameter,
              gpointer       data)
{
  if (demo_window_get_path (data) != NULL)
    demo_file_actions_copy (data, demo_window_get_path (data));
}

static void
on_filter (GSimpleAction *action,
           GVariant      *parameter,
           gpointer       data)
{
  GtkSearchBar *bar = GTK_SEARCH_BAR (DEMO_WINDOW (data)->search_bar);

  gtk_search_bar_set_search_mode (bar, !gtk_search_bar_get_search_mode (bar));
}

static void
on_search_changed (GtkSearchEntry *search,
                   DemoWindow     *self)
{
  demo_list_set_filter (DEMO_LIST (self->list), gtk_editable_get_text (GTK_EDITABLE (search)));
}

static void
on_export (GSimpleAction *action,
           GVariant      *parameter,
           gpointer       data)
{
  DemoWindow *self = data;

  demo_export_dialog_present (data, G_LIST_MODEL (self->sets), &self->progress, on_say);
}

static void
on_problems (GSimpleAction *action,
             GVariant      *parameter,
             gpointer       data)
{
  if (DEMO_WINDOW (data)->problems != NULL)
    demo_problems_present (data, G_LIST_MODEL (DEMO_WINDOW (data)->problems));
}

/* Files have left the sets, or have come back. */
static void
on_cleaned (DemoCleaner *cleaner,
            DemoWindow  *self)
{
  self->progress.wasted = self->progress.duplicates = 0;
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->sets)); i++)
    {
      g_autoptr (DemoSet) set = g_list_model_get_item (G_LIST_MODEL (self->sets), i);

      self->progress.wasted += demo_set_get_wasted (set);
      self->progress.duplicates += demo_set_get_spare (set);
    }
  demo_status_show_sums (DEMO_STATUS (self->status), &self->progress, "");
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack),
                                    self->progress.duplicates > 0 ? "list" : "none");
}

/* A narrow window has no room for the meter. */
static void
demo_window_show_meter (DemoWindow *self)
{
  g_autoptr (GVariant) state = g_action_group_get_action_state (G_ACTION_GROUP (self), "meter");
  int width, height;

  gtk_window_get_default_size (GTK_WINDOW (self), &width, &height);
  gtk_widget_set_visible (self->bar_scroller,
                          g_variant_get_boolean (state) && (width < 0 || width >= WIDE));
}

static void
on_meter (GSimpleAction *action,
          GVariant      *state,
          gpointer       data)
{
  g_simple_action_set_state (action, state);
  demo_window_show_meter (data);
}

/* Work that is certainly still running when get () looks at it, because it ends only when it is
 * cancelled. */
static gboolean
think (LoftAsyncAction *action,
       gpointer         data,
       GError         **error)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guchar chunk[4096] = { 0 };

  while (!loft_async_info_is_canceled (LOFT_ASYNC_INFO (action)))
    g_checksum_update (checksum, chunk, sizeof chunk);
  return TRUE;
}

static void
on_wait (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       data)
{
  g_autoptr (LoftAsyncAction) thinking = loft_thread_pool_run_async (think, NULL, NULL);
  g_autoptr (GError) error = NULL;

  if (!loft_async_action_get (thinking, &error))
    demo_window_say (DEMO_WINDOW (data), error->message);
  loft_async_info_cancel (LOFT_ASYNC_INFO (thinking));
}

static void
on_dark (GSimpleAction *action,
         GVariant      *state,
         gpointer       data)
{
  g_object_set (gtk_widget_get_settings (GTK_WIDGET (data)), "gtk-application-prefer-dark-theme",
                g_variant_get_boolean (state), NULL);
  g_simple_action_set_state (action, state);
}

static void
on_about (GSimpleAction *action,
          GVariant      *parameter,
          gpointer       data)
{
  gtk_show_about_dialog (GTK_WINDOW (data), "program-name", "Duplicate Finder", "logo-icon-name",
                         "edit-copy-symbolic", "comments",
                         "Finds equal files while the window stays alive.\nA demo "
                         "of Loft.",
                         "copyright", "© 2026 The Loft authors", "license-type",
                         GTK_LICENSE_LGPL_2_1, NULL);
}

/* Made of. */

static GtkWidget *
demo_window_make_menu (void)
{
  GtkWidget *button = gtk_menu_button_new ();
  g_autoptr (GMenuModel) menu = demo_menus_new_main ();

  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (button), "open-menu-symbolic");
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (button), menu);
  gtk_menu_button_set_primary (GTK_MENU_BUTTON (button), TRUE);
  gtk_widget_set_tooltip_text (button, "Main menu");
  return button;
}

static GtkWidget *
demo_window_make_title (DemoWindow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *title = gtk_label_new ("Duplicate Finder");

  self->subtitle = gtk_label_new (NULL);
  gtk_label_set_ellipsize (GTK_LABEL (self->subtitle), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_ellipsize (GTK_LABEL (title), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (title, "title");
  gtk_widget_add_css_class (self->subtitle, "subtitle");
  gtk_widget_set_visible (self->subtitle, FALSE);
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (box), title);
  gtk_box_append (GTK_BOX (box), self->subtitle);
  return box;
}

static GtkWidget *
demo_window_make_header (DemoWindow *self)
{
  GtkWidget *header = gtk_header_bar_new ();
  GtkWidget *filter = gtk_button_new_from_icon_name ("edit-find-symbolic");

  self->open_button = gtk_button_new_from_icon_name ("document-open-symbolic");
  self->cancel_button = gtk_button_new_with_mnemonic ("_Cancel");
  gtk_widget_set_tooltip_text (self->open_button, "Scan folders");
  gtk_widget_set_tooltip_text (filter, "Filter");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->open_button), "win.open");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->cancel_button), "win.cancel");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (filter), "win.filter");
  gtk_header_bar_pack_start (GTK_HEADER_BAR (header), self->open_button);
  gtk_header_bar_pack_start (GTK_HEADER_BAR (header), self->cancel_button);
  gtk_header_bar_pack_end (GTK_HEADER_BAR (header), demo_window_make_menu ());
  gtk_header_bar_pack_end (GTK_HEADER_BAR (header), filter);
  gtk_header_bar_set_title_widget (GTK_HEADER_BAR (header), demo_window_make_title (self));
  return header;
}

static GtkWidget *
demo_window_make_search (DemoWindow *self)
{
  self->search_bar = gtk_search_bar_new ();
  self->search = gtk_search_entry_new ();
  g_object_set (self->search, "placeholder-text", "Name or folder", "hexpand", TRUE, NULL);
  gtk_search_bar_set_child (GTK_SEARCH_BAR (self->search_bar), self->search);
  gtk_search_bar_connect_entry (GTK_SEARCH_BAR (self->search_bar), GTK_EDITABLE (self->search));
  g_signal_connect (self->search, "search-changed", G_CALLBACK (on_search_changed), self);
  return self->search_bar;
}

static void
on_info_closed (GtkInfoBar *info_bar)
{
  gtk_info_bar_set_revealed (info_bar, FALSE);
}

static GtkWidget *
demo_window_make_info_bar (DemoWindow *self)
{
  self->info_bar = gtk_info_bar_new ();
  self->info_label = g_object_new (GTK_TYPE_LABEL, "wrap", TRUE, "xalign", 0.0, "selectable", TRUE,
                                   "hexpand", TRUE, NULL);
  self->problems_button = gtk_button_new_with_mnemonic ("_Show All");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->problems_button), "win.problems");
  gtk_widget_set_valign (self->problems_button, GTK_ALIGN_CENTER);
  gtk_label_set_wrap_mode (GTK_LABEL (self->info_label), PANGO_WRAP_WORD_CHAR);
  gtk_info_bar_add_child (GTK_INFO_BAR (self->info_bar), self->info_label);
  gtk_info_bar_add_child (GTK_INFO_BAR (self->info_bar), self->problems_button);
  gtk_info_bar_set_message_type (GTK_INFO_BAR (self->info_bar), GTK_MESSAGE_WARNING);
  gtk_info_bar_set_show_close_button (GTK_INFO_BAR (self->info_bar), TRUE);
  gtk_info_bar_set_revealed (GTK_INFO_BAR (self->info_bar), FALSE);
  g_signal_connect (self->info_bar, "response", G_CALLBACK (on_info_closed), NULL);
  return self->info_bar;
}

static GtkWidget *
demo_window_make_stack (DemoWindow *self)
{
  self->list = demo_list_new ();
  self->stack = gtk_stack_new ();
  gtk_stack_add_named (GTK_STACK (self->stack),
                       demo_page_new ("folder-symbolic", "Find Duplicate Files",
                                      "Choose folders, or drop them here, and see which files in "
                                      "them are copies of each other.",
                                      "_Choose Folders…", "win.open"),
                       "empty");
  gtk_stack_add_named (GTK_STACK (self->stack), self->list, "list");
  gtk_stack_add_named (GTK_STACK (self->stack),
                       demo_page_new ("object-select-symbolic", "No Duplicates Found",
                                      "No two of the files that were compared are equal.", NULL,
                                      NULL),
                       "none");
  gtk_widget_set_vexpand (self->stack, TRUE);
  return self->stack;
}

static GtkWidget *
demo_window_make_overlay (DemoWindow *self)
{
  GtkWidget *overlay = gtk_overlay_new ();

  self->toast = demo_toast_new ();
  gtk_overlay_set_child (GTK_OVERLAY (overlay), demo_window_make_stack (self));
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), self->toast);
  return overlay;
}

/* In a narrow window, the bar is scrolled. */
static GtkWidget *
demo_window_make_bar (DemoWindow *self)
{
  self->bar = demo_bar_new ();
  self->bar_scroller = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->bar_scroller), GTK_POLICY_AUTOMATIC,
                                  GTK_POLICY_NEVER);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->bar_scroller), self->bar);
  return self->bar_scroller;
}

static void
demo_window_add_cleaner (DemoWindow *self)
{
  const DemoCleanerParts parts = { GTK_WIDGET (self), DEMO_LIST (self->list),
                                   DEMO_SELECTION_BAR (self->selection_bar),
                                   DEMO_TOAST (self->toast), on_say };

  self->cleaner = demo_cleaner_new (&parts);
  g_signal_connect_object (self->cleaner, "changed", G_CALLBACK (on_cleaned), self, 0);
}

static void
demo_window_add_drop_target (DemoWindow *self)
{
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  g_signal_connect (target, "drop", G_CALLBACK (on_drop), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}

static void
demo_window_stop (DemoWindow *self)
{
  if (self->scan != NULL)
    loft_async_info_cancel (LOFT_ASYNC_INFO (self->scan));
  g_clear_object (&self->scan);
}

/* Comes when the window is closed. Its disposal has to wait for the handlers, which hold it, and
 * the scan would go on until then. */
static void
demo_window_unrealize (GtkWidget *widget)
{
  demo_window_stop (DEMO_WINDOW (widget));
  GTK_WIDGET_CLASS (demo_window_parent_class)->unrealize (widget);
}

static void
demo_window_dispose (GObject *object)
{
  DemoWindow *self = DEMO_WINDOW (object);

  demo_window_stop (self);
  g_clear_object (&self->sets);
  g_clear_object (&self->problems);
  if (self->cleaner != NULL)
    g_object_run_dispose (G_OBJECT (self->cleaner));
  g_clear_object (&self->cleaner);
  g_clear_pointer (&self->settings, demo_settings_free);
  G_OBJECT_CLASS (demo_window_parent_class)->dispose (object);
}

static void
demo_window_class_init (DemoWindowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = demo_window_dispose;
  GTK_WIDGET_CLASS (klass)->unrealize = demo_window_unrealize;
  signals[SCAN_ENDED] = g_signal_new ("scan-ended", DEMO_TYPE_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL,
                                      NULL, NULL, G_TYPE_NONE, 0);
}

static void
demo_window_init (DemoWindow *self)
{
  static const GActionEntry actions[] = {
    { .name = "open", .activate = on_open },
    { .name = "rescan", .activate = on_rescan },
    { .name = "cancel", .activate = on_cancel },
    { .name = "one-file-system", .state = "false", .change_state = on_one_file_system },
    { .name = "min-size", .parameter_type = "s", .state = "'1'", .change_state = on_min_size },
    { .name = "keep-folder", .activate = on_keep_folder },
    { .name = "exclude-folder", .activate = on_exclude_folder },
    { .name = "open-file", .activate = on_open_file },
    { .name = "reveal", .activate = on_reveal },
    { .name = "copy-path", .activate = on_copy_path },
    { .name = "filter", .activate = on_filter },
    { .name = "export", .activate = on_export },
    { .name = "problems", .activate = on_problems },
    { .name = "wait", .activate = on_wait },
    { .name = "meter", .state = "true", .change_state = on_meter },
    { .name = "dark", .state = "false", .change_state = on_dark },
    { .name = "about", .activate = on_about },
  };
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  g_autoptr (GMenuModel) file_menu = demo_menus_new_file ();

  self->settings = demo_settings_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  self->status = demo_status_new ();
  self->selection_bar = demo_selection_bar_new ();
  gtk_widget_set_visible (self->status, FALSE);
  gtk_window_set_titlebar (GTK_WINDOW (self), demo_window_make_header (self));
  gtk_box_append (GTK_BOX (box), demo_window_make_search (self));
  gtk_box_append (GTK_BOX (box), demo_window_make_info_bar (self));
  gtk_box_append (GTK_BOX (box), self->status);
  gtk_box_append (GTK_BOX (box), demo_window_make_overlay (self));
  gtk_box_append (GTK_BOX (box), self->selection_bar);
  gtk_box_append (GTK_BOX (box), demo_window_make_bar (self));
  g_object_set (self, "child", box, "default-width", 960, "default-height", 640, "title",
                "Duplicate Finder", NULL);
  demo_list_set_menu (DEMO_LIST (self->list), file_menu);
  demo_window_add_cleaner (self);
  demo_window_add_drop_target (self);
  demo_window_set_scanning (self, FALSE);
  g_signal_connect (self, "notify::default-width", G_CALLBACK (demo_window_show_meter), NULL);
}

GtkWidget *
demo_window_new (GtkApplication *application)
{
  return g_object_new (DEMO_TYPE_WINDOW, "application", application, NULL);
}

DemoBar *
demo_window_get_bar (DemoWindow *self)
{
  return DEMO_BAR (self->bar);
}

char *
demo_window_describe (DemoWindow *self)
{
  DemoMeter *meter = demo_bar_get_meter (DEMO_BAR (self->bar));

  return g_strdup_printf ("%u files, %" G_GUINT64_FORMAT
                          " bytes, %u duplicates, %u updates posted, "
                          "%.1f frames/s, worst gap %.1f ms",
                          self->progress.files, self->progress.bytes, self->progress.duplicates,
                          self->n_updates, demo_meter_get_rate (meter),
                          demo_meter_get_gap_ms (meter));
}
