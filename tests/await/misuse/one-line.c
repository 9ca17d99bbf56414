/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* error: Two awaits on one line would be the same point. */

#include <loft/loft.h>

static LoftCoroutineStep
wait_twice (LoftCoroutine *co,
            gpointer       frame)
{
  LOFT_COROUTINE_BEGIN (co);
  LOFT_AWAIT (co, loft_resume_after (1)); LOFT_AWAIT (co, loft_resume_after (1));
  LOFT_COROUTINE_END (co);
}

int
main (void)
{
  return wait_twice (NULL, NULL);
}
