/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The action that a caller gets for work that was to run at a home that is gone. */

#pragma once

#include "dispatcher/loft-home-private.h"

/* Takes @action. If @home refused it, returns an action that ends in DISCONNECTED on the pool
 * instead. Returns any other action as it is. */
LoftAsyncAction *loft_action_or_disconnected  (LoftAsyncAction *action, LoftDispatcher *home,
                                               const LoftCallSite *site);
