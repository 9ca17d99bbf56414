/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A search entry that sets the query of a filter model. */

#include <loft-gtk/loft-gtk-search.h>

/* It belongs to the entry, as data of it. */
typedef struct
{
  GtkSearchEntry *entry;      /* not a reference */
  LoftGtkFilterModel *model;  /* strong */
  LoftDebouncer *debouncer;   /* strong; NULL: each change counts at once */
} LoftGtkSearch;

static void
loft_gtk_search_apply (gpointer data)
{
  LoftGtkSearch *search = data;

  if (search->debouncer != NULL)
    loft_debouncer_cancel (search->debouncer);
  loft_gtk_filter_model_set_query (search->model,
                                   gtk_editable_get_text (GTK_EDITABLE (search->entry)));
}

static void
on_changed (GtkEditable   *entry,
            LoftGtkSearch *search)
{
  if (search->debouncer == NULL || !loft_debouncer_trigger (search->debouncer))
    loft_gtk_search_apply (search);
}

static void
on_stopped (GtkSearchEntry *entry,
            LoftGtkSearch  *search)
{
  g_object_ref (entry); /* a handler may drop the last reference, and the binding with it */
  gtk_editable_set_text (GTK_EDITABLE (entry), "");
  search = g_object_get_data (G_OBJECT (entry), "loft-gtk-search");
  if (search != NULL)
    loft_gtk_search_apply (search);
  g_object_unref (entry);
}

static void
on_activated (GtkSearchEntry *entry,
              LoftGtkSearch  *search)
{
  loft_gtk_search_apply (search);
}

static void
loft_gtk_search_free (gpointer data)
{
  LoftGtkSearch *search = data;

  g_signal_handlers_disconnect_by_data (search->entry, search);
  if (search->debouncer != NULL)
    loft_debouncer_cancel (search->debouncer);
  g_clear_object (&search->debouncer);
  g_object_unref (search->model);
  g_free (search);
}

/**
 * loft_gtk_search_entry_bind:
 * @entry: a search entry
 * @model: (nullable): the model to search; %NULL to end an earlier binding
 * @quiet: how long the user has to pause before the text counts, in µs; 0 for no pause
 *
 * Lets a search entry set the query of a filter model.
 *
 * The query follows the text. As a new query replaces the search for an older one, no pause is
 * needed for the window to stay fluent. A pause of 150 ms
 * (`150 * G_TIME_SPAN_MILLISECOND`) saves the work for texts that the user is still typing.
 * Enter makes the text count at once. Escape, which emits [signal@Gtk.SearchEntry::stop-search],
 * clears the text, and shows all rows. This function does not use
 * [signal@Gtk.SearchEntry::search-changed], which has a delay of its own.
 *
 * The binding ends when the entry is finalized, or is bound again. Until then the entry keeps
 * @model alive.
 *
 * To be called on the thread of GTK.
 *
 * Since: 1.0
 */
void
loft_gtk_search_entry_bind (GtkSearchEntry     *entry,
                            LoftGtkFilterModel *model,
                            GTimeSpan           quiet)
{
  LoftGtkSearch *search;

  g_return_if_fail (GTK_IS_SEARCH_ENTRY (entry));
  g_return_if_fail (model == NULL || LOFT_GTK_IS_FILTER_MODEL (model));
  g_return_if_fail (quiet >= 0);

  g_object_set_data (G_OBJECT (entry), "loft-gtk-search", NULL);
  if (model == NULL)
    return;

  search = g_new0 (LoftGtkSearch, 1);
  search->entry = entry;
  search->model = g_object_ref (model);
  if (quiet > 0)
    search->debouncer = loft_debouncer_new (loft_dispatcher_get_default (), quiet,
                                            loft_gtk_search_apply, search, NULL);
  g_signal_connect (entry, "changed", G_CALLBACK (on_changed), search);
  g_signal_connect (entry, "stop-search", G_CALLBACK (on_stopped), search);
  g_signal_connect (entry, "activate", G_CALLBACK (on_activated), search);
  g_object_set_data_full (G_OBJECT (entry), "loft-gtk-search", search, loft_gtk_search_free);
  loft_gtk_search_apply (search);
}
