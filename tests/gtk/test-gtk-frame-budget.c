/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Windows whose frames are left room for. The tests assert what GTK's dispatcher is told, and that
 * all work runs, in its order. How smooth it is depends on the machine, and is only printed: with
 * `-m perf` for a million items. */

#include <loft-gtk/loft-gtk.h>

#include <dlfcn.h>

/* What the dispatcher is told. This function is called in place of Loft's. */

static guint told, told_nothing;
static GObject *last_clock;

void
loft_dispatcher_set_frame_due (LoftDispatcher *self,
                               GObject        *clock,
                               gint64          due)
{
  static void (*real) (LoftDispatcher *, GObject *, gint64);

  if (real == NULL)
    *(void **) &real = dlsym (RTLD_NEXT, "loft_dispatcher_set_frame_due");
  told++;
  told_nothing += due == 0;
  last_clock = clock;
  real (self, clock, due);
}

/* A window that is drawn all the time. */

typedef struct
{
  GtkWidget *window;
  gint64 draw_takes; /* µs */
  guint frames;
  gint64 last;       /* when the last frame was drawn, monotonic µs */
  GArray *gaps;      /* gint64: the times between two frames, µs; NULL: not measured */
} Animation;

static void
spin (gint64 us)
{
  gint64 until = g_get_monotonic_time () + us;

  while (g_get_monotonic_time () < until)
    ;
}

static void
draw (GtkDrawingArea *area,
      cairo_t        *cr,
      int             width,
      int             height,
      gpointer        data)
{
  Animation *self = data;
  gint64 now = g_get_monotonic_time ();

  if (self->gaps != NULL)
    {
      gint64 gap = now - self->last;

      g_array_append_val (self->gaps, gap);
    }
  self->last = now;
  cairo_rectangle (cr, self->frames++ % 100, 10, 20, 20);
  cairo_fill (cr);
  spin (self->draw_takes);
}

static gboolean
on_tick (GtkWidget     *area,
         GdkFrameClock *clock,
         gpointer       unused)
{
  gtk_widget_queue_draw (area);
  return G_SOURCE_CONTINUE;
}

static void
animation_init (Animation *self,
                gint64     draw_takes)
{
  GtkWidget *area = gtk_drawing_area_new ();

  *self = (Animation) { gtk_window_new (), draw_takes, 0, 0, NULL };
  g_object_add_weak_pointer (G_OBJECT (self->window), (gpointer *) &self->window);
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (area), draw, self, NULL);
  gtk_widget_add_tick_callback (area, on_tick, NULL, NULL);
  gtk_window_set_default_size (GTK_WINDOW (self->window), 120, 40);
  gtk_window_set_child (GTK_WINDOW (self->window), area);
}

static void
animation_end (Animation *self)
{
  if (self->window != NULL)
    gtk_window_destroy (GTK_WINDOW (self->window));
  g_assert_null (self->window);
}

static void
wait_for_frames (Animation *self,
                 guint      n)
{
  guint end = self->frames + n;

  while (self->frames < end)
    g_main_context_iteration (NULL, TRUE);
}

/* Work whose items come in order in each of the two lanes. */

typedef struct
{
  guint n;
  guint ran[2]; /* of Low, of Idle */
  gint64 item_takes;
  guint destroys_at; /* after this many Idle items… */
  Animation *destroys;
} Load;

static Load load;

static void
run_item (guint    lane,
          gpointer number)
{
  g_assert_cmpuint (GPOINTER_TO_UINT (number), ==, load.ran[lane]);
  load.ran[lane]++;
  if (load.item_takes > 0)
    spin (load.item_takes);
  if (lane == 1 && load.destroys != NULL && load.ran[lane] == load.destroys_at)
    animation_end (load.destroys);
}

static void
run_low (gpointer number)
{
  run_item (0, number);
}

static void
run_idle (gpointer number)
{
  run_item (1, number);
}

static void
post_load (guint  n,
           gint64 item_takes)
{
  LoftDispatcher *dispatcher = loft_dispatcher_get_default ();

  load = (Load) { .n = n, .item_takes = item_takes };
  for (guint i = 0; i < n; i++)
    {
      loft_dispatcher_try_enqueue (dispatcher, LOFT_PRIORITY_IDLE, run_idle, GUINT_TO_POINTER (i),
                                   NULL);
      loft_dispatcher_try_enqueue (dispatcher, LOFT_PRIORITY_LOW, run_low, GUINT_TO_POINTER (i),
                                   NULL);
    }
}

static void
run_load (void)
{
  while (load.ran[0] < load.n || load.ran[1] < load.n)
    g_main_context_iteration (NULL, TRUE);
}

/* After each frame the dispatcher is told of the next one. When the window goes, it is told that
 * there is none, and then nothing more. */
static void
test_follows_the_window (void)
{
  Animation one;
  GtkWidget *window;

  animation_init (&one, 0);
  window = one.window;
  told = told_nothing = 0;
  loft_gtk_frame_budget_attach (window); /* not realized yet */
  loft_gtk_frame_budget_attach (window);
  g_assert_cmpuint (told, ==, 0);
  gtk_window_present (GTK_WINDOW (window));
  wait_for_frames (&one, 3);
  g_assert_cmpuint (told, >=, 2);
  g_assert_cmpuint (told, <=, one.frames + 1);
  g_assert_cmpuint (told_nothing, ==, 0);
  g_assert_true (last_clock == G_OBJECT (window));

  gtk_widget_set_visible (window, FALSE);
  gtk_widget_unrealize (window);
  g_assert_cmpuint (told_nothing, ==, 1);
  gtk_window_present (GTK_WINDOW (window));
  told = 0;
  wait_for_frames (&one, 3);
  g_assert_cmpuint (told, >=, 2);

  animation_end (&one);
  g_assert_cmpuint (told_nothing, ==, 2);
}

/* A window is detached at any time, and attached again. */
static void
test_detach (void)
{
  Animation one;

  animation_init (&one, 0);
  loft_gtk_frame_budget_detach (one.window); /* changes nothing */
  gtk_window_present (GTK_WINDOW (one.window));
  wait_for_frames (&one, 1);
  told = told_nothing = 0;
  loft_gtk_frame_budget_attach (one.window);
  wait_for_frames (&one, 3);
  g_assert_cmpuint (told, >=, 2);
  loft_gtk_frame_budget_detach (one.window);
  g_assert_cmpuint (told_nothing, ==, 1);
  told = 0;
  wait_for_frames (&one, 3);
  g_assert_cmpuint (told, ==, 0);
  loft_gtk_frame_budget_attach (one.window);
  animation_end (&one);
}

/* Several windows draw while work runs, one of them is hidden, and one is destroyed by an item. */
static void
test_several_windows (void)
{
  Animation windows[4];

  for (guint i = 0; i < G_N_ELEMENTS (windows); i++)
    {
      animation_init (&windows[i], i * 500);
      loft_gtk_frame_budget_attach (windows[i].window);
      gtk_window_present (GTK_WINDOW (windows[i].window));
      wait_for_frames (&windows[i], 1);
    }
  gtk_widget_set_visible (windows[1].window, FALSE);
  post_load (2000, 50);
  load.destroys_at = 1000;
  load.destroys = &windows[2];
  run_load ();
  g_assert_null (windows[2].window);
  for (guint i = 0; i < G_N_ELEMENTS (windows); i++)
    animation_end (&windows[i]);
}

/* A window that is shown, and then has nothing to draw, holds nothing back. */
static void
test_clock_that_does_not_tick (void)
{
  GtkWidget *window = gtk_window_new ();

  loft_gtk_frame_budget_attach (window);
  gtk_window_present (GTK_WINDOW (window));
  told = 0;
  while (told == 0)
    g_main_context_iteration (NULL, TRUE);
  post_load (2000, 10);
  run_load ();
  gtk_window_destroy (GTK_WINDOW (window));
}

/* A window that takes longer to draw than a frame lasts does not keep the work from running, nor
 * the work the window from drawing. */
static void
test_late_renderer (void)
{
  Animation late;

  animation_init (&late, 30 * G_TIME_SPAN_MILLISECOND);
  loft_gtk_frame_budget_attach (late.window);
  gtk_window_present (GTK_WINDOW (late.window));
  wait_for_frames (&late, 2);
  post_load (1000, 50);
  run_load ();
  wait_for_frames (&late, 2);
  animation_end (&late);
}

/* A widget that is not a window has a frame clock while it is in one. */
static void
test_widget_in_a_window (void)
{
  Animation one;
  GtkWidget *area;

  animation_init (&one, 0);
  area = g_object_ref (gtk_window_get_child (GTK_WINDOW (one.window)));
  loft_gtk_frame_budget_attach (area);
  gtk_window_present (GTK_WINDOW (one.window));
  told = told_nothing = 0;
  wait_for_frames (&one, 3);
  g_assert_cmpuint (told, >=, 2);
  gtk_window_set_child (GTK_WINDOW (one.window), NULL);
  g_assert_cmpuint (told_nothing, ==, 1);
  g_object_unref (area);
  animation_end (&one);
}

/* Frames beside a flood of Idle items, and of GLib's own idle sources. */

static gboolean
run_glib_idle (gpointer number)
{
  run_item (1, number);
  return G_SOURCE_REMOVE;
}

static int
compare_gaps (gconstpointer a,
              gconstpointer b)
{
  gint64 left = *(const gint64 *) a, right = *(const gint64 *) b;

  return left < right ? -1 : left > right;
}

/* Returns the gap, in ms, that this part of all gaps does not exceed. */
static double
find_gap (GArray *gaps,
          double  part)
{
  return (double) g_array_index (gaps, gint64, (guint) ((gaps->len - 1) * part)) / 1e3;
}

static void
measure (const char *name,
         gboolean    attached,
         gboolean    glib)
{
  guint n = g_test_perf () ? 1000000 : 20000;
  GArray *gaps = g_array_new (FALSE, FALSE, sizeof (gint64));
  Animation one;
  gint64 start, took, last;

  animation_init (&one, 1000);
  if (attached)
    loft_gtk_frame_budget_attach (one.window);
  gtk_window_present (GTK_WINDOW (one.window));
  wait_for_frames (&one, 10);
  load = (Load) { .n = n, .item_takes = 5 };
  for (guint i = 0; i < n; i++)
    if (glib)
      g_idle_add (run_glib_idle, GUINT_TO_POINTER (i));
    else
      loft_dispatcher_try_enqueue (loft_dispatcher_get_default (), LOFT_PRIORITY_IDLE, run_idle,
                                   GUINT_TO_POINTER (i), NULL);
  wait_for_frames (&one, 1); /* the posting itself does not count */
  one.gaps = gaps;
  start = g_get_monotonic_time ();
  while (load.ran[1] < n)
    g_main_context_iteration (NULL, TRUE);
  took = MAX (g_get_monotonic_time () - start, 1);
  last = g_get_monotonic_time () - one.last; /* a window that is frozen has no frames to tell it */
  g_array_append_val (gaps, last);
  g_array_sort (gaps, compare_gaps);
  g_test_message ("%s: %u items in %.2f s, %.1f frames a second, half of the gaps up to %.1f ms, "
                  "99 of 100 up to %.1f ms, the worst %.1f ms",
                  name, n, (double) took / 1e6, (gaps->len - 1) * 1e6 / (double) took,
                  find_gap (gaps, 0.5), find_gap (gaps, 0.99), find_gap (gaps, 1));
  animation_end (&one);
  g_array_unref (gaps);
}

static void
test_figures (void)
{
  measure ("Idle, no budget", FALSE, FALSE);
  measure ("Idle, frame budget", TRUE, FALSE);
  measure ("g_idle_add", FALSE, TRUE);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  g_test_add_func ("/gtk/frame-budget/follows-the-window", test_follows_the_window);
  g_test_add_func ("/gtk/frame-budget/detach", test_detach);
  g_test_add_func ("/gtk/frame-budget/several-windows", test_several_windows);
  g_test_add_func ("/gtk/frame-budget/clock-that-does-not-tick", test_clock_that_does_not_tick);
  g_test_add_func ("/gtk/frame-budget/late-renderer", test_late_renderer);
  g_test_add_func ("/gtk/frame-budget/widget-in-a-window", test_widget_in_a_window);
  g_test_add_func ("/gtk/frame-budget/figures", test_figures);
  return g_test_run ();
}
