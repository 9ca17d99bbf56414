/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a scan looks at. */

#pragma once

#include <gio/gio.h>

typedef struct
{
  GPtrArray *folders;    /* of paths as bytes, as are the next two */
  GPtrArray *references; /* folders whose files are compared too, but of which none is a copy */
  GPtrArray *excluded;   /* folders that are left out */
  guint64 min_size;      /* bytes; an empty file is never a copy */
  gboolean one_file_system;
} DemoSettings;

DemoSettings *demo_settings_new  (void);
DemoSettings *demo_settings_copy (const DemoSettings *settings);
void          demo_settings_free (DemoSettings *settings);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DemoSettings, demo_settings_free)

/* Returns FALSE if there is nothing to scan, or one of the folders is not a folder. */
gboolean      demo_settings_check (const DemoSettings *settings, GError **error);
