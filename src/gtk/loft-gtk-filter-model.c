/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftGtkFilterModel: the rows of a list that match a query, found by workers.
 *
 * The rows of the source are a sequence of blocks of at most BLOCK rows. An edit of the source cuts
 * blocks in two, takes blocks out, and puts blocks in. A block looks at a range of an array of
 * keys, and such an array never changes once its keys are made, so workers read it with no lock.
 * What workers find is a bitmap of each array. Edits do not concern it: a block that was cut looks
 * at its own part of it.
 *
 *   no keys ──keyed at home, in slices──> keyed ──run on workers──> found ──applied──> settled
 *                                          ^                                              │
 *                                          └────────────── another query ─────────────────┘
 *
 * A block shows the rows of its last answer until the next one is applied. Only one run is under
 * way; a new query cancels it. Blocks that are keyed during a run wait for the next one.
 *
 * Everything but the match function happens on the thread of GTK, in turns that the model posts to
 * its dispatcher: Low, or Idle to make keys while there is no query. Small blocks are joined when
 * all is settled and no worker reads keys. */

#include <loft-gtk/loft-gtk-filter-model.h>

#include <string.h>

#define BLOCK 4096

/* An emission of items-changed ends after the block with which it has added this many rows. If rows
 * that a list view shows are removed, it looks for them among all added rows, so one emission for a
 * million rows would take longer than a frame. It also makes its widgets anew, about 200 of them,
 * so an emission should add as many. Where nothing is visible, an emission takes some µs. */
#define ENOUGH_ADDED 1024

/* How many keys are made or released between two looks at the clock. */
#define FEW_KEYS 32

/**
 * LoftGtkFilterModel:
 *
 * A list model with those rows of another model that match a query, which workers find.
 *
 * It is a [class@Gtk.FilterListModel] for lists that are too long to be searched between two
 * frames. The thread of GTK makes a key for each row, some in each turn. Workers of the pool
 * compare the keys with the query. Their answers come back to the thread of GTK, and the list
 * changes by few emissions of [signal@Gio.ListModel::items-changed]. Until then it shows the old
 * answer.
 *
 * ```c
 * LoftGtkFilterModel *found = loft_gtk_filter_model_new (G_LIST_MODEL (rows), expression);
 *
 * loft_gtk_search_entry_bind (GTK_SEARCH_ENTRY (entry), found, 0);
 * gtk_list_view_set_model (view, GTK_SELECTION_MODEL (gtk_no_selection_new (found)));
 * ```
 *
 * A new query replaces the one before, and the search for that is cancelled. An empty query shows
 * all rows, with no help of workers. The order of the rows is kept.
 *
 * Rows that are added to the source while there is a query are shown when they have been found to
 * match. Only they are searched. A row that is replaced counts as a new row. A row that changes
 * without an emission of [signal@Gio.ListModel::items-changed] keeps its key.
 *
 * [property@LoftGtk.FilterModel:pending] tells how many rows have not been compared with the query
 * yet. The keys of all rows are kept. While there is no query they are made when the dispatcher is
 * idle, so that the first search need not wait for them.
 *
 * All functions must be called on the thread of GTK, and all signals are emitted there. Any thread
 * may hold a reference, but only that thread may drop the last one. The keys are released on it, in
 * turns.
 */

/* What was passed to new_with_func (), shared with runs. Also, the keys that are on their way out.
 */
typedef struct
{
  gatomicrefcount refs;

  /* constant after init */
  LoftDispatcher *dispatcher; /* strong */
  LoftGtkKeyFunc key;
  GDestroyNotify key_free;    /* NULL: nothing to free */
  LoftGtkMatchFunc match;
  gboolean folds;             /* the match function gets the query folded */
  gpointer user_data;
  GDestroyNotify destroy;

  /* owner thread only */
  GPtrArray *leaving;         /* Keys that nobody uses any more */
  gboolean leaving_posted;
  guint n_runs;               /* runs that may still read keys */
} Matcher;

/* Keys of rows that were next to each other. */
typedef struct
{
  gatomicrefcount refs;

  /* owner thread only */
  guint n;          /* how many are made; only the one block that lacks keys adds some */
  guint answers;    /* the serial of the query that `found` answers; 0: none */
  guint n_found;    /* of how many keys */
  guint64 *found;   /* which of them match; with a spare word at the end */
  guint asked;      /* the serial of the last run that looks at it */

  /* made by the owner thread, and constant from then on */
  gpointer keys[];
} Keys;

typedef struct
{
  Keys *keys;       /* a reference; NULL: no key is made yet */
  guint first;      /* where in `keys` its rows begin */
  guint n;          /* rows of the source */
  guint n_shown;    /* how many of them are in the list */
  guint64 *shown;   /* which ones, with a spare word; NULL: all or none */
  guint answers;    /* the serial of the query that this answers; 0: none yet */
  guint row;        /* its first row in the source; see `n_starts` */
  guint place;      /* its first row in the list */
} Block;

/* Where the last row was found, because the next one is often near. */
typedef struct
{
  guint block;      /* G_MAXUINT: nowhere */
  guint word;       /* of the bitmap of that block */
  guint n_before;   /* shown rows of the block before that word */
} Finger;

/* A part of a run: an array of keys. */
typedef struct
{
  Keys *keys;       /* a reference */
  guint n;
  guint64 *found;   /* of the worker that takes the task, until the run has ended */
} Task;

/* A search on workers. */
typedef struct
{
  gatomicrefcount refs;

  /* constant after init */
  LoftGtkFilterModel *model; /* not a reference; used when the model gets the answer */
  Matcher *matcher;          /* a reference */
  char *query;
  guint serial;
  guint n_tasks;
  Task *tasks;

  gint next;                 /* atomic: which task is to be taken next */
} Run;

struct _LoftGtkFilterModel
{
  GObject parent_instance;

  /* constant after init */
  Matcher *matcher;          /* a reference */
  LoftLatestSlot *slot;      /* strong: the run that is under way */
  GType item_type;

  /* owner thread only, as is all */
  GListModel *model;         /* strong; NULL: none */
  gulong source_handler;
  char *query;
  guint serial;              /* of the query; counts from 1 */
  guint run_serial;
  gboolean running;
  gboolean posted[2];        /* a turn is in the Low lane, in the Idle lane */
  GArray *blocks;            /* Block */
  guint n_starts;            /* of how many blocks `row` and `place` are right */
  Finger finger;             /* set back with each change of the blocks */
  guint n_rows;
  guint n_shown;
  guint n_pending;
  guint told_shown;          /* as of the last notify */
  guint told_pending;
  guint edits;               /* of the source */
  guint join_above;          /* blocks are joined when there are more than this */
};

enum {
  PROP_ITEM_TYPE = 1,
  PROP_MODEL,
  PROP_QUERY,
  PROP_PENDING,
  PROP_N_ITEMS,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static void loft_gtk_filter_model_list_model_init (GListModelInterface *iface);
static void loft_gtk_filter_model_schedule        (LoftGtkFilterModel *self);

G_DEFINE_FINAL_TYPE_WITH_CODE (LoftGtkFilterModel, loft_gtk_filter_model, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      loft_gtk_filter_model_list_model_init))

/* The matcher, and the release of keys. */

static Matcher *
matcher_ref (Matcher *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

static void
matcher_unref (gpointer data)
{
  Matcher *self = data;

  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  if (self->destroy != NULL)
    self->destroy (self->user_data);
  g_ptr_array_unref (self->leaving);
  g_object_unref (self->dispatcher);
  g_free (self);
}

static Matcher *
matcher_new (LoftGtkKeyFunc   key,
             GDestroyNotify   key_free,
             LoftGtkMatchFunc match,
             gpointer         user_data,
             GDestroyNotify   destroy)
{
  Matcher *self = g_new0 (Matcher, 1);

  g_atomic_ref_count_init (&self->refs);
  self->dispatcher = g_object_ref (loft_dispatcher_get_default ());
  self->key = key;
  self->key_free = key_free;
  self->match = match;
  self->user_data = user_data;
  self->destroy = destroy;
  self->leaving = g_ptr_array_new ();
  return self;
}

/* Releases a few keys, and the array after its last one. Returns whether there was one. */
static gboolean
matcher_release_some (Matcher *self,
                      Keys    *keys)
{
  for (guint i = 0; keys->n > 0 && i < FEW_KEYS; i++)
    {
      gpointer key = keys->keys[--keys->n];

      if (key != NULL && self->key_free != NULL)
        self->key_free (key);
    }
  if (keys->n > 0)
    return TRUE;
  g_free (keys->found);
  g_free (keys);
  return FALSE;
}

static void matcher_post_release (Matcher *self);

static void
on_release (gpointer matcher)
{
  Matcher *self = matcher;

  self->leaving_posted = FALSE;
  while (self->leaving->len > 0)
    {
      Keys *keys = g_ptr_array_steal_index_fast (self->leaving, self->leaving->len - 1);

      if (matcher_release_some (self, keys))
        g_ptr_array_add (self->leaving, keys);
      if (loft_dispatcher_should_yield (self->dispatcher))
        break;
    }
  if (self->leaving->len > 0)
    matcher_post_release (self);
}

static void
matcher_post_release (Matcher *self)
{
  if (self->leaving_posted)
    return;
  self->leaving_posted = loft_dispatcher_try_enqueue (self->dispatcher, LOFT_PRIORITY_LOW,
                                                      on_release, matcher_ref (self),
                                                      matcher_unref);
  while (!self->leaving_posted && self->leaving->len > 0)
    {
      Keys *keys = g_ptr_array_steal_index_fast (self->leaving, self->leaving->len - 1);

      while (matcher_release_some (self, keys))
        ;
    }
}

static Keys *
keys_new (guint size)
{
  Keys *self = g_malloc0 (sizeof *self + size * sizeof self->keys[0]);

  g_atomic_ref_count_init (&self->refs);
  return self;
}

static Keys *
keys_ref (Keys *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

/* The keys are released later, because that may take longer than a frame, and runs foreign code,
 * which must not find the blocks half changed. */
static void
keys_unref (Keys    *self,
            Matcher *matcher)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  if (self->n > 0 && loft_dispatcher_has_thread_access (matcher->dispatcher))
    {
      g_ptr_array_add (matcher->leaving, self);
      matcher_post_release (matcher);
      return;
    }
  while (matcher_release_some (matcher, self))
    ;
}

/* Strings as keys. */

static char *
loft_gtk_filter_model_fold (const char *text)
{
  g_autofree char *valid = NULL, *normal = NULL;

  if (g_str_is_ascii (text))
    return g_ascii_strdown (text, -1);
  valid = g_utf8_make_valid (text, -1);
  normal = g_utf8_normalize (valid, -1, G_NORMALIZE_ALL);
  return g_utf8_casefold (normal, -1);
}

static gpointer
make_string_key (gpointer item,
                 gpointer expression)
{
  GValue value = G_VALUE_INIT;
  char *key = NULL;

  if (expression == NULL)
    return GTK_IS_STRING_OBJECT (item)
             ? loft_gtk_filter_model_fold (gtk_string_object_get_string (item))
             : NULL;
  if (!gtk_expression_evaluate (expression, item, &value))
    return NULL;
  if (G_VALUE_HOLDS_STRING (&value) && g_value_get_string (&value) != NULL)
    key = loft_gtk_filter_model_fold (g_value_get_string (&value));
  g_value_unset (&value);
  return key;
}

static gboolean
match_string (gconstpointer key,
              const char   *query,
              gpointer      user_data)
{
  return key != NULL && strstr (key, query) != NULL;
}

/* Bitmaps. They have a spare word, so that a word that begins anywhere can be read. */

static gsize
count_words (guint n)
{
  return ((gsize) n + 63) / 64;
}

static guint64 *
bits_new (guint n)
{
  return g_new0 (guint64, count_words (n) + 1);
}

/* Returns 64 bits of @bits from bit @from on. */
static guint64
bits_read (const guint64 *bits,
           guint          from)
{
  guint shift = from % 64;
  const guint64 *word = bits + from / 64;

  return shift == 0 ? word[0] : word[0] >> shift | word[1] << (64 - shift);
}

/* Copies @n bits from bit @from on. Returns NULL if all or none of them are set. */
static guint64 *
bits_copy (const guint64 *bits,
           guint          from,
           guint          n,
           guint         *out_count)
{
  guint64 *copy = bits_new (n);
  guint count = 0;

  for (guint i = 0; i < n; i += 64)
    {
      guint64 word = bits_read (bits, from + i);

      if (n - i < 64)
        word &= (G_GUINT64_CONSTANT (1) << (n - i)) - 1;
      copy[i / 64] = word;
      count += (guint) __builtin_popcountll (word);
    }
  *out_count = count;
  if (count == 0 || count == n)
    g_clear_pointer (&copy, g_free);
  return copy;
}

/* Blocks. */

static Block *
peek_block (LoftGtkFilterModel *self,
            guint               index)
{
  return &g_array_index (self->blocks, Block, index);
}

static gboolean
block_is_keyed (const Block *block)
{
  return block->keys != NULL && block->keys->n >= block->first + block->n;
}

static void
block_clear (Block   *block,
             Matcher *matcher)
{
  if (block->keys != NULL)
    keys_unref (block->keys, matcher);
  g_free (block->shown);
}

/* Returns which row of a block is the shown one with this index. @finger is in this block. */
static guint
block_find_shown (const Block *block,
                  guint        index,
                  Finger      *finger)
{
  guint64 rest;

  if (block->shown == NULL)
    return index;
  if (index < finger->n_before)
    finger->word = finger->n_before = 0;
  for (guint n; (n = (guint) __builtin_popcountll (block->shown[finger->word])) <=
                index - finger->n_before; finger->word++)
    finger->n_before += n;
  rest = block->shown[finger->word];
  for (index -= finger->n_before; index > 0; index--)
    rest &= rest - 1;
  return finger->word * 64 + (guint) __builtin_ctzll (rest);
}

/* To be called when the blocks from @n on have changed. */
static void
loft_gtk_filter_model_forget_starts (LoftGtkFilterModel *self,
                                     guint               n)
{
  self->n_starts = MIN (self->n_starts, n);
  self->finger.block = G_MAXUINT;
}

/* Sees to it that the starts of the first @n blocks are right. */
static void
loft_gtk_filter_model_find_starts (LoftGtkFilterModel *self,
                                   guint               n)
{
  for (guint i = self->n_starts; i < n; i++)
    {
      const Block *before = i > 0 ? peek_block (self, i - 1) : NULL;
      Block *block = peek_block (self, i);

      block->row = before != NULL ? before->row + before->n : 0;
      block->place = before != NULL ? before->place + before->n_shown : 0;
    }
  self->n_starts = MAX (self->n_starts, n);
}

/* Returns the block with this row of the source, or with this row of the list. */
static guint
loft_gtk_filter_model_find_block (LoftGtkFilterModel *self,
                                  guint               position,
                                  gboolean            in_list)
{
  guint low = 0, high = self->blocks->len;

  loft_gtk_filter_model_find_starts (self, high);
  while (high - low > 1)
    {
      guint middle = low + (high - low) / 2;
      const Block *block = peek_block (self, middle);

      if ((in_list ? block->place : block->row) <= position)
        low = middle;
      else
        high = middle;
    }
  return low;
}

/* Cuts a block in two, of which the first has @n rows. */
static void
loft_gtk_filter_model_cut_block (LoftGtkFilterModel *self,
                                 guint               index,
                                 guint               n)
{
  Block *left = peek_block (self, index);
  Block right = *left;
  guint64 *bits = left->shown;
  gboolean all = left->n_shown == left->n;

  right.first += n;
  right.n -= n;
  if (right.keys != NULL && right.keys->n >= right.first)
    keys_ref (right.keys);
  else
    right.keys = NULL; /* the left one goes on to make keys in this array */
  if (right.keys == NULL)
    right.first = 0;

  left->n = n;
  left->n_shown = all ? left->n : 0;
  right.n_shown = all ? right.n : 0;
  if (bits != NULL)
    {
      left->shown = bits_copy (bits, 0, left->n, &left->n_shown);
      right.shown = bits_copy (bits, n, right.n, &right.n_shown);
      g_free (bits);
    }
  loft_gtk_filter_model_forget_starts (self, index + 1);
  g_array_insert_val (self->blocks, index + 1, right);
}

/* Returns the block that begins with @row of the source, after a cut if there is none. */
static guint
loft_gtk_filter_model_cut_at (LoftGtkFilterModel *self,
                              guint               row)
{
  guint index, n;

  if (row == self->n_rows)
    return self->blocks->len;
  index = loft_gtk_filter_model_find_block (self, row, FALSE);
  n = row - peek_block (self, index)->row;
  if (n == 0)
    return index;
  loft_gtk_filter_model_cut_block (self, index, n);
  return index + 1;
}

/* What is emitted after a change. */

static gboolean
loft_gtk_filter_model_shows_all (LoftGtkFilterModel *self)
{
  return self->query[0] == '\0';
}

static void
loft_gtk_filter_model_tell_numbers (LoftGtkFilterModel *self)
{
  gboolean shown = self->told_shown != self->n_shown;
  gboolean pending = self->told_pending != self->n_pending;

  self->told_shown = self->n_shown;
  self->told_pending = self->n_pending;
  if (shown)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_ITEMS]);
  if (pending)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PENDING]);
}

/* Edits of the source. */

/* Removes blocks. Returns how many rows were shown. */
static guint
loft_gtk_filter_model_remove_blocks (LoftGtkFilterModel *self,
                                     guint               first,
                                     guint               end)
{
  guint n_shown = 0;

  for (guint i = first; i < end; i++)
    {
      Block *block = peek_block (self, i);

      n_shown += block->n_shown;
      self->n_rows -= block->n;
      if (block->answers != self->serial)
        self->n_pending -= block->n;
      block_clear (block, self->matcher);
    }
  self->n_shown -= n_shown;
  loft_gtk_filter_model_forget_starts (self, first);
  if (end > first)
    g_array_remove_range (self->blocks, first, end - first);
  return n_shown;
}

/* Inserts rows with no keys before the block @index. Returns how many are shown. */
static guint
loft_gtk_filter_model_insert_rows (LoftGtkFilterModel *self,
                                   guint               index,
                                   guint               n)
{
  gboolean all = loft_gtk_filter_model_shows_all (self);
  guint answers = all ? self->serial : 0, rest = n, n_blocks = 0;
  g_autofree Block *blocks = NULL;

  if (index > 0)
    {
      Block *before = peek_block (self, index - 1);

      if (before->keys == NULL && before->n < BLOCK && before->answers == answers &&
          before->n_shown == (all ? before->n : 0))
        {
          guint more = MIN (rest, BLOCK - before->n);

          before->n += more;
          before->n_shown += all ? more : 0;
          rest -= more;
        }
    }
  loft_gtk_filter_model_forget_starts (self, index);

  blocks = g_new0 (Block, rest / BLOCK + 1);
  for (; rest > 0; rest -= blocks[n_blocks++].n)
    {
      Block *block = &blocks[n_blocks];

      block->n = MIN (rest, BLOCK);
      block->n_shown = all ? block->n : 0;
      block->answers = answers;
    }
  g_array_insert_vals (self->blocks, index, blocks, n_blocks);
  self->n_rows += n;
  self->n_shown += all ? n : 0;
  self->n_pending += all ? 0 : n;
  return all ? n : 0;
}

static void
on_source_changed (GListModel *source,
                   guint       position,
                   guint       removed,
                   guint       added,
                   gpointer    user_data)
{
  LoftGtkFilterModel *self = user_data;
  guint first, place, n_removed, n_added;

  g_return_if_fail (position <= self->n_rows && removed <= self->n_rows - position);

  first = loft_gtk_filter_model_cut_at (self, position);
  loft_gtk_filter_model_find_starts (self, MIN (first + 1, self->blocks->len));
  place = first < self->blocks->len ? peek_block (self, first)->place : self->n_shown;
  n_removed = loft_gtk_filter_model_remove_blocks (
    self, first, loft_gtk_filter_model_cut_at (self, position + removed));
  n_added = loft_gtk_filter_model_insert_rows (self, first, added);
  self->edits++;

  g_object_ref (self);
  loft_gtk_filter_model_schedule (self);
  if (n_removed > 0 || n_added > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), place, n_removed, n_added);
  loft_gtk_filter_model_tell_numbers (self);
  g_object_unref (self);
}

/* Keys. */

/* Makes some keys for a block. Returns FALSE if the source was changed meanwhile. */
static gboolean
loft_gtk_filter_model_make_keys (LoftGtkFilterModel *self,
                                 guint               index)
{
  Block *block = peek_block (self, index);
  guint edits = self->edits, end = block->n, row;
  Keys *keys;

  if (block->keys == NULL)
    {
      block->first = 0;
      block->keys = keys_new (block->n);
    }
  loft_gtk_filter_model_find_starts (self, index + 1);
  end += block->first;
  row = block->row + (block->keys->n - block->first);
  keys = keys_ref (block->keys);
  for (guint i = 0; i < FEW_KEYS && keys->n < end && edits == self->edits; i++, row++)
    {
      GObject *item = g_list_model_get_item (self->model, row);
      gpointer key = item != NULL ? self->matcher->key (item, self->matcher->user_data) : NULL;

      if (edits == self->edits)
        keys->keys[keys->n++] = key;
      else if (key != NULL && self->matcher->key_free != NULL)
        self->matcher->key_free (key);
      g_clear_object (&item);
    }
  keys_unref (keys, self->matcher);
  return edits == self->edits;
}

/* Makes keys until the slice is over. Returns whether all are made. */
static gboolean
loft_gtk_filter_model_make_all_keys (LoftGtkFilterModel *self)
{
  for (guint i = 0; i < self->blocks->len; i++)
    while (!block_is_keyed (peek_block (self, i)))
      if (!loft_gtk_filter_model_make_keys (self, i) ||
          loft_dispatcher_should_yield (self->matcher->dispatcher))
        return FALSE;
  return TRUE;
}

/* Runs. */

static void
run_unref (gpointer data)
{
  Run *run = data;

  if (!g_atomic_ref_count_dec (&run->refs))
    return;
  if (loft_dispatcher_has_thread_access (run->matcher->dispatcher))
    run->matcher->n_runs--;
  for (guint i = 0; i < run->n_tasks; i++)
    {
      g_free (run->tasks[i].found);
      keys_unref (run->tasks[i].keys, run->matcher);
    }
  g_free (run->tasks);
  g_free (run->query);
  matcher_unref (run->matcher);
  g_free (run);
}

static Run *
run_ref (Run *run)
{
  g_atomic_ref_count_inc (&run->refs);
  return run;
}

static gboolean
task_do (Task            *task,
         Run             *run,
         LoftAsyncAction *action)
{
  Matcher *matcher = run->matcher;

  task->found = bits_new (task->n);
  for (guint i = 0; i < task->n; i += 64)
    {
      guint n = MIN (64, task->n - i);
      guint64 word = 0;

      if (loft_async_info_is_canceled (LOFT_ASYNC_INFO (action)))
        return FALSE;
      for (guint j = 0; j < n; j++)
        if (matcher->match (task->keys->keys[i + j], run->query, matcher->user_data))
          word |= G_GUINT64_CONSTANT (1) << j;
      task->found[i / 64] = word;
    }
  return TRUE;
}

/* Runs on workers. */
static gboolean
search (LoftAsyncAction *action,
        gpointer         user_data,
        GError         **error)
{
  Run *run = user_data;
  guint i;

  while ((i = (guint) g_atomic_int_add (&run->next, 1)) < run->n_tasks)
    if (!task_do (&run->tasks[i], run, action))
      {
        g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "The search was cancelled.");
        return FALSE;
      }
  return TRUE;
}

/* Takes what was found. It is applied in turns. */
static void
on_run_ended (LoftAsyncInfo   *info,
              LoftAsyncStatus  status,
              gpointer         user_data)
{
  Run *run = user_data;
  LoftGtkFilterModel *self = run->model;

  self->running = FALSE;
  if (status != LOFT_ASYNC_STATUS_COMPLETED)
    return; /* the pool takes no more work: the program ends */
  for (guint i = 0; i < run->n_tasks; i++)
    {
      Keys *keys = run->tasks[i].keys;

      g_free (keys->found);
      keys->found = g_steal_pointer (&run->tasks[i].found);
      keys->n_found = run->tasks[i].n;
      keys->answers = run->serial;
    }
  loft_gtk_filter_model_schedule (self);
}

/* Returns whether what is shown of a block can be brought up to date. */
static gboolean
loft_gtk_filter_model_has_answer (LoftGtkFilterModel *self,
                                  const Block        *block)
{
  if (block->answers == self->serial)
    return FALSE;
  return loft_gtk_filter_model_shows_all (self) ||
         (block->keys != NULL && block->keys->answers == self->serial &&
          block->keys->n_found >= block->first + block->n);
}

/* Returns the keys that are to be searched, with a reference each. There are none as long as a row
 * that is shown has no key, so that the list changes to a new answer at once. */
static GArray *
loft_gtk_filter_model_gather (LoftGtkFilterModel *self)
{
  g_autoptr (GArray) tasks = g_array_new (FALSE, TRUE, sizeof (Task));
  guint run = ++self->run_serial;

  for (guint i = 0; i < self->blocks->len; i++)
    {
      const Block *block = peek_block (self, i);

      if (!block_is_keyed (block) && block->n_shown > 0)
        {
          g_array_set_size (tasks, 0);
          break;
        }
      if (block_is_keyed (block) && block->answers != self->serial &&
          !loft_gtk_filter_model_has_answer (self, block) && block->keys->asked != run)
        {
          Task task = { block->keys, block->keys->n, NULL };

          block->keys->asked = run;
          g_array_append_val (tasks, task);
        }
    }
  for (guint i = 0; i < tasks->len; i++)
    keys_ref (g_array_index (tasks, Task, i).keys);
  return g_steal_pointer (&tasks);
}

static void
loft_gtk_filter_model_run (LoftGtkFilterModel *self,
                           GArray             *tasks)
{
  guint n = MIN (tasks->len, g_get_num_processors ());
  g_autofree LoftAsyncInfo **parts = g_new (LoftAsyncInfo *, n);
  g_autoptr (LoftAsyncAction) all = NULL;
  Run *run = g_new0 (Run, 1);

  g_atomic_ref_count_init (&run->refs);
  run->model = self;
  run->matcher = matcher_ref (self->matcher);
  run->query = self->matcher->folds ? loft_gtk_filter_model_fold (self->query)
                                    : g_strdup (self->query);
  run->serial = self->serial;
  run->n_tasks = tasks->len;
  run->tasks = (Task *) (void *) g_array_steal (tasks, NULL);
  self->matcher->n_runs++;
  self->running = TRUE;

  for (guint i = 0; i < n; i++)
    parts[i] = LOFT_ASYNC_INFO (loft_thread_pool_run_async (search, run_ref (run), run_unref));
  all = loft_when_all (parts, n, LOFT_WHEN_PROPAGATE_CANCEL);
  for (guint i = 0; i < n; i++)
    g_object_unref (parts[i]);
  if (!loft_latest_slot_start (self->slot, LOFT_ASYNC_INFO (all), on_run_ended, run, run_unref))
    self->running = FALSE;
}

static void
loft_gtk_filter_model_start (LoftGtkFilterModel *self)
{
  g_autoptr (GArray) tasks = NULL;

  if (self->running || self->n_pending == 0 || loft_gtk_filter_model_shows_all (self))
    return;
  tasks = loft_gtk_filter_model_gather (self);
  if (tasks->len > 0)
    loft_gtk_filter_model_run (self, tasks);
}

/* Answers. */

/* A change of the list, which covers some blocks next to each other. */
typedef struct
{
  gboolean any;
  guint place, removed, added; /* of items-changed */
  guint more_removed, more_added; /* of blocks since then that did not change */
} Change;

/* Brings what is shown of a block up to date. */
static void
loft_gtk_filter_model_settle (LoftGtkFilterModel *self,
                              guint               index,
                              Change             *change)
{
  Block *block = peek_block (self, index);
  guint before = block->n_shown, n = block->n;
  guint64 *bits = NULL;
  gboolean same;

  if (!loft_gtk_filter_model_shows_all (self))
    bits = bits_copy (block->keys->found, block->first, block->n, &n);
  same = before == n && (bits == NULL || memcmp (bits, block->shown,
                                                 count_words (block->n) * sizeof *bits) == 0);
  if (!same && !change->any)
    {
      loft_gtk_filter_model_find_starts (self, index + 1);
      *change = (Change) { TRUE, block->place, 0, 0, 0, 0 };
      loft_gtk_filter_model_forget_starts (self, index + 1);
    }
  g_free (block->shown);
  block->shown = bits;
  block->n_shown = n;
  block->answers = self->serial;
  self->n_shown += n - before;
  self->n_pending -= block->n;

  change->more_removed += before;
  change->more_added += n;
  if (same)
    return;
  change->removed += change->more_removed;
  change->added += change->more_added;
  change->more_removed = change->more_added = 0;
}

/* Applies answers as one change. Returns whether there were any. */
static gboolean
loft_gtk_filter_model_apply (LoftGtkFilterModel *self)
{
  Change change = { FALSE };
  guint i = 0, first;

  while (i < self->blocks->len &&
         !loft_gtk_filter_model_has_answer (self, peek_block (self, i)))
    i++;
  for (first = i; i < self->blocks->len && change.added < ENOUGH_ADDED &&
                  loft_gtk_filter_model_has_answer (self, peek_block (self, i)); i++)
    loft_gtk_filter_model_settle (self, i, &change);
  if (i == first)
    return FALSE;
  if (change.any)
    g_list_model_items_changed (G_LIST_MODEL (self), change.place, change.removed, change.added);
  loft_gtk_filter_model_tell_numbers (self);
  return TRUE;
}

/* Joining. */

/* Moves the keys and the rows of @block behind those that @joined has. */
static void
block_take_over (Block   *joined,
                 Block   *block,
                 Matcher *matcher)
{
  for (guint i = 0; i < block->n; i++)
    {
      joined->keys->keys[joined->n + i] = g_steal_pointer (&block->keys->keys[block->first + i]);
      if (block->shown != NULL ? (block->shown[i / 64] >> (i % 64) & 1) != 0 : block->n_shown > 0)
        joined->shown[(joined->n + i) / 64] |= G_GUINT64_CONSTANT (1) << ((joined->n + i) % 64);
    }
  joined->n += block->n;
  joined->n_shown += block->n_shown;
  joined->keys->n += block->n;
  block_clear (block, matcher);
}

/* Joins small blocks, which are settled and have their keys, and whose keys no worker reads. */
static void
loft_gtk_filter_model_join (LoftGtkFilterModel *self)
{
  GArray *blocks = g_array_new (FALSE, TRUE, sizeof (Block));

  for (guint i = 0, end; i < self->blocks->len; i = end)
    {
      Block joined = *peek_block (self, i);
      guint n = joined.n;

      for (end = i + 1; end < self->blocks->len && n + peek_block (self, end)->n <= BLOCK; end++)
        n += peek_block (self, end)->n;
      if (end > i + 1)
        {
          joined = (Block) { keys_new (n), 0, 0, 0, bits_new (n), self->serial, 0, 0 };
          for (guint j = i; j < end; j++)
            block_take_over (&joined, peek_block (self, j), self->matcher);
          if (joined.n_shown == 0 || joined.n_shown == joined.n)
            g_clear_pointer (&joined.shown, g_free);
        }
      g_array_append_val (blocks, joined);
    }
  g_array_unref (self->blocks);
  self->blocks = blocks;
  loft_gtk_filter_model_forget_starts (self, 0);
  self->join_above = MAX (64, 2 * blocks->len);
}

/* Turns. */

/* Applies answers until the slice is over. Returns whether all are applied. */
static gboolean
loft_gtk_filter_model_apply_all (LoftGtkFilterModel *self)
{
  while (loft_gtk_filter_model_apply (self))
    if (loft_dispatcher_should_yield (self->matcher->dispatcher))
      return FALSE;
  return TRUE;
}

static void
loft_gtk_filter_model_take_turn (LoftGtkFilterModel *self)
{
  if (!loft_gtk_filter_model_apply_all (self) || !loft_gtk_filter_model_make_all_keys (self))
    {
      loft_gtk_filter_model_start (self);
      loft_gtk_filter_model_schedule (self);
      return;
    }
  loft_gtk_filter_model_start (self);
  if (self->n_pending == 0 && self->matcher->n_runs == 0 && self->blocks->len > self->join_above)
    loft_gtk_filter_model_join (self);
}

/* A turn in a lane. The model may be gone when it comes. */
typedef struct
{
  GWeakRef model;
  gboolean idle;
} Turn;

static void
turn_free (gpointer data)
{
  Turn *turn = data;

  g_weak_ref_clear (&turn->model);
  g_free (turn);
}

static void
on_turn (gpointer data)
{
  Turn *turn = data;
  g_autoptr (LoftGtkFilterModel) self = g_weak_ref_get (&turn->model);

  if (self == NULL || self->matcher == NULL)
    return;
  self->posted[turn->idle] = FALSE;
  loft_gtk_filter_model_take_turn (self);
}

/* Posts a turn. If the dispatcher has shut down, the list stays as it is. */
static void
loft_gtk_filter_model_schedule (LoftGtkFilterModel *self)
{
  gboolean idle = self->n_pending == 0 && loft_gtk_filter_model_shows_all (self);
  Turn *turn;

  if (self->posted[idle])
    return;
  turn = g_new0 (Turn, 1);
  g_weak_ref_init (&turn->model, self);
  turn->idle = idle;
  self->posted[idle] = loft_dispatcher_try_enqueue (self->matcher->dispatcher,
                                                    idle ? LOFT_PRIORITY_IDLE : LOFT_PRIORITY_LOW,
                                                    on_turn, turn, turn_free);
}

/* The list model. */

static GType
loft_gtk_filter_model_get_item_type (GListModel *list)
{
  return LOFT_GTK_FILTER_MODEL (list)->item_type;
}

static guint
loft_gtk_filter_model_get_n_items (GListModel *list)
{
  return LOFT_GTK_FILTER_MODEL (list)->n_shown;
}

static gpointer
loft_gtk_filter_model_get_item (GListModel *list,
                                guint       position)
{
  LoftGtkFilterModel *self = LOFT_GTK_FILTER_MODEL (list);
  const Block *block = NULL;
  guint row;

  if (position >= self->n_shown)
    return NULL;
  if (self->finger.block != G_MAXUINT)
    block = peek_block (self, self->finger.block);
  if (block == NULL || position < block->place || position - block->place >= block->n_shown)
    {
      self->finger = (Finger) { loft_gtk_filter_model_find_block (self, position, TRUE), 0, 0 };
      block = peek_block (self, self->finger.block);
    }
  row = block->row + block_find_shown (block, position - block->place, &self->finger);
  return g_list_model_get_item (self->model, row);
}

static void
loft_gtk_filter_model_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = loft_gtk_filter_model_get_item_type;
  iface->get_n_items = loft_gtk_filter_model_get_n_items;
  iface->get_item = loft_gtk_filter_model_get_item;
}

/* The object. */

static void
loft_gtk_filter_model_get_property (GObject    *object,
                                    guint       id,
                                    GValue     *value,
                                    GParamSpec *property)
{
  LoftGtkFilterModel *self = LOFT_GTK_FILTER_MODEL (object);

  switch (id)
    {
    case PROP_ITEM_TYPE:
      g_value_set_gtype (value, self->item_type);
      break;
    case PROP_MODEL:
      g_value_set_object (value, self->model);
      break;
    case PROP_QUERY:
      g_value_set_string (value, self->query);
      break;
    case PROP_PENDING:
      g_value_set_uint (value, self->n_pending);
      break;
    case PROP_N_ITEMS:
      g_value_set_uint (value, self->n_shown);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, property);
    }
}

static void
loft_gtk_filter_model_set_property (GObject      *object,
                                    guint         id,
                                    const GValue *value,
                                    GParamSpec   *property)
{
  LoftGtkFilterModel *self = LOFT_GTK_FILTER_MODEL (object);

  switch (id)
    {
    case PROP_MODEL:
      loft_gtk_filter_model_set_model (self, g_value_get_object (value));
      break;
    case PROP_QUERY:
      loft_gtk_filter_model_set_query (self, g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, property);
    }
}

/* The rows go without a signal, since whoever heard of them is gone. */
static void
loft_gtk_filter_model_dispose (GObject *object)
{
  LoftGtkFilterModel *self = LOFT_GTK_FILTER_MODEL (object);

  if (self->slot != NULL)
    loft_latest_slot_clear (self->slot);
  g_clear_object (&self->slot);
  g_clear_signal_handler (&self->source_handler, self->model);
  if (self->matcher != NULL)
    loft_gtk_filter_model_remove_blocks (self, 0, self->blocks->len);
  g_clear_object (&self->model);
  g_clear_pointer (&self->matcher, matcher_unref);
  G_OBJECT_CLASS (loft_gtk_filter_model_parent_class)->dispose (object);
}

static void
loft_gtk_filter_model_finalize (GObject *object)
{
  LoftGtkFilterModel *self = LOFT_GTK_FILTER_MODEL (object);

  g_array_unref (self->blocks);
  g_free (self->query);
  G_OBJECT_CLASS (loft_gtk_filter_model_parent_class)->finalize (object);
}

static void
loft_gtk_filter_model_class_init (LoftGtkFilterModelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags read = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
  GParamFlags both = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = loft_gtk_filter_model_get_property;
  object_class->set_property = loft_gtk_filter_model_set_property;
  object_class->dispose = loft_gtk_filter_model_dispose;
  object_class->finalize = loft_gtk_filter_model_finalize;

  /**
   * LoftGtkFilterModel:item-type:
   *
   * The type of the rows, which is that of the first model.
   */
  properties[PROP_ITEM_TYPE] =
    g_param_spec_gtype ("item-type", NULL, NULL, G_TYPE_OBJECT, read);

  /**
   * LoftGtkFilterModel:model: (getter get_model) (setter set_model)
   *
   * The model with all rows, which is called the source.
   */
  properties[PROP_MODEL] = g_param_spec_object ("model", NULL, NULL, G_TYPE_LIST_MODEL, both);

  /**
   * LoftGtkFilterModel:query: (getter get_query) (setter set_query)
   *
   * What the rows have to match.
   */
  properties[PROP_QUERY] = g_param_spec_string ("query", NULL, NULL, "", both);

  /**
   * LoftGtkFilterModel:pending: (getter get_pending)
   *
   * The number of rows of the source that have not been compared with the query, or whose answer is
   * not in the list yet.
   */
  properties[PROP_PENDING] = g_param_spec_uint ("pending", NULL, NULL, 0, G_MAXUINT, 0, read);

  /**
   * LoftGtkFilterModel:n-items:
   *
   * The number of rows in the list.
   */
  properties[PROP_N_ITEMS] = g_param_spec_uint ("n-items", NULL, NULL, 0, G_MAXUINT, 0, read);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
loft_gtk_filter_model_init (LoftGtkFilterModel *self)
{
  self->item_type = G_TYPE_OBJECT;
  self->query = g_strdup ("");
  self->serial = 1;
  self->blocks = g_array_new (FALSE, TRUE, sizeof (Block));
  self->finger.block = G_MAXUINT;
  self->join_above = 64;
}

static LoftGtkFilterModel *
loft_gtk_filter_model_create (GListModel *model,
                              Matcher    *matcher)
{
  LoftGtkFilterModel *self = g_object_new (LOFT_GTK_TYPE_FILTER_MODEL, NULL);

  self->matcher = matcher;
  self->slot = loft_latest_slot_new (matcher->dispatcher);
  if (model != NULL)
    {
      self->item_type = g_list_model_get_item_type (model);
      loft_gtk_filter_model_set_model (self, model);
      g_object_unref (model);
    }
  return self;
}

/**
 * loft_gtk_filter_model_new:
 * @model: (transfer full) (nullable): the model with all rows
 * @expression: (transfer full) (nullable): the string of a row; %NULL for rows that are
 *   [class@Gtk.StringObject]
 *
 * Creates a model with the rows whose string contains the query.
 *
 * Upper and lower case make no difference, and neither does the way in which Unicode composes a
 * letter. A row without a string matches no query but the empty one.
 *
 * The expression is evaluated once for each row. It is not watched.
 *
 * To be called on the thread of GTK. Windows has no such class: there
 * `AdvancedCollectionView` of the Community Toolkit filters on the thread of the window.
 *
 * Returns: (transfer full): the model
 *
 * Since: 1.0
 */
LoftGtkFilterModel *
loft_gtk_filter_model_new (GListModel    *model,
                           GtkExpression *expression)
{
  Matcher *matcher;

  g_return_val_if_fail (model == NULL || G_IS_LIST_MODEL (model), NULL);
  g_return_val_if_fail (expression == NULL || GTK_IS_EXPRESSION (expression), NULL);
  g_return_val_if_fail (loft_dispatcher_has_thread_access (loft_dispatcher_get_default ()), NULL);

  matcher = matcher_new (make_string_key, g_free, match_string, expression,
                         expression != NULL ? (GDestroyNotify) gtk_expression_unref : NULL);
  matcher->folds = TRUE;
  return loft_gtk_filter_model_create (model, matcher);
}

/**
 * loft_gtk_filter_model_new_with_func: (skip)
 * @model: (transfer full) (nullable): the model with all rows
 * @key: makes the key of a row
 * @key_free: (nullable): releases a key; not called for %NULL
 * @match: returns whether a key matches the query
 * @user_data: the data to pass to @key and @match
 * @destroy: (nullable): called once with @user_data, when the model and its keys are gone
 *
 * Creates a model with the rows that a function chooses.
 *
 * @key, @key_free and @destroy are called on the thread of GTK. @match is called on workers of the
 * pool, by several of them at once, also for rows that are not in the source any more. It may still
 * run when the model is gone. A key can be a string, a struct, or a reference to the row itself if
 * threads may read that.
 *
 * To be called on the thread of GTK.
 *
 * Returns: (transfer full): the model
 *
 * Since: 1.0
 */
LoftGtkFilterModel *
loft_gtk_filter_model_new_with_func (GListModel       *model,
                                     LoftGtkKeyFunc    key,
                                     GDestroyNotify    key_free,
                                     LoftGtkMatchFunc  match,
                                     gpointer          user_data,
                                     GDestroyNotify    destroy)
{
  g_return_val_if_fail (model == NULL || G_IS_LIST_MODEL (model), NULL);
  g_return_val_if_fail (key != NULL && match != NULL, NULL);
  g_return_val_if_fail (loft_dispatcher_has_thread_access (loft_dispatcher_get_default ()), NULL);

  return loft_gtk_filter_model_create (model,
                                       matcher_new (key, key_free, match, user_data, destroy));
}

/**
 * loft_gtk_filter_model_set_model: (set-property model)
 * @self: a filter model
 * @model: (nullable): the model with all rows
 *
 * Sets the model whose rows are searched.
 *
 * The type of its rows must be the [property@LoftGtk.FilterModel:item-type] or derived from it.
 *
 * To be called on the thread of GTK.
 *
 * Since: 1.0
 */
void
loft_gtk_filter_model_set_model (LoftGtkFilterModel *self,
                                 GListModel         *model)
{
  guint removed, added;

  g_return_if_fail (LOFT_GTK_IS_FILTER_MODEL (self));
  g_return_if_fail (self->matcher != NULL);
  g_return_if_fail (model == NULL || G_IS_LIST_MODEL (model));
  g_return_if_fail (model == NULL ||
                    g_type_is_a (g_list_model_get_item_type (model), self->item_type));

  if (model == self->model)
    return;
  g_clear_signal_handler (&self->source_handler, self->model);
  removed = self->n_rows;
  added = model != NULL ? g_list_model_get_n_items (model) : 0;
  g_set_object (&self->model, model);
  if (model != NULL)
    self->source_handler = g_signal_connect (model, "items-changed",
                                             G_CALLBACK (on_source_changed), self);
  g_object_ref (self);
  on_source_changed (model, 0, removed, added, self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MODEL]);
  g_object_unref (self);
}

/**
 * loft_gtk_filter_model_get_model: (get-property model)
 * @self: a filter model
 *
 * Gets the model whose rows are searched.
 *
 * To be called on the thread of GTK.
 *
 * Returns: (transfer none) (nullable): the model
 *
 * Since: 1.0
 */
GListModel *
loft_gtk_filter_model_get_model (LoftGtkFilterModel *self)
{
  g_return_val_if_fail (LOFT_GTK_IS_FILTER_MODEL (self), NULL);

  return self->model;
}

/**
 * loft_gtk_filter_model_set_query: (set-property query)
 * @self: a filter model
 * @query: (nullable): what the rows have to match; %NULL or an empty string for all rows
 *
 * Sets what the rows have to match.
 *
 * The search for an earlier query is cancelled, and its answer never gets into the list. The list
 * does not change inside this call. It may be called in a handler of
 * [signal@Gio.ListModel::items-changed].
 *
 * To be called on the thread of GTK.
 *
 * Since: 1.0
 */
void
loft_gtk_filter_model_set_query (LoftGtkFilterModel *self,
                                 const char         *query)
{
  char *before;

  g_return_if_fail (LOFT_GTK_IS_FILTER_MODEL (self));
  g_return_if_fail (self->matcher != NULL);

  if (g_strcmp0 (self->query, query != NULL ? query : "") == 0)
    return;
  before = self->query;
  self->query = g_strdup (query != NULL ? query : "");
  g_free (before);
  self->serial++;
  self->running = FALSE;
  self->n_pending = self->n_rows;

  g_object_ref (self);
  loft_latest_slot_clear (self->slot);
  loft_gtk_filter_model_schedule (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_QUERY]);
  loft_gtk_filter_model_tell_numbers (self);
  g_object_unref (self);
}

/**
 * loft_gtk_filter_model_get_query: (get-property query)
 * @self: a filter model
 *
 * Gets what the rows have to match.
 *
 * To be called on the thread of GTK.
 *
 * Returns: the query, which is empty if all rows are shown
 *
 * Since: 1.0
 */
const char *
loft_gtk_filter_model_get_query (LoftGtkFilterModel *self)
{
  g_return_val_if_fail (LOFT_GTK_IS_FILTER_MODEL (self), NULL);

  return self->query;
}

/**
 * loft_gtk_filter_model_get_pending: (get-property pending)
 * @self: a filter model
 *
 * Gets how many rows have not been compared with the query yet, or have an answer that is not in
 * the list yet.
 *
 * To be called on the thread of GTK.
 *
 * Returns: the number of rows
 *
 * Since: 1.0
 */
guint
loft_gtk_filter_model_get_pending (LoftGtkFilterModel *self)
{
  g_return_val_if_fail (LOFT_GTK_IS_FILTER_MODEL (self), 0);

  return self->n_pending;
}
