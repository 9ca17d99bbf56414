/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(LOFT_INSIDE) && !defined(LOFT_COMPILATION)
#error "Only <loft/loft.h> can be included directly."
#endif

#include <loft/loft-types.h>
#include <loft/loft-version-macros.h>
#include <loft/loft-work-settings.h>
#include <loft/loft-deferral.h>

G_BEGIN_DECLS

#define LOFT_TYPE_DISPATCHER (loft_dispatcher_get_type ())

LOFT_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (LoftDispatcher, loft_dispatcher, LOFT, DISPATCHER, GObject)

typedef struct _LoftDispatcherTimer LoftDispatcherTimer;

/* Which dispatcher? */

LOFT_AVAILABLE_IN_1_0
LoftDispatcher *loft_dispatcher_get_default            (void);
LOFT_AVAILABLE_IN_1_0
LoftDispatcher *loft_dispatcher_get_for_current_thread (void);
LOFT_AVAILABLE_IN_1_0
LoftDispatcher *loft_dispatcher_get_for_context        (GMainContext   *context);
LOFT_AVAILABLE_IN_1_0
GMainContext   *loft_dispatcher_get_context            (LoftDispatcher *self);
LOFT_AVAILABLE_IN_1_0
const char     *loft_dispatcher_get_name               (LoftDispatcher *self);

/* Posting. */

LOFT_AVAILABLE_IN_1_0
LoftAsyncAction *loft_dispatcher_run_async (LoftDispatcher *self,
                                            LoftPriority priority,
                                            LoftWorkHandler handler,
                                            gpointer user_data,
                                            GDestroyNotify destroy) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAsyncOperation *loft_dispatcher_run_operation_async (
  LoftDispatcher *self, LoftPriority priority, GType value_type, LoftOperationHandler handler,
  gpointer user_data, GDestroyNotify destroy) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAsyncAction *loft_dispatcher_run_with_progress_async (
  LoftDispatcher *self, LoftPriority priority, GType progress_type, LoftWorkHandler handler,
  gpointer user_data, GDestroyNotify destroy) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAsyncOperation *loft_dispatcher_run_operation_with_progress_async (
  LoftDispatcher *self, LoftPriority priority, GType value_type, GType progress_type,
  LoftOperationHandler handler, gpointer user_data,
  GDestroyNotify destroy) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAsyncAction *loft_dispatcher_run_idle_async (LoftDispatcher *self,
                                                 LoftIdleHandler handler,
                                                 gpointer user_data,
                                                 GDestroyNotify destroy) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAsyncOperation *loft_dispatcher_try_run_async (
  LoftDispatcher *self, LoftPriority priority, LoftWorkHandler handler, gpointer user_data,
  GDestroyNotify destroy) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAsyncOperation *loft_dispatcher_try_run_idle_async (
  LoftDispatcher *self, LoftIdleHandler handler, gpointer user_data,
  GDestroyNotify destroy) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAsyncAction *loft_dispatcher_run_nested_async (
  LoftDispatcher *self, LoftPriority priority, LoftNestedHandler handler, gpointer user_data,
  GDestroyNotify destroy) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAsyncAction *loft_dispatcher_run_for_async (LoftDispatcher *self,
                                                LoftPriority priority,
                                                GObject *owner,
                                                LoftWorkHandler handler,
                                                gpointer user_data,
                                                GDestroyNotify destroy) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAsyncAction *loft_dispatcher_run_delayed_async (
  LoftDispatcher *self, LoftPriority priority, GTimeSpan delay, LoftWorkHandler handler,
  gpointer user_data, GDestroyNotify destroy) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAsyncAction *loft_dispatcher_invoke_async (LoftDispatcher *self,
                                               LoftPriority priority,
                                               LoftWorkHandler handler,
                                               gpointer user_data,
                                               GDestroyNotify destroy) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
gboolean loft_dispatcher_call (LoftDispatcher *self,
                               LoftWorkHandler handler,
                               gpointer user_data,
                               GError **error);
LOFT_AVAILABLE_IN_1_0
LoftAsyncAction *loft_dispatcher_run_full_async (LoftDispatcher *self,
                                                 LoftWorkSettings *settings,
                                                 LoftWorkHandler handler,
                                                 gpointer user_data,
                                                 GDestroyNotify destroy) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAsyncOperation *loft_dispatcher_run_operation_full_async (
  LoftDispatcher *self, LoftWorkSettings *settings, GType value_type, LoftOperationHandler handler,
  gpointer user_data, GDestroyNotify destroy) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
gboolean loft_dispatcher_try_enqueue (LoftDispatcher *self,
                                      LoftPriority priority,
                                      LoftQueueHandler handler,
                                      gpointer user_data,
                                      GDestroyNotify destroy);
LOFT_AVAILABLE_IN_1_0
gboolean loft_dispatcher_try_enqueue_bounded (LoftDispatcher *self,
                                              LoftPriority priority,
                                              guint limit,
                                              LoftQueueHandler handler,
                                              gpointer user_data,
                                              GDestroyNotify destroy,
                                              GError **error);
LOFT_AVAILABLE_IN_1_0
gboolean loft_dispatcher_enqueue_coalesced (LoftDispatcher *self,
                                            LoftPriority priority,
                                            const char *key,
                                            LoftQueueHandler handler,
                                            gpointer user_data,
                                            GDestroyNotify destroy);

/* The same functions with the call site, `G_STRLOC` and `G_STRFUNC`; the macros below pass it. */
#ifndef __GI_SCANNER__
LOFT_AVAILABLE_IN_1_0
LoftAsyncAction *loft_dispatcher_run_async_at (LoftDispatcher *self,
                                               LoftPriority priority,
                                               LoftWorkHandler handler,
                                               gpointer user_data,
                                               GDestroyNotify destroy,
                                               const char *location,
                                               const char *function) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAsyncOperation *loft_dispatcher_run_operation_async_at (
  LoftDispatcher *self, LoftPriority priority, GType value_type, LoftOperationHandler handler,
  gpointer user_data, GDestroyNotify destroy, const char *location,
  const char *function) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAsyncAction *loft_dispatcher_run_with_progress_async_at (
  LoftDispatcher *self, LoftPriority priority, GType progress_type, LoftWorkHandler handler,
  gpointer user_data, GDestroyNotify destroy, const char *location,
  const char *function) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAsyncOperation *loft_dispatcher_run_operation_with_progress_async_at (
  LoftDispatcher *self, LoftPriority priority, GType value_type, GType progress_type,
  LoftOperationHandler handler, gpointer user_data, GDestroyNotify destroy, const char *location,
  const char *function) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAsyncAction *loft_dispatcher_run_idle_async_at (LoftDispatcher *self,
                                                    LoftIdleHandler handler,
                                                    gpointer user_data,
                                                    GDestroyNotify destroy,
                                                    const char *location,
                                                    const char *function) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAsyncOperation *loft_dispatcher_try_run_async_at (
  LoftDispatcher *self, LoftPriority priority, LoftWorkHandler handler, gpointer user_data,
  GDestroyNotify destroy, const char *location, const char *function) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAsyncOperation *loft_dispatcher_try_run_idle_async_at (
  LoftDispatcher *self, LoftIdleHandler handler, gpointer user_data, GDestroyNotify destroy,
  const char *location, const char *function) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAsyncAction *loft_dispatcher_run_nested_async_at (
  LoftDispatcher *self, LoftPriority priority, LoftNestedHandler handler, gpointer user_data,
  GDestroyNotify destroy, const char *location, const char *function) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAsyncAction *loft_dispatcher_run_for_async_at (LoftDispatcher *self,
                                                   LoftPriority priority,
                                                   GObject *owner,
                                                   LoftWorkHandler handler,
                                                   gpointer user_data,
                                                   GDestroyNotify destroy,
                                                   const char *location,
                                                   const char *function) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAsyncAction *loft_dispatcher_run_delayed_async_at (
  LoftDispatcher *self, LoftPriority priority, GTimeSpan delay, LoftWorkHandler handler,
  gpointer user_data, GDestroyNotify destroy, const char *location,
  const char *function) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAsyncAction *loft_dispatcher_invoke_async_at (LoftDispatcher *self,
                                                  LoftPriority priority,
                                                  LoftWorkHandler handler,
                                                  gpointer user_data,
                                                  GDestroyNotify destroy,
                                                  const char *location,
                                                  const char *function) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
gboolean loft_dispatcher_call_at (LoftDispatcher *self,
                                  LoftWorkHandler handler,
                                  gpointer user_data,
                                  GError **error,
                                  const char *location,
                                  const char *function);
LOFT_AVAILABLE_IN_1_0
LoftAsyncAction *loft_dispatcher_run_full_async_at (LoftDispatcher *self,
                                                    LoftWorkSettings *settings,
                                                    LoftWorkHandler handler,
                                                    gpointer user_data,
                                                    GDestroyNotify destroy,
                                                    const char *location,
                                                    const char *function) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAsyncOperation *loft_dispatcher_run_operation_full_async_at (
  LoftDispatcher *self, LoftWorkSettings *settings, GType value_type, LoftOperationHandler handler,
  gpointer user_data, GDestroyNotify destroy, const char *location,
  const char *function) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
gboolean loft_dispatcher_try_enqueue_at (LoftDispatcher *self,
                                         LoftPriority priority,
                                         LoftQueueHandler handler,
                                         gpointer user_data,
                                         GDestroyNotify destroy,
                                         const char *location,
                                         const char *function);
LOFT_AVAILABLE_IN_1_0
gboolean loft_dispatcher_try_enqueue_bounded_at (LoftDispatcher *self,
                                                 LoftPriority priority,
                                                 guint limit,
                                                 LoftQueueHandler handler,
                                                 gpointer user_data,
                                                 GDestroyNotify destroy,
                                                 GError **error,
                                                 const char *location,
                                                 const char *function);
LOFT_AVAILABLE_IN_1_0
gboolean loft_dispatcher_enqueue_coalesced_at (LoftDispatcher *self,
                                               LoftPriority priority,
                                               const char *key,
                                               LoftQueueHandler handler,
                                               gpointer user_data,
                                               GDestroyNotify destroy,
                                               const char *location,
                                               const char *function);
#endif

#ifdef LOFT_WITH_CALL_SITES
#define loft_dispatcher_enqueue_coalesced(self, priority, key, handler, user_data, destroy)        \
  loft_dispatcher_enqueue_coalesced_at ((self), (priority), (key), (handler), (user_data),         \
                                        (destroy), G_STRLOC, G_STRFUNC)
#define loft_dispatcher_run_async(self, priority, handler, user_data, destroy)                     \
  loft_dispatcher_run_async_at ((self), (priority), (handler), (user_data), (destroy), G_STRLOC,   \
                                G_STRFUNC)
#define loft_dispatcher_run_operation_async(self, priority, value_type, handler, user_data,        \
                                            destroy)                                               \
  loft_dispatcher_run_operation_async_at ((self), (priority), (value_type), (handler),             \
                                          (user_data), (destroy), G_STRLOC, G_STRFUNC)
#define loft_dispatcher_run_with_progress_async(self, priority, progress_type, handler, user_data, \
                                                destroy)                                           \
  loft_dispatcher_run_with_progress_async_at ((self), (priority), (progress_type), (handler),      \
                                              (user_data), (destroy), G_STRLOC, G_STRFUNC)
#define loft_dispatcher_run_operation_with_progress_async(self, priority, value_type,              \
                                                          progress_type, handler, user_data,       \
                                                          destroy)                                 \
  loft_dispatcher_run_operation_with_progress_async_at ((self), (priority), (value_type),          \
                                                        (progress_type), (handler), (user_data),   \
                                                        (destroy), G_STRLOC, G_STRFUNC)
#define loft_dispatcher_run_idle_async(self, handler, user_data, destroy) \
  loft_dispatcher_run_idle_async_at ((self), (handler), (user_data), (destroy), G_STRLOC, G_STRFUNC)
#define loft_dispatcher_try_run_async(self, priority, handler, user_data, destroy)                 \
  loft_dispatcher_try_run_async_at ((self), (priority), (handler), (user_data), (destroy),         \
                                    G_STRLOC, G_STRFUNC)
#define loft_dispatcher_try_run_idle_async(self, handler, user_data, destroy)                      \
  loft_dispatcher_try_run_idle_async_at ((self), (handler), (user_data), (destroy), G_STRLOC,      \
                                         G_STRFUNC)
#define loft_dispatcher_run_nested_async(self, priority, handler, user_data, destroy)              \
  loft_dispatcher_run_nested_async_at ((self), (priority), (handler), (user_data), (destroy),      \
                                       G_STRLOC, G_STRFUNC)
#define loft_dispatcher_run_for_async(self, priority, owner, handler, user_data, destroy)          \
  loft_dispatcher_run_for_async_at ((self), (priority), (owner), (handler), (user_data),           \
                                    (destroy), G_STRLOC, G_STRFUNC)
#define loft_dispatcher_run_delayed_async(self, priority, delay, handler, user_data, destroy)      \
  loft_dispatcher_run_delayed_async_at ((self), (priority), (delay), (handler), (user_data),       \
                                        (destroy), G_STRLOC, G_STRFUNC)
#define loft_dispatcher_invoke_async(self, priority, handler, user_data, destroy)                  \
  loft_dispatcher_invoke_async_at ((self), (priority), (handler), (user_data), (destroy),          \
                                   G_STRLOC, G_STRFUNC)
#define loft_dispatcher_call(self, handler, user_data, error) \
  loft_dispatcher_call_at ((self), (handler), (user_data), (error), G_STRLOC, G_STRFUNC)
#define loft_dispatcher_try_enqueue_bounded(self, priority, limit, handler, user_data, destroy,    \
                                            error)                                                 \
  loft_dispatcher_try_enqueue_bounded_at ((self), (priority), (limit), (handler), (user_data),     \
                                          (destroy), (error), G_STRLOC, G_STRFUNC)
#define loft_dispatcher_run_full_async(self, settings, handler, user_data, destroy)                \
  loft_dispatcher_run_full_async_at ((self), (settings), (handler), (user_data), (destroy),        \
                                     G_STRLOC, G_STRFUNC)
#define loft_dispatcher_run_operation_full_async(self, settings, value_type, handler, user_data,   \
                                                 destroy)                                          \
  loft_dispatcher_run_operation_full_async_at ((self), (settings), (value_type), (handler),        \
                                               (user_data), (destroy), G_STRLOC, G_STRFUNC)
#define loft_dispatcher_try_enqueue(self, priority, handler, user_data, destroy)                   \
  loft_dispatcher_try_enqueue_at ((self), (priority), (handler), (user_data), (destroy), G_STRLOC, \
                                  G_STRFUNC)
#endif

/* What happens to posted work. */

LOFT_AVAILABLE_IN_1_0
gboolean        loft_dispatcher_set_item_priority    (LoftDispatcher  *self,
                                                      LoftAsyncInfo   *item,
                                                      LoftPriority     priority);
LOFT_AVAILABLE_IN_1_0
gboolean        loft_dispatcher_abort                (LoftDispatcher  *self,
                                                      LoftAsyncInfo   *item);
LOFT_AVAILABLE_IN_1_0
guint           loft_dispatcher_cancel_for           (LoftDispatcher  *self,
                                                      GObject         *owner);

/* Whose thread is this? */

LOFT_AVAILABLE_IN_1_0
gboolean        loft_dispatcher_has_thread_access    (LoftDispatcher  *self);
LOFT_AVAILABLE_IN_1_0
gboolean        loft_dispatcher_verify_access        (LoftDispatcher  *self,
                                                      GError         **error);
LOFT_AVAILABLE_IN_1_0
gboolean        loft_dispatcher_check_access_at      (LoftDispatcher  *self,
                                                      const char      *location,
                                                      const char      *function);

/**
 * LOFT_VERIFY_ACCESS:
 * @dispatcher: a [class@Loft.Dispatcher]
 *
 * Returns from the calling function, with a critical warning that names the file and the line,
 * unless the calling thread is @dispatcher's thread.
 *
 * Use it in functions that return nothing. It stays enabled in release builds.
 */
#define LOFT_VERIFY_ACCESS(dispatcher)                                               \
  G_STMT_START {                                                                     \
    if (G_UNLIKELY (!loft_dispatcher_check_access_at ((dispatcher), G_STRLOC, G_STRFUNC))) \
      return;                                                                        \
  } G_STMT_END

/**
 * LOFT_VERIFY_ACCESS_VAL:
 * @dispatcher: a [class@Loft.Dispatcher]
 * @val: the value to return on the wrong thread
 *
 * Does the same as LOFT_VERIFY_ACCESS(), for functions that return a value.
 */
#define LOFT_VERIFY_ACCESS_VAL(dispatcher, val)                                      \
  G_STMT_START {                                                                     \
    if (G_UNLIKELY (!loft_dispatcher_check_access_at ((dispatcher), G_STRLOC, G_STRFUNC))) \
      return (val);                                                                  \
  } G_STMT_END

/* For a running item, on the dispatcher's thread. */

LOFT_AVAILABLE_IN_1_0
gboolean        loft_dispatcher_should_yield         (LoftDispatcher  *self);
LOFT_AVAILABLE_IN_1_0
gboolean        loft_dispatcher_should_yield_to      (LoftDispatcher  *self,
                                                      LoftPriority     priority);
LOFT_AVAILABLE_IN_1_0
gboolean        loft_dispatcher_is_idle              (LoftDispatcher  *self);
LOFT_AVAILABLE_IN_1_0
LoftPriority    loft_dispatcher_get_current_priority (LoftDispatcher  *self);
LOFT_AVAILABLE_IN_1_0
void            loft_dispatcher_set_current_priority (LoftDispatcher  *self,
                                                      LoftPriority     priority);

/* Timers; see loft-dispatcher-timer.h. */

LOFT_AVAILABLE_IN_1_0
LoftDispatcherTimer *loft_dispatcher_create_timer (LoftDispatcher *self) G_GNUC_WARN_UNUSED_RESULT;

/* Running its loop, on the dispatcher's thread. */

LOFT_AVAILABLE_IN_1_0
gboolean        loft_dispatcher_process_events       (LoftDispatcher           *self,
                                                      LoftProcessEventsOption   option,
                                                      GError                  **error);
LOFT_AVAILABLE_IN_1_0
void            loft_dispatcher_stop_process_events  (LoftDispatcher           *self);
LOFT_AVAILABLE_IN_1_0
gboolean        loft_dispatcher_run_event_loop       (LoftDispatcher           *self,
                                                      LoftRunOptions            options,
                                                      LoftDeferral             *exit_deferral,
                                                      GError                  **error);
LOFT_AVAILABLE_IN_1_0
gboolean        loft_dispatcher_enqueue_event_loop_exit (LoftDispatcher        *self);

/* How it shares its thread. */

LOFT_AVAILABLE_IN_1_0
GTimeSpan       loft_dispatcher_get_slice            (LoftDispatcher  *self);
LOFT_AVAILABLE_IN_1_0
void            loft_dispatcher_set_slice            (LoftDispatcher  *self,
                                                      GTimeSpan        slice);
LOFT_AVAILABLE_IN_1_0
GTimeSpan       loft_dispatcher_get_wait_limit       (LoftDispatcher  *self);
LOFT_AVAILABLE_IN_1_0
void            loft_dispatcher_set_wait_limit       (LoftDispatcher  *self,
                                                      GTimeSpan        limit);
LOFT_AVAILABLE_IN_1_0
double          loft_dispatcher_get_share      (LoftDispatcher *self);
LOFT_AVAILABLE_IN_1_0
void            loft_dispatcher_set_share      (LoftDispatcher *self,
                                                double          share);
LOFT_AVAILABLE_IN_1_0
void            loft_dispatcher_set_frame_due  (LoftDispatcher *self,
                                                GObject        *clock,
                                                gint64          due);

/* Its end. */

LOFT_AVAILABLE_IN_1_0
gboolean        loft_dispatcher_is_shut_down         (LoftDispatcher  *self);
LOFT_AVAILABLE_IN_1_0
LoftDeferral *  loft_dispatcher_hold_shutdown        (LoftDispatcher  *self);
LOFT_AVAILABLE_IN_1_0
guint64         loft_dispatcher_get_undelivered      (LoftDispatcher  *self);
LOFT_AVAILABLE_IN_1_0
void            loft_dispatcher_attach_application   (GApplication    *application);

/* The same functions with the call site, `G_STRLOC` and `G_STRFUNC`; the macros below pass it. */
#ifndef __GI_SCANNER__
LOFT_AVAILABLE_IN_1_0
LoftDeferral *  loft_dispatcher_hold_shutdown_at     (LoftDispatcher  *self,
                                                      const char      *location,
                                                      const char      *function);
#endif

#ifdef LOFT_WITH_CALL_SITES
#define loft_dispatcher_hold_shutdown(self) \
  loft_dispatcher_hold_shutdown_at ((self), G_STRLOC, G_STRFUNC)
#endif

G_END_DECLS
