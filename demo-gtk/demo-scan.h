/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The duplicate finder itself: an operation of the thread pool that reports progress and posts its
 * finds. */

#pragma once

#include <loft/loft.h>

#include "demo-progress.h"
#include "demo-row.h"

/* Is called on the main thread, in the Low lane, once for each row. */
typedef void (*DemoFoundFunc) (GObject *owner, DemoRow *row);

/* Looks for duplicates below @folder. Rows go to @owner, and are dropped when @owner is gone. The
 * operation is a LoftAsyncWithProgress. Its value and its progress are DEMO_TYPE_PROGRESS. A cancel
 * ends it soon, and the rows that were found stay. */
LoftAsyncOperation *demo_scan_async (const char *folder, GObject *owner, DemoFoundFunc found);
