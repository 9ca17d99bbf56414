/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A program that is loaded, posts once and ends (P14). */

#include <loft/loft.h>

static void
leave (gpointer loop)
{
  g_main_loop_quit (loop);
}

int
main (int   argc,
      char *argv[])
{
  GMainLoop *loop = g_main_loop_new (NULL, FALSE);

  loft_dispatcher_try_enqueue (loft_dispatcher_get_default (), LOFT_PRIORITY_NORMAL, leave, loop,
                               NULL);
  g_main_loop_run (loop);
  return 0;
}
