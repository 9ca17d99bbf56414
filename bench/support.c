/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The clock, processors, threads and events of the benchmarks. */

#include "bench.h"

#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

int64_t
bench_now (void)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);
  return now.tv_sec * INT64_C (1000000000) + now.tv_nsec;
}

int64_t
bench_busy (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return now.tv_sec * INT64_C (1000000000) + now.tv_nsec;
}

void
bench_pin (int cpu)
{
  int n = (int) sysconf (_SC_NPROCESSORS_ONLN);
  cpu_set_t set;

  if (n < 2)
    return;
  CPU_ZERO (&set);
  for (int i = 0; i < n; i++)
    if (cpu < 0 || i == cpu)
      CPU_SET (i, &set);
  if (sched_setaffinity (0, sizeof set, &set) != 0)
    fprintf (stderr,
             "Can't stay on processor %d: what is measured depends on where the threads run\n",
             cpu);
}

void
bench_allow_files (void)
{
  struct rlimit limit;

  if (getrlimit (RLIMIT_NOFILE, &limit) != 0)
    return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit (RLIMIT_NOFILE, &limit);
}

/* Threads, events. */

struct _BenchThread
{
  pthread_t thread;
  int cpu;
  void (*func) (void *data);
  void *data;
};

static void *
thread_main (void *data)
{
  BenchThread *thread = data;

  bench_pin (thread->cpu);
  thread->func (thread->data);
  return NULL;
}

BenchThread *
bench_thread_start (int cpu,
                    void (*func) (void *data),
                    void *data)
{
  BenchThread *thread = malloc (sizeof *thread);

  *thread = (BenchThread) { .cpu = cpu, .func = func, .data = data };
  if (pthread_create (&thread->thread, NULL, thread_main, thread) != 0)
    abort ();
  return thread;
}

void
bench_thread_join (BenchThread *thread)
{
  pthread_join (thread->thread, NULL);
  free (thread);
}

struct _BenchEvent
{
  pthread_mutex_t mutex;
  pthread_cond_t cond;
  int set;
};

BenchEvent *
bench_event_new (void)
{
  BenchEvent *event = calloc (1, sizeof *event);

  pthread_mutex_init (&event->mutex, NULL);
  pthread_cond_init (&event->cond, NULL);
  return event;
}

void
bench_event_set (BenchEvent *event)
{
  pthread_mutex_lock (&event->mutex);
  event->set = 1;
  pthread_cond_broadcast (&event->cond);
  pthread_mutex_unlock (&event->mutex);
}

void
bench_event_wait (BenchEvent *event)
{
  pthread_mutex_lock (&event->mutex);
  while (!event->set)
    pthread_cond_wait (&event->cond, &event->mutex);
  pthread_mutex_unlock (&event->mutex);
}

void
bench_event_free (BenchEvent *event)
{
  pthread_cond_destroy (&event->cond);
  pthread_mutex_destroy (&event->mutex);
  free (event);
}

void
bench_print (const char *name,
             double      value)
{
  printf ("%s %.6g\n", name, value);
}
