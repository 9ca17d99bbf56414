/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Tells ThreadSanitizer what GLib does, for tests built with it.
 *
 * Debian's GLib is not instrumented: the sanitizer sees neither its atomics nor its mutexes, which
 * are futexes, and takes for a race what a reference count or a mutex orders. The functions here
 * stand before GLib's own and announce the order that GLib documents, no more: a reference count
 * goes up and down with full barriers, a mutex is a mutex. They are no suppression: a race that
 * these do not order is reported.
 *
 * Calls from inside GLib to itself do not come by here. Where Loft relies on one, it announces it
 * itself. */

#include <dlfcn.h>
#include <glib-object.h>

void __tsan_acquire (void *address);
void __tsan_release (void *address);

/* The function that this one stands before. */
#define NEXT(name)                                                        \
  static __typeof__ (&name) found;                                        \
  __typeof__ (&name) next = __atomic_load_n (&found, __ATOMIC_ACQUIRE);   \
                                                                          \
  if (next == NULL)                                                       \
    {                                                                     \
      next = (__typeof__ (&name)) dlsym (RTLD_NEXT, #name);               \
      __atomic_store_n (&found, next, __ATOMIC_RELEASE);                  \
    }

/* Both ways, as an atomic read-modify-write is. */
static void
announce (gpointer address)
{
  __tsan_release (address);
  __tsan_acquire (address);
}

/* One-time initialization: who finds it done sees all that was done. The check before it is
 * inlined, an atomic load of @location. */

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

/* One thread at a time has a context: who gets it sees what the one before did. */

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

#undef g_object_ref
#undef g_object_unref

gpointer
g_object_ref (gpointer object)
{
  NEXT (g_object_ref)
  announce (object);
  return next (object);
}

/* The last but one is not told of beside the count but is the count, as GLib changes it: else who
 * comes last could come between the two. With a toggle reference there is more to do at that
 * moment. */
void
g_object_unref (gpointer object)
{
  GObject *self = object;
  guint count = self != NULL ? __atomic_load_n (&self->ref_count, __ATOMIC_ACQUIRE) : 0;
  NEXT (g_object_unref)

  if (self != NULL)
    /* Who comes last may have looked before this, and acquires in its dispose. */
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

/* The last step of an object's life comes after all that others did before they let it go. What is
 * above announces that they did; only here, once the count is down, is it known who was the
 * last. */

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
