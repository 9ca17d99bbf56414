/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* error: An await inside of a switch would be a case of that switch. */

#include <loft/loft.h>

static LoftCoroutineStep
wait_for_one (LoftCoroutine *co,
              gpointer       frame)
{
  int *number = frame;

  LOFT_COROUTINE_BEGIN (co);
  switch (*number)
    {
    case 1:
      LOFT_AWAIT (co, loft_resume_after (1));
      break;
    default:
      break;
    }
  LOFT_COROUTINE_END (co);
}

int
main (void)
{
  return wait_for_one (NULL, NULL);
}
