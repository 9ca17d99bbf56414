/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The call site: where a piece of work was asked for. Every item, action and error message can name
 * its call site. */

#pragma once

#include <loft/loft.h>

typedef struct
{
  const char *location;  /* "file.c:12" as in G_STRLOC, or NULL */
  const char *function;  /* or NULL */
} LoftCallSite;

/* Returns "on_clicked () at window.c:120", "loft_dispatcher_run_async ()" (from a binding, or with
 * LOFT_DISABLE_CALL_SITES), "an unknown place", or "a module that has been unloaded". */
char *loft_call_site_to_string (const LoftCallSite *site);
