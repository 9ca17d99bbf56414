/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Marks are set, counted and followed in the sets that are shown: what a filter hides is left
 * alone. The actions are enabled while they make sense. Files go to the trash on a worker, one
 * batch at a time; undo is for the last batch. If all files of a set are marked, the user is asked
 * first. */

#include "demo-cleaner.h"

#include "demo-question.h"
#include "demo-trash.h"

struct _DemoCleaner
{
  GObject parent_instance;

  DemoCleanerParts parts;
  GListModel *sets;        /* NULL: none */
  DemoTrash *trash;        /* the last batch, or NULL */
  GListModel *trash_sets;  /* that the batch is from */
  LoftAsyncAction *action; /* that runs, or NULL */
  guint recount;           /* an idle source */
};

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (DemoCleaner, demo_cleaner, G_TYPE_OBJECT)

static void
demo_cleaner_enable (DemoCleaner *self,
                     const char  *name,
                     gboolean     enabled)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self->parts.window), name);

  g_simple_action_set_enabled (G_SIMPLE_ACTION (action), enabled);
}

static void
demo_cleaner_recount (DemoCleaner *self)
{
  DemoMarkCount count = { 0 };

  g_clear_handle_id (&self->recount, g_source_remove);
  if (self->sets != NULL)
    count = demo_marks_count (demo_list_get_shown (self->parts.list));
  demo_selection_bar_update (self->parts.bar, &count);
  demo_cleaner_enable (self, "trash", count.files > 0 && self->action == NULL);
  demo_cleaner_enable (self, "mark", self->sets != NULL);
  demo_cleaner_enable (self, "mark-folder", self->sets != NULL);
  demo_cleaner_enable (self, "undo", self->trash != NULL && self->action == NULL &&
                                       self->trash_sets == self->sets);
}

static gboolean
on_recount (gpointer data)
{
  DemoCleaner *self = data;

  self->recount = 0;
  demo_cleaner_recount (self);
  return G_SOURCE_REMOVE;
}

static void
demo_cleaner_count_soon (DemoCleaner *self)
{
  if (self->recount == 0)
    self->recount = g_idle_add (on_recount, self);
}

/* Comes for each check box that changes, so many at once are counted once. */
static void
on_marked (GSimpleAction *action,
           GVariant      *parameter,
           gpointer       data)
{
  demo_cleaner_count_soon (data);
}

void
demo_cleaner_set_sets (DemoCleaner *self,
                       GListModel  *sets)
{
  g_set_object (&self->sets, sets);
  demo_toast_hide (self->parts.toast);
  demo_cleaner_recount (self);
}

/* Rules. */

static void
on_mark (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       data)
{
  DemoCleaner *self = data;
  const char *rule = g_variant_get_string (parameter, NULL);

  if (g_str_equal (rule, "newest"))
    demo_marks_set (demo_list_get_shown (self->parts.list), DEMO_MARK_ALL_BUT_NEWEST, NULL);
  else if (g_str_equal (rule, "oldest"))
    demo_marks_set (demo_list_get_shown (self->parts.list), DEMO_MARK_ALL_BUT_OLDEST, NULL);
  else
    demo_marks_set (demo_list_get_shown (self->parts.list), DEMO_MARK_NONE, NULL);
  demo_cleaner_recount (self);
}

static void
on_mark_folder (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       data)
{
  DemoCleaner *self = data;
  DemoRow *row = demo_list_get_selected (self->parts.list);
  g_autofree char *folder = row != NULL ? g_path_get_dirname (demo_row_get_path (row)) : NULL;

  if (folder == NULL)
    {
      self->parts.say (self->parts.window, "Choose a file in the list first, by a click or the "
                                           "arrow keys. All files in its folder are selected.");
      return;
    }
  demo_marks_set (demo_list_get_shown (self->parts.list), DEMO_MARK_IN_FOLDER, folder);
  demo_cleaner_recount (self);
}

/* The trash. */

/* Takes the files out of their sets, or adds them again. */
static void
demo_cleaner_move_rows (DemoCleaner *self,
                        GPtrArray   *rows,
                        gboolean     out)
{
  for (guint i = 0; i < rows->len; i++)
    {
      DemoRow *row = rows->pdata[i];
      g_autoptr (DemoSet) set = g_list_model_get_item (self->trash_sets,
                                                       demo_row_get_group (row) - 1);

      demo_row_set_marked (row, FALSE);
      if (out)
        demo_set_remove_file (set, row);
      else
        demo_set_add_file (set, row);
    }
  demo_list_sets_changed (self->parts.list);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
demo_cleaner_say_message (DemoCleaner *self)
{
  if (demo_trash_get_message (self->trash) != NULL)
    self->parts.say (self->parts.window, demo_trash_get_message (self->trash));
}

static void
on_trashed (LoftAsyncInfo   *sender,
            LoftAsyncStatus  status,
            gpointer         data)
{
  DemoCleaner *self = data;
  g_autofree char *text = NULL;
  guint n;

  if (self->action == NULL)
    return; /* closed in the meantime */
  g_clear_object (&self->action);
  n = demo_trash_get_rows (self->trash)->len;
  demo_cleaner_move_rows (self, demo_trash_get_rows (self->trash), TRUE);
  demo_cleaner_say_message (self);
  text = n == 1 ? g_strdup ("1 file moved to the trash")
                : g_strdup_printf ("%'u files moved to the trash", n);
  if (n > 0)
    demo_toast_show (self->parts.toast, text, "_Undo", "win.undo");
  else
    g_clear_object (&self->trash);
  demo_cleaner_recount (self);
}

static void
demo_cleaner_start (DemoCleaner         *self,
                    LoftAsyncAction     *action,
                    LoftCompletedHandler ended)
{
  self->action = action;
  demo_cleaner_recount (self);
  loft_async_info_call_when_ended (LOFT_ASYNC_INFO (action), ended, g_object_ref (self),
                                   g_object_unref);
}

static void
demo_cleaner_trash (DemoCleaner *self)
{
  g_autoptr (GPtrArray) rows = demo_marks_dup_rows (demo_list_get_shown (self->parts.list));

  if (rows->len == 0 || self->action != NULL)
    return;
  demo_toast_hide (self->parts.toast);
  g_clear_object (&self->trash);
  g_set_object (&self->trash_sets, self->sets);
  self->trash = demo_trash_new (rows);
  demo_cleaner_start (self, demo_trash_run_async (self->trash), on_trashed);
}

static void
on_trash (GSimpleAction *action,
          GVariant      *parameter,
          gpointer       data)
{
  static const DemoAnswer answers[] = {
    { "_Keep One of Each", "win.trash-spared", "suggested-action" },
    { "Move _Every Copy", "win.trash-all", "destructive-action" },
    { "_Cancel", NULL, NULL },
  };
  DemoCleaner *self = data;
  DemoMarkCount count = demo_marks_count (demo_list_get_shown (self->parts.list));
  g_autofree char *text = NULL;

  if (count.whole_sets == 0)
    {
      demo_cleaner_trash (self);
      return;
    }
  text = g_strdup_printf ("Every copy is selected in %'u of the sets, so that nothing would be "
                          "left of it but what is in the trash.",
                          count.whole_sets);
  demo_question_present (GTK_WINDOW (self->parts.window), "Keep No Copy?", text, answers,
                         G_N_ELEMENTS (answers));
}

static void
on_trash_spared (GSimpleAction *action,
                 GVariant      *parameter,
                 gpointer       data)
{
  DemoCleaner *self = data;

  demo_marks_spare (demo_list_get_shown (self->parts.list));
  demo_cleaner_trash (self);
}

static void
on_trash_all (GSimpleAction *action,
              GVariant      *parameter,
              gpointer       data)
{
  demo_cleaner_trash (data);
}

static void
on_undone (LoftAsyncInfo   *sender,
           LoftAsyncStatus  status,
           gpointer         data)
{
  DemoCleaner *self = data;
  g_autoptr (GPtrArray) rows = NULL;

  if (self->action == NULL)
    return; /* closed in the meantime */
  g_clear_object (&self->action);
  rows = demo_trash_dup_restored (self->trash);
  demo_cleaner_move_rows (self, rows, FALSE);
  demo_cleaner_say_message (self);
  if (demo_trash_get_rows (self->trash)->len == 0)
    g_clear_object (&self->trash);
  demo_cleaner_recount (self);
}

static void
on_undo (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       data)
{
  DemoCleaner *self = data;

  demo_toast_hide (self->parts.toast);
  if (self->trash != NULL && self->action == NULL)
    demo_cleaner_start (self, demo_trash_undo_async (self->trash), on_undone);
}

DemoCleaner *
demo_cleaner_new (const DemoCleanerParts *parts)
{
  static const GActionEntry actions[] = {
    { .name = "marked", .activate = on_marked },
    { .name = "mark", .activate = on_mark, .parameter_type = "s" },
    { .name = "mark-folder", .activate = on_mark_folder },
    { .name = "trash", .activate = on_trash },
    { .name = "trash-spared", .activate = on_trash_spared },
    { .name = "trash-all", .activate = on_trash_all },
    { .name = "undo", .activate = on_undo },
  };
  DemoCleaner *self = g_object_new (DEMO_TYPE_CLEANER, NULL);

  self->parts = *parts;
  g_action_map_add_action_entries (G_ACTION_MAP (parts->window), actions, G_N_ELEMENTS (actions),
                                   self);
  g_signal_connect_object (demo_list_get_shown (parts->list), "items-changed",
                           G_CALLBACK (demo_cleaner_count_soon), self, G_CONNECT_SWAPPED);
  demo_cleaner_recount (self);
  return self;
}

static void
demo_cleaner_dispose (GObject *object)
{
  DemoCleaner *self = DEMO_CLEANER (object);

  g_clear_handle_id (&self->recount, g_source_remove);
  if (self->action != NULL)
    loft_async_info_cancel (LOFT_ASYNC_INFO (self->action));
  g_clear_object (&self->action);
  g_clear_object (&self->trash);
  g_clear_object (&self->trash_sets);
  g_clear_object (&self->sets);
  G_OBJECT_CLASS (demo_cleaner_parent_class)->dispose (object);
}

static void
demo_cleaner_class_init (DemoCleanerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = demo_cleaner_dispose;
  signals[CHANGED] = g_signal_new ("changed", DEMO_TYPE_CLEANER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
demo_cleaner_init (DemoCleaner *self)
{
}
