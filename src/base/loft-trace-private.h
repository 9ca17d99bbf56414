/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Who asked for a piece of work: the call site that every item, action and error message can
 * name. */

#pragma once

#include <loft/loft.h>

typedef struct
{
  const char *location;  /* "file.c:12" as G_STRLOC gives it, or NULL */
  const char *function;  /* or NULL */
} LoftCallSite;

/* "on_clicked () at window.c:120", "loft_dispatcher_run_async ()" (a binding, or
 * LOFT_DISABLE_CALL_SITES), or "an unknown place". */
char *loft_call_site_to_string (const LoftCallSite *site);
