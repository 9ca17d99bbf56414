/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* error: The first argument is the frame, and not the coroutine. */

#include <loft/loft.h>

static LoftCoroutineStep
mistake (LoftCoroutine *co,
         gpointer       frame)
{
  LOFT_COROUTINE_BEGIN (frame);
  LOFT_COROUTINE_END (co);
}

int
main (void)
{
  return mistake (NULL, NULL);
}
