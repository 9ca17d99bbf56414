/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* How handlers and reports come home. */

#pragma once

#include "delivery/loft-deliveries-private.h"

/* Brings a completed handler, observer or continuation home; takes @handler. No lock held. At once
 * when agile, or when home is the MTA, this thread is in it and nothing of the object is on its way
 * there; else posted. */
void         loft_handler_deliver (LoftHandler     *handler,
                                   LoftAsyncInfo   *sender,
                                   LoftDeliveries  *deliveries,
                                   LoftAsyncStatus  status,
                                   LoftValueBox    *outcome,
                                   LoftLane         lane);

/* The same, never on this thread at once: to the pool if need be. Not for agile ones. */
void         loft_handler_post    (LoftHandler     *handler,
                                   LoftAsyncInfo   *sender,
                                   LoftDeliveries  *deliveries,
                                   LoftAsyncStatus  status,
                                   LoftValueBox    *outcome,
                                   LoftLane         lane);

/* The same in steps, of which this one runs nobody's code. */
LoftDeliveryFate loft_handler_queue (LoftHandler     *handler,
                                     LoftAsyncInfo   *sender,
                                     LoftDeliveries  *deliveries,
                                     LoftAsyncStatus  status,
                                     LoftValueBox    *outcome,
                                     LoftLane         lane);

/* What somebody waits for goes on, on the pool; the rest is counted and its data released here. */
void         loft_handler_lose    (LoftHandler *handler);

/* For the log: what was lost on the way, because its home is gone; counted by the caller. */
void         loft_delivery_log_lost (const char *what, LoftAsyncInfo *sender);

/* Where a sender was asked for; (transfer full), NULL: nobody knows. What a sender is is known
 * above. */
typedef char *(*LoftDeliveryPlaceFunc) (LoftAsyncInfo *sender);
void         loft_delivery_set_place_func (LoftDeliveryPlaceFunc func);

/* Brings a report home. No lock held; @value is copied. FALSE: the end was announced before, and it
 * is dropped. */
gboolean     loft_handler_report  (LoftHandler     *handler,
                                   LoftAsyncInfo   *sender,
                                   LoftDeliveries  *deliveries,
                                   const GValue    *value,
                                   LoftValueBox    *provisional,
                                   LoftLane         lane);
