/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The two halves of a wait on this thread: may it, and then do it. */

#pragma once

#include <loft/loft.h>

/* Whether this thread may block for @info; @unchecked: also with a home. */
gboolean        loft_async_wait_check (LoftAsyncInfo *info, gboolean unchecked, GError **error);
