/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What somebody gets who wanted to go on at a home that is gone. */

#pragma once

#include "dispatcher/loft-home-private.h"

/* The same for an action that @home refused, which it takes; any other is given back as it is. */
LoftAsyncAction *loft_action_or_disconnected  (LoftAsyncAction *action, LoftDispatcher *home,
                                               const LoftCallSite *site);
