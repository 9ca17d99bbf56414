/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* gtk-search MODEL [ROWS]: types into the search entry of a window with a long list, and prints for
 * how long the main loop was blocked.
 *
 * MODEL is loft (LoftGtkFilterModel), gtk (GtkFilterListModel with a GtkStringFilter), incremental
 * (the same, incremental), or none (nothing is searched: what the window itself takes).
 *
 * Blocked is the longest time from one poll of the loop to the next, and cpu the longest that its
 * thread worked then, but for the layout and drawing of a frame, which are painting. Frame is the
 * longest time between frames, busy the sum of what the loop took, and answer the time until the
 * list is complete. A display is needed: build-aux/with-display. */

#include <loft-gtk/loft-gtk.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BETWEEN_KEYS 250 /* ms */

static const char *const texts[] = { "e", "er", "err", "erro", "error", "erro", "err", "er", "e",
                                     "",  "7", "77", "777", "" };

static GtkWidget *entry;
static LoftGtkFilterModel *searched;
static GtkFilterListModel *filtered;
static GListModel *list;
static guint typed;
static gboolean over;
static GString *report;

/* The times of the text that was typed last. */
static gint64 polled, frame, longest, gap, total, typed_at, answered_at;
static gint64 polled_cpu, longest_cpu; /* of this thread; not what other programs take */
static gint64 paint_began, painted_cpu, longest_paint;

static gint64
now (void)
{
  return g_get_monotonic_time ();
}

static gint64
now_cpu (void)
{
  struct timespec time;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &time);
  return (gint64) time.tv_sec * G_USEC_PER_SEC + time.tv_nsec / 1000;
}

static gint
measured_poll (GPollFD *fds,
               guint    n,
               gint     timeout)
{
  gint result;
  gint64 busy = polled != 0 ? now () - polled : 0;

  longest = MAX (longest, busy);
  longest_cpu = MAX (longest_cpu, now_cpu () - polled_cpu - painted_cpu);
  painted_cpu = 0;
  total += busy;
  result = g_poll (fds, n, timeout);
  polled = now ();
  polled_cpu = now_cpu ();
  return result;
}

static gboolean
on_frame (GtkWidget     *widget,
          GdkFrameClock *clock,
          gpointer       user_data)
{
  gint64 time = now ();

  gap = frame != 0 ? MAX (gap, time - frame) : 0;
  frame = time;
  return G_SOURCE_CONTINUE;
}

static void
on_before_paint (void)
{
  paint_began = now_cpu ();
}

static void
on_after_paint (void)
{
  gint64 took = now_cpu () - paint_began;

  painted_cpu += took;
  longest_paint = MAX (longest_paint, took);
}

static gboolean
is_searching (void)
{
  return searched != NULL ? loft_gtk_filter_model_get_pending (searched) > 0
                          : filtered != NULL && gtk_filter_list_model_get_pending (filtered) > 0;
}

static void
on_pending (void)
{
  if (!is_searching () && answered_at == 0)
    answered_at = now ();
}

static void
finish_text (void)
{
  g_string_append_printf (report, "%-8s %8.1f %8.1f %8.1f %8.1f %8.1f %8.1f %9u%s\n",
                          typed == 0 ? "(start)" : texts[typed - 1], (double) longest / 1000,
                          (double) longest_cpu / 1000, (double) longest_paint / 1000,
                          (double) gap / 1000, (double) total / 1000,
                          (double) ((answered_at != 0 ? answered_at : now ()) - typed_at) / 1000,
                          g_list_model_get_n_items (list), is_searching () ? "  not done" : "");
  longest = longest_cpu = longest_paint = gap = total = answered_at = 0;
}

static gboolean
on_type (gpointer user_data)
{
  if (is_searching () && now () - typed_at < 10 * G_TIME_SPAN_SECOND && user_data != NULL)
    return G_SOURCE_CONTINUE;
  finish_text ();
  over = typed == G_N_ELEMENTS (texts);
  if (over)
    return G_SOURCE_REMOVE;
  typed_at = now ();
  gtk_editable_set_text (GTK_EDITABLE (entry), texts[typed++]);
  on_pending ();
  return G_SOURCE_CONTINUE;
}

static GListModel *
make_rows (guint n)
{
  static const char *const kinds[] = { "info: request served", "warning: queue is long",
                                       "error: no answer", "debug: cache hit" };
  GtkStringList *rows = gtk_string_list_new (NULL);

  for (guint i = 0; i < n; i++)
    gtk_string_list_take (rows, g_strdup_printf ("2026-12-01 %02u:%02u:%02u host app[%u]: %s (%u)",
                                                 i / 3600 % 24, i / 60 % 60, i % 60, i % 4096,
                                                 kinds[i * 7 / 3 % 4], i));
  return G_LIST_MODEL (rows);
}

static void
on_search (GtkEditable *editable,
           gpointer     filter)
{
  gtk_string_filter_set_search (filter, gtk_editable_get_text (editable));
  on_pending ();
}

static GListModel *
make_model (const char *name,
            GListModel *rows)
{
  GtkStringFilter *filter;

  if (strcmp (name, "none") == 0)
    return rows;
  if (strcmp (name, "loft") == 0)
    {
      searched = loft_gtk_filter_model_new (rows, NULL);
      loft_gtk_search_entry_bind (GTK_SEARCH_ENTRY (entry), searched, 0);
      g_signal_connect (searched, "notify::pending", on_pending, NULL);
      return G_LIST_MODEL (searched);
    }
  filter = gtk_string_filter_new (
    gtk_property_expression_new (GTK_TYPE_STRING_OBJECT, NULL, "string"));
  filtered = gtk_filter_list_model_new (rows, GTK_FILTER (filter));
  gtk_filter_list_model_set_incremental (filtered, strcmp (name, "incremental") == 0);
  g_signal_connect (filtered, "notify::pending", on_pending, NULL);
  g_signal_connect (entry, "changed", G_CALLBACK (on_search), filter);
  return G_LIST_MODEL (filtered);
}

static void
on_setup (GtkListItemFactory *factory,
          GtkListItem        *item)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_list_item_set_child (item, label);
}

static void
on_bind (GtkListItemFactory *factory,
         GtkListItem        *item)
{
  gtk_label_set_text (GTK_LABEL (gtk_list_item_get_child (item)),
                      gtk_string_object_get_string (gtk_list_item_get_item (item)));
}

static GtkWidget *
make_window (void)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkWidget *window = gtk_window_new (), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkSelectionModel *none = GTK_SELECTION_MODEL (gtk_no_selection_new (g_object_ref (list)));

  g_signal_connect (factory, "setup", G_CALLBACK (on_setup), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (on_bind), NULL);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), gtk_list_view_new (none, factory));
  gtk_widget_set_vexpand (scrolled, TRUE);
  gtk_box_append (GTK_BOX (box), entry);
  gtk_box_append (GTK_BOX (box), scrolled);
  gtk_window_set_child (GTK_WINDOW (window), box);
  gtk_window_set_default_size (GTK_WINDOW (window), 800, 600);
  gtk_widget_add_tick_callback (window, on_frame, NULL, NULL);
  return window;
}

static gboolean
on_started (gpointer wait)
{
  longest = longest_cpu = longest_paint = gap = total = 0;
  typed_at = now ();
  g_timeout_add (BETWEEN_KEYS, on_type, wait);
  return G_SOURCE_REMOVE;
}

int
main (int    argc,
      char **argv)
{
  const char *name = argc > 1 ? argv[1] : "loft";
  guint n = argc > 2 ? (guint) strtoul (argv[2], NULL, 10) : 1000000;
  /* With this, a letter waits until the last one has its answer. */
  GtkWidget *window;
  GdkFrameClock *clock;
  gboolean waits = g_getenv ("LOFT_BENCH_WAIT") != NULL;

  gtk_init ();
  report = g_string_new (NULL);
  entry = gtk_search_entry_new ();
  list = make_model (name, make_rows (n));
  window = make_window ();
  gtk_window_present (GTK_WINDOW (window));
  g_main_context_set_poll_func (NULL, measured_poll);
  g_timeout_add (3000, on_started, waits ? &waits : NULL);
  clock = gtk_widget_get_frame_clock (window);
  g_signal_connect (clock, "before-paint", on_before_paint, NULL);
  g_signal_connect (clock, "after-paint", on_after_paint, NULL);
  while (!over)
    g_main_context_iteration (NULL, TRUE);
  g_print ("%s, %u rows\n%-8s %8s %8s %8s %8s %8s %8s %9s\n%s", name, n, "ms", "blocked",
           "cpu", "painting", "frame", "busy", "answer", "rows", report->str);
  return 0;
}
