/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* DemoProgress as a boxed type, so that a GValue carries it from the worker to the window. */

#include "demo-progress.h"

static DemoProgress *
demo_progress_copy (const DemoProgress *progress)
{
  return g_memdup2 (progress, sizeof *progress);
}

G_DEFINE_BOXED_TYPE (DemoProgress, demo_progress, demo_progress_copy, g_free)
