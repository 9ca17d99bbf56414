/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(LOFT_INSIDE) && !defined(LOFT_COMPILATION)
#error "Only <loft/loft.h> can be included directly."
#endif

#include <loft/loft-types.h>
#include <loft/loft-version-macros.h>

G_BEGIN_DECLS

#define LOFT_TYPE_LIST_FEEDER (loft_list_feeder_get_type ())

/**
 * LoftCompareRowsFunc:
 * @a: (type GObject): a row
 * @b: (type GObject): another row
 * @user_data: (closure): the data that was passed with the function
 *
 * Compares two rows of a list.
 *
 * It is a [callback@GLib.CompareDataFunc] whose arguments language bindings know the type of. It is
 * called at the home of the list.
 *
 * Returns: a negative number if @a comes first, a positive one if @b does, 0 if they are equal
 */
typedef gint (*LoftCompareRowsFunc) (gconstpointer a, gconstpointer b, gpointer user_data);

LOFT_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (LoftListFeeder, loft_list_feeder, LOFT, LIST_FEEDER, GObject)

LOFT_AVAILABLE_IN_1_0
LoftListFeeder * loft_list_feeder_new           (GType              item_type)
                                                 G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftListFeeder * loft_list_feeder_new_for_dispatcher (LoftDispatcher    *dispatcher,
                                                      LoftPriority       priority,
                                                      GType              item_type)
                                                      G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftDispatcher * loft_list_feeder_get_dispatcher (LoftListFeeder    *self);

LOFT_AVAILABLE_IN_1_0
gboolean         loft_list_feeder_push          (LoftListFeeder    *self,
                                                 gpointer           item,
                                                 GError           **error);
LOFT_AVAILABLE_IN_1_0
gboolean         loft_list_feeder_push_all      (LoftListFeeder    *self,
                                                 gpointer          *items,
                                                 gsize              n_items,
                                                 GError           **error);
LOFT_AVAILABLE_IN_1_0
gboolean         loft_list_feeder_try_push      (LoftListFeeder    *self,
                                                 gpointer           item,
                                                 GError           **error);
LOFT_AVAILABLE_IN_1_0
gboolean         loft_list_feeder_try_push_all  (LoftListFeeder    *self,
                                                 gpointer          *items,
                                                 gsize              n_items,
                                                 GError           **error);
LOFT_AVAILABLE_IN_1_0
LoftAsyncAction *loft_list_feeder_room_async    (LoftListFeeder    *self)
                                                 G_GNUC_WARN_UNUSED_RESULT;

LOFT_AVAILABLE_IN_1_0
void             loft_list_feeder_close         (LoftListFeeder    *self);
LOFT_AVAILABLE_IN_1_0
void             loft_list_feeder_fail          (LoftListFeeder    *self,
                                                 GError            *error);
LOFT_AVAILABLE_IN_1_0
void             loft_list_feeder_cancel        (LoftListFeeder    *self);
LOFT_AVAILABLE_IN_1_0
void             loft_list_feeder_clear         (LoftListFeeder    *self);
LOFT_AVAILABLE_IN_1_0
gboolean         loft_list_feeder_bind          (LoftListFeeder    *self,
                                                 LoftAsyncInfo     *producer,
                                                 GError           **error);
LOFT_AVAILABLE_IN_1_0
void             loft_list_feeder_bind_owner    (LoftListFeeder    *self,
                                                 GObject           *owner);
LOFT_AVAILABLE_IN_1_0
LoftAsyncAction *loft_list_feeder_all_in_async  (LoftListFeeder    *self)
                                                 G_GNUC_WARN_UNUSED_RESULT;

LOFT_AVAILABLE_IN_1_0
void             loft_list_feeder_set_sort_func (LoftListFeeder      *self,
                                                 LoftCompareRowsFunc  compare,
                                                 gpointer             user_data,
                                                 GDestroyNotify       destroy);
LOFT_AVAILABLE_IN_1_0
void             loft_list_feeder_set_limit     (LoftListFeeder    *self,
                                                 guint              limit);
LOFT_AVAILABLE_IN_1_0
guint            loft_list_feeder_get_limit     (LoftListFeeder    *self);
LOFT_AVAILABLE_IN_1_0
guint            loft_list_feeder_get_n_pending (LoftListFeeder    *self);
LOFT_AVAILABLE_IN_1_0
LoftFeederState  loft_list_feeder_get_state     (LoftListFeeder    *self);
LOFT_AVAILABLE_IN_1_0
gboolean         loft_list_feeder_is_complete   (LoftListFeeder    *self);
LOFT_AVAILABLE_IN_1_0
GError *         loft_list_feeder_dup_error     (LoftListFeeder    *self);

G_END_DECLS
