/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The duplicate finder itself: an operation of the thread pool that reports progress and pushes its
 * finds. */

#pragma once

#include <loft/loft.h>

#include "demo-progress.h"
#include "demo-set.h"
#include "demo-settings.h"

/* Looks for sets of equal files. Workers push each as a DemoSet to @sets, the largest files first,
 * and what can't be read as a DemoRow to @problems. A push that is refused, because the list was
 * cancelled, ends the scan. Both lists are bound to the operation, so they end with it.
 *
 * The operation is a LoftAsyncWithProgress. Its value and its progress are DEMO_TYPE_PROGRESS. A
 * cancel ends it soon, and the sets that are in the list stay. */
LoftAsyncOperation *demo_scan_async (const DemoSettings *settings, LoftListFeeder *sets,
                                     LoftListFeeder *problems);
