/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The switch starts a flood of the kind that is selected in the list, and restarts the meter. */

#include "demo-bar.h"

#define REFRESH_MS 500

struct _DemoBar
{
  GtkBox parent_instance;

  GtkWidget *meter;
  GtkWidget *rate;
  GtkWidget *kind;
  GtkWidget *flood_switch;
  DemoFlood *flood;
  gint64 flood_started;
  guint flood_count;
  double flood_seconds;
  guint refresh; /* 0: nothing is measured */
  gboolean scanning;
};

G_DEFINE_FINAL_TYPE (DemoBar, demo_bar, GTK_TYPE_BOX)

GtkWidget *
demo_bar_new (void)
{
  return g_object_new (DEMO_TYPE_BAR, "spacing", 6, NULL);
}

DemoMeter *
demo_bar_get_meter (DemoBar *self)
{
  return DEMO_METER (self->meter);
}

static gboolean
on_refresh (gpointer data)
{
  DemoBar *self = data;
  DemoMeter *meter = DEMO_METER (self->meter);
  g_autofree char *text = g_strdup_printf ("%.0f frames/s, worst gap %.0f ms",
                                           demo_meter_get_rate (meter),
                                           demo_meter_get_gap_ms (meter));

  gtk_label_set_text (GTK_LABEL (self->rate), text);
  return G_SOURCE_CONTINUE;
}

/* Begins to measure, or ends it when there is nothing to measure any more: a window in which
 * nothing happens draws no frame. */
static void
demo_bar_measure (DemoBar *self,
                  gboolean anew)
{
  gboolean measure = self->scanning || self->flood != NULL;

  if (measure && anew)
    demo_meter_start (DEMO_METER (self->meter));
  if (measure && self->refresh == 0)
    self->refresh = g_timeout_add (REFRESH_MS, on_refresh, self);
  if (measure || self->refresh == 0)
    return;
  demo_meter_stop (DEMO_METER (self->meter));
  on_refresh (self);
  g_clear_handle_id (&self->refresh, g_source_remove);
}

void
demo_bar_set_scanning (DemoBar *self,
                       gboolean scanning)
{
  self->scanning = scanning;
  demo_bar_measure (self, scanning);
}

static void
demo_bar_end_flood (DemoBar *self)
{
  if (self->flood == NULL)
    return;
  self->flood_count = demo_flood_get_count (self->flood);
  self->flood_seconds = (double) (g_get_monotonic_time () - self->flood_started) / G_USEC_PER_SEC;
  g_clear_pointer (&self->flood, demo_flood_stop);
  demo_bar_measure (self, FALSE);
}

static void
demo_bar_begin_flood (DemoBar *self)
{
  demo_bar_end_flood (self);
  self->flood_started = g_get_monotonic_time ();
  self->flood = demo_flood_start (
    (DemoFloodKind) gtk_drop_down_get_selected (GTK_DROP_DOWN (self->kind)));
  demo_bar_measure (self, TRUE);
}

static void
on_switch (GtkSwitch  *flood_switch,
           GParamSpec *pspec,
           DemoBar    *self)
{
  if (gtk_switch_get_active (flood_switch))
    demo_bar_begin_flood (self);
  else
    demo_bar_end_flood (self);
}

static void
on_kind (GtkDropDown *kind,
         GParamSpec  *pspec,
         DemoBar     *self)
{
  if (self->flood != NULL)
    demo_bar_begin_flood (self);
}

void
demo_bar_start_flood (DemoBar       *self,
                      DemoFloodKind  kind)
{
  gtk_drop_down_set_selected (GTK_DROP_DOWN (self->kind), kind);
  gtk_switch_set_active (GTK_SWITCH (self->flood_switch), TRUE);
}

void
demo_bar_stop_flood (DemoBar *self)
{
  gtk_switch_set_active (GTK_SWITCH (self->flood_switch), FALSE);
}

guint
demo_bar_get_flood (DemoBar *self,
                    double  *seconds)
{
  *seconds = self->flood_seconds;
  return self->flood_count;
}

static void
demo_bar_dispose (GObject *object)
{
  DemoBar *self = DEMO_BAR (object);

  self->scanning = FALSE;
  demo_bar_end_flood (self);
  g_clear_handle_id (&self->refresh, g_source_remove);
  G_OBJECT_CLASS (demo_bar_parent_class)->dispose (object);
}

static void
demo_bar_class_init (DemoBarClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = demo_bar_dispose;
}

/* The flood's controls are in a box of their own, so that the label belongs to the switch. */
static void
demo_bar_add_flood (DemoBar *self)
{
  GtkWidget *label = gtk_label_new_with_mnemonic ("_Flood");

  self->kind = gtk_drop_down_new_from_strings (demo_flood_titles);
  self->flood_switch = gtk_switch_new ();
  gtk_widget_set_valign (self->flood_switch, GTK_ALIGN_CENTER);
  gtk_label_set_mnemonic_widget (GTK_LABEL (label), self->flood_switch);
  gtk_widget_set_tooltip_text (self->flood_switch, "Two threads post items of 50 µs to this "
                                                   "window’s thread, without a pause");
  gtk_drop_down_set_selected (GTK_DROP_DOWN (self->kind), DEMO_FLOOD_LOFT_NORMAL);
  g_signal_connect (self->flood_switch, "notify::active", G_CALLBACK (on_switch), self);
  g_signal_connect (self->kind, "notify::selected", G_CALLBACK (on_kind), self);
  gtk_box_append (GTK_BOX (self), label);
  gtk_box_append (GTK_BOX (self), self->kind);
  gtk_box_append (GTK_BOX (self), self->flood_switch);
}

static void
demo_bar_init (DemoBar *self)
{
  GtkWidget *wait = gtk_button_new_with_mnemonic ("_Wait Here");

  gtk_widget_add_css_class (GTK_WIDGET (self), "toolbar");
  self->meter = demo_meter_new ();
  self->rate = gtk_label_new (NULL);
  gtk_widget_add_css_class (self->rate, "numeric");
  gtk_widget_set_hexpand (self->rate, TRUE);
  gtk_label_set_xalign (GTK_LABEL (self->rate), 0);
  gtk_widget_set_margin_start (self->meter, 6);
  gtk_box_append (GTK_BOX (self), self->meter);
  gtk_box_append (GTK_BOX (self), self->rate);
  demo_bar_add_flood (self);
  gtk_widget_set_tooltip_text (wait, "Blocks this thread for the pool’s work, or tries to: Loft "
                                     "refuses");
  gtk_widget_set_margin_start (wait, 12);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (wait), "win.wait");
  gtk_box_append (GTK_BOX (self), wait);
}
