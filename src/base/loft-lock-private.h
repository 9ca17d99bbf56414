/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The two things that Loft locks and waits with: a four-byte lock, and a monitor.
 *
 * Both are built on GLib (g_bit_lock, GMutex with GCond). They announce to ThreadSanitizer the
 * order that GLib, which is not instrumented, establishes with futexes. Without the sanitizer the
 * announcements compile to nothing. */

#pragma once

#include "base/loft-atomic-private.h"

#include <glib.h>

#if defined(__SANITIZE_THREAD__)
#define LOFT_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define LOFT_TSAN 1
#endif
#endif

#ifdef LOFT_TSAN
void __tsan_acquire (void *address);
void __tsan_release (void *address);
#define LOFT_TSAN_ACQUIRE(address) __tsan_acquire ((void *) (address))
#define LOFT_TSAN_RELEASE(address) __tsan_release ((void *) (address))
#else
#define LOFT_TSAN_ACQUIRE(address) ((void) 0)
#define LOFT_TSAN_RELEASE(address) ((void) 0)
#endif

typedef struct
{
  guint32 word; /* bit 0 is the lock; the others are its owner's */
} LoftLock;

#define LOFT_LOCK_BIT  1u

#define LOFT_LOCK_INIT { 0 }

static inline void
loft_lock_lock (LoftLock *lock)
{
  guint32 word = loft_load_relaxed (&lock->word) & ~LOFT_LOCK_BIT;

  /* Relaxed: the compare-and-swap checks the word that was read. Acquire: pairs with the release of
   * g_bit_unlock (), as g_bit_lock () does, which is called if another thread has the lock. */
  if (!__atomic_compare_exchange_n (&lock->word, &word, word | LOFT_LOCK_BIT, FALSE,
                                    __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
    g_bit_lock ((gint *) &lock->word, 0);
  LOFT_TSAN_ACQUIRE (lock);
}

/* Pauses in a loop that waits for another processor. It takes from forty cycles to a little more
 * than a hundred. */
static inline void
loft_pause (void)
{
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause ();
#elif defined(__aarch64__)
  __asm__ volatile ("isb" ::: "memory");
#endif
}

/* Locks a lock that many threads take all the time and hold for a few instructions only: spins for
 * a while before it sleeps. */
static inline void
loft_lock_lock_soon (LoftLock *lock)
{
  /* Relaxed: this is only a hint when to try. loft_lock_lock () takes the lock. */
  for (guint i = 0;
       i < 100 && (loft_load_relaxed (&lock->word) & LOFT_LOCK_BIT) != 0; i++)
    loft_pause ();
  loft_lock_lock (lock);
}

static inline void
loft_lock_unlock (LoftLock *lock)
{
  LOFT_TSAN_RELEASE (lock);
  g_bit_unlock ((gint *) &lock->word, 0);
}

/* Asserts that somebody holds the lock. A `_locked` function can't check more than that without the
 * cost of an owner field. Relaxed: a caller that has the lock has set the bit itself. */
static inline void
loft_lock_assert_held (LoftLock *lock)
{
  g_assert ((loft_load_relaxed (&lock->word) & LOFT_LOCK_BIT) != 0);
}

/* A mutex with a condition, for the places that sleep. */
typedef struct
{
  GMutex mutex;
  GCond cond;
} LoftMonitor;

static inline void
loft_monitor_init (LoftMonitor *monitor)
{
  g_mutex_init (&monitor->mutex);
  g_cond_init (&monitor->cond);
}

static inline void
loft_monitor_clear (LoftMonitor *monitor)
{
  g_mutex_clear (&monitor->mutex);
  g_cond_clear (&monitor->cond);
}

static inline void
loft_monitor_lock (LoftMonitor *monitor)
{
  g_mutex_lock (&monitor->mutex);
  LOFT_TSAN_ACQUIRE (monitor);
}

static inline void
loft_monitor_unlock (LoftMonitor *monitor)
{
  LOFT_TSAN_RELEASE (monitor);
  g_mutex_unlock (&monitor->mutex);
}

/* Waits until the monitor is signalled or @deadline (monotonic µs, -1: none) has passed. Returns
 * FALSE if the deadline has passed. It may return early. */
static inline gboolean
loft_monitor_wait_until (LoftMonitor *monitor,
                         gint64       deadline)
{
  gboolean signalled = TRUE;

  LOFT_TSAN_RELEASE (monitor);
  if (deadline < 0)
    g_cond_wait (&monitor->cond, &monitor->mutex);
  else
    signalled = g_cond_wait_until (&monitor->cond, &monitor->mutex, deadline);
  LOFT_TSAN_ACQUIRE (monitor);

  return signalled;
}
