/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* In a handler of the end: what the sender has ended with, whoever has closed it since. */

#pragma once

#include "delivery/loft-delivery-private.h"

/* The error; (transfer full), NULL: it completed. */
GError       *loft_outcome_dup_error   (LoftAsyncInfo *sender, LoftAsyncStatus status);

/* The box that its result or its error is in; (transfer full), NULL: it has neither. */
LoftValueBox *loft_outcome_dup_box     (LoftAsyncInfo *sender);

/* The box that its error is in, or a new one; (transfer full), NULL: it completed. */
LoftValueBox *loft_outcome_dup_failure (LoftAsyncInfo *sender, LoftAsyncStatus status);

/* The result; NULL: none that it was delivered with. */
const GValue *loft_outcome_peek_result (LoftAsyncInfo *sender);
