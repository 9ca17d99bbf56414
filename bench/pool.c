/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The thread pool: items that are only submitted (P4), and items whose end comes home, with many in
 * flight (P4c) and one at a time (P4l). An item on the main thread's loop submits them, as in a
 * program. Nothing is pinned. */

#include "bench.h"

typedef struct
{
  BenchItem item;
  BenchItem begin;
  BenchItem end;
  void *home;
  size_t n;
  size_t in_flight;

  /* atomic: a cache line for the workers */
  size_t ran __attribute__ ((aligned (128)));

  /* home's thread only: another */
  size_t begun __attribute__ ((aligned (128)));
  size_t done;
  int64_t started;
  int64_t ended;
} Pool;

/* Returns ns for each item, counted from when @begin runs. */
static double
run (Pool *pool)
{
  pool->home = bench_contender.loop_new ();
  bench_contender.post (pool->home, &pool->begin);
  bench_contender.loop_run (pool->home);
  bench_contender.loop_free (pool->home);
  return (double) (pool->ended - pool->started) / pool->n;
}

static void
end (Pool *pool)
{
  pool->ended = bench_now ();
  bench_contender.loop_quit (pool->home);
}

static void
end_there (BenchItem *item)
{
  end ((Pool *) ((char *) item - offsetof (Pool, end)));
}

/* The last one ends the loop. */
static void
count (BenchItem *item)
{
  Pool *pool = (Pool *) item;

  if (__atomic_add_fetch (&pool->ran, 1, __ATOMIC_ACQ_REL) == pool->n)
    bench_contender.post (pool->home, &pool->end);
}

static void
submit_all (BenchItem *item)
{
  Pool *pool = (Pool *) ((char *) item - offsetof (Pool, begin));

  pool->started = bench_now ();
  for (size_t i = 0; i < pool->n; i++)
    bench_contender.submit (pool->home, &pool->item);
}

void
bench_pool_submit (size_t n)
{
  Pool pool = { .item.run = count, .begin.run = submit_all, .end.run = end_there, .n = n };

  bench_print ("ns", run (&pool));
}

static void
work (BenchItem *item)
{
  __atomic_add_fetch (&((Pool *) item)->ran, 1, __ATOMIC_ACQ_REL);
}

static void
done (BenchItem *item)
{
  Pool *pool = (Pool *) item;

  if (++pool->done == pool->n)
    end (pool);
  else if (pool->begun < pool->n)
    {
      pool->begun++;
      bench_contender.submit_back (pool->home, item);
    }
}

static void
submit_first (BenchItem *item)
{
  Pool *pool = (Pool *) ((char *) item - offsetof (Pool, begin));

  pool->started = bench_now ();
  for (; pool->begun < pool->in_flight && pool->begun < pool->n; pool->begun++)
    bench_contender.submit_back (pool->home, &pool->item);
}

static double
run_pool (size_t n,
          size_t in_flight)
{
  Pool pool = { .item = { work, done }, .begin.run = submit_first, .n = n, .in_flight = in_flight };

  return run (&pool);
}

void
bench_pool_many (size_t n)
{
  bench_print ("ns", run_pool (n, 10000));
}

void
bench_pool_one (size_t n)
{
  bench_print ("us", run_pool (n, 1) / 1000);
}
