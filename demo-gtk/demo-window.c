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

#include "demo-list.h"
#include "demo-name.h"
#include "demo-pages.h"
#include "demo-scan.h"
#include "demo-status.h"

struct _DemoWindow
{
  GtkApplicationWindow parent_instance;

  GtkWidget *subtitle;
  GtkWidget *cancel_button;
  GtkWidget *info_bar;
  GtkWidget *info_label;
  GtkWidget *status;
  GtkWidget *stack;
  GtkWidget *bar;
  GtkWidget *list;

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
  gtk_label_set_text (GTK_LABEL (self->info_label), text);
  gtk_info_bar_set_revealed (GTK_INFO_BAR (self->info_bar), TRUE);
}

static void
demo_window_set_scanning (DemoWindow *self,
                          gboolean    scanning)
{
  GActionMap *actions = G_ACTION_MAP (self);

  g_simple_action_set_enabled (G_SIMPLE_ACTION (g_action_map_lookup_action (actions, "open")),
                               !scanning);
  g_simple_action_set_enabled (G_SIMPLE_ACTION (g_action_map_lookup_action (actions, "cancel")),
                               scanning);
  gtk_widget_set_visible (self->cancel_button, scanning);
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

  if (self->scan == NULL)
    return; /* closed in the meantime */
  self->n_updates++;
  self->progress = *(DemoProgress *) g_value_get_boxed (value);
  demo_status_update (DEMO_STATUS (self->status), &self->progress);
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

void
demo_window_scan (DemoWindow         *self,
                  const DemoSettings *settings)
{
  g_autofree char *shown = demo_name_escape (settings->folders->pdata[0]);
  g_autoptr (LoftAsyncAction) all_in = NULL;

  g_return_if_fail (self->scan == NULL);
  self->n_updates = 0;
  memset (&self->progress, 0, sizeof self->progress);
  demo_window_make_lists (self);
  gtk_label_set_text (GTK_LABEL (self->subtitle), shown);
  gtk_widget_set_visible (self->subtitle, TRUE);
  gtk_widget_set_visible (self->status, TRUE);
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), "list");
  demo_window_set_scanning (self, TRUE);
  demo_status_start (DEMO_STATUS (self->status));
  demo_meter_start (demo_bar_get_meter (DEMO_BAR (self->bar)));

  self->scan = demo_scan_async (settings, self->sets, self->problems);
  loft_async_with_progress_set_progress (LOFT_ASYNC_WITH_PROGRESS (self->scan),
                                         LOFT_PROGRESS_LATEST, on_progress, g_object_ref (self),
                                         g_object_unref, NULL);
  all_in = loft_list_feeder_all_in_async (self->sets);
  loft_async_info_call_when_ended (LOFT_ASYNC_INFO (all_in), on_sets_in, g_object_ref (self),
                                   g_object_unref);
}

/* What the user asks for. */

static void
on_folder_chosen (GtkNativeDialog *dialog,
                  int              response,
                  DemoWindow      *self)
{
  g_autoptr (GFile) folder = NULL;
  g_autofree char *path = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    folder = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  if (folder != NULL)
    path = g_file_get_path (folder);
  if (path != NULL && self->scan == NULL)
    {
      g_autoptr (DemoSettings) settings = demo_settings_new ();

      g_ptr_array_add (settings->folders, g_steal_pointer (&path));
      demo_window_scan (self, settings);
    }
  else if (folder != NULL)
    demo_window_say (self, "That folder is not on this computer. Choose one with a path of its "
                           "own.");
  g_object_unref (dialog);
}

static void
on_open (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       data)
{
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new ("Choose a Folder", GTK_WINDOW (data),
                                                              GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER,
                                                              "_Scan", "_Cancel");

  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect (dialog, "response", G_CALLBACK (on_folder_chosen), data);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static void
on_cancel (GSimpleAction *action,
           GVariant      *parameter,
           gpointer       data)
{
  loft_async_info_cancel (LOFT_ASYNC_INFO (DEMO_WINDOW (data)->scan));
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
                         "Finds equal files while the window stays at 60 frames a second.\nA demo "
                         "of Loft.",
                         "copyright", "© 2026 The Loft authors", "license-type",
                         GTK_LICENSE_LGPL_2_1, NULL);
}

/* Made of. */

static GtkWidget *
demo_window_make_menu (void)
{
  GtkWidget *button = gtk_menu_button_new ();
  g_autoptr (GMenu) menu = g_menu_new ();
  g_autoptr (GMenu) last = g_menu_new ();

  g_menu_append (menu, "_Dark Style", "win.dark");
  g_menu_append (last, "_Keyboard Shortcuts", "win.show-help-overlay");
  g_menu_append (last, "_About Duplicate Finder", "win.about");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (last));
  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (button), "open-menu-symbolic");
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (button), G_MENU_MODEL (menu));
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
  GtkWidget *open = gtk_button_new_with_mnemonic ("_Open Folder…");

  self->cancel_button = gtk_button_new_with_mnemonic ("_Cancel");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (open), "win.open");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->cancel_button), "win.cancel");
  gtk_header_bar_pack_start (GTK_HEADER_BAR (header), open);
  gtk_header_bar_pack_start (GTK_HEADER_BAR (header), self->cancel_button);
  gtk_header_bar_pack_end (GTK_HEADER_BAR (header), demo_window_make_menu ());
  gtk_header_bar_set_title_widget (GTK_HEADER_BAR (header), demo_window_make_title (self));
  return header;
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
  gtk_info_bar_add_child (GTK_INFO_BAR (self->info_bar), self->info_label);
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
                                      "Choose a folder, and see which files in it are copies of "
                                      "each other.",
                                      "_Open Folder…", "win.open"),
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

static void
demo_window_dispose (GObject *object)
{
  DemoWindow *self = DEMO_WINDOW (object);

  if (self->scan != NULL)
    loft_async_info_cancel (LOFT_ASYNC_INFO (self->scan));
  g_clear_object (&self->scan);
  g_clear_object (&self->sets);
  g_clear_object (&self->problems);
  G_OBJECT_CLASS (demo_window_parent_class)->dispose (object);
}

static void
demo_window_class_init (DemoWindowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = demo_window_dispose;
  signals[SCAN_ENDED] = g_signal_new ("scan-ended", DEMO_TYPE_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL,
                                      NULL, NULL, G_TYPE_NONE, 0);
}

static void
demo_window_init (DemoWindow *self)
{
  static const GActionEntry actions[] = {
    { .name = "open", .activate = on_open },
    { .name = "cancel", .activate = on_cancel },
    { .name = "wait", .activate = on_wait },
    { .name = "dark", .state = "false", .change_state = on_dark },
    { .name = "about", .activate = on_about },
  };
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  self->status = demo_status_new ();
  self->bar = demo_bar_new ();
  gtk_widget_set_visible (self->status, FALSE);
  gtk_window_set_titlebar (GTK_WINDOW (self), demo_window_make_header (self));
  gtk_box_append (GTK_BOX (box), demo_window_make_info_bar (self));
  gtk_box_append (GTK_BOX (box), self->status);
  gtk_box_append (GTK_BOX (box), demo_window_make_stack (self));
  gtk_box_append (GTK_BOX (box), self->bar);
  g_object_set (self, "child", box, "default-width", 960, "default-height", 640, "title",
                "Duplicate Finder", NULL);
  demo_window_set_scanning (self, FALSE);
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
