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

/* The call site of a call that was made with these. Without a location, which is how a binding
 * calls, it is the place that the binding has set for this thread, if it has. */
LoftCallSite loft_call_site_of_binding (const char *function);

static inline LoftCallSite
loft_call_site (const char *location,
                const char *function)
{
  if (G_LIKELY (location != NULL))
    return (LoftCallSite) { location, function };
  return loft_call_site_of_binding (function);
}

/* Returns "on_clicked () at window.c:120", "loft_dispatcher_run_async ()" (from a binding, or with
 * LOFT_DISABLE_CALL_SITES), "an unknown place", or "a module that has been unloaded". */
char *loft_call_site_to_string (const LoftCallSite *site);
