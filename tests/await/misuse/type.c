/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* error: A string can't be awaited. */

#include <loft/loft.h>

static LoftCoroutineStep
await_text (LoftCoroutine *co,
            gpointer       frame)
{
  LOFT_COROUTINE_BEGIN (co);
  LOFT_AWAIT (co, "text");
  LOFT_COROUTINE_END (co);
}

int
main (void)
{
  return await_text (NULL, NULL);
}
