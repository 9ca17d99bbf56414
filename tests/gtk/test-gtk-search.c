/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A search entry that sets the query of a filter model. */

#include <loft-gtk/loft-gtk.h>

static LoftGtkFilterModel *
model_new (void)
{
  const char *texts[] = { "one", "two", "three", NULL };

  return loft_gtk_filter_model_new (G_LIST_MODEL (gtk_string_list_new (texts)), NULL);
}

static void
type (GtkSearchEntry *entry,
      const char     *text)
{
  gtk_editable_set_text (GTK_EDITABLE (entry), text);
}

static void
await_query (LoftGtkFilterModel *model,
             const char         *query)
{
  while (g_strcmp0 (loft_gtk_filter_model_get_query (model), query) != 0 ||
         loft_gtk_filter_model_get_pending (model) > 0)
    g_main_context_iteration (NULL, TRUE);
}

/* Without a pause each change of the text is a query, and Escape ends the search. */
static void
test_at_once (void)
{
  GtkSearchEntry *entry = g_object_ref_sink (GTK_SEARCH_ENTRY (gtk_search_entry_new ()));
  LoftGtkFilterModel *model = model_new ();

  type (entry, "o");
  loft_gtk_search_entry_bind (entry, model, 0);
  g_assert_cmpstr (loft_gtk_filter_model_get_query (model), ==, "o");
  type (entry, "on");
  g_assert_cmpstr (loft_gtk_filter_model_get_query (model), ==, "on");
  await_query (model, "on");
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (model)), ==, 1);

  g_signal_emit_by_name (entry, "stop-search");
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (entry)), ==, "");
  await_query (model, "");
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (model)), ==, 3);
  g_assert_finalize_object (entry);
  g_assert_finalize_object (model);
}

static void
on_query (LoftGtkFilterModel *model,
          GParamSpec         *property,
          GString            *told)
{
  g_string_append_printf (told, "%s.", loft_gtk_filter_model_get_query (model));
}

/* With a pause only the last of several texts is one. Enter and Escape don't wait for it. */
static void
test_pause (void)
{
  GtkSearchEntry *entry = g_object_ref_sink (GTK_SEARCH_ENTRY (gtk_search_entry_new ()));
  g_autoptr (LoftGtkFilterModel) model = model_new ();
  g_autoptr (GString) told = g_string_new (NULL);

  g_signal_connect (model, "notify::query", G_CALLBACK (on_query), told);
  loft_gtk_search_entry_bind (entry, model, G_TIME_SPAN_MILLISECOND);
  type (entry, "t");
  type (entry, "tw");
  g_assert_cmpstr (told->str, ==, "");
  await_query (model, "tw");
  g_assert_cmpstr (told->str, ==, "tw.");

  loft_gtk_search_entry_bind (entry, model, G_TIME_SPAN_HOUR);
  type (entry, "thr");
  g_signal_emit_by_name (entry, "activate");
  g_assert_cmpstr (told->str, ==, "tw.thr.");
  type (entry, "three");
  g_signal_emit_by_name (entry, "stop-search");
  g_assert_cmpstr (told->str, ==, "tw.thr..");

  type (entry, "t");
  g_assert_finalize_object (entry); /* with a text that has not counted yet */
  g_assert_cmpstr (told->str, ==, "tw.thr..");
}

/* An entry has one binding, which can be ended. */
static void
test_bind_again (void)
{
  GtkSearchEntry *entry = g_object_ref_sink (GTK_SEARCH_ENTRY (gtk_search_entry_new ()));
  LoftGtkFilterModel *first = model_new (), *second = model_new ();

  loft_gtk_search_entry_bind (entry, first, 0);
  loft_gtk_search_entry_bind (entry, second, 0);
  g_assert_finalize_object (first);
  type (entry, "o");
  g_assert_cmpstr (loft_gtk_filter_model_get_query (second), ==, "o");
  loft_gtk_search_entry_bind (entry, NULL, 0);
  type (entry, "one");
  g_assert_cmpstr (loft_gtk_filter_model_get_query (second), ==, "o");
  g_assert_finalize_object (second);
  g_assert_finalize_object (entry);
}

int
main (int    argc,
      char **argv)
{
  int result;

  gtk_test_init (&argc, &argv, NULL);
  g_test_add_func ("/gtk/search/at-once", test_at_once);
  g_test_add_func ("/gtk/search/pause", test_pause);
  g_test_add_func ("/gtk/search/bind-again", test_bind_again);
  result = g_test_run ();
  while (g_main_context_iteration (NULL, FALSE))
    ; /* turns of models that are gone */
  return result;
}
