/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The same with GLib and GIO alone, on which Loft is built (P14). */

#include <gio/gio.h>

static void
leave (GObject      *source,
       GAsyncResult *result,
       gpointer      loop)
{
  g_main_loop_quit (loop);
}

int
main (int   argc,
      char *argv[])
{
  GMainLoop *loop = g_main_loop_new (NULL, FALSE);
  GTask *task = g_task_new (NULL, NULL, leave, loop);

  g_task_return_boolean (task, TRUE);
  g_main_loop_run (loop);
  return 0;
}
