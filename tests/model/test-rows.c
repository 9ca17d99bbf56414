/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftRows: rows in an array, appended or inserted at their sorted places. */

#include "rows.h"

#include "model/loft-rows-private.h"

typedef struct
{
  LoftRows rows;
  GString *log;
} Fixture;

static void
on_changed (gpointer       user_data,
            LoftRowsChange change)
{
  Fixture *fixture = user_data;

  g_string_append_printf (fixture->log, "%u-%u+%u ", change.position, change.removed,
                          change.added);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->log = g_string_new (NULL);
  rows_home = loft_dispatcher_get_default ();
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  loft_rows_clear (&fixture->rows, loft_dispatcher_get_default ());
  test_drain (NULL);
  g_assert_cmpint (test_get (&rows_alive), ==, 0);
  g_string_free (fixture->log, TRUE);
}

static void
add (Fixture   *fixture,
     const int *numbers,
     guint      n)
{
  g_autofree gpointer *rows = g_new (gpointer, n);

  for (guint i = 0; i < n; i++)
    rows[i] = test_row_new (numbers[i]);
  loft_rows_add (&fixture->rows, rows, n, on_changed, fixture);
}

#define add_numbers(fixture, ...)                                           \
  add ((fixture), (int[]) { __VA_ARGS__ }, G_N_ELEMENTS (((int[]) { __VA_ARGS__ })))

static void
assert_rows (Fixture    *fixture,
             const char *numbers,
             const char *log)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < fixture->rows.n; i++)
    g_string_append_printf (text, "%d ", ((TestRow *) fixture->rows.rows[i])->number);
  g_assert_cmpstr (text->str, ==, numbers);
  g_assert_cmpstr (fixture->log->str, ==, log);
  g_string_set_size (fixture->log, 0);
}

static void
sort (Fixture *fixture)
{
  LoftRecipient by;

  loft_recipient_init (&by, FALSE, G_CALLBACK (test_row_compare), NULL, NULL);
  loft_rows_sort (&fixture->rows, by);
}

static void
test_append (Fixture       *fixture,
             gconstpointer  data)
{
  add_numbers (fixture, 3, 1);
  assert_rows (fixture, "3 1 ", "0-0+2 ");
  add_numbers (fixture, 2);
  assert_rows (fixture, "3 1 2 ", "2-0+1 ");
}

/* Rows that go to few places are a change for each place. */
static void
test_few_places (Fixture       *fixture,
                 gconstpointer  data)
{
  sort (fixture);
  add_numbers (fixture, 30, 10, 20);
  assert_rows (fixture, "10 20 30 ", "0-0+3 ");
  add_numbers (fixture, 15, 5, 16, 40);
  assert_rows (fixture, "5 10 15 16 20 30 40 ", "0-0+1 2-0+2 6-0+1 ");
}

/* Rows that go to many places are one change, from the first place to the last. */
static void
test_many_places (Fixture       *fixture,
                  gconstpointer  data)
{
  sort (fixture);
  add_numbers (fixture, 10, 20, 30, 40, 50, 60, 70);
  assert_rows (fixture, "10 20 30 40 50 60 70 ", "0-0+7 ");
  add_numbers (fixture, 55, 25, 35, 45, 15);
  assert_rows (fixture, "10 15 20 25 30 35 40 45 50 55 60 70 ", "1-4+9 ");
}

static void
test_equal_rows_keep_their_order (Fixture       *fixture,
                                  gconstpointer  data)
{
  gpointer first, second, third;

  sort (fixture);
  add_numbers (fixture, 1, 1);
  first = fixture->rows.rows[0];
  second = fixture->rows.rows[1];
  add_numbers (fixture, 2, 1);
  third = fixture->rows.rows[2];
  assert_rows (fixture, "1 1 1 2 ", "0-0+2 2-0+2 ");
  g_assert_true (fixture->rows.rows[0] == first && fixture->rows.rows[1] == second &&
                 third != first && third != second);
}

static void
test_sort_what_is_there (Fixture       *fixture,
                         gconstpointer  data)
{
  add_numbers (fixture, 3, 1, 2);
  sort (fixture);
  assert_rows (fixture, "1 2 3 ", "0-0+3 ");
}

/* Random batches: the array stays sorted, and nothing is lost. */
static void
test_random (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  guint n = 0;

  sort (fixture);
  for (int batch = 0; batch < 200; batch++)
    {
      int numbers[40];
      guint length = (guint) g_rand_int_range (rand, 1, 40);

      for (guint i = 0; i < length; i++)
        numbers[i] = g_rand_int_range (rand, 0, 500);
      add (fixture, numbers, length);
      n += length;
      g_assert_cmpuint (fixture->rows.n, ==, n);
    }
  for (guint i = 1; i < n; i++)
    g_assert_cmpint (((TestRow *) fixture->rows.rows[i - 1])->number, <=,
                     ((TestRow *) fixture->rows.rows[i])->number);
}

static void *
let_go (void *data)
{
  Fixture *fixture = data;

  loft_rows_clear (&fixture->rows, loft_dispatcher_get_default ());
  return NULL;
}

/* Many rows are released in several turns, and always at home, whichever thread lets them go. */
static void
test_let_go (Fixture       *fixture,
             gconstpointer  data)
{
  for (int i = 0; i < 10000; i++)
    add_numbers (fixture, i);
  test_on_thread (let_go, fixture);
  g_assert_cmpint (test_get (&rows_alive), ==, 10000);
  test_drain (NULL);
  g_assert_cmpint (test_get (&rows_alive), ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define CASE(name, func) g_test_add ("/rows/" name, Fixture, NULL, set_up, func, tear_down)
  CASE ("append", test_append);
  CASE ("few-places", test_few_places);
  CASE ("many-places", test_many_places);
  CASE ("equal-rows-keep-their-order", test_equal_rows_keep_their_order);
  CASE ("sort-what-is-there", test_sort_what_is_there);
  CASE ("random", test_random);
  CASE ("let-go", test_let_go);
  return g_test_run ();
}
