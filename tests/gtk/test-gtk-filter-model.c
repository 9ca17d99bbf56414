/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftGtkFilterModel: the rows of a list that match a query, found by workers. */

#include <loft-gtk/loft-gtk.h>
#include <string.h>

/* A source with rows that are numbers as text. */

static GListStore *source;

static GtkStringObject *
row_new (int number)
{
  g_autofree char *text = g_strdup_printf ("Row %d", number);

  return gtk_string_object_new (text);
}

static void
add (int number)
{
  g_autoptr (GtkStringObject) row = row_new (number);

  g_list_store_append (source, row);
}

/* Replaces @removed rows at @position by @added rows, numbered from @number on. */
static void
splice (guint position,
        guint removed,
        guint added,
        int   number)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < added; i++)
    g_ptr_array_add (rows, row_new (number + (int) i));
  g_list_store_splice (source, position, removed, rows->pdata, added);
}

static LoftGtkFilterModel *
begin (guint n)
{
  source = g_list_store_new (GTK_TYPE_STRING_OBJECT);
  splice (0, 0, n, 0);
  return loft_gtk_filter_model_new (G_LIST_MODEL (g_object_ref (source)), NULL);
}

/* Another view of the same list, which knows it only by what items-changed says. */
static GListStore *mirror;

static void
on_items_changed (GListModel *model,
                  guint       position,
                  guint       removed,
                  guint       added,
                  gpointer    user_data)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < added; i++)
    g_ptr_array_add (rows, g_list_model_get_item (model, position + i));
  g_list_store_splice (mirror, position, removed, rows->pdata, added);
}

static void
watch (LoftGtkFilterModel *model)
{
  mirror = g_list_store_new (GTK_TYPE_STRING_OBJECT);
  on_items_changed (G_LIST_MODEL (model), 0, 0, g_list_model_get_n_items (G_LIST_MODEL (model)),
                    NULL);
  g_signal_connect (model, "items-changed", G_CALLBACK (on_items_changed), NULL);
}

/* Runs the loop until every row has been compared with the query. */
static void
settle (LoftGtkFilterModel *model)
{
  while (loft_gtk_filter_model_get_pending (model) > 0)
    g_main_context_iteration (NULL, TRUE);
}

static void
drain (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

/* The list and the mirror are what a plain filter lets through. */
static void
assert_filtered (LoftGtkFilterModel *model,
                 const char         *query)
{
  guint n = 0;

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (source)); i++)
    {
      g_autoptr (GtkStringObject) row = g_list_model_get_item (G_LIST_MODEL (source), i);

      if (strstr (gtk_string_object_get_string (row), query) != NULL)
        {
          g_autoptr (GObject) found = g_list_model_get_item (G_LIST_MODEL (model), n);
          g_autoptr (GObject) seen = g_list_model_get_item (G_LIST_MODEL (mirror), n);

          g_assert_true (found == (gpointer) row);
          g_assert_true (seen == (gpointer) row);
          n++;
        }
    }
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (model)), ==, n);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (mirror)), ==, n);
}

static void
end (LoftGtkFilterModel *model)
{
  GWeakRef weak;

  g_weak_ref_init (&weak, model);
  g_object_unref (model);
  drain ();
  g_assert_null (g_weak_ref_get (&weak));
  g_weak_ref_clear (&weak);
  g_clear_object (&mirror);
  g_assert_finalize_object (source);
}

/* What it finds. */

/* Without a query all rows are in the list, at once. */
static void
test_all_rows (void)
{
  LoftGtkFilterModel *model = begin (10000);

  watch (model);
  g_assert_true (g_list_model_get_item_type (G_LIST_MODEL (model)) == GTK_TYPE_STRING_OBJECT);
  g_assert_cmpuint (loft_gtk_filter_model_get_pending (model), ==, 0);
  assert_filtered (model, "");
  splice (5000, 10, 3, 7);
  add (1);
  assert_filtered (model, "");
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (model), 9994));
  end (model);
}

/* With a query the old answer stays until the new one is there. */
static void
test_query (void)
{
  LoftGtkFilterModel *model = begin (20000);

  watch (model);
  loft_gtk_filter_model_set_query (model, "77");
  g_assert_cmpstr (loft_gtk_filter_model_get_query (model), ==, "77");
  g_assert_cmpuint (loft_gtk_filter_model_get_pending (model), ==, 20000);
  assert_filtered (model, "");
  settle (model);
  assert_filtered (model, "77");

  loft_gtk_filter_model_set_query (model, "777");
  assert_filtered (model, "77");
  settle (model);
  assert_filtered (model, "777");

  loft_gtk_filter_model_set_query (model, "nothing");
  settle (model);
  assert_filtered (model, "nothing");

  loft_gtk_filter_model_set_query (model, NULL);
  settle (model);
  assert_filtered (model, "");
  end (model);
}

/* Case does not matter, nor how a letter is composed, and text that is not UTF-8 does no harm. */
static void
test_fold (void)
{
  const char *texts[] = { "Caf\303\251", "CAFE\314\201", "cafe", "\377 caf\303\211" };
  LoftGtkFilterModel *model = begin (0);

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GtkStringObject) row = gtk_string_object_new (texts[i]);

      g_list_store_append (source, row);
    }
  loft_gtk_filter_model_set_query (model, "cAF\303\211");
  settle (model);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (model)), ==, 3);
  end (model);
}

/* The string of a row is an expression, as for GtkStringFilter. */
static void
test_expression (void)
{
  g_autoptr (GListStore) actions = g_list_store_new (G_TYPE_SIMPLE_ACTION);
  g_autoptr (LoftGtkFilterModel) model = NULL;

  for (int i = 0; i < 3; i++)
    {
      g_autofree char *name = g_strdup_printf ("act%d", i);
      g_autoptr (GSimpleAction) action = g_simple_action_new (name, NULL);

      g_list_store_append (actions, action);
    }
  model = loft_gtk_filter_model_new (
    G_LIST_MODEL (g_object_ref (actions)),
    gtk_property_expression_new (G_TYPE_SIMPLE_ACTION, NULL, "name"));
  loft_gtk_filter_model_set_query (model, "2");
  settle (model);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (model)), ==, 1);
  drain ();
}

/* Properties tell what has changed, and another source replaces all rows. */
static void
test_properties (void)
{
  LoftGtkFilterModel *model = begin (100);
  g_autoptr (GListStore) other = g_list_store_new (GTK_TYPE_STRING_OBJECT);
  g_autoptr (GListModel) got = NULL;
  g_autofree char *query = NULL;
  guint n, pending;

  watch (model);
  g_object_set (model, "query", "Row 1", NULL);
  settle (model);
  g_object_get (model, "query", &query, "model", &got, "n-items", &n, "pending", &pending, NULL);
  g_assert_cmpstr (query, ==, "Row 1");
  g_assert_true (got == G_LIST_MODEL (source));
  g_assert_cmpuint (n, ==, 11);
  g_assert_cmpuint (pending, ==, 0);

  loft_gtk_filter_model_set_model (model, G_LIST_MODEL (other));
  g_assert_true (loft_gtk_filter_model_get_model (model) == G_LIST_MODEL (other));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (model)), ==, 0);
  loft_gtk_filter_model_set_model (model, NULL);
  loft_gtk_filter_model_set_model (model, G_LIST_MODEL (source));
  settle (model);
  assert_filtered (model, "Row 1");
  g_clear_object (&got);
  end (model);
}

/* Functions of one's own. */

static gint keys_alive, n_matches, data_released; /* atomic */
static GThread *home;

static gpointer
make_key (gpointer item,
          gpointer user_data)
{
  g_assert_true (g_thread_self () == home);
  g_atomic_int_inc (&keys_alive);
  return g_strdup (gtk_string_object_get_string (item));
}

static void
free_key (gpointer key)
{
  g_assert_true (g_thread_self () == home);
  g_atomic_int_add (&keys_alive, -1);
  g_free (key);
}

static gboolean
match_on_worker (gconstpointer key,
                 const char   *query,
                 gpointer      user_data)
{
  g_assert_true (g_thread_self () != home);
  g_atomic_int_inc (&n_matches);
  return strstr (key, query) != NULL;
}

static void
release_data (gpointer user_data)
{
  g_assert_true (g_thread_self () == home);
  g_atomic_int_inc (&data_released);
}

static LoftGtkFilterModel *
begin_with_func (guint            n,
                 LoftGtkMatchFunc match)
{
  g_autoptr (LoftGtkFilterModel) plain = begin (n);

  g_atomic_int_set (&n_matches, 0);
  g_atomic_int_set (&data_released, 0);
  return loft_gtk_filter_model_new_with_func (G_LIST_MODEL (g_object_ref (source)), make_key,
                                              free_key, match, &keys_alive, release_data);
}

static void
await_release (void)
{
  while (g_atomic_int_get (&data_released) == 0)
    g_main_context_iteration (NULL, FALSE);
  g_assert_cmpint (g_atomic_int_get (&data_released), ==, 1);
  g_assert_cmpint (g_atomic_int_get (&keys_alive), ==, 0);
}

/* Keys are made and released at home, and compared on workers. Rows that are added later are
 * searched without the others. */
static void
test_incremental (void)
{
  LoftGtkFilterModel *model = begin_with_func (10000, match_on_worker);

  watch (model);
  loft_gtk_filter_model_set_query (model, "9");
  settle (model);
  g_assert_cmpint (g_atomic_int_get (&n_matches), ==, 10000);
  assert_filtered (model, "9");

  splice (5000, 0, 100, 850);
  g_assert_cmpuint (loft_gtk_filter_model_get_pending (model), ==, 100);
  settle (model);
  g_assert_cmpint (g_atomic_int_get (&n_matches), ==, 10100);
  assert_filtered (model, "9");
  end (model);
  await_release ();
}

/* Rows that a feeder brings are searched as they come. */

static gboolean
feed (LoftAsyncAction *action,
      gpointer         feeder,
      GError         **error)
{
  for (int i = 0; i < 50000; i++)
    {
      g_autoptr (GtkStringObject) row = row_new (i);

      if (!loft_list_feeder_push (feeder, row, error))
        return FALSE;
    }
  return TRUE;
}

static void
test_feeder (void)
{
  g_autoptr (LoftListFeeder) feeder = loft_list_feeder_new (GTK_TYPE_STRING_OBJECT);
  g_autoptr (LoftAsyncAction) feeding =
    loft_thread_pool_run_async (feed, g_object_ref (feeder), g_object_unref);
  g_autoptr (LoftGtkFilterModel) model =
    loft_gtk_filter_model_new (G_LIST_MODEL (g_object_ref (feeder)), NULL);

  g_assert_true (loft_list_feeder_bind (feeder, LOFT_ASYNC_INFO (feeding), NULL));
  loft_gtk_filter_model_set_query (model, "12345");
  while (!loft_list_feeder_is_complete (feeder) || loft_gtk_filter_model_get_pending (model) > 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (feeder)), ==, 50000);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (model)), ==, 1);
}

/* The newest query wins. */

static gint held, may_go; /* atomic */

/* Holds the worker that searches for “slow”. */
static gboolean
match_slowly (gconstpointer key,
              const char   *query,
              gpointer      user_data)
{
  if (strcmp (query, "slow") == 0)
    {
      g_atomic_int_set (&held, 1);
      g_main_context_wakeup (NULL);
      while (g_atomic_int_get (&may_go) == 0)
        g_thread_yield ();
      return TRUE;
    }
  return strstr (key, query) != NULL;
}

static void
hold_a_search (LoftGtkFilterModel *model)
{
  g_atomic_int_set (&held, 0);
  g_atomic_int_set (&may_go, 0);
  loft_gtk_filter_model_set_query (model, "slow");
  while (g_atomic_int_get (&held) == 0)
    g_main_context_iteration (NULL, TRUE);
}

/* The answer to an older query never gets into the list, although its workers come to an end. */
static void
test_newest_wins (void)
{
  LoftGtkFilterModel *model = begin_with_func (200, match_slowly);

  watch (model);
  hold_a_search (model);
  loft_gtk_filter_model_set_query (model, "11");
  g_atomic_int_set (&may_go, 1);
  settle (model);
  assert_filtered (model, "11");
  drain ();
  assert_filtered (model, "11");
  end (model);
  await_release ();
}

/* Rows come and go while workers search. */
static void
test_edit_during_search (void)
{
  LoftGtkFilterModel *model = begin_with_func (200, match_slowly);

  watch (model);
  hold_a_search (model);
  splice (50, 100, 7, 1000);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (model)), ==, 100);
  g_atomic_int_set (&may_go, 1);
  settle (model);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (model)), ==, 107);
  loft_gtk_filter_model_set_query (model, "1");
  settle (model);
  assert_filtered (model, "1");
  end (model);
  await_release ();
}

/* Letting go of the model ends the search, and the keys go when the workers are done with them. */
static void
test_let_go (void)
{
  LoftGtkFilterModel *model = begin_with_func (20000, match_slowly);

  hold_a_search (model);
  end (model);
  g_assert_cmpint (g_atomic_int_get (&data_released), ==, 0);
  g_atomic_int_set (&may_go, 1);
  await_release ();
}

/* Handlers of items-changed. */

static void
on_changed_query (GListModel *model,
                  guint       position,
                  guint       removed,
                  guint       added,
                  gpointer    user_data)
{
  loft_gtk_filter_model_set_query (LOFT_GTK_FILTER_MODEL (model), user_data);
}

static void
test_query_inside (void)
{
  LoftGtkFilterModel *model = begin (10000);

  watch (model);
  g_signal_connect (model, "items-changed", G_CALLBACK (on_changed_query), (gpointer) "33");
  loft_gtk_filter_model_set_query (model, "2");
  settle (model);
  g_assert_cmpstr (loft_gtk_filter_model_get_query (model), ==, "33");
  assert_filtered (model, "33");
  end (model);
}

static void
on_changed_unref (GListModel *model,
                  guint       position,
                  guint       removed,
                  guint       added,
                  gpointer    user_data)
{
  g_clear_object ((LoftGtkFilterModel **) user_data);
}

static void
test_unref_inside (void)
{
  LoftGtkFilterModel *model = begin (10000), *held_model = model;

  g_signal_connect (model, "items-changed", G_CALLBACK (on_changed_unref), &held_model);
  loft_gtk_filter_model_set_query (model, "2");
  while (held_model != NULL)
    g_main_context_iteration (NULL, TRUE);
  drain ();
  g_assert_finalize_object (source);
}

/* Random edits and queries, at every moment of the search, against a plain filter. */
static void
test_random (void)
{
  const char *queries[] = { "", "1", "12", "9", "Row", "nothing", "99" };
  LoftGtkFilterModel *model = begin (12000);
  const char *query = "";

  watch (model);
  for (int round = 0; round < 1500; round++)
    {
      guint n = g_list_model_get_n_items (G_LIST_MODEL (source));
      guint most = g_test_rand_int_range (0, 20) == 0 ? 6000 : 12;
      guint position = (guint) g_test_rand_int_range (0, (int) n + 1);
      guint removed = (guint) g_test_rand_int_range (0, (int) most);
      guint added = (guint) g_test_rand_int_range (0, (int) most);

      if (g_test_rand_int_range (0, 4) == 0)
        position = n;
      splice (position, MIN (removed, n - position), added, round * 10);
      if (g_test_rand_int_range (0, 8) == 0)
        {
          query = queries[g_test_rand_int_range (0, G_N_ELEMENTS (queries))];
          loft_gtk_filter_model_set_query (model, query);
        }
      for (int turns = g_test_rand_int_range (0, 6); turns > 0; turns--)
        g_main_context_iteration (NULL, FALSE);
      g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (model)), ==,
                        g_list_model_get_n_items (G_LIST_MODEL (mirror)));
      if (round % 25 == 0)
        {
          settle (model);
          assert_filtered (model, query);
        }
    }
  settle (model);
  assert_filtered (model, query);
  end (model);
}

/* Small edits leave small parts, which are joined. */
static void
test_join (void)
{
  LoftGtkFilterModel *model = begin (9000);

  watch (model);
  loft_gtk_filter_model_set_query (model, "1");
  for (guint i = 0; i < 300; i++)
    {
      splice (i * 29, 1, 1, (int) i);
      if (i % 20 == 19)
        {
          settle (model);
          drain ();
        }
    }
  settle (model);
  assert_filtered (model, "1");
  end (model);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  home = g_thread_self ();
  g_test_add_func ("/gtk/filter-model/all-rows", test_all_rows);
  g_test_add_func ("/gtk/filter-model/query", test_query);
  g_test_add_func ("/gtk/filter-model/fold", test_fold);
  g_test_add_func ("/gtk/filter-model/expression", test_expression);
  g_test_add_func ("/gtk/filter-model/properties", test_properties);
  g_test_add_func ("/gtk/filter-model/incremental", test_incremental);
  g_test_add_func ("/gtk/filter-model/feeder", test_feeder);
  g_test_add_func ("/gtk/filter-model/newest-wins", test_newest_wins);
  g_test_add_func ("/gtk/filter-model/edit-during-search", test_edit_during_search);
  g_test_add_func ("/gtk/filter-model/let-go", test_let_go);
  g_test_add_func ("/gtk/filter-model/query-inside", test_query_inside);
  g_test_add_func ("/gtk/filter-model/unref-inside", test_unref_inside);
  g_test_add_func ("/gtk/filter-model/random", test_random);
  g_test_add_func ("/gtk/filter-model/join", test_join);
  return g_test_run ();
}
