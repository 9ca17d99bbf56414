/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The module that GTK loads for its Inspector, in every program, when it is initialized.
 *
 * It must cost a program that does not use Loft nothing. So it is linked to nothing of Loft, and
 * looks whether the program is. Only then does it load loft-gtk, which registers the page. */

#include <gio/gio.h>

#include <dlfcn.h>

G_MODULE_EXPORT void   g_io_module_load   (GIOModule *module);
G_MODULE_EXPORT void   g_io_module_unload (GIOModule *module);
G_MODULE_EXPORT char **g_io_module_query  (void);

void
g_io_module_load (GIOModule *module)
{
  void *loft = dlopen (LOFT_LIBRARY, RTLD_LAZY | RTLD_NOLOAD);

  if (loft == NULL)
    return;
  dlclose (loft);
  if (dlopen (LOFT_GTK_LIBRARY, RTLD_LAZY | RTLD_LOCAL) == NULL)
    g_message ("The Inspector has no page for Loft, because loft-gtk can't be loaded: %s. Install "
               "it beside Loft",
               dlerror ());
}

void
g_io_module_unload (GIOModule *module)
{
  /* loft-gtk stays, because its class is registered. */
}

char **
g_io_module_query (void)
{
  return g_strsplit ("gtk-inspector-page", "!", -1);
}
