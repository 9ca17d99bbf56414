/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The thread pool: submitted only (P4), with the end coming home, many in flight (P4c) and one at a time (P4l). Nothing is pinned. */

#include "bench.h"

typedef struct
{
  BenchItem item;
  BenchItem end;
  void *home;
  size_t n;
  size_t ran; /* atomic */
  size_t begun;
  size_t done;
  int64_t ended;
} Pool;

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

void
bench_pool_submit (size_t n)
{
  Pool pool = { .item.run = count, .end.run = end_there, .n = n };
  int64_t start;

  pool.home = bench_contender.loop_new ();
  start = bench_now ();
  for (size_t i = 0; i < n; i++)
    bench_contender.submit (pool.home, &pool.item);
  bench_contender.loop_run (pool.home);
  bench_print ("ns", (double) (pool.ended - start) / n);
  bench_contender.loop_free (pool.home);
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

static double
run_pool (size_t n,
          size_t in_flight)
{
  Pool pool = { .item = { work, done }, .n = n };
  int64_t start;

  pool.home = bench_contender.loop_new ();
  start = bench_now ();
  for (; pool.begun < in_flight && pool.begun < n; pool.begun++)
    bench_contender.submit_back (pool.home, &pool.item);
  bench_contender.loop_run (pool.home);
  bench_contender.loop_free (pool.home);
  return (double) (pool.ended - start) / n;
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
