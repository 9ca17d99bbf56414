/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* sets -> GtkFilterListModel -> GtkFlattenListModel (heads and files) -> selection -> GtkListView
 *
 * A row is activated by Return or a double click. Space checks it, the Menu key and the secondary
 * button open its menu, and Tab leaves the list. */

#include "demo-list.h"

#include "demo-line.h"

#include <string.h>

struct _DemoList
{
  GtkBox parent_instance;

  GtkWidget *view;
  GtkWidget *popover;
  GtkFilterListModel *filtered;
  GtkSingleSelection *selection;
  GtkFilter *filter;
  char *text; /* folded; NULL: everything */
};

G_DEFINE_FINAL_TYPE (DemoList, demo_list, GTK_TYPE_BOX)

GtkWidget *
demo_list_new (void)
{
  return g_object_new (DEMO_TYPE_LIST, NULL);
}

static gboolean
has_text (const char *in,
          const char *text)
{
  g_autofree char *folded = g_utf8_casefold (in, -1);

  return strstr (folded, text) != NULL;
}

static gboolean
on_filter (gpointer item,
           gpointer data)
{
  DemoList *self = data;
  DemoSet *set = item;

  if (demo_set_get_n_files (set) < 2)
    return FALSE;
  if (self->text == NULL)
    return TRUE;
  for (guint i = 0; i < demo_set_get_n_files (set); i++)
    {
      DemoRow *row = demo_set_get_file (set, i);

      if (has_text (demo_row_get_name (row), self->text) ||
          has_text (demo_row_get_folder (row), self->text))
        return TRUE;
    }
  return FALSE;
}

void
demo_list_set_filter (DemoList   *self,
                      const char *text)
{
  g_free (self->text);
  self->text = text != NULL && *text != 0 ? g_utf8_casefold (text, -1) : NULL;
  gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_DIFFERENT);
}

GListModel *
demo_list_get_shown (DemoList *self)
{
  return G_LIST_MODEL (self->filtered);
}

void
demo_list_sets_changed (DemoList *self)
{
  gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_DIFFERENT);
}

void
demo_list_set_sets (DemoList   *self,
                    GListModel *sets)
{
  gtk_filter_list_model_set_model (self->filtered, sets);
}

DemoRow *
demo_list_get_selected (DemoList *self)
{
  DemoRow *row = gtk_single_selection_get_selected_item (self->selection);

  return row != NULL && demo_row_get_kind (row) == DEMO_ROW_COPY ? row : NULL;
}

/* Rows. */

static void
on_setup (GtkSignalListItemFactory *factory,
          GtkListItem              *item,
          gpointer                  data)
{
  gtk_list_item_set_child (item, demo_line_new ());
}

static void
on_bind (GtkSignalListItemFactory *factory,
         GtkListItem              *item,
         gpointer                  data)
{
  DemoRow *row = gtk_list_item_get_item (item);
  gboolean file = demo_row_get_kind (row) == DEMO_ROW_COPY;

  gtk_list_item_set_selectable (item, file);
  gtk_list_item_set_activatable (item, file);
  demo_line_set_row (DEMO_LINE (gtk_list_item_get_child (item)), row);
}

static void
on_unbind (GtkSignalListItemFactory *factory,
           GtkListItem              *item,
           gpointer                  data)
{
  demo_line_set_row (DEMO_LINE (gtk_list_item_get_child (item)), NULL);
}

/* Input. */

static void
on_activate (GtkListView *view,
             guint        position,
             gpointer     data)
{
  gtk_single_selection_set_selected (DEMO_LIST (data)->selection, position);
  gtk_widget_activate_action (GTK_WIDGET (view), "win.open-file", NULL);
}

static gboolean
on_toggle (GtkWidget *view,
           GVariant  *arguments,
           gpointer   data)
{
  DemoRow *row = demo_list_get_selected (DEMO_LIST (data));

  if (row != NULL)
    demo_row_set_marked (row, !demo_row_is_marked (row));
  return row != NULL;
}

/* The focus goes on from the list as a whole. */
static gboolean
demo_list_leave (DemoList         *self,
                 GtkDirectionType  direction)
{
  GtkWidget *root = GTK_WIDGET (gtk_widget_get_root (GTK_WIDGET (self)));

  gtk_widget_set_can_focus (self->view, FALSE);
  gtk_widget_child_focus (root, direction);
  gtk_widget_set_can_focus (self->view, TRUE);
  return TRUE;
}

static gboolean
on_tab (GtkWidget *view,
        GVariant  *arguments,
        gpointer   data)
{
  return demo_list_leave (DEMO_LIST (data), GTK_DIR_TAB_FORWARD);
}

static gboolean
on_shift_tab (GtkWidget *view,
              GVariant  *arguments,
              gpointer   data)
{
  return demo_list_leave (DEMO_LIST (data), GTK_DIR_TAB_BACKWARD);
}

static void
demo_list_pop_up (DemoList *self,
                  double    x,
                  double    y)
{
  GdkRectangle place = { (int) x, (int) y, 1, 1 };

  if (self->popover == NULL || demo_list_get_selected (self) == NULL)
    return;
  gtk_popover_set_pointing_to (GTK_POPOVER (self->popover), &place);
  gtk_popover_popup (GTK_POPOVER (self->popover));
}

/* Returns the row of the list under a point of it. */
static DemoRow *
demo_list_pick (DemoList *self,
                double    x,
                double    y)
{
  GtkWidget *widget = gtk_widget_pick (self->view, x, y, GTK_PICK_DEFAULT);

  if (widget != NULL && !DEMO_IS_LINE (widget))
    {
      GtkWidget *line = gtk_widget_get_ancestor (widget, DEMO_TYPE_LINE);

      /* Around the line there is the row's own padding. */
      widget = line != NULL ? line : gtk_widget_get_first_child (widget);
    }
  return DEMO_IS_LINE (widget) ? demo_line_get_row (DEMO_LINE (widget)) : NULL;
}

static void
on_secondary (GtkGestureClick *click,
              int              n,
              double           x,
              double           y,
              DemoList        *self)
{
  DemoRow *row = demo_list_pick (self, x, y);
  GListModel *rows = G_LIST_MODEL (self->selection);

  for (guint i = 0; row != NULL && i < g_list_model_get_n_items (rows); i++)
    {
      g_autoptr (DemoRow) at = g_list_model_get_item (rows, i);

      if (at != row)
        continue;
      gtk_single_selection_set_selected (self->selection, i);
      demo_list_pop_up (self, x, y);
      return;
    }
}

static gboolean
on_menu_key (GtkWidget *view,
             GVariant  *arguments,
             gpointer   data)
{
  GtkRoot *root = gtk_widget_get_root (view);
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;
  double x = 24, y = 24;

  if (focus != NULL && gtk_widget_is_ancestor (focus, view))
    gtk_widget_translate_coordinates (focus, view, 24, gtk_widget_get_height (focus) / 2.0, &x, &y);
  demo_list_pop_up (DEMO_LIST (data), x, y);
  return TRUE;
}

void
demo_list_set_menu (DemoList   *self,
                    GMenuModel *menu)
{
  self->popover = gtk_popover_menu_new_from_model (menu);
  gtk_popover_set_has_arrow (GTK_POPOVER (self->popover), FALSE);
  gtk_widget_set_halign (self->popover, GTK_ALIGN_START);
  gtk_widget_set_parent (self->popover, GTK_WIDGET (self->view));
}

static void
demo_list_dispose (GObject *object)
{
  DemoList *self = DEMO_LIST (object);

  g_clear_pointer (&self->popover, gtk_widget_unparent);
  g_clear_pointer (&self->text, g_free);
  G_OBJECT_CLASS (demo_list_parent_class)->dispose (object);
}

static void
demo_list_class_init (DemoListClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = demo_list_dispose;
}

static void
demo_list_add_input (DemoList *self)
{
  static const struct
  {
    const char *keys;
    GtkShortcutFunc func;
  } shortcuts[] = {
    { "space", on_toggle }, { "Tab", on_tab },  { "<Shift>Tab", on_shift_tab },
    { "Menu", on_menu_key }, { "<Shift>F10", on_menu_key },
  };
  GtkEventController *keys = gtk_shortcut_controller_new ();
  GtkGesture *click = gtk_gesture_click_new ();

  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  for (guint i = 0; i < G_N_ELEMENTS (shortcuts); i++)
    gtk_shortcut_controller_add_shortcut (
      GTK_SHORTCUT_CONTROLLER (keys),
      gtk_shortcut_new (gtk_shortcut_trigger_parse_string (shortcuts[i].keys),
                        gtk_callback_action_new (shortcuts[i].func, self, NULL)));
  gtk_widget_add_controller (self->view, keys);
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_SECONDARY);
  g_signal_connect (click, "pressed", G_CALLBACK (on_secondary), self);
  gtk_widget_add_controller (self->view, GTK_EVENT_CONTROLLER (click));
}

static void
demo_list_init (DemoList *self)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkFlattenListModel *rows;

  self->filter = GTK_FILTER (gtk_custom_filter_new (on_filter, self, NULL));
  self->filtered = gtk_filter_list_model_new (NULL, self->filter);
  rows = gtk_flatten_list_model_new (G_LIST_MODEL (self->filtered));
  self->selection = gtk_single_selection_new (G_LIST_MODEL (rows));
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  g_signal_connect (factory, "setup", G_CALLBACK (on_setup), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (on_bind), NULL);
  g_signal_connect (factory, "unbind", G_CALLBACK (on_unbind), NULL);
  self->view = gtk_list_view_new (GTK_SELECTION_MODEL (self->selection), factory);
  g_signal_connect (self->view, "activate", G_CALLBACK (on_activate), self);
  demo_list_add_input (self);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), self->view);
  gtk_widget_set_vexpand (scrolled, TRUE);
  gtk_widget_set_hexpand (scrolled, TRUE);
  gtk_box_append (GTK_BOX (self), scrolled);
}
