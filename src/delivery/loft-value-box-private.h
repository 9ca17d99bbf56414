/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftValueBox: a value that several threads share: a result, a report or an error. */

#pragma once

#include "base/loft-trace-private.h"
#include "dispatcher/loft-home-private.h"

typedef struct _LoftValueBox LoftValueBox;

typedef struct _LoftUnhandled LoftUnhandled;

/* A value that several threads may read, and that is released at its home. An error that is passed
 * on from object to object is in one box for all of them. It is unhandled if nobody has looked at
 * it on any branch when the last reference to the box is dropped. */
struct _LoftValueBox
{
  gint refs;             /* atomic */
  gint looked_at;        /* atomic */
  LoftUnhandled *unhandled; /* atomic, set once: where it is reported then; NULL: nowhere */
  GValue value;          /* constant after init */
  LoftDispatcher *home;  /* constant after init; strong or NULL */
};

LoftValueBox *loft_value_box_new   (const GValue *value, LoftDispatcher *home);
LoftValueBox *loft_value_box_new_for_error (GError *error, LoftDispatcher *home); /* takes @error */
/* NULL: @box is NULL or holds no error */
const GError *loft_value_box_peek_error (LoftValueBox *box);
LoftValueBox *loft_value_box_ref   (LoftValueBox *box);
void          loft_value_box_unref (LoftValueBox *box);
void          loft_value_box_look_at (LoftValueBox *box);

/* For an object that dies with the error in @box while nobody has looked at the error there. If the
 * error is unhandled in the end, it is reported to @home (NULL: the default dispatcher), as the
 * error of the object that was asked for at @site. */
void          loft_value_box_leave_unhandled (LoftValueBox *box, LoftDispatcher *home,
                                              const LoftCallSite *site);
