/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* error: The text is freed when the function returns to wait. */

#include <loft/loft.h>

static LoftCoroutineStep
keep_text (LoftCoroutine *co,
           gpointer       frame)
{
  LOFT_COROUTINE_BEGIN (co);
  g_autofree char *text = g_strdup ("text");

  LOFT_AWAIT (co, loft_resume_after (1));
  g_print ("%s", text);
  LOFT_COROUTINE_END (co);
}

int
main (void)
{
  return keep_text (NULL, NULL);
}
