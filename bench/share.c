/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A dispatcher that is flooded beside a window whose redraw is always due (P15).
 *
 * share LANE REDRAW SECONDS prints how many items and redraws run in a second. The items take
 * 100 µs and are posted to LANE. The redraws take REDRAW ms. With REDRAW 0 there is no window, and
 * with LANE none nothing is posted. */

#include "bench.h"
#include "dispatcher-loop.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* how many items wait at any time */
#define QUEUED 1000
#define ITEM_NS 100000

static LoftDispatcher *dispatcher;
static LoftPriority lane;
static size_t items, redraws;
static gint64 redraw_ns;
static gboolean over;

/* Computes for @ns. */
static void
spin (gint64 ns)
{
  gint64 end = bench_now () + ns;

  while (bench_now () < end)
    ;
}

static void
run_item (gpointer unused)
{
  if (over)
    return;
  spin (ITEM_NS);
  items++;
  loft_dispatcher_try_enqueue (dispatcher, lane, run_item, NULL, NULL);
}

static gboolean
redraw (gpointer unused)
{
  spin (redraw_ns);
  redraws++;
  return G_SOURCE_CONTINUE;
}

static void
measure (GMainContext *context,
         double        seconds)
{
  gint64 start = bench_now ();
  gint64 end = start + (gint64) (seconds * 1e9);
  double took;

  while (bench_now () < end)
    g_main_context_iteration (context, TRUE);
  took = (double) (bench_now () - start) / 1e9;
  over = TRUE;
  bench_print ("items", (double) items / took);
  bench_print ("redraws", (double) redraws / took);
}

int
main (int   argc,
      char *argv[])
{
  const char *lanes[] = { "idle", "low", "normal", "high" };
  DispatcherLoop *loop = dispatcher_loop_new ();
  GMainContext *context = loop->loop.context;
  GSource *source = g_idle_source_new ();

  if (argc != 4)
    {
      fprintf (stderr, "Usage: %s high|normal|low|idle|none REDRAW-MS SECONDS\n", argv[0]);
      return 2;
    }

  dispatcher = loop->dispatcher;
  for (int i = 0; i < 4; i++)
    if (strcmp (argv[1], lanes[i]) == 0)
      {
        lane = (LoftPriority) (LOFT_PRIORITY_IDLE + i);
        for (int k = 0; k < QUEUED; k++)
          loft_dispatcher_try_enqueue (dispatcher, lane, run_item, NULL, NULL);
      }
  redraw_ns = (gint64) (atof (argv[2]) * 1e6);
  if (redraw_ns > 0)
    {
      g_source_set_priority (source, G_PRIORITY_HIGH_IDLE + 20); /* GDK's */
      g_source_set_callback (source, redraw, NULL, NULL);
      g_source_attach (source, context);
    }
  measure (context, atof (argv[3]));
  g_source_destroy (source);
  while (g_main_context_iteration (context, FALSE))
    ;
  return 0;
}
