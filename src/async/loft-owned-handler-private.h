/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A progress handler that dies with a GObject, made of a plain one. */

#pragma once

#include "delivery/loft-delivery-private.h"

/* With the home and the data of @plain, which it takes. The caller holds @owner. */
LoftHandler *loft_handler_new_owned_progress (GObject *owner, LoftHandler *plain);
