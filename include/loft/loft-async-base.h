/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(LOFT_INSIDE) && !defined(LOFT_COMPILATION)
#error "Only <loft/loft.h> can be included directly."
#endif

#include <loft/loft-types.h>
#include <loft/loft-version-macros.h>

G_BEGIN_DECLS

#define LOFT_TYPE_ASYNC_BASE (loft_async_base_get_type ())

LOFT_AVAILABLE_IN_1_0
G_DECLARE_DERIVABLE_TYPE (LoftAsyncBase, loft_async_base, LOFT, ASYNC_BASE, GObject)

/**
 * LoftAsyncBaseClass:
 * @parent_class: the parent class
 * @canceled: called once, inside [method@Loft.AsyncInfo.cancel] and on the thread that calls it,
 *   with no lock held. It comes after the cancel handler, and not at all if that handler has ended
 *   the object. If the work of the object had begun, the producer must still end the object.
 * @closed: called once, inside [method@Loft.AsyncInfo.close], to free what the object holds
 *
 * The class of [class@Loft.AsyncBase]. Chain up from both virtual functions. The base class's
 * versions do nothing.
 */
struct _LoftAsyncBaseClass
{
  GObjectClass parent_class;

  void (*canceled) (LoftAsyncBase *self);
  void (*closed)   (LoftAsyncBase *self);

  /*< private >*/
/* The scanner takes every function pointer for a virtual function, even a private one. */
#ifdef __GI_SCANNER__
  gpointer _reserved[11];
#else
  LoftDispatcher *(*peek_runner)            (LoftAsyncBase *self);
  void            (*queued_canceled_locked) (LoftAsyncBase *self);
  gboolean (*ends_only_after) (LoftAsyncBase *self, gboolean (*hopeless) (LoftAsyncInfo *info));
  /* Called for a cancel from Queued, before anybody is told, with no lock held. */
  void            (*ended_unrun)            (LoftAsyncBase *self);
  /* Whether an object of this class can take over the handlers of another one that is dropped. */
  gsize           succeeds_itself;
  gpointer _reserved[6];
#endif
};

LOFT_AVAILABLE_IN_1_0
gboolean loft_async_base_complete               (LoftAsyncBase     *self);
LOFT_AVAILABLE_IN_1_0
gboolean loft_async_base_complete_with_value    (LoftAsyncBase     *self,
                                                 const GValue      *value);
LOFT_AVAILABLE_IN_1_0
gboolean loft_async_base_fail                   (LoftAsyncBase     *self,
                                                 GError            *error);
LOFT_AVAILABLE_IN_1_0
gboolean loft_async_base_complete_from_canceled (LoftAsyncBase     *self);
LOFT_AVAILABLE_IN_1_0
void     loft_async_base_set_cancel_handler     (LoftAsyncBase     *self,
                                                 LoftCancelHandler  handler,
                                                 gpointer           user_data,
                                                 GDestroyNotify     destroy);
LOFT_AVAILABLE_IN_1_0
void     loft_async_base_set_cancel_handler_at_home (LoftAsyncBase    *self,
                                                     LoftCancelHandler handler,
                                                     gpointer          user_data,
                                                     GDestroyNotify    destroy);
LOFT_AVAILABLE_IN_1_0
void     loft_async_base_propagate_cancel       (LoftAsyncBase     *self,
                                                 LoftAsyncInfo     *child);
LOFT_AVAILABLE_IN_1_0
void     loft_async_base_set_work               (LoftAsyncBase     *self,
                                                 LoftAsyncInfo     *work);
LOFT_AVAILABLE_IN_1_0
GCancellable *loft_async_base_dup_cancellable   (LoftAsyncBase     *self) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
void     loft_async_base_set_progress_type      (LoftAsyncBase     *self,
                                                 GType              progress_type);
LOFT_AVAILABLE_IN_1_0
gboolean loft_async_base_report_progress        (LoftAsyncBase     *self,
                                                 const GValue      *value);
LOFT_AVAILABLE_IN_1_0
gboolean loft_async_base_report_progress_int64  (LoftAsyncBase     *self,
                                                 gint64             value);
LOFT_AVAILABLE_IN_1_0
gboolean loft_async_base_report_progress_double (LoftAsyncBase     *self,
                                                 double             value);
LOFT_AVAILABLE_IN_1_0
gboolean loft_async_base_report_progress_string (LoftAsyncBase     *self,
                                                 const char        *value);
LOFT_AVAILABLE_IN_1_0
gboolean loft_async_base_set_provisional_result (LoftAsyncBase     *self,
                                                 const GValue      *value);

G_END_DECLS
