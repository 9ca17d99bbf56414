/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Two threads that keep a thousand items of 50 µs waiting for the main thread. */

#include "demo-flood.h"

#define OUTSTANDING 1000
#define ITEM_US     50

struct _DemoFlood
{
  gatomicrefcount refs; /* the window's, and each item's */
  DemoFloodKind kind;
  GThread *threads[2];
  GMutex mutex;
  GCond cond;
  /* under mutex */
  guint outstanding;
  guint count;
  guint posted;
  gboolean stopped;
};

const char *const demo_flood_names[] = { "high", "normal",       "low",       "idle",
                                         "all",  "glib-default", "glib-idle", NULL };
const char *const demo_flood_titles[] = {
  "Loft: High", "Loft: Normal", "Loft: Low", "Loft: Idle", "Loft: all four", "g_idle_add: DEFAULT",
  "g_idle_add: DEFAULT_IDLE", NULL
};

static void
demo_flood_unref (DemoFlood *flood)
{
  if (!g_atomic_ref_count_dec (&flood->refs))
    return;
  g_mutex_clear (&flood->mutex);
  g_cond_clear (&flood->cond);
  g_free (flood);
}

/* The item, which takes 50 µs of the main thread's time. */
static void
on_item (gpointer data)
{
  DemoFlood *flood = data;
  gint64 until = g_get_monotonic_time () + ITEM_US;

  while (g_get_monotonic_time () < until)
    ;
  g_mutex_lock (&flood->mutex);
  flood->count++;
  if (--flood->outstanding == OUTSTANDING / 2)
    g_cond_broadcast (&flood->cond);
  g_mutex_unlock (&flood->mutex);
}

static void
on_item_released (gpointer data)
{
  demo_flood_unref (data);
}

static gboolean
on_idle (gpointer data)
{
  on_item (data);
  return G_SOURCE_REMOVE;
}

static void
demo_flood_post (DemoFlood *flood,
                 guint      n)
{
  static const LoftPriority priorities[] = { LOFT_PRIORITY_HIGH, LOFT_PRIORITY_NORMAL,
                                             LOFT_PRIORITY_LOW, LOFT_PRIORITY_IDLE };
  LoftPriority priority = priorities[flood->kind < 4 ? (guint) flood->kind : n % 4];

  g_atomic_ref_count_inc (&flood->refs);
  if (flood->kind == DEMO_FLOOD_GLIB_DEFAULT)
    g_idle_add_full (G_PRIORITY_DEFAULT, on_idle, flood, on_item_released);
  else if (flood->kind == DEMO_FLOOD_GLIB_DEFAULT_IDLE)
    g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, on_idle, flood, on_item_released);
  else
    loft_dispatcher_try_enqueue (loft_dispatcher_get_default (), priority, on_item, flood,
                                 on_item_released);
}

static gpointer
demo_flood_main (gpointer data)
{
  DemoFlood *flood = data;
  guint n;

  for (;;)
    {
      g_mutex_lock (&flood->mutex);
      while (!flood->stopped && flood->outstanding >= OUTSTANDING)
        g_cond_wait (&flood->cond, &flood->mutex);
      if (flood->stopped)
        {
          g_mutex_unlock (&flood->mutex);
          return NULL;
        }
      flood->outstanding++;
      n = flood->posted++;
      g_mutex_unlock (&flood->mutex);
      demo_flood_post (flood, n);
    }
}

DemoFlood *
demo_flood_start (DemoFloodKind kind)
{
  DemoFlood *flood = g_new0 (DemoFlood, 1);

  g_atomic_ref_count_init (&flood->refs);
  flood->kind = kind;
  g_mutex_init (&flood->mutex);
  g_cond_init (&flood->cond);
  for (guint i = 0; i < G_N_ELEMENTS (flood->threads); i++)
    flood->threads[i] = g_thread_new ("flood", demo_flood_main, flood);
  return flood;
}

void
demo_flood_stop (DemoFlood *flood)
{
  g_mutex_lock (&flood->mutex);
  flood->stopped = TRUE;
  g_cond_broadcast (&flood->cond);
  g_mutex_unlock (&flood->mutex);
  for (guint i = 0; i < G_N_ELEMENTS (flood->threads); i++)
    g_thread_join (flood->threads[i]);
  demo_flood_unref (flood);
}

guint
demo_flood_get_count (DemoFlood *flood)
{
  guint count;

  g_mutex_lock (&flood->mutex);
  count = flood->count;
  g_mutex_unlock (&flood->mutex);
  return count;
}
