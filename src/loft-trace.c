/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Call sites as text. */

#include "config.h"

#include "loft-trace-private.h"

char *
loft_call_site_to_string (const LoftCallSite *site)
{
  if (site->location == NULL && site->function == NULL)
    return g_strdup ("an unknown place");
  if (site->function == NULL)
    return g_strdup (site->location);
  if (site->location == NULL)
    return g_strdup_printf ("%s ()", site->function);
  return g_strdup_printf ("%s () at %s", site->function, site->location);
}
