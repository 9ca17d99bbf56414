/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Measures whether the cost of an item stays the same when there is more of everything (P12):
 *
 *   growth queued N, growth producers N, growth dispatchers N, growth owned N: ns for each post
 *   growth timers N: ns for each tick
 *   growth continuations N: ns for each that is cancelled */

#include "bench.h"
#include "dispatcher-loop.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t ran;

static void
count (gpointer unused)
{
  ran++;
}

static void
post_many (LoftDispatcher *dispatcher,
           size_t          n)
{
  for (size_t i = 0; i < n; i++)
    loft_dispatcher_try_enqueue (dispatcher, LOFT_PRIORITY_NORMAL, count, NULL, NULL);
}

static void
drain (GMainContext *context,
       size_t        n)
{
  while (ran < n)
    g_main_context_iteration (context, FALSE);
}

/* Posts rounds of @n items that are queued together, ten million items in all. */
static double
queued (size_t n)
{
  DispatcherLoop *loop = dispatcher_loop_new ();
  size_t rounds = MAX (10000000 / n, 1);
  gint64 start = bench_now ();

  for (size_t i = 0; i < rounds; i++)
    {
      ran = 0;
      post_many (loop->dispatcher, n);
      drain (loop->loop.context, n);
    }
  return (double) (bench_now () - start) / (rounds * n);
}

#define ITEMS 2000000

typedef struct
{
  LoftDispatcher *dispatcher;
  size_t n;
} Producer;

static void
produce (void *data)
{
  Producer *producer = data;

  post_many (producer->dispatcher, producer->n);
}

static double
producers (size_t n)
{
  DispatcherLoop *loop = dispatcher_loop_new ();
  Producer producer = { loop->dispatcher, ITEMS / n };
  BenchThread **threads = g_new (BenchThread *, n);
  gint64 start = bench_now ();

  ran = 0;
  for (size_t i = 0; i < n; i++)
    threads[i] = bench_thread_start (-1, produce, &producer);
  while (ran < n * producer.n)
    g_main_context_iteration (loop->loop.context, TRUE);
  for (size_t i = 0; i < n; i++)
    bench_thread_join (threads[i]);
  g_free (threads);
  return (double) (bench_now () - start) / (n * producer.n);
}

/* Each dispatcher has a context of its own. A thousand items go to one after the other. */
static double
dispatchers (size_t n)
{
  GMainContext **contexts = g_new (GMainContext *, n);
  LoftDispatcher **all = g_new (LoftDispatcher *, n);
  gint64 start;

  bench_allow_files ();
  for (size_t i = 0; i < n; i++)
    {
      contexts[i] = g_main_context_new ();
      all[i] = loft_dispatcher_get_for_context (contexts[i]);
    }
  start = bench_now ();
  ran = 0;
  for (size_t done = 0; done < ITEMS;)
    for (size_t i = 0; i < n && done < ITEMS; i++)
      {
        post_many (all[i], 1000);
        done += 1000;
        drain (contexts[i], done);
      }
  return (double) (bench_now () - start) / ITEMS;
}

/* All timers together tick at the same rate, however many there are. The figure is the time that
 * the thread computes for each tick. */

#define TICKS 50000

static void
on_tick (LoftDispatcherTimer *timer,
         gpointer             unused)
{
  ran++;
}

static double
timers (size_t n)
{
  DispatcherLoop *loop = dispatcher_loop_new ();
  LoftDispatcherTimer **all = g_new (LoftDispatcherTimer *, n);
  gint64 start;

  ran = 0;
  for (size_t i = 0; i < n; i++)
    {
      all[i] = loft_dispatcher_create_timer (loop->dispatcher);
      loft_dispatcher_timer_set_interval (all[i], (gint64) (n * 30 + i * 20));
      g_signal_connect (all[i], "tick", G_CALLBACK (on_tick), NULL);
    }
  for (size_t i = 0; i < n; i++)
    loft_dispatcher_timer_start (all[i]);
  start = bench_busy ();
  while (ran < TICKS)
    g_main_context_iteration (loop->loop.context, TRUE);
  return (double) (bench_busy () - start) / ran;
}

/* Items that all have one owner are posted and run. */

static gboolean
count_owned (LoftAsyncAction *action,
             gpointer         unused,
             GError         **error)
{
  ran++;
  return TRUE;
}

static double
owned (size_t n)
{
  DispatcherLoop *loop = dispatcher_loop_new ();
  size_t rounds = MAX (200000 / n, 1);
  gint64 start = bench_now ();

  for (size_t i = 0; i < rounds; i++)
    {
      GObject *owner = g_object_new (G_TYPE_OBJECT, NULL);

      ran = 0;
      for (size_t k = 0; k < n; k++)
        loft_async_info_forget (
          LOFT_ASYNC_INFO (loft_dispatcher_run_for_async (loop->dispatcher, LOFT_PRIORITY_NORMAL,
                                                          owner, count_owned, NULL, NULL)));
      drain (loop->loop.context, n);
      g_object_unref (owner);
    }
  return (double) (bench_now () - start) / (rounds * n);
}

/* Continuations of one action that lives on are created, all exist at once, and are cancelled, the
 * oldest first. */

static gboolean
go_on (LoftAsyncInfo *antecedent,
       gpointer       unused,
       GError       **error)
{
  return TRUE;
}

static double
continuations (size_t n)
{
  LoftAction *action = loft_action_new ();
  LoftAsyncAction **all = g_new (LoftAsyncAction *, n);
  size_t rounds = MAX (200000 / n, 1);
  gint64 start = bench_now ();

  for (size_t i = 0; i < rounds; i++)
    {
      for (size_t k = 0; k < n; k++)
        all[k] = loft_async_info_continue_with (LOFT_ASYNC_INFO (action), go_on, NULL, NULL);
      for (size_t k = 0; k < n; k++)
        {
          loft_async_info_cancel (LOFT_ASYNC_INFO (all[k]));
          g_object_unref (all[k]);
        }
    }
  return (double) (bench_now () - start) / (rounds * n);
}

int
main (int   argc,
      char *argv[])
{
  const struct { const char *name; double (*run) (size_t n);
  } kinds[] = {
    { "queued", queued }, { "producers", producers }, { "dispatchers", dispatchers },
    { "timers", timers }, { "owned", owned },         { "continuations", continuations },
  };
  size_t n = argc == 3 ? strtoull (argv[2], NULL, 10) : 0;

  for (size_t i = 0; i < G_N_ELEMENTS (kinds) && n > 0; i++)
    {
      if (strcmp (argv[1], kinds[i].name) == 0)
        {
          bench_print ("ns", kinds[i].run (n));
          return 0;
        }
    }
  fprintf (stderr, "Usage: %s queued|producers|dispatchers|timers|owned|continuations N\n",
           argv[0]);
  return 2;
}
