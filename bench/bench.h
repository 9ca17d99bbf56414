/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a contender brings to the driver, and what the cases share. One executable a contender,
 * which is one file; one process a figure. */

#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What is posted: the begin of a case's own struct, so that a contender hands over one pointer and
 * allocates nothing for it. */
typedef struct _BenchItem BenchItem;
typedef void (*BenchFunc) (BenchItem *item);

struct _BenchItem
{
  BenchFunc run;
  BenchFunc done; /* at home, then; of posts that come back */
};

/* A member that a contender has not got is NULL, and the cases that need it are left out. */
typedef struct
{
  void (*init) (void); /* on the main thread, once; may be NULL */

  /* A loop. Made, run and freed on its thread; quit by something that runs on it. */
  void *(*loop_new) (void);
  void (*loop_run) (void *loop);
  void (*loop_quit) (void *loop);
  void (*loop_free) (void *loop);

  /* Any thread: the item once on the loop. */
  void (*post) (void *loop, BenchItem *item);

  /* On @home's thread: the item once on @there, and then it is done on @home. */
  void (*post_back) (void *there, void *home, BenchItem *item);

  /* On @home's thread: the item once on the thread pool; and then it is done on @home. */
  void (*submit) (void *home, BenchItem *item);
  void (*submit_back) (void *home, BenchItem *item);

  /* A post that can be taken back; taken back, and let go. */
  void *(*post_handle) (void *loop, BenchItem *item);
  void (*cancel) (void *handle);

  /* On the loop's thread: the item each @interval (µs); and no more. */
  void *(*timer_start) (void *loop, int64_t interval, BenchItem *item);
  void (*timer_stop) (void *timer);

  /* No loop: an object is made, held once more, and let go of. */
  void (*object) (void);
} BenchContender;

extern const BenchContender bench_contender;

/* The monotonic clock, ns. */
int64_t bench_now (void);

/* What this thread has computed for, ns: a loop of timers waits most of the time. */
int64_t bench_busy (void);

/* This thread runs on that processor only, or on any (-1). On a machine with one processor nothing
 * is pinned. */
void bench_pin (int cpu);

/* As many open files as this process may have: each GMainContext is one. */
void bench_allow_files (void);

/* A thread of its own for func. */
typedef struct _BenchThread BenchThread;
BenchThread *bench_thread_start (int cpu, void (*func) (void *data), void *data);
void         bench_thread_join  (BenchThread *thread);

/* One-shot, between threads. */
typedef struct _BenchEvent BenchEvent;
BenchEvent *bench_event_new  (void);
void        bench_event_set  (BenchEvent *event);
void        bench_event_wait (BenchEvent *event);
void        bench_event_free (BenchEvent *event);

/* A second loop on a thread of its own. */
typedef struct _BenchOther BenchOther;
BenchOther *bench_other_start (int cpu);
void       *bench_other_get   (BenchOther *other);
void        bench_other_stop  (BenchOther *other);

/* A figure of the case that runs. */
void bench_print (const char *name, double value);

/* A case: of @n items. */
typedef void (*BenchCase) (size_t n);

void bench_flood_one     (size_t n);
void bench_flood_four    (size_t n);
void bench_chain         (size_t n);
void bench_post_drain    (size_t n);
void bench_trips_many    (size_t n);
void bench_trips_one     (size_t n);
void bench_wake          (size_t n);
void bench_pool_submit   (size_t n);
void bench_pool_many     (size_t n);
void bench_pool_one      (size_t n);
void bench_memory        (size_t n);
void bench_cancel        (size_t n);
void bench_timers        (size_t n);
void bench_objects       (size_t n);

#ifdef __cplusplus
}
#endif
