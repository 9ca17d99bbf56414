/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* ok: All forms, without a warning. */

#include <loft/loft.h>

typedef struct
{
  gboolean yes;
  gint64 number;
  int i;
} Frame;

static LoftCoroutineStep
all_right (LoftCoroutine *co,
           gpointer       frame)
{
  Frame *self = frame;

  LOFT_COROUTINE_BEGIN (co);
  for (self->i = 0; self->i < 3; self->i++)
    {
      LOFT_AWAIT (co, loft_resume_after (self->i));
      if (self->yes)
        LOFT_AWAIT (co, loft_resume_background ());
    }
  while (!self->yes)
    LOFT_AWAIT_BOOLEAN (co, self->yes, loft_resume_on_fd (0, G_IO_IN, -1));
  LOFT_AWAIT_OUTCOME (co, self->yes, loft_resume_after (1));
  LOFT_COROUTINE_RETURN (co);
  LOFT_COROUTINE_CATCH (co);
  LOFT_AWAIT_INT64 (co, self->number, (LoftAsyncOperation *) NULL);
  return loft_coroutine_rethrow (co);
  LOFT_COROUTINE_END (co);
}

int
main (void)
{
  return all_right (NULL, NULL);
}
