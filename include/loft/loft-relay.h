/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(LOFT_INSIDE) && !defined(LOFT_COMPILATION)
#error "Only <loft/loft.h> can be included directly."
#endif

#include <loft/loft-types.h>
#include <loft/loft-version-macros.h>

G_BEGIN_DECLS

#define LOFT_TYPE_RELAY (loft_relay_get_type ())

LOFT_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (LoftRelay, loft_relay, LOFT, RELAY, GObject)

LOFT_AVAILABLE_IN_1_0
LoftRelay *loft_relay_new                (GObject         *source,
                                          GObject         *target) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftRelay *loft_relay_new_for_dispatcher (LoftDispatcher  *dispatcher,
                                          GObject         *source,
                                          GObject         *target) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
guint64    loft_relay_add_handler        (LoftRelay       *self,
                                          const char      *signal,
                                          GCallback        callback,
                                          gpointer         user_data,
                                          GDestroyNotify   destroy,
                                          GError         **error);
LOFT_AVAILABLE_IN_1_0
guint64    loft_relay_add_closure        (LoftRelay       *self,
                                          const char      *signal,
                                          GClosure        *closure,
                                          GError         **error);
LOFT_AVAILABLE_IN_1_0
guint64    loft_relay_add_signal         (LoftRelay       *self,
                                          const char      *signal,
                                          GError         **error);
LOFT_AVAILABLE_IN_1_0
gboolean   loft_relay_remove             (LoftRelay       *self,
                                          guint64          id);
LOFT_AVAILABLE_IN_1_0
void       loft_relay_send_all           (LoftRelay       *self);
LOFT_AVAILABLE_IN_1_0
void       loft_relay_flush              (LoftRelay       *self);
LOFT_AVAILABLE_IN_1_0
gboolean   loft_relay_get_value          (LoftRelay       *self,
                                          const char      *name,
                                          GValue          *value);
LOFT_AVAILABLE_IN_1_0
GObject *  loft_relay_dup_source         (LoftRelay       *self);
LOFT_AVAILABLE_IN_1_0
GObject *  loft_relay_get_target         (LoftRelay       *self);
LOFT_AVAILABLE_IN_1_0
gboolean   loft_relay_is_complete        (LoftRelay       *self);

G_END_DECLS
