/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Compiles the blocks of docs/home.md, with what they take as given. */

#include <gtk/gtk.h>
#include <loft/loft.h>

typedef struct
{
  LoftAgileReference *row;
} Page;

LoftOperation *load          (GFile *file);
GBytes *       document_load (GFile *file, GCancellable *cancellable, GError **error);
gboolean       show_result   (GObject *row, LoftAsyncAction *action, gpointer result,
                              GError **error);

#define BLOCK_2 Page *self, GtkWidget *row, gpointer result

#include "pages-home.h"
