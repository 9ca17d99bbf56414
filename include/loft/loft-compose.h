/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(LOFT_INSIDE) && !defined(LOFT_COMPILATION)
#error "Only <loft/loft.h> can be included directly."
#endif

#include <loft/loft-types.h>
#include <loft/loft-version-macros.h>

G_BEGIN_DECLS

/* Async objects that are made from other async objects. */

LOFT_AVAILABLE_IN_1_0
LoftAsyncAction *   loft_delay_async         (GTimeSpan            delay) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAsyncInfo *loft_with_timeout (LoftAsyncInfo *info, GTimeSpan timeout) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAsyncAction *   loft_when_all            (LoftAsyncInfo      **items,
                                              gsize                n,
                                              LoftWhenFlags        flags) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
GError *            loft_when_all_dup_error  (LoftAsyncAction     *action,
                                              gsize                index);
LOFT_AVAILABLE_IN_1_0
LoftAsyncOperation *loft_when_any            (LoftAsyncInfo      **items,
                                              gsize                n,
                                              LoftWhenFlags        flags) G_GNUC_WARN_UNUSED_RESULT;

/* The same functions with the call site, `G_STRLOC` and `G_STRFUNC`; the macros below pass it. */
#ifndef __GI_SCANNER__
LOFT_AVAILABLE_IN_1_0
LoftAsyncAction *loft_delay_async_at (GTimeSpan delay, const char *location,
                                      const char *function) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAsyncInfo *loft_with_timeout_at (LoftAsyncInfo *info, GTimeSpan timeout, const char *location,
                                     const char *function) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAsyncAction *loft_when_all_at (LoftAsyncInfo **items, gsize n, LoftWhenFlags flags,
                                   const char *location,
                                   const char *function) G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAsyncOperation *loft_when_any_at (LoftAsyncInfo **items, gsize n, LoftWhenFlags flags,
                                      const char *location,
                                      const char *function) G_GNUC_WARN_UNUSED_RESULT;
#endif

#ifdef LOFT_WITH_CALL_SITES
#define loft_delay_async(delay) loft_delay_async_at ((delay), G_STRLOC, G_STRFUNC)
#define loft_with_timeout(info, timeout) \
  loft_with_timeout_at ((info), (timeout), G_STRLOC, G_STRFUNC)
#define loft_when_all(items, n, flags) loft_when_all_at ((items), (n), (flags), G_STRLOC, G_STRFUNC)
#define loft_when_any(items, n, flags) loft_when_any_at ((items), (n), (flags), G_STRLOC, G_STRFUNC)
#endif

G_END_DECLS
