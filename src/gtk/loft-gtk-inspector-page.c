/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftGtkInspectorPage: the page "Dispatchers" of GTK's Inspector.
 *
 * The page observes Loft while it is on the screen. Each of its four tables is a list of rows, and
 * a row is a list of cells. A refresh changes the cells of the rows that are there, and adds or
 * removes rows at the end only, so that the view keeps its place.
 *
 * GTK creates the page when the Inspector's window is made. It finds the class at GIO's extension
 * point. The class is registered there when this library is loaded. A program that links only Loft
 * gets this library through GTK's module for the Inspector: inspector/loft-gtk-inspector-module.c.
 */

#include <loft/loft.h>

#include "loft-gtk-inspector-page.h"

#define REFRESH_MS 500
#define MAX_ROWS   500 /* of the slowest places and of the actions, each */
#define MAX_CELLS  8

/* A row of any table. */

#define LOFT_GTK_TYPE_INSPECTOR_ROW (loft_gtk_inspector_row_get_type ())
G_DECLARE_FINAL_TYPE (LoftGtkInspectorRow, loft_gtk_inspector_row, LOFT_GTK, INSPECTOR_ROW, GObject)

struct _LoftGtkInspectorRow
{
  GObject parent_instance;

  char *texts[MAX_CELLS];
  gint64 numbers[MAX_CELLS]; /* what a column of numbers is sorted by */
};

G_DEFINE_FINAL_TYPE (LoftGtkInspectorRow, loft_gtk_inspector_row, G_TYPE_OBJECT)

static guint row_changed;

static void
loft_gtk_inspector_row_clear (LoftGtkInspectorRow *self)
{
  for (guint i = 0; i < MAX_CELLS; i++)
    g_clear_pointer (&self->texts[i], g_free);
}

static void
loft_gtk_inspector_row_finalize (GObject *object)
{
  loft_gtk_inspector_row_clear (LOFT_GTK_INSPECTOR_ROW (object));
  G_OBJECT_CLASS (loft_gtk_inspector_row_parent_class)->finalize (object);
}

static void
loft_gtk_inspector_row_class_init (LoftGtkInspectorRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = loft_gtk_inspector_row_finalize;
  row_changed = g_signal_new ("changed", LOFT_GTK_TYPE_INSPECTOR_ROW, G_SIGNAL_RUN_LAST, 0, NULL,
                              NULL, NULL, G_TYPE_NONE, 0);
}

static void
loft_gtk_inspector_row_init (LoftGtkInspectorRow *self)
{
}

/* Takes what @from shows. */
static void
loft_gtk_inspector_row_take (LoftGtkInspectorRow *self,
                             LoftGtkInspectorRow *from)
{
  loft_gtk_inspector_row_clear (self);
  for (guint i = 0; i < MAX_CELLS; i++)
    {
      self->texts[i] = g_steal_pointer (&from->texts[i]);
      self->numbers[i] = from->numbers[i];
    }
  g_signal_emit (self, row_changed, 0);
}

/* The tables. */

typedef enum {
  CELL_TEXT,
  CELL_NUMBER,
  CELL_PLACE, /* a text that takes the room that is left */
} CellKind;

typedef struct
{
  const char *title;
  CellKind kind;
} Column;

typedef struct _Table Table;

typedef struct
{
  const char *name, *title, *empty;
  Column columns[MAX_CELLS];
  void (*fill) (GPtrArray *rows);
} TableClass;

struct _Table
{
  const TableClass *klass;
  GListStore *rows;
  GtkWidget *view;
  GtkFilterListModel *shown;
};

#define N_TABLES 4

struct _LoftGtkInspectorPage
{
  GtkBox parent_instance;

  Table tables[N_TABLES];
  GtkWidget *stack;
  GtkWidget *search;
  GtkWidget *summary;
  GtkWidget *freeze;
  GtkFilter *filter;
  char *needle; /* casefolded; NULL: everything is shown */
  guint timer;
};

G_DEFINE_FINAL_TYPE (LoftGtkInspectorPage, loft_gtk_inspector_page, GTK_TYPE_BOX)

enum {
  PROP_TITLE = 1,
};

static LoftGtkInspectorRow *
add_row (GPtrArray *rows)
{
  LoftGtkInspectorRow *row = g_object_new (LOFT_GTK_TYPE_INSPECTOR_ROW, NULL);

  g_ptr_array_add (rows, row);
  return row;
}

static void
set_text (LoftGtkInspectorRow *row,
          guint                cell,
          const char          *text)
{
  row->texts[cell] = g_strdup (text != NULL ? text : "");
}

static void
set_count (LoftGtkInspectorRow *row,
           guint                cell,
           guint64              count)
{
  row->texts[cell] = g_strdup_printf ("%" G_GUINT64_FORMAT, count);
  row->numbers[cell] = (gint64) count;
}

static void
set_span (LoftGtkInspectorRow *row,
          guint                cell,
          GTimeSpan            span)
{
  row->numbers[cell] = span;
  if (span >= G_TIME_SPAN_SECOND)
    row->texts[cell] = g_strdup_printf ("%.2f s", (double) span / G_TIME_SPAN_SECOND);
  else if (span >= G_TIME_SPAN_MILLISECOND)
    row->texts[cell] = g_strdup_printf ("%.1f ms", (double) span / G_TIME_SPAN_MILLISECOND);
  else
    row->texts[cell] = g_strdup_printf ("%" G_GINT64_FORMAT " µs", span);
}

static const char *
get_lane_name (LoftPriority priority)
{
  switch (priority)
    {
    case LOFT_PRIORITY_HIGH:
      return "High";
    case LOFT_PRIORITY_NORMAL:
      return "Normal";
    case LOFT_PRIORITY_LOW:
      return "Low";
    case LOFT_PRIORITY_IDLE:
      return "Idle";
    default:
      return "Timers";
    }
}

static void
set_place (LoftGtkInspectorRow *row,
           LoftDispatcher      *dispatcher,
           LoftPriority         priority)
{
  const char *name = dispatcher != NULL ? loft_dispatcher_get_name (dispatcher) : "Thread pool";

  row->texts[0] = name != NULL ? g_strdup (name) : g_strdup_printf ("%p", (gpointer) dispatcher);
  set_text (row, 1, get_lane_name (priority));
  row->numbers[1] = priority;
}

/* Calls @fill for each dispatcher, and for the pool. */
static void
for_each_dispatcher (GPtrArray *rows,
                     void     (*fill) (GPtrArray *rows, LoftDispatcher *dispatcher))
{
  g_autoptr (GPtrArray) all = loft_diagnosis_list_dispatchers ();

  for (guint i = 0; i < all->len; i++)
    fill (rows, all->pdata[i]);
  fill (rows, NULL);
}

static void
fill_lanes_of (GPtrArray      *rows,
               LoftDispatcher *dispatcher)
{
  g_autoptr (GPtrArray) lanes = loft_diagnosis_list_lanes (dispatcher);

  for (guint i = 0; i < lanes->len; i++)
    {
      LoftLaneInfo *lane = lanes->pdata[i];
      LoftGtkInspectorRow *row = add_row (rows);

      set_place (row, dispatcher, lane->priority);
      set_count (row, 2, lane->length);
      set_text (row, 4, lane->oldest_source);
      set_count (row, 5, lane->n_run);
      set_text (row, 7, lane->slowest_source);
      if (lane->oldest_source != NULL)
        set_span (row, 3, lane->oldest_wait);
      if (lane->n_run > 0)
        set_span (row, 6, lane->longest);
    }
}

static void
fill_lanes (GPtrArray *rows)
{
  for_each_dispatcher (rows, fill_lanes_of);
}

static void
fill_running_of (GPtrArray      *rows,
                 LoftDispatcher *dispatcher)
{
  g_autoptr (GPtrArray) items = loft_diagnosis_list_running (dispatcher);

  for (guint i = 0; i < items->len; i++)
    {
      LoftItemInfo *item = items->pdata[i];
      LoftGtkInspectorRow *row = add_row (rows);

      set_place (row, dispatcher, item->priority);
      set_text (row, 2, item->what);
      set_span (row, 3, item->time);
      set_text (row, 4, item->source);
    }
}

static void
fill_running (GPtrArray *rows)
{
  for_each_dispatcher (rows, fill_running_of);
}

static void
fill_slowest_of (GPtrArray      *rows,
                 LoftDispatcher *dispatcher)
{
  g_autoptr (GPtrArray) items = loft_diagnosis_list_slowest (dispatcher, MAX_ROWS);

  for (guint i = 0; i < items->len; i++)
    {
      LoftItemInfo *item = items->pdata[i];
      LoftGtkInspectorRow *row = add_row (rows);

      set_place (row, dispatcher, item->priority);
      set_span (row, 2, item->longest);
      set_count (row, 3, item->n_run);
      set_span (row, 4, item->time);
      set_text (row, 5, item->what);
      set_text (row, 6, item->source);
    }
}

static void
fill_slowest (GPtrArray *rows)
{
  for_each_dispatcher (rows, fill_slowest_of);
}

static void
fill_actions (GPtrArray *rows)
{
  g_autoptr (GPtrArray) items = loft_diagnosis_list_actions (MAX_ROWS);

  for (guint i = 0; i < items->len; i++)
    {
      LoftItemInfo *item = items->pdata[i];
      LoftGtkInspectorRow *row = add_row (rows);

      set_text (row, 0, item->what);
      set_text (row, 1, item->state);
      set_span (row, 2, item->time);
      set_text (row, 3, item->source);
    }
}

static const TableClass table_classes[N_TABLES] = {
  { "lanes", "Lanes", "No dispatcher",
    { { "Dispatcher", CELL_TEXT }, { "Lane", CELL_TEXT }, { "Waiting", CELL_NUMBER },
      { "Oldest", CELL_NUMBER }, { "Oldest posted by", CELL_PLACE }, { "Ran", CELL_NUMBER },
      { "Slowest", CELL_NUMBER }, { "Slowest posted by", CELL_PLACE } },
    fill_lanes },
  { "running", "Running", "Nothing runs",
    { { "Dispatcher", CELL_TEXT }, { "Lane", CELL_TEXT }, { "Item", CELL_TEXT },
      { "Time", CELL_NUMBER }, { "Posted by", CELL_PLACE } },
    fill_running },
  { "slowest", "Slowest", "Nothing has run",
    { { "Dispatcher", CELL_TEXT }, { "Lane", CELL_TEXT }, { "Slowest", CELL_NUMBER },
      { "Ran", CELL_NUMBER }, { "Total", CELL_NUMBER }, { "Item", CELL_TEXT },
      { "Posted by", CELL_PLACE } },
    fill_slowest },
  { "actions", "Actions", "No action is under way",
    { { "Type", CELL_TEXT }, { "State", CELL_TEXT }, { "Age", CELL_NUMBER },
      { "Asked for by", CELL_PLACE } },
    fill_actions },
};

/* The cells of a column. */

static void
show_cell (LoftGtkInspectorRow *row,
           GtkLabel            *label)
{
  guint cell = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (label), "cell"));
  const char *text = row->texts[cell] != NULL ? row->texts[cell] : "";

  if (g_strcmp0 (gtk_label_get_text (label), text) == 0)
    return;
  gtk_label_set_text (label, text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (label),
                               gtk_label_get_ellipsize (label) != PANGO_ELLIPSIZE_NONE ? text
                                                                                       : NULL);
}

static void
on_setup (GtkSignalListItemFactory *factory,
          GtkListItem              *item,
          const Column             *column)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), column->kind == CELL_NUMBER ? 1 : 0);
  if (column->kind == CELL_PLACE)
    {
      /* The end of a place is its line. */
      gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
      gtk_label_set_width_chars (GTK_LABEL (label), 16);
    }
  if (column->kind == CELL_NUMBER)
    gtk_widget_add_css_class (label, "numeric");
  g_object_set_data (G_OBJECT (label), "cell",
                     g_object_get_data (G_OBJECT (factory), "cell"));
  gtk_list_item_set_child (item, label);
  gtk_list_item_set_activatable (item, FALSE);
}

static void
on_bind (GtkSignalListItemFactory *factory,
         GtkListItem              *item)
{
  GtkWidget *label = gtk_list_item_get_child (item);
  gpointer row = gtk_list_item_get_item (item);

  show_cell (row, GTK_LABEL (label));
  g_signal_connect_object (row, "changed", G_CALLBACK (show_cell), label, 0);
}

static void
on_unbind (GtkSignalListItemFactory *factory,
           GtkListItem              *item)
{
  g_signal_handlers_disconnect_by_func (gtk_list_item_get_item (item), show_cell,
                                        gtk_list_item_get_child (item));
}

static int
compare_texts (gconstpointer a,
               gconstpointer b,
               gpointer      cell)
{
  const LoftGtkInspectorRow *one = a, *other = b;

  return g_strcmp0 (one->texts[GPOINTER_TO_UINT (cell)], other->texts[GPOINTER_TO_UINT (cell)]);
}

static int
compare_numbers (gconstpointer a,
                 gconstpointer b,
                 gpointer      cell)
{
  gint64 one = ((const LoftGtkInspectorRow *) a)->numbers[GPOINTER_TO_UINT (cell)];
  gint64 other = ((const LoftGtkInspectorRow *) b)->numbers[GPOINTER_TO_UINT (cell)];

  return one < other ? -1 : one > other;
}

static void
table_add_column (Table        *table,
                  const Column *column,
                  guint         cell)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkColumnViewColumn *shown = gtk_column_view_column_new (column->title, factory);
  gboolean is_lane = g_str_equal (column->title, "Lane");
  GtkSorter *sorter = GTK_SORTER (
    gtk_custom_sorter_new (column->kind == CELL_NUMBER || is_lane ? compare_numbers : compare_texts,
                           GUINT_TO_POINTER (cell), NULL));

  g_object_set_data (G_OBJECT (factory), "cell", GUINT_TO_POINTER (cell));
  g_signal_connect (factory, "setup", G_CALLBACK (on_setup), (gpointer) column);
  g_signal_connect (factory, "bind", G_CALLBACK (on_bind), NULL);
  g_signal_connect (factory, "unbind", G_CALLBACK (on_unbind), NULL);
  gtk_column_view_column_set_sorter (shown, sorter);
  gtk_column_view_column_set_resizable (shown, TRUE);
  gtk_column_view_column_set_expand (shown, column->kind == CELL_PLACE);
  gtk_column_view_append_column (GTK_COLUMN_VIEW (table->view), shown);
  g_object_unref (sorter);
  g_object_unref (shown);
}

static gboolean
is_wanted (gpointer item,
           gpointer data)
{
  LoftGtkInspectorPage *self = data;
  LoftGtkInspectorRow *row = item;

  if (self->needle == NULL)
    return TRUE;
  for (guint i = 0; i < MAX_CELLS; i++)
    {
      g_autofree char *folded = row->texts[i] != NULL ? g_utf8_casefold (row->texts[i], -1) : NULL;

      if (folded != NULL && strstr (folded, self->needle) != NULL)
        return TRUE;
    }
  return FALSE;
}

static void
on_shown_changed (GListModel *shown,
                  guint       position,
                  guint       removed,
                  guint       added,
                  GtkStack   *stack)
{
  gtk_stack_set_visible_child_name (stack, g_list_model_get_n_items (shown) > 0 ? "view" : "empty");
}

/* Returns the table, or what is shown while it is empty. */
static GtkWidget *
table_init (Table                *table,
            const TableClass     *klass,
            LoftGtkInspectorPage *self)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *stack = gtk_stack_new (), *empty = gtk_label_new (klass->empty);

  table->klass = klass;
  table->rows = g_list_store_new (LOFT_GTK_TYPE_INSPECTOR_ROW);
  table->shown = gtk_filter_list_model_new (g_object_ref (G_LIST_MODEL (table->rows)),
                                            g_object_ref (self->filter));
  table->view = gtk_column_view_new (NULL);
  gtk_widget_add_css_class (table->view, "data-table");
  gtk_column_view_set_show_column_separators (GTK_COLUMN_VIEW (table->view), FALSE);
  gtk_column_view_set_show_row_separators (GTK_COLUMN_VIEW (table->view), TRUE);
  for (guint i = 0; i < MAX_CELLS && klass->columns[i].title != NULL; i++)
    table_add_column (table, &klass->columns[i], i);
  {
    GtkSorter *sorter = gtk_column_view_get_sorter (GTK_COLUMN_VIEW (table->view));
    GtkSortListModel *sorted = gtk_sort_list_model_new (g_object_ref (G_LIST_MODEL (table->shown)),
                                                        g_object_ref (sorter));
    GtkNoSelection *model = gtk_no_selection_new (G_LIST_MODEL (sorted));

    gtk_column_view_set_model (GTK_COLUMN_VIEW (table->view), GTK_SELECTION_MODEL (model));
    g_object_unref (model);
  }
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), table->view);
  gtk_widget_set_vexpand (scrolled, TRUE);
  gtk_widget_add_css_class (empty, "dim-label");
  gtk_stack_add_named (GTK_STACK (stack), empty, "empty");
  gtk_stack_add_named (GTK_STACK (stack), scrolled, "view");
  g_signal_connect_object (table->shown, "items-changed", G_CALLBACK (on_shown_changed), stack, 0);
  return stack;
}

static void
table_refresh (Table *table)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  GListModel *model = G_LIST_MODEL (table->rows);
  guint before = g_list_model_get_n_items (model), kept;

  table->klass->fill (rows);
  kept = MIN (before, rows->len);
  for (guint i = 0; i < kept; i++)
    {
      g_autoptr (LoftGtkInspectorRow) row = g_list_model_get_item (model, i);

      loft_gtk_inspector_row_take (row, rows->pdata[i]);
    }
  if (before != rows->len)
    g_list_store_splice (table->rows, kept, before - kept, rows->pdata + kept, rows->len - kept);
  gtk_sorter_changed (gtk_column_view_get_sorter (GTK_COLUMN_VIEW (table->view)),
                      GTK_SORTER_CHANGE_DIFFERENT);
}

static Table *
loft_gtk_inspector_page_peek_table (LoftGtkInspectorPage *self)
{
  const char *name = gtk_stack_get_visible_child_name (GTK_STACK (self->stack));

  for (guint i = 0; i < N_TABLES; i++)
    if (g_strcmp0 (name, self->tables[i].klass->name) == 0)
      return &self->tables[i];
  return &self->tables[0];
}

static void
loft_gtk_inspector_page_refresh (LoftGtkInspectorPage *self)
{
  g_autoptr (GPtrArray) all = loft_diagnosis_list_dispatchers ();
  g_autofree char *text = NULL;
  guint workers, active, blocked, limit;

  table_refresh (loft_gtk_inspector_page_peek_table (self));
  if (self->needle != NULL)
    gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_DIFFERENT);
  loft_diagnosis_get_workers (&workers, &active, &blocked, &limit);
  text = g_strdup_printf ("Dispatchers: %u. Workers: %u, of which %u active (at most %u) and "
                          "%u blocked.",
                          all->len, workers, active, limit, blocked);
  gtk_label_set_text (GTK_LABEL (self->summary), text);
}

/* What the user does. */

static gboolean
is_frozen (LoftGtkInspectorPage *self)
{
  return gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->freeze));
}

static gboolean
on_refresh (gpointer self)
{
  if (!is_frozen (self))
    loft_gtk_inspector_page_refresh (self);
  return G_SOURCE_CONTINUE;
}

static void
on_table_or_freeze_changed (LoftGtkInspectorPage *self)
{
  if (self->timer != 0 && !is_frozen (self))
    loft_gtk_inspector_page_refresh (self);
}

static void
on_search_changed (LoftGtkInspectorPage *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->search));

  g_clear_pointer (&self->needle, g_free);
  if (*text != '\0')
    self->needle = g_utf8_casefold (text, -1);
  gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_DIFFERENT);
}

/* Copies the rows that are shown, in their order, with a tab between two cells. */
static void
on_copy (LoftGtkInspectorPage *self)
{
  Table *table = loft_gtk_inspector_page_peek_table (self);
  GListModel *model =
    G_LIST_MODEL (gtk_column_view_get_model (GTK_COLUMN_VIEW (table->view)));
  g_autoptr (GString) text = g_string_new (NULL);
  guint n = 0;

  for (; n < MAX_CELLS && table->klass->columns[n].title != NULL; n++)
    g_string_append_printf (text, "%s%s", n > 0 ? "\t" : "", table->klass->columns[n].title);
  g_string_append_c (text, '\n');
  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (LoftGtkInspectorRow) row = g_list_model_get_item (model, i);

      for (guint k = 0; k < n; k++)
        g_string_append_printf (text, "%s%s", k > 0 ? "\t" : "",
                                row->texts[k] != NULL ? row->texts[k] : "");
      g_string_append_c (text, '\n');
    }
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text->str);
}

/* The page observes while it can be seen. */

static void
loft_gtk_inspector_page_map (GtkWidget *widget)
{
  LoftGtkInspectorPage *self = LOFT_GTK_INSPECTOR_PAGE (widget);

  loft_diagnosis_begin ();
  self->timer = g_timeout_add (REFRESH_MS, on_refresh, self);
  on_refresh (self);
  GTK_WIDGET_CLASS (loft_gtk_inspector_page_parent_class)->map (widget);
}

static void
loft_gtk_inspector_page_unmap (GtkWidget *widget)
{
  LoftGtkInspectorPage *self = LOFT_GTK_INSPECTOR_PAGE (widget);

  GTK_WIDGET_CLASS (loft_gtk_inspector_page_parent_class)->unmap (widget);
  g_clear_handle_id (&self->timer, g_source_remove);
  loft_diagnosis_end ();
}

static void
loft_gtk_inspector_page_dispose (GObject *object)
{
  LoftGtkInspectorPage *self = LOFT_GTK_INSPECTOR_PAGE (object);

  for (guint i = 0; i < N_TABLES; i++)
    {
      g_clear_object (&self->tables[i].shown);
      g_clear_object (&self->tables[i].rows);
    }
  g_clear_object (&self->filter);
  G_OBJECT_CLASS (loft_gtk_inspector_page_parent_class)->dispose (object);
}

static void
loft_gtk_inspector_page_finalize (GObject *object)
{
  g_free (LOFT_GTK_INSPECTOR_PAGE (object)->needle);
  G_OBJECT_CLASS (loft_gtk_inspector_page_parent_class)->finalize (object);
}

static void
loft_gtk_inspector_page_get_property (GObject    *object,
                                      guint       property,
                                      GValue     *value,
                                      GParamSpec *pspec)
{
  if (property == PROP_TITLE)
    g_value_set_static_string (value, "Dispatchers");
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, pspec);
}

static void
loft_gtk_inspector_page_class_init (LoftGtkInspectorPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = loft_gtk_inspector_page_dispose;
  object_class->finalize = loft_gtk_inspector_page_finalize;
  object_class->get_property = loft_gtk_inspector_page_get_property;
  GTK_WIDGET_CLASS (klass)->map = loft_gtk_inspector_page_map;
  GTK_WIDGET_CLASS (klass)->unmap = loft_gtk_inspector_page_unmap;
  /* The Inspector reads it, for its own switcher. */
  g_object_class_install_property (
    object_class, PROP_TITLE,
    g_param_spec_string ("title", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
}

static GtkWidget *
loft_gtk_inspector_page_make_bar (LoftGtkInspectorPage *self)
{
  GtkWidget *bar = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *switcher = gtk_stack_switcher_new ();
  GtkWidget *copy = gtk_button_new_from_icon_name ("edit-copy-symbolic");

  gtk_stack_switcher_set_stack (GTK_STACK_SWITCHER (switcher), GTK_STACK (self->stack));
  self->search = gtk_search_entry_new ();
  gtk_widget_set_hexpand (self->search, TRUE);
  g_signal_connect_swapped (self->search, "search-changed", G_CALLBACK (on_search_changed), self);
  self->freeze = gtk_toggle_button_new ();
  gtk_button_set_icon_name (GTK_BUTTON (self->freeze), "media-playback-pause-symbolic");
  gtk_widget_set_tooltip_text (self->freeze, "Freeze");
  g_signal_connect_swapped (self->freeze, "toggled", G_CALLBACK (on_table_or_freeze_changed), self);
  gtk_widget_set_tooltip_text (copy, "Copy as text");
  g_signal_connect_swapped (copy, "clicked", G_CALLBACK (on_copy), self);
  gtk_box_append (GTK_BOX (bar), switcher);
  gtk_box_append (GTK_BOX (bar), self->search);
  gtk_box_append (GTK_BOX (bar), self->freeze);
  gtk_box_append (GTK_BOX (bar), copy);
  gtk_widget_set_margin_start (bar, 10);
  gtk_widget_set_margin_end (bar, 10);
  gtk_widget_set_margin_top (bar, 10);
  gtk_widget_set_margin_bottom (bar, 10);
  return bar;
}

static void
loft_gtk_inspector_page_init (LoftGtkInspectorPage *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  self->filter = GTK_FILTER (gtk_custom_filter_new (is_wanted, self, NULL));
  self->stack = gtk_stack_new ();
  for (guint i = 0; i < N_TABLES; i++)
    {
      const TableClass *klass = &table_classes[i];

      gtk_stack_add_titled (GTK_STACK (self->stack), table_init (&self->tables[i], klass, self),
                            klass->name, klass->title);
    }
  g_signal_connect_object (self->stack, "notify::visible-child-name",
                           G_CALLBACK (on_table_or_freeze_changed), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (self), loft_gtk_inspector_page_make_bar (self));
  gtk_box_append (GTK_BOX (self), gtk_separator_new (GTK_ORIENTATION_HORIZONTAL));
  gtk_box_append (GTK_BOX (self), self->stack);
  gtk_box_append (GTK_BOX (self), gtk_separator_new (GTK_ORIENTATION_HORIZONTAL));
  self->summary = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->summary), 0);
  gtk_label_set_wrap (GTK_LABEL (self->summary), TRUE);
  gtk_widget_set_margin_start (self->summary, 10);
  gtk_widget_set_margin_end (self->summary, 10);
  gtk_widget_set_margin_top (self->summary, 6);
  gtk_widget_set_margin_bottom (self->summary, 6);
  gtk_widget_add_css_class (self->summary, "dim-label");
  gtk_box_append (GTK_BOX (self), self->summary);
}

/* GTK makes the extension point when it is initialized, which is later than this. To register it
 * here as well gives the same one. */
static void __attribute__ ((constructor))
loft_gtk_inspector_page_register (void)
{
  g_io_extension_point_register ("gtk-inspector-page");
  g_io_extension_point_implement ("gtk-inspector-page", LOFT_GTK_TYPE_INSPECTOR_PAGE, "loft", 10);
}
