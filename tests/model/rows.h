/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the tests of models share: a row, which must be released at home, and a log of the changes
 * of a list, which must fit what the list says. */

#pragma once

#include "../test-util.h"

#define TEST_TYPE_ROW (test_row_get_type ())
G_DECLARE_FINAL_TYPE (TestRow, test_row, TEST, ROW, GObject)

struct _TestRow
{
  GObject parent_instance;
  int number;
  int pusher;
};

G_DEFINE_FINAL_TYPE (TestRow, test_row, G_TYPE_OBJECT)

static int rows_alive; /* atomic */

/* NULL: rows may be released on any thread */
static LoftDispatcher *rows_home;

static void
test_row_finalize (GObject *object)
{
  if (rows_home != NULL)
    g_assert_true (loft_dispatcher_has_thread_access (rows_home));
  __atomic_fetch_sub (&rows_alive, 1, __ATOMIC_ACQ_REL);
  G_OBJECT_CLASS (test_row_parent_class)->finalize (object);
}

static void
test_row_class_init (TestRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_row_finalize;
}

static void
test_row_init (TestRow *self)
{
  __atomic_fetch_add (&rows_alive, 1, __ATOMIC_ACQ_REL);
}

static inline TestRow *
test_row_new (int number)
{
  TestRow *row = g_object_new (TEST_TYPE_ROW, NULL);

  row->number = number;
  return row;
}

static inline gint
test_row_compare (gconstpointer a,
                  gconstpointer b,
                  gpointer      user_data)
{
  return ((TestRow *) a)->number - ((TestRow *) b)->number;
}

/* A copy of a list, which is kept only by what its signal says. */
typedef struct
{
  GListModel *model;
  GPtrArray *copy;
  GString *log;      /* "position-removed+added" for each change */
  guint changes;
} ListWatch;

static inline void
on_list_changed (GListModel *model,
                 guint       position,
                 guint       removed,
                 guint       added,
                 gpointer    user_data)
{
  ListWatch *watch = user_data;

  watch->changes++;
  g_string_append_printf (watch->log, "%u-%u+%u ", position, removed, added);
  if (removed > 0)
    g_ptr_array_remove_range (watch->copy, position, removed);
  for (guint i = 0; i < added; i++)
    g_ptr_array_insert (watch->copy, (gint) (position + i), g_list_model_get_item (model,
                                                                                   position + i));
  g_assert_cmpuint (g_list_model_get_n_items (model), ==, watch->copy->len);
  g_assert_null (g_list_model_get_item (model, watch->copy->len));
}

static inline void
list_watch_check (ListWatch *watch)
{
  g_assert_cmpuint (g_list_model_get_n_items (watch->model), ==, watch->copy->len);
  for (guint i = 0; i < watch->copy->len; i++)
    {
      g_autoptr (GObject) item = g_list_model_get_item (watch->model, i);

      g_assert_true (item == watch->copy->pdata[i]);
    }
}

static inline ListWatch *
list_watch_new (gpointer model)
{
  ListWatch *watch = g_new0 (ListWatch, 1);

  watch->model = g_object_ref (model);
  watch->copy = g_ptr_array_new_with_free_func (g_object_unref);
  watch->log = g_string_new (NULL);
  g_signal_connect (model, "items-changed", G_CALLBACK (on_list_changed), watch);
  return watch;
}

static inline void
list_watch_free (ListWatch *watch)
{
  list_watch_check (watch);
  g_signal_handlers_disconnect_by_data (watch->model, watch);
  g_object_unref (watch->model);
  g_ptr_array_unref (watch->copy);
  g_string_free (watch->log, TRUE);
  g_free (watch);
}

static inline int
list_number (gpointer model,
             guint    position)
{
  g_autoptr (TestRow) row = g_list_model_get_item (G_LIST_MODEL (model), position);

  return row->number;
}
