/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* How work is started, put into what a posting form is given. */

#pragma once

#include "work/loft-work-private.h"

/* What a full form was given: with what only those have, until it goes over to the work. */
typedef struct
{
  LoftWorkRequest request;
  gboolean has_owner;
  GObject *owner;        /* a reference; NULL: none, or it is gone */
  LoftHandler *progress; /* NULL: nobody listens */
} LoftFullRequest;

G_STATIC_ASSERT (G_STRUCT_OFFSET (LoftFullRequest, request) == 0);

/* Fills the request; @self may be NULL: the defaults. The progress handler goes over to it. */
void loft_work_settings_fill  (LoftWorkSettings *self, LoftFullRequest *full);

/* Its priority, for the guards of a form. */
LoftPriority loft_work_settings_get_priority (LoftWorkSettings *self);

/* What it was filled with and has not gone over to work. */
void loft_work_request_clear  (LoftWorkRequest *request);

/* Right after @work was made, before anybody else sees it: what it was filled with goes over.
 * FALSE: its owner is gone, and it is to be refused. */
gboolean loft_work_request_settle_full (LoftFullRequest *full, LoftWork *work);

static inline gboolean
loft_work_request_settle (LoftWorkRequest *request,
                          LoftWork        *work)
{
  return G_LIKELY ((request->flags & LOFT_WORK_FULL) == 0) ||
         loft_work_request_settle_full ((LoftFullRequest *) request, work);
}
