/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Makes a progress handler that is not called once its owner is disposed. */

#pragma once

#include "delivery/loft-delivery-private.h"

/* The new handler has the home and the data of @plain. Takes @plain. The caller holds @owner. */
LoftHandler *loft_handler_new_owned_progress (GObject *owner, LoftHandler *plain);
