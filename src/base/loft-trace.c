/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Call sites as text.
 *
 * The strings of a call site are literals in the code that posted. That code may be a plug-in that
 * has been unloaded by the time the text is needed. To copy the strings with each post would cost
 * more than the post itself. So Loft checks whether the strings still belong to a loaded object. */

#include "config.h"

#include "base/loft-trace-private.h"

#include <dlfcn.h>

#define MAX_LENGTH 1024

static gboolean
is_readable (const char *literal)
{
  Dl_info info;

  /* Another object may have been loaded at this address since. Then the string is some bytes of
   * that object. They can be read, but nothing else is known of them. */
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
