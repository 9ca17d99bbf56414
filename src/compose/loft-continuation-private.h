/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What goes on after another object's end: the kinds, and the one function behind them. */

#pragma once

#include "async/loft-async-base-private.h"

typedef enum {
  LOFT_CONTINUE_WITH,
  LOFT_CONTINUE_WITH_OPERATION,
  LOFT_CONTINUE_WITH_ASYNC,
  LOFT_CONTINUE_RECOVER,
  LOFT_CONTINUE_ALWAYS,
  LOFT_CONTINUE_AFTER,
  LOFT_CONTINUE_AFTER_OPERATION,
  LOFT_CONTINUE_AFTER_ASYNC,
} LoftContinuationKind;

/* Gives the action or operation that ends with @callback. Takes @user_data. */
LoftAsyncBase *loft_continue (LoftAsyncInfo *self, LoftContinuationKind kind, GType value_type, GCallback callback,
                              gpointer user_data, GDestroyNotify destroy, const LoftCallSite *site);

/* The same, which dies with @owner (NULL: nobody), and holds it while it runs. */
LoftAsyncBase *loft_continue_for (LoftAsyncInfo *self, GObject *owner, LoftContinuationKind kind, GType value_type,
                                  GCallback callback, gpointer user_data, GDestroyNotify destroy, const LoftCallSite *site);

/* The guards of the forms; FALSE: what was handed over has been released, and it was said. */
gboolean       loft_continuation_check      (LoftAsyncInfo *self, gpointer callback, gpointer user_data, GDestroyNotify destroy,
                                             const char *function);
gboolean       loft_continuation_check_type (GType value_type, gpointer user_data, GDestroyNotify destroy, const char *function);
