/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The cost of an item that waits in the queue (P7), in bytes of resident memory, including the
 * allocator's. And the cost of an object that is not used, in ns, which is the floor for every
 * function that returns an object. */

#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

typedef struct
{
  BenchItem item;
  void *loop;
  size_t n;
  size_t ran;
} Queue;

static long
resident (void)
{
  FILE *file = fopen ("/proc/self/statm", "r");
  long size, pages;

  if (file == NULL || fscanf (file, "%ld %ld", &size, &pages) != 2)
    {
      fputs ("Can't read /proc/self/statm, which says how much memory is in use\n", stderr);
      exit (1);
    }
  fclose (file);
  return pages * sysconf (_SC_PAGESIZE);
}

static void
count (BenchItem *item)
{
  Queue *queue = (Queue *) item;

  if (++queue->ran == queue->n)
    bench_contender.loop_quit (queue->loop);
}

void
bench_memory (size_t n)
{
  Queue queue = { .item.run = count, .n = n + 1000 };
  long before;

  queue.loop = bench_contender.loop_new ();
  for (size_t i = 0; i < 1000; i++) /* memory that is allocated with the first items */
    bench_contender.post (queue.loop, &queue.item);
  before = resident ();
  for (size_t i = 0; i < n; i++)
    bench_contender.post (queue.loop, &queue.item);
  bench_print ("bytes", (double) (resident () - before) / n);
  bench_contender.loop_run (queue.loop);
  bench_contender.loop_free (queue.loop);
}

void
bench_objects (size_t n)
{
  int64_t start = bench_now ();

  for (size_t i = 0; i < n; i++)
    bench_contender.object ();
  bench_print ("ns", (double) (bench_now () - start) / n);
}
