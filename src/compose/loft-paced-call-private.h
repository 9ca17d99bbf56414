/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A handler that is called any number of times on a dispatcher's thread, with data that is released
 * there. */

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
} LoftPacedCall;

LoftPacedCall *loft_paced_call_new   (LoftDispatcher *home, LoftQueueHandler handler,
                                      gpointer user_data, GDestroyNotify destroy);
LoftPacedCall *loft_paced_call_ref   (LoftPacedCall *call);
void           loft_paced_call_unref (gpointer call);
