/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Transfers the work settings into the request of a posting form. */

#pragma once

#include "work/loft-work-private.h"

/* The request of a full form. It adds the fields that only the full forms have. The work takes them
 * over later. */
typedef struct
{
  LoftWorkRequest request;
  gboolean has_owner;
  GObject *owner;        /* strong; NULL: none, or it is gone */
  LoftHandler *progress; /* NULL: nobody listens */
} LoftFullRequest;

G_STATIC_ASSERT (G_STRUCT_OFFSET (LoftFullRequest, request) == 0);

/* Fills the request from the settings. If @self is NULL, the request keeps the defaults. The
 * progress handler moves from the settings to the request. */
void loft_work_settings_fill  (LoftWorkSettings *self, LoftFullRequest *full);

/* Returns the priority in the settings. If @self is NULL, it is Normal. */
LoftPriority loft_work_settings_get_priority (LoftWorkSettings *self);

/* Releases the owner and the progress handler of the request, if no work has taken them over. */
void loft_work_request_clear  (LoftWorkRequest *request);

/* Moves the owner and the progress handler from the request to @base. Called right after @base was
 * made, before anybody else sees it. Returns FALSE if the owner is gone; the caller then has to
 * refuse it. */
gboolean loft_work_request_settle_full (LoftFullRequest *full, LoftAsyncBase *base);

static inline gboolean
loft_work_request_settle (LoftWorkRequest *request,
                          gpointer         base)
{
  return G_LIKELY ((request->flags & LOFT_WORK_FULL) == 0) ||
         loft_work_request_settle_full ((LoftFullRequest *) request, base);
}
