/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The interface between a contender and the driver, and what the cases share. Each contender is one
 * file and one executable. Each figure is measured in a process of its own. */

#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The item that is posted. It is the first member of a case's own struct, so that a contender
 * passes one pointer and allocates nothing for it. */
typedef struct _BenchItem BenchItem;
typedef void (*BenchFunc) (BenchItem *item);

struct _BenchItem
{
  BenchFunc run;
  BenchFunc done; /* called at home after that, for posts that come back */
};

/* A member that a contender does not have is NULL, and the cases that need it are left out. */
typedef struct
{
  void (*init) (void); /* on the main thread, once; may be NULL */

  /* A loop. It is created, run and freed on its thread, and quit by an item that runs on it. */
  void *(*loop_new) (void);
  void (*loop_run) (void *loop);
  void (*loop_quit) (void *loop);
  void (*loop_free) (void *loop);

  /* On any thread: runs the item once on the loop. */
  void (*post) (void *loop, BenchItem *item);

  /* On @home's thread: runs the item once on @there, and then calls its `done` on @home. */
  void (*post_back) (void *there, void *home, BenchItem *item);

  /* On @home's thread: runs the item once on the thread pool. submit_back then calls the item's
   * `done` on @home. */
  void (*submit) (void *home, BenchItem *item);
  void (*submit_back) (void *home, BenchItem *item);

  /* Makes a post that can be taken back. `cancel` takes it back and frees the handle. */
  void *(*post_handle) (void *loop, BenchItem *item);
  void (*cancel) (void *handle);

  /* On the loop's thread: runs the item each @interval (µs), until it is stopped. */
  void *(*timer_start) (void *loop, int64_t interval, BenchItem *item);
  void (*timer_stop) (void *timer);

  /* Without a loop: creates an object, takes another reference, and drops both. */
  void (*object) (void);

  /* On @home's thread, before or while that loop runs: awaits @n times, one after the other,
   * something that has ended, or something that @home ends later, and then calls the item's `done`.
   * unawaited does n times what await_later awaits, and awaits none of it. */
  void (*await_ended) (void *home, size_t n, BenchItem *item);
  void (*await_later) (void *home, size_t n, BenchItem *item);
  void (*unawaited) (void *home, size_t n, BenchItem *item);
} BenchContender;

extern const BenchContender bench_contender;

/* The monotonic clock, ns. */
int64_t bench_now (void);

/* The time that this thread has computed for, in ns. A loop of timers waits most of the time. */
int64_t bench_busy (void);

/* Lets this thread run only on that processor, or on any (-1). On a machine with one processor
 * nothing is pinned. */
void bench_pin (int cpu);

/* Allows this process as many open files as it may have. Each GMainContext needs one. */
void bench_allow_files (void);

/* Runs func on a thread of its own. */
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

/* Prints a figure of the case that runs. */
void bench_print (const char *name, double value);

/* A case with @n items. */
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
void bench_await_ended   (size_t n);
void bench_await_later   (size_t n);
void bench_unawaited     (size_t n);

#ifdef __cplusplus
}
#endif
