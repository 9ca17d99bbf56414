/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftFdWait: an operation of boolean that ends when a file descriptor is ready (TRUE), or when the
 * time is over (FALSE). */

#pragma once

#include <loft/loft.h>

/* Any thread may call. @timeout in µs; less than 0: without a limit. A cancel ends it at once. */
LoftAsyncOperation *loft_fd_wait_async (int fd, GIOCondition condition, GTimeSpan timeout);
