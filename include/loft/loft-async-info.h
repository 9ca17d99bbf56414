/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(LOFT_INSIDE) && !defined(LOFT_COMPILATION)
#error "Only <loft/loft.h> can be included directly."
#endif

#include <loft/loft-types.h>
#include <loft/loft-version-macros.h>

G_BEGIN_DECLS

#define LOFT_TYPE_ASYNC_INFO (loft_async_info_get_type ())

LOFT_AVAILABLE_IN_1_0
G_DECLARE_INTERFACE (LoftAsyncInfo, loft_async_info, LOFT, ASYNC_INFO, GObject)

/**
 * LoftAsyncInfoInterface:
 * @get_id: returns the object's id, never 0
 * @get_status: returns its status. Any thread may call it, and it never blocks.
 * @dup_error: returns a copy of its error, which is the failure, or %G_IO_ERROR_CANCELLED when
 *   Canceled
 * @cancel: asks it to stop, and does not wait
 * @close: frees what it holds, only after its end
 * @set_completed: fills the one completed slot. The handler runs once, on the thread that ends the
 *   object.
 * @add_observer: adds one of any number of handlers, which run on the thread that ends the object,
 *   or before this returns if it has ended. Returns a number for @remove_observer. Optional:
 *   without it, Loft uses the @set_completed slot.
 * @remove_observer: removes an observer. Returns %FALSE if the observer has run, is running, or was
 *   never added. Optional, together with @add_observer.
 *
 * The virtual functions of [iface@Loft.AsyncInfo], on which everything else is built.
 *
 * @get_status and @set_completed are required. The others have defaults: an id, an error according
 * to the status, a cancel that does nothing, and a close that frees nothing.
 *
 * A class may implement them without deriving from [class@Loft.AsyncBase]. `get`, `wait_for`,
 * `wait_async` and `continue_with` work with such a class, and hold the object until it has ended.
 */

/**
 * LoftAsyncInfoInterface::set_completed: (skip)
 */

/**
 * LoftAsyncInfoInterface::add_observer: (skip)
 */
struct _LoftAsyncInfoInterface
{
  GTypeInterface g_iface;

  guint64         (*get_id)          (LoftAsyncInfo        *self);
  LoftAsyncStatus (*get_status)      (LoftAsyncInfo        *self);
  GError *        (*dup_error)       (LoftAsyncInfo        *self);
  void            (*cancel)          (LoftAsyncInfo        *self);
  gboolean        (*close)           (LoftAsyncInfo        *self,
                                      GError              **error);
  gboolean        (*set_completed)   (LoftAsyncInfo        *self,
                                      LoftCompletedHandler  handler,
                                      gpointer              user_data,
                                      GDestroyNotify        destroy,
                                      GError              **error);
  guint64         (*add_observer)    (LoftAsyncInfo        *self,
                                      LoftCompletedHandler  handler,
                                      gpointer              user_data,
                                      GDestroyNotify        destroy);
  gboolean        (*remove_observer) (LoftAsyncInfo        *self,
                                      guint64               id);

  /*< private >*/
  gpointer _reserved[8];
};

LOFT_AVAILABLE_IN_1_0
guint64          loft_async_info_get_id              (LoftAsyncInfo        *self);
LOFT_AVAILABLE_IN_1_0
LoftAsyncStatus  loft_async_info_get_status          (LoftAsyncInfo        *self);
LOFT_AVAILABLE_IN_1_0
gboolean         loft_async_info_has_ended           (LoftAsyncInfo        *self);
LOFT_AVAILABLE_IN_1_0
gboolean         loft_async_info_is_canceled         (LoftAsyncInfo        *self);
LOFT_AVAILABLE_IN_1_0
LoftCancelReason loft_async_info_get_cancel_reason   (LoftAsyncInfo        *self);
LOFT_AVAILABLE_IN_1_0
GError *         loft_async_info_dup_error           (LoftAsyncInfo        *self);
LOFT_AVAILABLE_IN_1_0
char *           loft_async_info_dup_source_location (LoftAsyncInfo        *self);
LOFT_AVAILABLE_IN_1_0
void             loft_async_info_cancel              (LoftAsyncInfo        *self);
LOFT_AVAILABLE_IN_1_0
gboolean         loft_async_info_close               (LoftAsyncInfo        *self,
                                                      GError              **error);
LOFT_AVAILABLE_IN_1_0
gboolean         loft_async_info_set_completed       (LoftAsyncInfo        *self,
                                                      LoftCompletedHandler  handler,
                                                      gpointer              user_data,
                                                      GDestroyNotify        destroy,
                                                      GError              **error);
LOFT_AVAILABLE_IN_1_0
gboolean         loft_async_info_set_completed_agile (LoftAsyncInfo        *self,
                                                      LoftCompletedHandler  handler,
                                                      gpointer              user_data,
                                                      GDestroyNotify        destroy,
                                                      GError              **error);
LOFT_AVAILABLE_IN_1_0
guint64          loft_async_info_call_when_ended     (LoftAsyncInfo        *self,
                                                      LoftCompletedHandler  handler,
                                                      gpointer              user_data,
                                                      GDestroyNotify        destroy);
LOFT_AVAILABLE_IN_1_0
gboolean         loft_async_info_set_completed_for   (LoftAsyncInfo        *self,
                                                      GObject              *owner,
                                                      LoftCompletedHandler  handler,
                                                      gpointer              user_data,
                                                      GDestroyNotify        destroy,
                                                      GError              **error);
LOFT_AVAILABLE_IN_1_0
void             loft_async_info_bind_owner          (LoftAsyncInfo        *self,
                                                      GObject              *owner);
LOFT_AVAILABLE_IN_1_0
guint64          loft_async_info_add_observer        (LoftAsyncInfo        *self,
                                                      LoftCompletedHandler  handler,
                                                      gpointer              user_data,
                                                      GDestroyNotify        destroy);
LOFT_AVAILABLE_IN_1_0
gboolean         loft_async_info_remove_observer     (LoftAsyncInfo        *self,
                                                      guint64               id);
LOFT_AVAILABLE_IN_1_0
LoftAsyncStatus  loft_async_info_wait_for            (LoftAsyncInfo        *self,
                                                      GTimeSpan             timeout,
                                                      GError              **error);
LOFT_AVAILABLE_IN_1_0
gboolean         loft_async_info_wait_unchecked      (LoftAsyncInfo        *self,
                                                      GError              **error);
LOFT_AVAILABLE_IN_1_0
void             loft_async_info_wait_async          (LoftAsyncInfo        *self,
                                                      GCancellable         *cancellable,
                                                      GAsyncReadyCallback   callback,
                                                      gpointer              user_data);
LOFT_AVAILABLE_IN_1_0
gboolean         loft_async_info_wait_finish         (LoftAsyncInfo        *self,
                                                      GAsyncResult         *result,
                                                      GError              **error);
LOFT_AVAILABLE_IN_1_0
void             loft_async_info_bind_cancellable    (LoftAsyncInfo        *self,
                                                      GCancellable         *cancellable);
LOFT_AVAILABLE_IN_1_0
void             loft_async_info_forget              (LoftAsyncInfo        *self);

G_END_DECLS
