/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The driver. CONTENDER CASE [N] runs one case once, and prints its figures, one on each line:
 * name, value. If the contender does not have what the case needs, it prints nothing and exits with
 * 77. CONTENDER --list prints what the contender has. */

#include "bench.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A second loop. */

struct _BenchOther
{
  BenchItem quit;
  void *loop;
  BenchEvent *ready;
  BenchThread *thread;
};

static void
other_main (void *data)
{
  BenchOther *other = data;

  other->loop = bench_contender.loop_new ();
  bench_event_set (other->ready);
  bench_contender.loop_run (other->loop);
  bench_contender.loop_free (other->loop);
}

static void
quit_other (BenchItem *item)
{
  bench_contender.loop_quit (((BenchOther *) item)->loop);
}

BenchOther *
bench_other_start (int cpu)
{
  BenchOther *other = calloc (1, sizeof *other);

  other->quit.run = quit_other;
  other->ready = bench_event_new ();
  other->thread = bench_thread_start (cpu, other_main, other);
  bench_event_wait (other->ready);
  return other;
}

void *
bench_other_get (BenchOther *other)
{
  return other->loop;
}

void
bench_other_stop (BenchOther *other)
{
  bench_contender.post (other->loop, &other->quit);
  bench_thread_join (other->thread);
  bench_event_free (other->ready);
  free (other);
}

/* The cases. */

#define NEEDS(member) offsetof (BenchContender, member)

static const struct
{
  const char *name;
  BenchCase run;
  size_t n;
  size_t needs;
} cases[] = {
  { "flood-one", bench_flood_one, 1000000, NEEDS (post) },
  { "flood-four", bench_flood_four, 1000000, NEEDS (post) },
  { "trips-many", bench_trips_many, 500000, NEEDS (post_back) },
  { "trips-one", bench_trips_one, 10000, NEEDS (post_back) },
  { "pool-submit", bench_pool_submit, 1000000, NEEDS (submit) },
  { "pool-many", bench_pool_many, 500000, NEEDS (submit_back) },
  { "pool-one", bench_pool_one, 10000, NEEDS (submit_back) },
  { "chain", bench_chain, 300000, NEEDS (post) },
  { "wake", bench_wake, 2000, NEEDS (post) },
  { "memory", bench_memory, 1000000, NEEDS (post) },
  { "post-drain", bench_post_drain, 12000, NEEDS (post) },
  { "cancel", bench_cancel, 1000000, NEEDS (cancel) },
  { "timers", bench_timers, 100000, NEEDS (timer_start) },
  { "objects", bench_objects, 12000, NEEDS (object) },
  { "await-ended", bench_await_ended, 1000000, NEEDS (await_ended) },
  { "await-later", bench_await_later, 300000, NEEDS (await_later) },
  { "unawaited", bench_unawaited, 300000, NEEDS (unawaited) },
};

#define N_CASES (sizeof cases / sizeof cases[0])

static int
has (size_t i)
{
  void *member;

  memcpy (&member, (const char *) &bench_contender + cases[i].needs, sizeof member);
  return member != NULL;
}

static size_t
parse_n (const char *text)
{
  char *end;
  unsigned long long n;

  errno = 0;
  n = strtoull (text, &end, 10);
  if (errno != 0 || end == text || *end != '\0' || n == 0)
    {
      fprintf (stderr, "“%s” is not a number of items: give a whole number from 1\n", text);
      exit (2);
    }
  return n;
}

int
main (int   argc,
      char *argv[])
{
  if (argc == 2 && strcmp (argv[1], "--list") == 0)
    {
      for (size_t i = 0; i < N_CASES; i++)
        if (has (i))
          puts (cases[i].name);
      return 0;
    }
  for (size_t i = 0; i < N_CASES && argc > 1; i++)
    {
      if (strcmp (argv[1], cases[i].name) != 0)
        continue;
      if (!has (i))
        return 77;
      if (bench_contender.init != NULL)
        bench_contender.init ();
      cases[i].run (argc > 2 ? parse_n (argv[2]) : cases[i].n);
      return 0;
    }
  fprintf (stderr, "Usage: %s CASE [N], or --list, which lists the cases\n", argv[0]);
  return 2;
}
