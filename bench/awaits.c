/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Awaits, one after the other, on one thread (P17): of something that has ended, and of something
 * that the loop of the same thread ends later. A second thread sleeps meanwhile. As long as a
 * process has only one thread, the C library leaves out some of its locked instructions, and a
 * program that uses an async library has more than one. */

#include "bench.h"

typedef struct
{
  BenchItem item;
  void *home;
  int running;
  int over;
  int64_t ended;
} Awaits;

static void
sleep_until_set (void *event)
{
  bench_event_wait (event);
}

static void
done (BenchItem *item)
{
  Awaits *awaits = (Awaits *) item;

  awaits->ended = bench_busy ();
  awaits->over = 1;
  if (awaits->running)
    bench_contender.loop_quit (awaits->home);
}

static void
run_awaits (size_t n,
            void (*await_all) (void *home, size_t n, BenchItem *item))
{
  Awaits awaits = { .item.done = done };
  BenchEvent *event = bench_event_new ();
  BenchThread *sleeper = bench_thread_start (-1, sleep_until_set, event);
  int64_t begun;

  bench_pin (1);
  awaits.home = bench_contender.loop_new ();
  begun = bench_busy ();
  await_all (awaits.home, n, &awaits.item);
  awaits.running = 1;
  if (!awaits.over)
    bench_contender.loop_run (awaits.home);
  bench_print ("ns", (double) (awaits.ended - begun) / n);
  bench_contender.loop_free (awaits.home);
  bench_event_set (event);
  bench_thread_join (sleeper);
  bench_event_free (event);
}

void
bench_await_ended (size_t n)
{
  run_awaits (n, bench_contender.await_ended);
}

void
bench_await_later (size_t n)
{
  run_awaits (n, bench_contender.await_later);
}

void
bench_unawaited (size_t n)
{
  run_awaits (n, bench_contender.unawaited);
}
