/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftFdWait: an operation with a boolean. It ends with TRUE when a file descriptor is ready, and
 * with FALSE when the time is over. */

#pragma once

#include <loft/loft.h>

/* Any thread may call. @timeout is in µs; less than 0: no limit. A cancel ends the operation at
 * once. */
LoftAsyncOperation *loft_fd_wait_async (int fd, GIOCondition condition, GTimeSpan timeout);
