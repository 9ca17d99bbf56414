/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "demo-export-dialog.h"

#include "demo-export.h"
#include "demo-name.h"

#include <string.h>

typedef struct
{
  GtkWidget *parent;
  GtkFileChooserNative *dialog;
  GListModel *sets;
  DemoProgress progress;
  DemoSayFunc say;
} Export;

static void
export_free (Export *export)
{
  g_object_unref (export->parent);
  g_object_unref (export->sets);
  g_clear_object (&export->dialog);
  g_free (export);
}

static void
on_written (GObject      *file,
            GAsyncResult *result,
            gpointer      data)
{
  Export *export = data;
  g_autoptr (GError) error = NULL;

  if (!g_file_replace_contents_finish (G_FILE (file), result, NULL, &error))
    export->say (export->parent, error->message);
  export_free (export);
}

static void
on_response (GtkNativeDialog *dialog,
             int              response,
             Export          *export)
{
  g_autoptr (GFile) file = NULL;
  g_autofree char *name = NULL;
  g_autoptr (GBytes) bytes = NULL;
  char *text;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  if (file == NULL)
    {
      export_free (export);
      return;
    }
  name = g_file_get_basename (file);
  text = g_str_has_suffix (name, ".json") ? demo_export_json (export->sets, &export->progress)
                                          : demo_export_text (export->sets, &export->progress);
  bytes = g_bytes_new_take (text, strlen (text));
  g_file_replace_contents_bytes_async (file, bytes, NULL, FALSE, G_FILE_CREATE_NONE, NULL,
                                       on_written, export);
}

void
demo_export_dialog_present (GtkWindow          *parent,
                            GListModel         *sets,
                            const DemoProgress *progress,
                            DemoSayFunc         say)
{
  Export *export = g_new0 (Export, 1);

  export->parent = g_object_ref (GTK_WIDGET (parent));
  export->sets = g_object_ref (sets);
  export->progress = *progress;
  export->say = say;
  export->dialog = gtk_file_chooser_native_new ("Export as Text or JSON", parent,
                                                GTK_FILE_CHOOSER_ACTION_SAVE, "_Export", "_Cancel");
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (export->dialog), "duplicates.txt");
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (export->dialog), TRUE);
  g_signal_connect (export->dialog, "response", G_CALLBACK (on_response), export);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (export->dialog));
}
