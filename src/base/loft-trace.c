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

/* owner thread only; interned */
static __thread const char *place_of_binding;

/* Stands for the function of a call site whose location is interned and says everything. */
static const char is_interned[] = "";

static gboolean
is_readable (const char *literal)
{
  Dl_info info;

  /* Another object may have been loaded at this address since. Then the string is some bytes of
   * that object. They can be read, but nothing else is known of them. */
  return literal == NULL || (dladdr (literal, &info) != 0 &&
                             g_utf8_validate_len (literal, strnlen (literal, MAX_LENGTH), NULL));
}

/**
 * loft_call_site_set:
 * @place: (nullable): the place in the words of the language, such as `on_clicked () at
 *   window.py:120`; %NULL: no place
 *
 * Names the place in the program from which a language binding is about to call Loft.
 *
 * Everything that the thread posts or creates through the binding from now on says in its messages
 * that it was asked for there, and so does [method@Loft.AsyncInfo.dup_source_location]. A binding
 * sets the place before a call of Loft, and sets %NULL after it. C programs need no such call: the
 * macros of Loft's headers pass their place themselves, and that place is used.
 *
 * The text is kept until the process ends. So it should name a place in the source, of which there
 * are only so many, and no data.
 *
 * Any thread may call it, and it is meant for that thread alone. Nothing in Windows answers to it.
 */
void
loft_call_site_set (const char *place)
{
  place_of_binding = g_intern_string (place);
}

LoftCallSite
loft_call_site_of_binding (const char *function)
{
  if (place_of_binding == NULL)
    return (LoftCallSite) { NULL, function };
  return (LoftCallSite) { place_of_binding, is_interned };
}

char *
loft_call_site_to_string (const LoftCallSite *site)
{
  if (site->function == is_interned)
    return g_strdup (site->location);
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
