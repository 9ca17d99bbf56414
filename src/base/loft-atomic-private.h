/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Atomic reads and writes, named by the memory order that they need. They use the builtins that gcc
 * and clang have for all their platforms. GLib's own atomic operations are always sequentially
 * consistent, which is expensive where a million items pass.
 *
 *   relaxed   only this one value counts: a plain counter, a hint, a pointer that is only compared,
 *             or something that a lock orders
 *   acquire, release   the thread that reads the value also sees all that was written before it
 *   seq_cst   of two threads that each write one thing and then read the other's, at least one sees
 *             the other's (a Dekker pair)
 *
 * The reason for an order stands beside the place that uses it, unless it is a plain counter. */

#pragma once

#include <glib.h>

#define loft_load_relaxed(p) __atomic_load_n ((p), __ATOMIC_RELAXED)
#define loft_load_acquire(p) __atomic_load_n ((p), __ATOMIC_ACQUIRE)
#define loft_load_seq_cst(p) __atomic_load_n ((p), __ATOMIC_SEQ_CST)

#define loft_store_relaxed(p, value) __atomic_store_n ((p), (value), __ATOMIC_RELAXED)
#define loft_store_release(p, value) __atomic_store_n ((p), (value), __ATOMIC_RELEASE)
#define loft_store_seq_cst(p, value) __atomic_store_n ((p), (value), __ATOMIC_SEQ_CST)

/* These return the previous value. */
#define loft_exchange_relaxed(p, value) __atomic_exchange_n ((p), (value), __ATOMIC_RELAXED)
#define loft_exchange_acquire(p, value) __atomic_exchange_n ((p), (value), __ATOMIC_ACQUIRE)
#define loft_exchange_acq_rel(p, value) __atomic_exchange_n ((p), (value), __ATOMIC_ACQ_REL)
#define loft_exchange_seq_cst(p, value) __atomic_exchange_n ((p), (value), __ATOMIC_SEQ_CST)

/* A plain counter: nothing else follows from the number. These return the previous value. */
#define loft_count_add(p, n) __atomic_fetch_add ((p), (n), __ATOMIC_RELAXED)
#define loft_count_sub(p, n) __atomic_fetch_sub ((p), (n), __ATOMIC_RELAXED)

/* Takes a reference. Relaxed: the caller already holds a reference, so nothing has to be
 * ordered. */
static inline void
loft_refs_take (gint *refs)
{
  __atomic_fetch_add (refs, 1, __ATOMIC_RELAXED);
}

/* Drops a reference. Returns TRUE if it was the last one. Release: everything that was done with
 * the object comes before the drop. Acquire: the thread that drops the last reference sees what all
 * others did. */
static inline gboolean
loft_refs_drop (gint *refs)
{
  return __atomic_fetch_sub (refs, 1, __ATOMIC_ACQ_REL) == 1;
}
