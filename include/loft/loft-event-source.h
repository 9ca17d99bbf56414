/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(LOFT_INSIDE) && !defined(LOFT_COMPILATION)
#error "Only <loft/loft.h> can be included directly."
#endif

#include <loft/loft-types.h>
#include <loft/loft-version-macros.h>

G_BEGIN_DECLS

#define LOFT_TYPE_EVENT_SOURCE (loft_event_source_get_type ())
#define LOFT_TYPE_EVENT_ARGS (loft_event_args_get_type ())

LOFT_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (LoftEventSource, loft_event_source, LOFT, EVENT_SOURCE, GObject)
LOFT_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (LoftEventArgs, loft_event_args, LOFT, EVENT_ARGS, GObject)

/**
 * LoftEventHandler:
 * @source: the event
 * @args: the arguments of this raise
 * @user_data: (closure): the data that was passed with the handler
 *
 * Is called each time the event is raised.
 */
typedef void (*LoftEventHandler) (LoftEventSource *source, LoftEventArgs *args, gpointer user_data);

LOFT_AVAILABLE_IN_1_0
LoftEventSource *loft_event_source_new         (void) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
guint64          loft_event_source_add         (LoftEventSource   *self,
                                                LoftEventHandler   handler,
                                                gpointer           user_data,
                                                GDestroyNotify     destroy);
LOFT_AVAILABLE_IN_1_0
guint64          loft_event_source_add_agile   (LoftEventSource   *self,
                                                LoftEventHandler   handler,
                                                gpointer           user_data,
                                                GDestroyNotify     destroy);
LOFT_AVAILABLE_IN_1_0
guint64          loft_event_source_add_for     (LoftEventSource   *self,
                                                GObject           *owner,
                                                LoftEventHandler   handler,
                                                gpointer           user_data,
                                                GDestroyNotify     destroy);
LOFT_AVAILABLE_IN_1_0
gboolean         loft_event_source_remove      (LoftEventSource   *self,
                                                guint64            token);
LOFT_AVAILABLE_IN_1_0
guint            loft_event_source_get_n_handlers (LoftEventSource *self);
LOFT_AVAILABLE_IN_1_0
LoftAsyncAction *loft_event_source_raise_async (LoftEventSource   *self,
                                                const GValue      *value) G_GNUC_WARN_UNUSED_RESULT;

LOFT_AVAILABLE_IN_1_0
const GValue *   loft_event_args_get_value     (LoftEventArgs     *self);
LOFT_AVAILABLE_IN_1_0
LoftDeferral *   loft_event_args_take_deferral (LoftEventArgs     *self,
                                                GError           **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
