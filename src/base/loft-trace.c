/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Call sites as text.
 *
 * Their strings are literals of whoever posted, which may be a plug-in that has been unloaded by
 * the time when somebody asks. To copy them with each post would cost more than the post. So it is
 * asked whether they are still part of a loaded object. */

#include "config.h"

#include "base/loft-trace-private.h"

#include <dlfcn.h>

#define MAX_LENGTH 1024

static gboolean
is_readable (const char *literal)
{
  Dl_info info;

  /* Another object may have been loaded there since: then it is bytes of that, of which it is only
   * known that they can be read. */
  return literal == NULL || (dladdr (literal, &info) != 0 &&
                             g_utf8_validate_len (literal, strnlen (literal, MAX_LENGTH), NULL));
}

char *
loft_call_site_to_string (const LoftCallSite *site)
{
  if (site->location == NULL && site->function == NULL)
    return g_strdup ("an unknown place");
  if (!is_readable (site->location) || !is_readable (site->function))
    return g_strdup ("a module that has been unloaded");
  if (site->function == NULL)
    return g_strdup_printf ("%.*s", MAX_LENGTH, site->location);
  if (site->location == NULL)
    return g_strdup_printf ("%.*s ()", MAX_LENGTH, site->function);
  return g_strdup_printf ("%.*s () at %.*s", MAX_LENGTH, site->function, MAX_LENGTH,
                          site->location);
}
