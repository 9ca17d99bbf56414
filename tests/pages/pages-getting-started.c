/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Compiles the blocks of docs/getting-started.md, with what they take as given. The first of them
 * is a program, which another test runs. */

#include <gtk/gtk.h>
#include <loft/loft.h>

extern GtkWindow *window;

gboolean document_save       (gpointer document, GError **error);
guint    n_files             (gpointer folder);
void     index_file          (gpointer folder, guint n);
void     copy_file           (gpointer files, guint n);
void     clock_update        (gpointer clock);
void     report_bug          (const char *message, const char *source);
void     save_in_background  (gpointer document, LoftDeferral *deferral);
void     quit                (LoftAsyncInfo *info, LoftAsyncStatus status, gpointer loop);

#define BLOCK_2 const char *title
#define BLOCK_3 LoftDispatcher *dispatcher, GObject *document
#define BLOCK_5 GtkProgressBar *bar, gpointer files, LoftAsyncAction *copying
#define BLOCK_6 LoftAsyncAction *copying, GtkProgressBar *bar, GListStore *running
#define BLOCK_7 LoftRelay *relay, GObject *download, GObject *shown_download
#define BLOCK_8 LoftAsyncOperation *reading, GtkLabel *label
#define BLOCK_9 const char *answer
#define BLOCK_10 gpointer clock, GObject *document

#include "pages-getting-started.h"
