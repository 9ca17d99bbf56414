/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What is taken back: a million posts (P10), and a hundred thousand timers that were started and ticked (P11). */

#include "bench.h"

#include <stdlib.h>

typedef struct
{
  BenchItem item;
  void *loop;
} Quit;

static void
never (BenchItem *item)
{
  abort ();
}

static void
quit (BenchItem *item)
{
  bench_contender.loop_quit (((Quit *) item)->loop);
}

/* ns a post that is taken back and let go: of @n, and of a tenth, which shows how that grows. */
static double
cancel_many (void  *loop,
             size_t n)
{
  void **handles = malloc (n * sizeof (void *));
  BenchItem item = { .run = never };
  Quit end = { { .run = quit }, loop };
  int64_t start;
  double each;

  for (size_t i = 0; i < n; i++)
    handles[i] = bench_contender.post_handle (loop, &item);
  start = bench_now ();
  for (size_t i = 0; i < n; i++)
    bench_contender.cancel (handles[i]);
  bench_contender.post (loop, &end.item);
  bench_contender.loop_run (loop); /* what is left behind in the queue is part of it */
  each = (double) (bench_now () - start) / n;
  free (handles);
  return each;
}

void
bench_cancel (size_t n)
{
  void *loop;

  bench_pin (1);
  loop = bench_contender.loop_new ();
  bench_print ("tenth", cancel_many (loop, (n + 9) / 10));
  bench_print ("ns", cancel_many (loop, n));
  bench_contender.loop_free (loop);
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

#define TICKS 50000

void
bench_timers (size_t n)
{
  void **timers = malloc (n * sizeof (void *));
  Ticking ticking = { { .run = tick }, NULL, TICKS };
  int64_t start, started, ticked, stopped;

  bench_pin (1);
  ticking.loop = bench_contender.loop_new ();
  start = bench_busy ();
  for (size_t i = 0; i < n; i++) /* due in a second and later, all of them apart */
    timers[i] = bench_contender.timer_start (ticking.loop, 1000000 + (int64_t) i * 97 % 10000000, &ticking.item);
  started = bench_busy ();
  bench_contender.loop_run (ticking.loop);
  ticked = bench_busy ();
  for (size_t i = 0; i < n; i++)
    bench_contender.timer_stop (timers[i]);
  stopped = bench_busy ();
  bench_print ("ms", (double) (stopped - start) / 1e6);
  bench_print ("start", (double) (started - start) / n);
  bench_print ("tick", (double) (ticked - started) / TICKS);
  bench_print ("stop", (double) (stopped - ticked) / n);
  bench_contender.loop_free (ticking.loop);
  free (timers);
}
