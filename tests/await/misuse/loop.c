/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* gcc error: The variable of the loop is not there any more after the await. */

#include <loft/loft.h>

static LoftCoroutineStep
wait_often (LoftCoroutine *co,
            gpointer       frame)
{
  LOFT_COROUTINE_BEGIN (co);
  for (int i = 0; i < 3; i++)
    LOFT_AWAIT (co, loft_resume_after (i));
  LOFT_COROUTINE_END (co);
}

int
main (void)
{
  return wait_often (NULL, NULL);
}
