/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Compiles the blocks of docs/composing.md, with what they take as given. */

#include <gtk/gtk.h>
#include <loft/loft.h>

typedef struct
{
  GObject parent_instance;
  GFile *file;
} Document;

typedef struct
{
  LoftLatestSlot *slot;
} Search;

gboolean look_up        (LoftAsyncOperation *operation, GValue *value, gpointer text,
                         GError **error);
void     on_loaded      (GObject *group, GAsyncResult *result, gpointer self);
void     on_progress    (LoftAsyncInfo *info, const GValue *done, gpointer bar);
void     on_found       (LoftAsyncInfo *info, LoftAsyncStatus status, gpointer self);

#define BLOCK_1 gpointer first, gpointer second
#define BLOCK_2 LoftWorkHandler load, GFile **files, guint n, GCancellable *cancellable, \
  gpointer self
#define BLOCK_3 GtkWindow *window, GtkProgressBar *bar, LoftOperationHandler load, \
  const char *path, LoftLimiter *two_at_a_time, LoftAsyncOperation *operation
#define BLOCK_4 Search *self, const char *text

#include "pages-composing.h"
