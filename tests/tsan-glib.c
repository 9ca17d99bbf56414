/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Tells ThreadSanitizer what GLib does, for tests that are built with it.
 *
 * Debian's GLib is not instrumented. The sanitizer sees neither its atomics nor its mutexes, which
 * are futexes. So it reports a race where a reference count or a mutex makes an order. The
 * functions here are called instead of GLib's own, call those, and announce only the order that
 * GLib documents: a reference count goes up and down with full barriers, and a mutex is a mutex.
 * This is not a suppression. A race that GLib does not order is still reported.
 *
 * Calls inside GLib do not reach these functions. Where Loft relies on such a call, Loft announces
 * the order itself. */

#include <dlfcn.h>
#include <gio/gio.h>
#include <pthread.h>

void __tsan_acquire (void *address);
void __tsan_release (void *address);

/* Finds the function of GLib that the function here is called instead of. */
#define NEXT(name)                                                        \
  static __typeof__ (&name) found;                                        \
  __typeof__ (&name) next = __atomic_load_n (&found, __ATOMIC_ACQUIRE);   \
                                                                          \
  if (next == NULL)                                                       \
    {                                                                     \
      next = (__typeof__ (&name)) dlsym (RTLD_NEXT, #name);               \
      __atomic_store_n (&found, next, __ATOMIC_RELEASE);                  \
    }

/* Announces an order in both directions, like an atomic read-modify-write. */
static void
announce (gpointer address)
{
  __tsan_release (address);
  __tsan_acquire (address);
}

/* One-time initialization: a thread that finds it done sees all its writes. The check before it, an
 * atomic load of @location, is inlined. */

#undef g_once_init_enter
#undef g_once_init_leave

gboolean
g_once_init_enter (volatile void *location)
{
  gboolean mine;
  NEXT (g_once_init_enter)

  mine = next (location);
  __tsan_acquire ((void *) location);
  return mine;
}

void
g_once_init_leave (volatile void *location,
                   gsize          result)
{
  NEXT (g_once_init_leave)
  __tsan_release ((void *) location);
  next (location, result);
}

GMainContext *
g_main_context_ref (GMainContext *context)
{
  NEXT (g_main_context_ref)
  announce (context);
  return next (context);
}

void
g_main_context_unref (GMainContext *context)
{
  NEXT (g_main_context_unref)
  announce (context);
  next (context);
}

/* Only one thread at a time owns a context. The next owner sees what the previous owner did. */

gboolean
g_main_context_acquire (GMainContext *context)
{
  gboolean acquired;
  NEXT (g_main_context_acquire)

  acquired = next (context);
  if (acquired)
    __tsan_acquire (context);
  return acquired;
}

void
g_main_context_release (GMainContext *context)
{
  NEXT (g_main_context_release)
  __tsan_release (context);
  next (context);
}

/* A context's own mutex orders those that attach to it, which GLib takes inside. A test that counts
 * the calls has a function of this name itself, which then is the one that is called. */
__attribute__ ((weak)) guint
g_source_attach (GSource      *source,
                 GMainContext *context)
{
  static pthread_mutex_t attaching = PTHREAD_MUTEX_INITIALIZER;
  guint id;
  NEXT (g_source_attach)

  pthread_mutex_lock (&attaching);
  id = next (source, context);
  pthread_mutex_unlock (&attaching);
  return id;
}

#undef g_object_ref
#undef g_object_unref

gpointer
g_object_ref (gpointer object)
{
  NEXT (g_object_ref)
  announce (object);
  return next (object);
}

/* The drop to one is announced by the count itself, so that no other thread can come between. If
 * the object has a toggle reference, GLib has more to do at that moment, and its own function does
 * it. */
void
g_object_unref (gpointer object)
{
  GObject *self = object;
  guint count = self != NULL ? __atomic_load_n (&self->ref_count, __ATOMIC_ACQUIRE) : 0;
  NEXT (g_object_unref)

  if (self != NULL)
    /* The thread with the last reference may have read the count before this. It acquires in its
     * dispose. */
    __tsan_release (object);
  while (count > 1 && g_datalist_get_flags (&self->qdata) == 0)
    if (__atomic_compare_exchange_n (&self->ref_count, &count, count - 1, FALSE, __ATOMIC_ACQ_REL,
                                     __ATOMIC_ACQUIRE))
      return;
  announce (object);
  next (object);
}

gpointer
g_weak_ref_get (GWeakRef *weak)
{
  gpointer object;
  NEXT (g_weak_ref_get)

  object = next (weak);
  if (object != NULL)
    announce (object);
  return object;
}

void
g_mutex_lock (GMutex *mutex)
{
  NEXT (g_mutex_lock)
  next (mutex);
  __tsan_acquire (mutex);
}

gboolean
g_mutex_trylock (GMutex *mutex)
{
  gboolean locked;
  NEXT (g_mutex_trylock)

  locked = next (mutex);
  if (locked)
    __tsan_acquire (mutex);
  return locked;
}

void
g_mutex_unlock (GMutex *mutex)
{
  NEXT (g_mutex_unlock)
  __tsan_release (mutex);
  next (mutex);
}

void
g_cond_wait (GCond  *cond,
             GMutex *mutex)
{
  NEXT (g_cond_wait)
  __tsan_release (mutex);
  next (cond, mutex);
  __tsan_acquire (mutex);
}

gboolean
g_cond_wait_until (GCond  *cond,
                   GMutex *mutex,
                   gint64  end_time)
{
  gboolean signaled;
  NEXT (g_cond_wait_until)

  __tsan_release (mutex);
  signaled = next (cond, mutex, end_time);
  __tsan_acquire (mutex);
  return signaled;
}

/* An object is finalized after everything that other threads did before they dropped their
 * references. The functions above announce those accesses. Only the finalizer, which runs when the
 * count is 0, knows that it is the last. */

static void (*finalize_object) (GObject *object);

static void
acquire_and_finalize (GObject *object)
{
  __tsan_acquire (object);
  finalize_object (object);
}

__attribute__ ((constructor)) static void
watch_finalize (void)
{
  GObjectClass *klass = g_type_class_ref (G_TYPE_OBJECT); /* before others inherit from it */

  finalize_object = klass->finalize;
  klass->finalize = acquire_and_finalize;
}

/* GLib makes the lock of its error domains when it is first needed, by an exchange that is not
 * seen. If that is here, threads come later. */
__attribute__ ((constructor)) static void
make_lock_of_errors (void)
{
  g_error_free (g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, ""));
}
