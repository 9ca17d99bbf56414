/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* DemoMeter: asks for a frame each time the frame clock ticks, and draws the times of the last
 * hundred frames as bars.
 *
 * It measures when frames are drawn and not when they were due. A loop that is kept from drawing
 * therefore shows as a gap. */

#include "demo-meter.h"

#define N_BARS  100
#define FULL_MS 50.0

struct _DemoMeter
{
  GtkWidget parent_instance;

  guint tick;        /* 0: stopped */
  gint64 start;      /* monotonic µs; 0: not yet */
  gint64 last;
  gint64 worst;
  guint frames;
  double bars[N_BARS];
  guint next_bar;
};

G_DEFINE_FINAL_TYPE (DemoMeter, demo_meter, GTK_TYPE_WIDGET)

GtkWidget *
demo_meter_new (void)
{
  return g_object_new (DEMO_TYPE_METER, NULL);
}

/* The time since the last frame counts too, because a frozen window must not look fine. */
static gint64
demo_meter_get_open_gap (DemoMeter *self)
{
  return self->last == 0 || self->tick == 0 ? 0 : g_get_monotonic_time () - self->last;
}

double
demo_meter_get_rate (DemoMeter *self)
{
  gint64 end = self->tick != 0 ? g_get_monotonic_time () : self->last;
  gint64 span = self->start == 0 ? 0 : end - self->start;

  return span <= 0 ? 0 : self->frames * 1e6 / (double) span;
}

double
demo_meter_get_gap_ms (DemoMeter *self)
{
  return (double) MAX (self->worst, demo_meter_get_open_gap (self)) / 1000.0;
}

static gboolean
on_tick (GtkWidget     *widget,
         GdkFrameClock *clock,
         gpointer       user_data)
{
  gtk_widget_queue_draw (widget);
  return G_SOURCE_CONTINUE;
}

void
demo_meter_start (DemoMeter *self)
{
  self->start = self->last = self->worst = 0;
  self->frames = 0;
  if (self->tick == 0)
    self->tick = gtk_widget_add_tick_callback (GTK_WIDGET (self), on_tick, NULL, NULL);
}

void
demo_meter_stop (DemoMeter *self)
{
  self->worst = MAX (self->worst, demo_meter_get_open_gap (self));
  if (self->tick != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->tick);
  self->tick = 0;
}

static void
demo_meter_note_frame (DemoMeter *self)
{
  gint64 now = g_get_monotonic_time ();

  if (self->tick == 0)
    return;
  if (self->start == 0)
    self->start = now;
  else
    {
      gint64 gap = now - self->last;

      self->frames++;
      self->worst = MAX (self->worst, gap);
      self->bars[self->next_bar] = (double) gap / 1000.0;
      self->next_bar = (self->next_bar + 1) % N_BARS;
    }
  self->last = now;
}

static void
demo_meter_snapshot (GtkWidget   *widget,
                     GtkSnapshot *snapshot)
{
  DemoMeter *self = DEMO_METER (widget);
  float width = (float) gtk_widget_get_width (widget),
        height = (float) gtk_widget_get_height (widget);
  GdkRGBA color, late = { 0.88f, 0.11f, 0.14f, 1.0f };

  demo_meter_note_frame (self);
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &color);
  color.alpha = 0.55f;
  for (guint i = 0; i < N_BARS; i++)
    {
      double ms = self->bars[(self->next_bar + i) % N_BARS];
      float bar = (float) (MIN (ms, FULL_MS) / FULL_MS) * height;

      if (bar > 0)
        gtk_snapshot_append_color (snapshot, ms > 25.0 ? &late : &color,
                                   &GRAPHENE_RECT_INIT (width * (float) i / N_BARS, height - bar,
                                                        width / N_BARS - 0.5f, bar));
    }
}

static void
demo_meter_measure (GtkWidget      *widget,
                    GtkOrientation  orientation,
                    int             for_size,
                    int            *minimum,
                    int            *natural,
                    int            *minimum_baseline,
                    int            *natural_baseline)
{
  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 150 : 24;
}

static void
demo_meter_class_init (DemoMeterClass *klass)
{
  GTK_WIDGET_CLASS (klass)->snapshot = demo_meter_snapshot;
  GTK_WIDGET_CLASS (klass)->measure = demo_meter_measure;
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_IMG);
}

static void
demo_meter_init (DemoMeter *self)
{
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), "The times between the last 100 frames; red: "
                                                  "more than 25 ms");
}
