/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The guards of public functions that take a callback with its data. The data is consumed even if
 * the call is refused. */

#pragma once

#include <glib.h>

/* As g_return_if_fail () and g_return_val_if_fail (), but @destroy is called before they return. */
#define loft_consume_and_return_if_fail(expr, destroy, user_data)      \
  G_STMT_START {                                                       \
    if (G_UNLIKELY (!(expr)))                                          \
      {                                                                \
        g_return_if_fail_warning (G_LOG_DOMAIN, G_STRFUNC, #expr);     \
        if (destroy != NULL)                                           \
          destroy (user_data);                                         \
        return;                                                        \
      }                                                                \
  } G_STMT_END

#define loft_consume_and_return_val_if_fail(expr, destroy, user_data, val) \
  G_STMT_START {                                                           \
    if (G_UNLIKELY (!(expr)))                                              \
      {                                                                    \
        g_return_if_fail_warning (G_LOG_DOMAIN, G_STRFUNC, #expr);         \
        if (destroy != NULL)                                               \
          destroy (user_data);                                             \
        return val;                                                        \
      }                                                                    \
  } G_STMT_END
