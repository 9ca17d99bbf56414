/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Posts and timers that are taken back: a million posts (P10), and a hundred thousand timers that
 * were started and ticked (P11). */

#include "bench.h"

#include <stdlib.h>

static void
never (BenchItem *item)
{
  abort ();
}

/* Returns ns for each of @n posts that are taken back and dropped. The time includes what is left
 * behind in the loop, until the loop is freed. The case also runs it for a tenth of the posts,
 * which shows how the cost grows. */
static double
cancel_many (size_t n)
{
  void **handles = malloc (n * sizeof (void *));
  BenchItem item = { .run = never };
  void *loop = bench_contender.loop_new ();
  int64_t start;

  for (size_t i = 0; i < n; i++)
    handles[i] = bench_contender.post_handle (loop, &item);
  start = bench_now ();
  for (size_t i = 0; i < n; i++)
    bench_contender.cancel (handles[i]);
  bench_contender.loop_free (loop);
  free (handles);
  return (double) (bench_now () - start) / n;
}

void
bench_cancel (size_t n)
{
  bench_pin (1);
  bench_print ("tenth", cancel_many ((n + 9) / 10));
  bench_print ("ns", cancel_many (n));
}

/* Timers. */

typedef struct
{
  BenchItem item;
  void *loop;
  size_t left; /* ticks */
} Ticking;

static void
tick (BenchItem *item)
{
  Ticking *ticking = (Ticking *) item;

  if (--ticking->left == 0)
    bench_contender.loop_quit (ticking->loop);
}

void
bench_timers (size_t n)
{
  void **timers = malloc (n * sizeof (void *));
  size_t ticks = (n + 1) / 2;
  Ticking ticking = { { .run = tick }, NULL, ticks };
  int64_t start, started, ticked, stopped;

  bench_pin (1);
  ticking.loop = bench_contender.loop_new ();
  start = bench_busy ();
  for (size_t i = 0; i < n; i++) /* due in a second and later, each at a different time */
    timers[i] = bench_contender.timer_start (ticking.loop, 1000000 + (int64_t) i * 97 % 10000000,
                                             &ticking.item);
  started = bench_busy ();
  bench_contender.loop_run (ticking.loop);
  ticked = bench_busy ();
  for (size_t i = 0; i < n; i++)
    bench_contender.timer_stop (timers[i]);
  stopped = bench_busy ();
  bench_print ("ms", (double) (stopped - start) / 1e6);
  bench_print ("start", (double) (started - start) / n);
  bench_print ("tick", (double) (ticked - started) / ticks);
  bench_print ("stop", (double) (stopped - ticked) / n);
  bench_contender.loop_free (ticking.loop);
  free (timers);
}
