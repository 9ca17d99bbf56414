/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Posts with an answer: many in flight (P3), one at a time with both loops on one processor (P3),
 * and how soon a loop that sleeps runs an item that is posted to it, on one processor (P6). Across
 * processors, the wake of an idle processor would be measured. */

#include "bench.h"

#include <stdlib.h>
#include <time.h>

typedef struct
{
  BenchItem item;
  void *home;
  void *there;
  size_t n;

  /* home's thread only; on another cache line than the fields that the other thread reads */
  size_t begun __attribute__ ((aligned (128)));
  size_t done;
  int64_t ended;
} Trips;

static void
work (BenchItem *item)
{
}

static void
done (BenchItem *item)
{
  Trips *trips = (Trips *) item;

  if (++trips->done == trips->n)
    {
      trips->ended = bench_now ();
      bench_contender.loop_quit (trips->home);
    }
  else if (trips->begun < trips->n)
    {
      trips->begun++;
      bench_contender.post_back (trips->there, trips->home, item);
    }
}

/* ns a trip. */
static double
run_trips (size_t n,
           size_t in_flight,
           int    cpu)
{
  Trips trips = { .item = { work, done }, .n = n };
  BenchOther *other;
  int64_t start;

  bench_pin (1);
  trips.home = bench_contender.loop_new ();
  other = bench_other_start (cpu);
  trips.there = bench_other_get (other);
  start = bench_now ();
  for (; trips.begun < in_flight && trips.begun < n; trips.begun++)
    bench_contender.post_back (trips.there, trips.home, &trips.item);
  bench_contender.loop_run (trips.home);
  bench_other_stop (other);
  bench_contender.loop_free (trips.home);
  return (double) (trips.ended - start) / n;
}

void
bench_trips_many (size_t n)
{
  bench_print ("ns", run_trips (n, 10000, 0));
}

void
bench_trips_one (size_t n)
{
  bench_print ("us", run_trips (n, 1, 1) / 1000);
}

/* A wake. */

typedef struct
{
  BenchItem item;
  void *loop;
  size_t n;
  size_t ran;
  int64_t posted; /* the producer waits for the item before it posts the next */
  double *latencies;
} Wakes;

static void
note_latency (BenchItem *item)
{
  Wakes *wakes = (Wakes *) item;

  wakes->latencies[wakes->ran] = (bench_now () - wakes->posted) / 1000.0;
  if (wakes->ran + 1 == wakes->n)
    bench_contender.loop_quit (wakes->loop);
  __atomic_store_n (&wakes->ran, wakes->ran + 1, __ATOMIC_RELEASE);
}

/* Sleeps until the loop has run the last item and sleeps, too. */
static void
wake_again_and_again (void *data)
{
  const struct timespec pause = { 0, 200 * 1000 };
  Wakes *wakes = data;

  for (size_t i = 0; i < wakes->n; i++)
    {
      do
        nanosleep (&pause, NULL);
      while (__atomic_load_n (&wakes->ran, __ATOMIC_ACQUIRE) < i);
      wakes->posted = bench_now ();
      bench_contender.post (wakes->loop, &wakes->item);
    }
}

static int
compare (const void *a,
         const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

void
bench_wake (size_t n)
{
  Wakes wakes = { .item.run = note_latency, .n = n, .latencies = calloc (n, sizeof (double)) };
  BenchThread *thread;

  bench_pin (1);
  wakes.loop = bench_contender.loop_new ();
  thread = bench_thread_start (1, wake_again_and_again, &wakes);
  bench_contender.loop_run (wakes.loop);
  bench_thread_join (thread);
  qsort (wakes.latencies, n, sizeof (double), compare);
  bench_print ("us", wakes.latencies[n / 2]);
  bench_print ("p99", wakes.latencies[n * 99 / 100]);
  bench_contender.loop_free (wakes.loop);
  free (wakes.latencies);
}
