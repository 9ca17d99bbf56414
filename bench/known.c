/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* known N: executes three locked instructions and allocates two pieces, N times.
 * bench/test-executed.py counts them. */

#include <stdlib.h>

static int number;

static void *volatile pieces[2]; /* so that the compiler doesn't leave them out */

int
main (int   argc,
      char *argv[])
{
  for (int n = argc > 1 ? atoi (argv[1]) : 0; n > 0; n--)
    {
      __atomic_fetch_add (&number, 1, __ATOMIC_RELAXED);
      __atomic_fetch_sub (&number, 1, __ATOMIC_RELAXED);
      __atomic_exchange_n (&number, 0, __ATOMIC_RELAXED);
      pieces[0] = malloc (16);
      pieces[1] = calloc (1, 16);
      free (pieces[0]);
      free (pieces[1]);
    }
  return 0;
}
