/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftRows: the rows of a list model.
 *
 * They are one array that grows by doubling. A row is found in constant time, and rows are appended
 * in amortised constant time. Sorted rows are inserted from the back of the array to its front, so
 * that each row that is there already moves once, however many are inserted. For a million rows
 * that is a move of at most eight megabytes. A balanced tree would move less, but finding a row in
 * it takes longer, and a list asks for rows much more often than it gets new ones. */

#include "config.h"

#include "model/loft-rows-private.h"

/* With more places than this, the insertions are one change that covers all of them. A list view
 * takes about as long for a change of one row as for one of twenty. */
#define FEW_PLACES 4

/* How many rows are released at once. */
#define FEW_ROWS 2000

static gint
compare_rows (gconstpointer a,
              gconstpointer b,
              gpointer      user_data)
{
  LoftRecipient *by = user_data;

  return ((GCompareDataFunc) by->callback) (*(gpointer *) a, *(gpointer *) b, by->user_data);
}

static void
loft_rows_reserve (LoftRows *self,
                   guint     n)
{
  g_assert (n <= G_MAXUINT - self->n);
  if (self->allocated >= self->n + n)
    return;
  self->allocated = MAX (MAX (16, self->n + n), self->allocated < G_MAXUINT / 2
                                                  ? 2 * self->allocated
                                                  : G_MAXUINT);
  self->rows = g_renew (gpointer, self->rows, self->allocated);
}

static void
loft_rows_append (LoftRows        *self,
                  gpointer        *rows,
                  guint            n,
                  LoftRowsChanged  changed,
                  gpointer         user_data)
{
  guint position = self->n;

  loft_rows_reserve (self, n);
  memcpy (self->rows + self->n, rows, n * sizeof *rows);
  self->n += n;
  changed (user_data, (LoftRowsChange) { position, 0, n });
}

/* Returns where @row belongs, at @from or behind it: behind all rows that are not greater. */
static guint
loft_rows_find_place (LoftRows *self,
                      gpointer  row,
                      guint     from)
{
  guint end = self->n;

  /* New rows often belong to the end. */
  if (from < end && compare_rows (&self->rows[end - 1], &row, &self->by) <= 0)
    return end;
  while (from < end)
    {
      guint middle = from + (end - from) / 2;

      if (compare_rows (&self->rows[middle], &row, &self->by) <= 0)
        from = middle + 1;
      else
        end = middle;
    }
  return from;
}

/* Inserts each of the sorted @rows at its place, which is a position in the array as it was. */
static void
loft_rows_insert (LoftRows *self,
                  gpointer *rows,
                  guint    *places,
                  guint     n)
{
  guint end = self->n;

  loft_rows_reserve (self, n);
  for (guint i = n; i-- > 0; end = places[i])
    {
      memmove (self->rows + places[i] + i + 1, self->rows + places[i],
               (end - places[i]) * sizeof *rows);
      self->rows[places[i] + i] = rows[i];
    }
  self->n += n;
}

static guint
count_places (guint *places,
              guint  n)
{
  guint count = 1;

  for (guint i = 1; i < n; i++)
    count += places[i] != places[i - 1] ? 1 : 0;
  return count;
}

/* Inserts the rows of each place with a change of its own. */
static void
loft_rows_insert_by_place (LoftRows        *self,
                           gpointer        *rows,
                           guint           *places,
                           guint            n,
                           LoftRowsChanged  changed,
                           gpointer         user_data)
{
  guint begin = 0;

  while (begin < n)
    {
      guint end = begin + 1, position = places[begin] + begin;

      while (end < n && places[end] == places[begin])
        end++;
      for (guint i = begin; i < end; i++)
        places[i] = position;
      loft_rows_insert (self, rows + begin, places + begin, end - begin);
      changed (user_data, (LoftRowsChange) { position, 0, end - begin });
      begin = end;
    }
}

void
loft_rows_add (LoftRows        *self,
               gpointer        *rows,
               guint            n,
               LoftRowsChanged  changed,
               gpointer         user_data)
{
  g_autofree guint *places = NULL;
  guint span;

  if (self->by.callback == NULL)
    {
      loft_rows_append (self, rows, n, changed, user_data);
      return;
    }

  g_qsort_with_data (rows, (gint) n, sizeof *rows, compare_rows, &self->by); /* stable */
  places = g_new (guint, n);
  for (guint i = 0; i < n; i++)
    places[i] = loft_rows_find_place (self, rows[i], i > 0 ? places[i - 1] : 0);

  if (count_places (places, n) <= FEW_PLACES)
    {
      loft_rows_insert_by_place (self, rows, places, n, changed, user_data);
      return;
    }
  loft_rows_insert (self, rows, places, n);
  span = places[n - 1] - places[0];
  changed (user_data, (LoftRowsChange) { places[0], span, span + n });
}

gboolean
loft_rows_sort (LoftRows      *self,
                LoftRecipient  by)
{
  gboolean moves = by.callback != NULL && self->n > 1;
  LoftRecipient before = self->by;

  self->by = by;
  if (moves)
    g_qsort_with_data (self->rows, (gint) self->n, sizeof *self->rows, compare_rows, &self->by);
  loft_recipient_clear (&before); /* may call foreign code, when all is set */
  return moves;
}

guint
loft_rows_take (LoftRows  *self,
                gpointer **out_rows)
{
  guint n = self->n;

  *out_rows = g_steal_pointer (&self->rows);
  self->n = self->allocated = 0;
  return n;
}

/* Rows on their way out. */
typedef struct
{
  LoftWorkItem item;
  LoftDispatcher *home; /* strong */
  gpointer *rows;
  guint n;
} LoftLeavingRows;

G_STATIC_ASSERT (G_STRUCT_OFFSET (LoftLeavingRows, item) == 0);

static void
loft_leaving_rows_release (LoftLeavingRows *leaving,
                           guint            most)
{
  for (; most > 0 && leaving->n > 0; most--)
    g_object_unref (leaving->rows[--leaving->n]);
}

/* Releases the rest here. */
static void
loft_leaving_rows_finish (LoftLeavingRows *leaving)
{
  loft_leaving_rows_release (leaving, G_MAXUINT);
  g_object_unref (leaving->home);
  g_free (leaving->rows);
  g_free (leaving);
}

static void
loft_leaving_rows_drop (LoftWorkItem   *item,
                        LoftDispatcher *dispatcher)
{
  loft_dispatcher_count_undelivered (dispatcher);
  loft_leaving_rows_finish ((LoftLeavingRows *) item);
}

static void
loft_leaving_rows_run (LoftWorkItem   *item,
                       LoftDispatcher *dispatcher)
{
  LoftLeavingRows *leaving = (LoftLeavingRows *) item;

  loft_leaving_rows_release (leaving, FEW_ROWS);
  if (leaving->n == 0)
    loft_leaving_rows_finish (leaving);
  else if (!loft_dispatcher_post_item (dispatcher, LOFT_LANE_LOW, item))
    loft_leaving_rows_drop (item, dispatcher);
}

static const LoftWorkItemClass loft_leaving_rows_class = {
  .name = "release of rows",
  .run = loft_leaving_rows_run,
  .drop = loft_leaving_rows_drop,
};

void
loft_rows_let_go (gpointer       *rows,
                  guint           n,
                  LoftDispatcher *home)
{
  LoftLeavingRows *leaving = g_new (LoftLeavingRows, 1);

  *leaving = (LoftLeavingRows) { { .klass = &loft_leaving_rows_class }, g_object_ref (home), rows,
                                 n };
  if (n == 0 || (n <= FEW_ROWS && loft_home_is_here (home)))
    loft_leaving_rows_finish (leaving);
  else if (!loft_dispatcher_post_item (home, LOFT_LANE_LOW, &leaving->item))
    loft_leaving_rows_drop (&leaving->item, home);
}

void
loft_rows_clear (LoftRows       *self,
                 LoftDispatcher *home)
{
  gpointer *rows;
  guint n = loft_rows_take (self, &rows);

  loft_rows_let_go (rows, n, home);
  loft_recipient_clear (&self->by);
}
