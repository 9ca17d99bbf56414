/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* How handlers and reports are delivered to their homes. */

#pragma once

#include "delivery/loft-deliveries-private.h"

/* Delivers a completed handler, an observer or a continuation to its home, and takes @handler. Call
 * it with no lock held. An agile handler runs at once. So does a handler whose home is the MTA, if
 * this thread is in the MTA and no other delivery of the object is on its way there. All others are
 * posted. */
void         loft_handler_deliver (LoftHandler     *handler,
                                   LoftAsyncInfo   *sender,
                                   LoftDeliveries  *deliveries,
                                   LoftAsyncStatus  status,
                                   LoftValueBox    *outcome,
                                   LoftLane         lane);

/* The same, but the handler never runs inside this call: it runs on the pool if need be. Not for
 * agile handlers. */
void         loft_handler_post    (LoftHandler     *handler,
                                   LoftAsyncInfo   *sender,
                                   LoftDeliveries  *deliveries,
                                   LoftAsyncStatus  status,
                                   LoftValueBox    *outcome,
                                   LoftLane         lane);

/* The first step of the two functions above, which calls no foreign code. The caller must act on
 * the fate that it returns. */
LoftDeliveryFate loft_handler_queue (LoftHandler     *handler,
                                     LoftAsyncInfo   *sender,
                                     LoftDeliveries  *deliveries,
                                     LoftAsyncStatus  status,
                                     LoftValueBox    *outcome,
                                     LoftLane         lane);

/* For a handler whose home is gone. If somebody waits for it, `dropped` runs on the pool. Otherwise
 * it is counted and logged, and its data is released on this thread. */
void         loft_handler_lose    (LoftHandler *handler);

/* Logs that @what was not delivered because its home is gone. The caller counts it. */
void         loft_delivery_log_lost (const char *what, LoftAsyncInfo *sender);

/* Returns the place where a sender was asked for (transfer full), or NULL if it is unknown. The
 * folder that knows what a sender is sets this function. */
typedef char *(*LoftDeliveryPlaceFunc) (LoftAsyncInfo *sender);
void         loft_delivery_set_place_func (LoftDeliveryPlaceFunc func);

/* Delivers a report of progress to the handler's home. Call it with no lock held; @value is copied.
 * FALSE: the end was announced before, and the report is dropped. */
gboolean     loft_handler_report  (LoftHandler     *handler,
                                   LoftAsyncInfo   *sender,
                                   LoftDeliveries  *deliveries,
                                   const GValue    *value,
                                   LoftValueBox    *provisional,
                                   LoftLane         lane);
