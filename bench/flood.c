/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Posts without an answer, in ns for each item: floods from one and from four threads (P1, P2), a
 * chain (P5), and items that are all posted before the loop runs, to count instructions (P9). */

#include "bench.h"

#include <stdlib.h>

typedef struct
{
  BenchItem item;
  void *loop;
  size_t n;
  int64_t begun;
  int n_producers;
  BenchEvent *go;

  /* the loop's thread only; on another cache line than the fields that the producers read */
  size_t ran __attribute__ ((aligned (128)));
  int64_t ended;
} Flood;

static void
count (BenchItem *item)
{
  Flood *flood = (Flood *) item;

  if (++flood->ran < flood->n)
    return;
  flood->ended = bench_now ();
  bench_contender.loop_quit (flood->loop);
}

static void
produce (void *data)
{
  Flood *flood = data;
  size_t n = flood->n / flood->n_producers;

  bench_event_wait (flood->go);
  for (size_t i = 0; i < n; i++)
    bench_contender.post (flood->loop, &flood->item);
}

/* With one producer, the loop's thread runs on the second processor and the producer on the first.
 * With several producers, nothing is pinned. */
static void
run_flood (size_t n,
           int    n_producers)
{
  Flood flood = { .item.run = count,
                  .n = n < (size_t) n_producers ? (size_t) n_producers : n - n % n_producers,
                  .n_producers = n_producers,
                  .go = bench_event_new () };
  BenchThread *producers[64];

  bench_pin (n_producers == 1 ? 1 : -1);
  flood.loop = bench_contender.loop_new ();
  for (int i = 0; i < n_producers; i++)
    producers[i] = bench_thread_start (n_producers == 1 ? 0 : -1, produce, &flood);
  flood.begun = bench_now ();
  bench_event_set (flood.go);
  bench_contender.loop_run (flood.loop);
  for (int i = 0; i < n_producers; i++)
    bench_thread_join (producers[i]);
  bench_print ("ns", (double) (flood.ended - flood.begun) / flood.n);
  bench_contender.loop_free (flood.loop);
  bench_event_free (flood.go);
}

void
bench_flood_one (size_t n)
{
  run_flood (n, 1);
}

void
bench_flood_four (size_t n)
{
  run_flood (n, 4);
}

static void
post_next (BenchItem *item)
{
  Flood *flood = (Flood *) item;

  count (item);
  if (flood->ran < flood->n)
    bench_contender.post (flood->loop, item);
}

void
bench_chain (size_t n)
{
  Flood flood = { .item.run = post_next, .n = n };

  bench_pin (1);
  flood.loop = bench_contender.loop_new ();
  bench_contender.post (flood.loop, &flood.item);
  flood.begun = bench_now ();
  bench_contender.loop_run (flood.loop);
  bench_print ("ns", (double) (flood.ended - flood.begun) / n);
  bench_contender.loop_free (flood.loop);
}

void
bench_post_drain (size_t n)
{
  Flood flood = { .item.run = count, .n = n };

  bench_pin (1);
  flood.loop = bench_contender.loop_new ();
  flood.begun = bench_now ();
  for (size_t i = 0; i < n; i++)
    bench_contender.post (flood.loop, &flood.item);
  bench_contender.loop_run (flood.loop);
  bench_print ("ns", (double) (flood.ended - flood.begun) / n);
  bench_contender.loop_free (flood.loop);
}
