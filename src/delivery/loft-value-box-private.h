/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A value that several threads hold: a result, a report, an error. */

#pragma once

#include "base/loft-trace-private.h"
#include "dispatcher/loft-home-private.h"

typedef struct _LoftValueBox LoftValueBox;

/* A value that several threads may read, and that is released at its home. An error that goes on
 * from object to object is in one box for all of them: it is unhandled when the last has let go of
 * it, and nobody has looked at it on any branch. */
typedef struct _LoftUnhandled LoftUnhandled;

struct _LoftValueBox
{
  gint refs;             /* atomic */
  gint looked_at;        /* atomic */
  LoftUnhandled *unhandled; /* atomic, set once: who hears of it then; NULL: nobody need */
  GValue value;          /* constant after init */
  LoftDispatcher *home;  /* constant after init; strong or NULL */
};

LoftValueBox *loft_value_box_new   (const GValue *value, LoftDispatcher *home);
LoftValueBox *loft_value_box_new_for_error (GError *error, LoftDispatcher *home); /* takes @error */
/* NULL: it holds no error */
const GError *loft_value_box_peek_error (LoftValueBox *box);
LoftValueBox *loft_value_box_ref   (LoftValueBox *box);
void          loft_value_box_unref (LoftValueBox *box);
void          loft_value_box_look_at (LoftValueBox *box);

/* One that had it, and at which nobody looked, dies: @home (NULL: the default one) is told, of what
 * was asked for at @site. */
void          loft_value_box_leave_unhandled (LoftValueBox *box, LoftDispatcher *home,
                                              const LoftCallSite *site);
