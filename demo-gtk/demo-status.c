/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Speeds are those of the last second or so and not those since the start, because a user wants to
 * know whether the scan still moves. */

#include "demo-status.h"

#define SAMPLE_EVERY (G_USEC_PER_SEC)

struct _DemoStatus
{
  GtkBox parent_instance;

  GtkWidget *bar;
  GtkWidget *what;
  GtkWidget *speed;
  gint64 started; /* monotonic µs */
  gint64 sampled;
  DemoProgress sample;
};

G_DEFINE_FINAL_TYPE (DemoStatus, demo_status, GTK_TYPE_BOX)

GtkWidget *
demo_status_new (void)
{
  return g_object_new (DEMO_TYPE_STATUS, "orientation", GTK_ORIENTATION_VERTICAL, "spacing", 6,
                       NULL);
}

void
demo_status_start (DemoStatus *self)
{
  memset (&self->sample, 0, sizeof self->sample);
  self->started = self->sampled = g_get_monotonic_time ();
  gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (self->bar), 0);
  gtk_widget_set_visible (self->bar, TRUE);
  gtk_label_set_text (GTK_LABEL (self->what), "Looking for files…");
  gtk_label_set_text (GTK_LABEL (self->speed), "");
}

static void
demo_status_show_speed (DemoStatus         *self,
                        const DemoProgress *progress)
{
  gint64 now = g_get_monotonic_time ();
  double seconds = (double) (now - self->sampled) / G_USEC_PER_SEC;
  gboolean comparing = progress->to_compare > 0;
  guint files = comparing ? progress->compared - self->sample.compared
                        : progress->files - self->sample.files;
  g_autofree char *bytes = NULL;
  g_autofree char *text = NULL;

  if (now - self->sampled < SAMPLE_EVERY)
    return;
  bytes = g_format_size (
    (guint64) ((double) (progress->bytes_read - self->sample.bytes_read) / seconds));
  text = comparing ? g_strdup_printf ("%'.0f files/s, %s/s", files / seconds, bytes)
                 : g_strdup_printf ("%'.0f files/s", files / seconds);
  gtk_label_set_text (GTK_LABEL (self->speed), text);
  self->sampled = now;
  self->sample = *progress;
}

void
demo_status_update (DemoStatus         *self,
                    const DemoProgress *progress)
{
  g_autofree char *seen = g_format_size (progress->bytes);
  g_autofree char *wasted = g_format_size (progress->wasted);
  g_autofree char *text = NULL;

  if (progress->to_compare == 0)
    {
      text = g_strdup_printf ("Looking for files: %'u, %s", progress->files, seen);
      gtk_progress_bar_pulse (GTK_PROGRESS_BAR (self->bar));
    }
  else
    {
      text = g_strdup_printf ("Comparing: %'u of %'u files, %s wasted so far", progress->compared,
                              progress->to_compare, wasted);
      gtk_progress_bar_set_fraction (
        GTK_PROGRESS_BAR (self->bar),
        MIN (1.0, (double) progress->compared / (double) progress->to_compare));
    }
  gtk_label_set_text (GTK_LABEL (self->what), text);
  demo_status_show_speed (self, progress);
}

void
demo_status_cancel (DemoStatus *self)
{
  gtk_label_set_text (GTK_LABEL (self->what), "Cancelling…");
  gtk_label_set_text (GTK_LABEL (self->speed), "");
}

void
demo_status_show_sums (DemoStatus         *self,
                       const DemoProgress *progress,
                       const char         *what)
{
  g_autofree char *wasted = g_format_size (progress->wasted);
  g_autofree char *text = g_strdup_printf ("%s%s wasted by %'u duplicates", what, wasted,
                                           progress->duplicates);

  gtk_label_set_text (GTK_LABEL (self->what), text);
  gtk_widget_set_tooltip_text (self->what, text);
}

void
demo_status_end (DemoStatus         *self,
                 const DemoProgress *progress,
                 gboolean            canceled)
{
  double seconds = (double) (g_get_monotonic_time () - self->started) / G_USEC_PER_SEC;
  g_autofree char *time = g_strdup_printf ("%'u files, %.1f s", progress->files, seconds);

  demo_status_show_sums (self, progress, canceled ? "Cancelled: " : "");
  gtk_label_set_text (GTK_LABEL (self->speed), time);
  gtk_widget_set_visible (self->bar, FALSE);
}

static void
demo_status_class_init (DemoStatusClass *klass)
{
}

static void
demo_status_init (DemoStatus *self)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);

  self->bar = gtk_progress_bar_new ();
  self->what = gtk_label_new (NULL);
  self->speed = gtk_label_new (NULL);
  gtk_label_set_ellipsize (GTK_LABEL (self->what), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (GTK_LABEL (self->what), 0);
  gtk_widget_set_hexpand (self->what, TRUE);
  gtk_widget_add_css_class (self->what, "numeric");
  gtk_widget_add_css_class (self->speed, "numeric");
  gtk_widget_add_css_class (self->speed, "dim-label");
  gtk_box_append (GTK_BOX (line), self->what);
  gtk_box_append (GTK_BOX (line), self->speed);
  gtk_box_append (GTK_BOX (self), line);
  gtk_box_append (GTK_BOX (self), self->bar);
  gtk_widget_set_margin_start (GTK_WIDGET (self), 12);
  gtk_widget_set_margin_end (GTK_WIDGET (self), 12);
  gtk_widget_set_margin_top (GTK_WIDGET (self), 12);
  gtk_widget_set_margin_bottom (GTK_WIDGET (self), 12);
}
