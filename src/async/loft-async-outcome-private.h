/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* For a handler of the end: what the sender has ended with, even if it was closed since. */

#pragma once

#include "delivery/loft-delivery-private.h"

/* Returns the error; (transfer full), NULL: the sender completed. */
GError       *loft_outcome_dup_error   (LoftAsyncInfo *sender, LoftAsyncStatus status);

/* Returns the box that the result or the error is in; (transfer full), NULL: there is neither. */
LoftValueBox *loft_outcome_dup_box     (LoftAsyncInfo *sender);

/* Returns the box that the error is in, or a new box; (transfer full), NULL: the sender
 * completed. */
LoftValueBox *loft_outcome_dup_failure (LoftAsyncInfo *sender, LoftAsyncStatus status);

/* Returns the result that the end was delivered with; NULL: none. */
const GValue *loft_outcome_peek_result (LoftAsyncInfo *sender);
