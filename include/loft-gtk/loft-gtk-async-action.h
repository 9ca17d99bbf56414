/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(LOFT_GTK_INSIDE) && !defined(LOFT_GTK_COMPILATION)
#error "Only <loft-gtk/loft-gtk.h> can be included directly."
#endif

#include <gtk/gtk.h>
#include <loft/loft.h>

G_BEGIN_DECLS

#define LOFT_GTK_TYPE_ASYNC_ACTION (loft_gtk_async_action_get_type ())

LOFT_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (LoftGtkAsyncAction, loft_gtk_async_action, LOFT_GTK, ASYNC_ACTION, GObject)

/**
 * LoftGtkStartHandler:
 * @action: the action that is activated
 * @parameter: (nullable): the parameter of the activation; %NULL if the action takes none
 * @user_data: what was given with the handler
 *
 * Starts the work of an action.
 *
 * Called on the thread of GTK. If the work can't be started, return an object that has failed, such
 * as one of [ctor@Loft.Action.new_failed].
 *
 * Returns: (transfer full) (nullable): the work; %NULL if there is nothing to do
 *
 * Since: 1.0
 */
typedef LoftAsyncInfo *(*LoftGtkStartHandler) (LoftGtkAsyncAction *action,
                                               GVariant           *parameter,
                                               gpointer            user_data);

LOFT_AVAILABLE_IN_1_0
LoftGtkAsyncAction *loft_gtk_async_action_new               (const char          *name,
                                                             const GVariantType  *parameter_type,
                                                             LoftGtkStartHandler  start,
                                                             gpointer             user_data,
                                                             GDestroyNotify       destroy)
                                                             G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
void                loft_gtk_async_action_add_to_map        (LoftGtkAsyncAction  *self,
                                                             GActionMap          *map);
LOFT_AVAILABLE_IN_1_0
LoftAsyncObserver * loft_gtk_async_action_get_observer      (LoftGtkAsyncAction  *self);
LOFT_AVAILABLE_IN_1_0
GAction *           loft_gtk_async_action_get_cancel_action (LoftGtkAsyncAction  *self);
LOFT_AVAILABLE_IN_1_0
gboolean            loft_gtk_async_action_is_running        (LoftGtkAsyncAction  *self);
LOFT_AVAILABLE_IN_1_0
gboolean            loft_gtk_async_action_get_can_start     (LoftGtkAsyncAction  *self);
LOFT_AVAILABLE_IN_1_0
void                loft_gtk_async_action_set_can_start     (LoftGtkAsyncAction  *self,
                                                             gboolean             can_start);
LOFT_AVAILABLE_IN_1_0
GtkWidget *         loft_gtk_async_action_get_widget        (LoftGtkAsyncAction  *self);
LOFT_AVAILABLE_IN_1_0
void                loft_gtk_async_action_set_widget        (LoftGtkAsyncAction  *self,
                                                             GtkWidget           *widget);
LOFT_AVAILABLE_IN_1_0
const char *        loft_gtk_async_action_get_error_title   (LoftGtkAsyncAction  *self);
LOFT_AVAILABLE_IN_1_0
void                loft_gtk_async_action_set_error_title   (LoftGtkAsyncAction  *self,
                                                             const char          *title);

G_END_DECLS
