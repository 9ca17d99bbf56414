/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A handler that is called any number of times on a dispatcher's thread, with data that is released there. */

#pragma once

#include "dispatcher/loft-home-private.h"

typedef struct
{
  /* atomic */
  gint refs;
  /* constant after init */
  LoftDispatcher *home; /* strong */
  LoftQueueHandler handler;
  gpointer user_data;
  GDestroyNotify destroy;
} LoftCallee;

LoftCallee *loft_callee_new   (LoftDispatcher *home, LoftQueueHandler handler, gpointer user_data, GDestroyNotify destroy);
LoftCallee *loft_callee_ref   (LoftCallee *callee);
void        loft_callee_unref (gpointer callee);
