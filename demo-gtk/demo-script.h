/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The demo, driven by its command line: scan, flood, measure, take a picture, print the result,
 * quit. */

#pragma once

#include "demo-window.h"

typedef struct
{
  char *folder;       /* NULL: no scan */
  char *flood;        /* one of demo_flood_names; NULL: none */
  char *screenshot;   /* a file; NULL: none */
  double seconds;     /* of a flood without a scan */
  gboolean quit;      /* when done */
  gboolean wait_here; /* press the button */
  gboolean dark;
  gboolean mark;      /* all but the newest of each set, when done */
  int width;          /* of the window; 0: the usual */
} DemoOptions;

/* Returns FALSE if the name of the flood is unknown or the folder is not a folder. */
gboolean demo_options_check (const DemoOptions *options, GError **error);

void     demo_script_run    (DemoWindow *window, const DemoOptions *options);
