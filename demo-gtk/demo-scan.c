/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Walks the folders, groups the files by size, and compares the files of each group.
 *
 *   walk ─ files by size ─┬─ groups of few ─────────────────────────┬─ compare byte by byte ─ sets
 *                         └─ groups of many ─ hash of the beginning ┤
 *                                └─ still many ─ hash of all ───────┘
 *
 * A file of a size of its own is never opened. The scan is one item of the pool. It starts other
 * items for batches of files or groups, and waits for them with get (). While it waits, another
 * worker has its place. What they find enters the lists in the Low lane, so that input and redraws
 * go first. */

#include "demo-scan.h"

#include <string.h>

#include "demo-compare.h"
#include "demo-walk.h"

#define REPORT_EVERY (50 * G_TIME_SPAN_MILLISECOND)
#define BATCH_FILES  128
#define BATCH_BYTES  (4 * 1024 * 1024)

typedef struct
{
  gatomicrefcount refs; /* the operation's, and each batch's */

  /* constant after init */
  DemoSettings *settings;
  LoftListFeeder *sets;
  LoftListFeeder *problems;
  LoftAsyncOperation *operation; /* set before the first worker starts */

  /* the scan's worker only */
  DemoWalk *walk;
  GPtrArray *groups; /* of GPtrArray of DemoFile, two or more of one size, the largest first */
  guint n_sets;

  /* atomic */
  gboolean stopped; /* nobody wants the finds */
  guint64 bytes_read;
  guint compared;
  guint n_problems;
  guint calls;      /* of go_on () */

  GMutex mutex;
  /* under mutex */
  DemoProgress progress;
  gint64 next_report;
} Scan;

/* Files, or groups of them, for one item of the pool. */
typedef struct
{
  Scan *scan;
  GPtrArray *items;    /* of DemoFile to hash, or of GPtrArray to compare; owns neither */
  guint64 hash_length; /* 0: compare */
  GPtrArray *sets;     /* of GPtrArray of DemoFile: what was found */
} Batch;

static void
scan_unref (Scan *scan)
{
  if (!g_atomic_ref_count_dec (&scan->refs))
    return;
  demo_settings_free (scan->settings);
  g_clear_object (&scan->sets);
  g_clear_object (&scan->problems);
  g_clear_pointer (&scan->groups, g_ptr_array_unref);
  demo_walk_free (scan->walk);
  g_mutex_clear (&scan->mutex);
  g_free (scan);
}

static void
on_scan_released (gpointer data)
{
  scan_unref (data);
}

/* Reports at most every 50 ms, whichever worker comes first. */
static void
scan_report (Scan     *scan,
             gboolean  now)
{
  gint64 time = g_get_monotonic_time ();
  g_auto (GValue) value = G_VALUE_INIT;
  DemoProgress progress;
  gboolean due;

  g_mutex_lock (&scan->mutex);
  due = now || time >= scan->next_report;
  if (due)
    scan->next_report = time + REPORT_EVERY;
  scan->progress.bytes_read = __atomic_load_n (&scan->bytes_read, __ATOMIC_RELAXED);
  scan->progress.compared = __atomic_load_n (&scan->compared, __ATOMIC_RELAXED);
  scan->progress.problems = __atomic_load_n (&scan->n_problems, __ATOMIC_RELAXED);
  progress = scan->progress;
  g_mutex_unlock (&scan->mutex);
  if (!due || loft_async_info_is_canceled (LOFT_ASYNC_INFO (scan->operation)))
    return; /* after a cancel, nobody asks any more, and the window may be gone */
  g_value_init (&value, DEMO_TYPE_PROGRESS);
  g_value_set_boxed (&value, &progress);
  loft_async_base_set_provisional_result (LOFT_ASYNC_BASE (scan->operation), &value);
  loft_async_base_report_progress (LOFT_ASYNC_BASE (scan->operation), &value);
}

/* What the walk and the comparison call, on any worker. */

static gboolean
scan_goes_on (gpointer data)
{
  Scan *scan = data;

  if (__atomic_add_fetch (&scan->calls, 1, __ATOMIC_RELAXED) % 32 == 0)
    scan_report (scan, FALSE);
  return !__atomic_load_n (&scan->stopped, __ATOMIC_RELAXED) &&
         !loft_async_info_is_canceled (LOFT_ASYNC_INFO (scan->operation));
}

static void
on_read (gpointer data,
         gsize    bytes)
{
  __atomic_fetch_add (&((Scan *) data)->bytes_read, bytes, __ATOMIC_RELAXED);
}

static void
on_problem (gpointer    data,
            const char *path,
            const char *why)
{
  Scan *scan = data;
  g_autoptr (DemoRow) row = demo_row_new_problem (path, why);

  __atomic_fetch_add (&scan->n_problems, 1, __ATOMIC_RELAXED);
  if (!loft_list_feeder_push (scan->problems, row, NULL))
    __atomic_store_n (&scan->stopped, TRUE, __ATOMIC_RELAXED);
}

static void
on_bad_file (gpointer      data,
             DemoFile     *file,
             const GError *error)
{
  on_problem (data, file->path, error->message);
}

static gboolean
on_walked (gpointer data)
{
  Scan *scan = data;

  scan->progress.files = scan->walk->n_names;
  scan->progress.bytes = scan->walk->bytes;
  scan->progress.skipped = scan->walk->n_skipped;
  return scan_goes_on (scan);
}

/* Groups. */

static int
compare_sizes (gconstpointer a,
               gconstpointer b)
{
  const DemoFile *one = *(DemoFile *const *) a, *two = *(DemoFile *const *) b;

  if (one->size != two->size)
    return one->size > two->size ? -1 : 1; /* large ones first, because they are worth most */
  return one->hash < two->hash ? -1 : one->hash > two->hash;
}

static gboolean
is_spare (const GPtrArray *files,
          guint            begin,
          guint            end)
{
  for (guint i = begin; i < end; i++)
    if (!((DemoFile *) files->pdata[i])->reference)
      return end - begin > 1;
  return FALSE; /* nothing but references */
}

/* Sorts @files, and adds to @groups those that have the same size and hash as another. */
static void
add_groups (GPtrArray *groups,
            GPtrArray *files)
{
  guint end;

  g_ptr_array_sort (files, compare_sizes);
  for (guint begin = 0; begin < files->len; begin = end)
    {
      for (end = begin + 1; end < files->len; end++)
        if (compare_sizes (&files->pdata[begin], &files->pdata[end]) != 0)
          break;
      if (is_spare (files, begin, end))
        {
          GPtrArray *group = g_ptr_array_sized_new (end - begin);

          for (guint i = begin; i < end; i++)
            if (!((DemoFile *) files->pdata[i])->bad)
              g_ptr_array_add (group, files->pdata[i]);
          g_ptr_array_add (groups, group);
        }
    }
}

static GPtrArray *
new_groups (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);
}

static guint64
group_size (GPtrArray *group)
{
  return group->len > 0 ? ((DemoFile *) group->pdata[0])->size : 0;
}

static void
scan_group (Scan *scan)
{
  scan->groups = new_groups ();
  add_groups (scan->groups, scan->walk->files);
  for (guint i = 0; i < scan->groups->len; i++)
    {
      GPtrArray *group = scan->groups->pdata[i];

      scan->progress.to_compare += group->len;
      scan->progress.bytes_to_compare += group->len * group_size (group);
    }
}

/* Batches. */

static void
batch_clear (gpointer data)
{
  Batch *batch = data;

  scan_unref (batch->scan);
  g_ptr_array_unref (batch->items);
  g_ptr_array_unref (batch->sets);
}

static void
batch_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, batch_clear);
}

static gboolean
batch_run (LoftAsyncAction *action,
           gpointer         data,
           GError         **error)
{
  Batch *batch = data;
  const DemoCompareCalls calls = { scan_goes_on, on_read, on_bad_file, batch->scan };
  g_autofree guchar *buffer = g_malloc (DEMO_COMPARE_BUFFER);

  for (guint i = 0; i < batch->items->len && scan_goes_on (batch->scan); i++)
    if (batch->hash_length > 0)
      {
        DemoFile *file = batch->items->pdata[i];

        demo_compare_hash (file, MIN (file->size, batch->hash_length), &calls, buffer);
      }
    else
      {
        GPtrArray *group = batch->items->pdata[i];

        demo_compare_run (group, &calls, buffer, batch->sets);
        __atomic_fetch_add (&batch->scan->compared, group->len, __ATOMIC_RELAXED);
      }
  return TRUE;
}

/* Batches on their way, in order. Large files have a batch of their own. */
typedef struct
{
  Scan *scan;
  guint64 hash_length;
  GPtrArray *batches; /* of Batch */
  GPtrArray *actions; /* of each */
  Batch *next;        /* that is being filled */
  guint files;        /* in that */
  guint64 bytes;
} Batches;

static void
batches_init (Batches *batches,
              Scan    *scan,
              guint64  hash_length)
{
  memset (batches, 0, sizeof *batches);
  batches->scan = scan;
  batches->hash_length = hash_length;
  batches->batches = g_ptr_array_new_with_free_func (batch_unref);
  batches->actions = g_ptr_array_new_with_free_func (g_object_unref);
}

static void
batches_start_next (Batches *batches)
{
  Batch *batch = g_steal_pointer (&batches->next);
  LoftAsyncAction *action;

  if (batch == NULL)
    return;
  action = loft_thread_pool_run_async (batch_run, g_atomic_rc_box_acquire (batch), batch_unref);
  loft_async_base_propagate_cancel (LOFT_ASYNC_BASE (batches->scan->operation),
                                    LOFT_ASYNC_INFO (action));
  g_ptr_array_add (batches->batches, batch);
  g_ptr_array_add (batches->actions, action);
  batches->files = 0;
  batches->bytes = 0;
}

static void
batches_add (Batches *batches,
             gpointer item,
             guint    files,
             guint64  bytes)
{
  if (batches->next == NULL)
    {
      batches->next = g_atomic_rc_box_new0 (Batch);
      batches->next->scan = batches->scan;
      g_atomic_ref_count_inc (&batches->scan->refs);
      batches->next->hash_length = batches->hash_length;
      batches->next->items = g_ptr_array_new ();
      batches->next->sets = new_groups ();
    }
  g_ptr_array_add (batches->next->items, item);
  batches->files += files;
  batches->bytes += bytes;
  if (batches->files >= BATCH_FILES || batches->bytes >= BATCH_BYTES)
    batches_start_next (batches);
}

/* Waits for the batch @n. Returns FALSE if it was cancelled. */
static gboolean
batches_wait (Batches *batches,
              guint    n)
{
  return loft_async_action_get (batches->actions->pdata[n], NULL);
}

static void
batches_clear (Batches *batches)
{
  g_ptr_array_unref (batches->actions);
  g_ptr_array_unref (batches->batches);
}

/* Splits the groups that are too many to be compared side by side, by a hash of the first @length
 * bytes. @length is 0 for all of them. */
static void
scan_split_groups (Scan    *scan,
                   guint64  length)
{
  g_autoptr (GPtrArray) before = g_steal_pointer (&scan->groups);
  guint64 hash_length = length > 0 ? length : G_MAXUINT64;
  Batches batches;

  batches_init (&batches, scan, hash_length);
  for (guint i = 0; i < before->len; i++)
    {
      GPtrArray *group = before->pdata[i];
      gboolean done = length == 0 && group_size (group) <= DEMO_COMPARE_FIRST;

      for (guint j = 0; group->len > DEMO_COMPARE_MOST && !done && j < group->len; j++)
        batches_add (&batches, group->pdata[j], 1, MIN (group_size (group), hash_length));
    }
  batches_start_next (&batches);
  for (guint i = 0; i < batches.actions->len; i++)
    batches_wait (&batches, i);
  batches_clear (&batches);

  scan->groups = new_groups ();
  for (guint i = 0; i < before->len && scan_goes_on (scan); i++)
    add_groups (scan->groups, before->pdata[i]);
}

/* Finds. */

static void
scan_count_set (Scan    *scan,
                DemoSet *set)
{
  g_mutex_lock (&scan->mutex);
  scan->progress.sets++;
  scan->progress.duplicates += demo_set_get_spare (set);
  scan->progress.wasted += demo_set_get_wasted (set);
  g_mutex_unlock (&scan->mutex);
}

static void
scan_push_sets (Scan      *scan,
                GPtrArray *found)
{
  g_autoptr (GPtrArray) sets = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < found->len; i++)
    {
      GPtrArray *files = found->pdata[i];
      DemoSet *set;

      if (!is_spare (files, 0, files->len))
        continue;
      set = demo_set_new (files, ++scan->n_sets);
      scan_count_set (scan, set);
      g_ptr_array_add (sets, set);
    }
  if (sets->len > 0 && !loft_list_feeder_push_all (scan->sets, sets->pdata, sets->len, NULL))
    __atomic_store_n (&scan->stopped, TRUE, __ATOMIC_RELAXED);
}

static void
scan_compare (Scan *scan)
{
  Batches batches;

  batches_init (&batches, scan, 0);
  for (guint i = 0; i < scan->groups->len && scan_goes_on (scan); i++)
    {
      GPtrArray *group = scan->groups->pdata[i];

      batches_add (&batches, group, group->len, group->len * group_size (group));
    }
  batches_start_next (&batches);
  for (guint i = 0; i < batches.actions->len; i++)
    {
      if (batches_wait (&batches, i))
        scan_push_sets (scan, ((Batch *) batches.batches->pdata[i])->sets);
      scan_report (scan, FALSE);
    }
  batches_clear (&batches);
}

static gboolean
scan_run (LoftAsyncOperation *operation,
          GValue             *result,
          gpointer            data,
          GError            **error)
{
  Scan *scan = data;
  const DemoWalkCalls calls = { on_walked, on_problem, scan };

  scan->operation = operation;
  demo_walk_run (scan->walk, scan->settings, &calls);
  on_walked (scan);
  scan_group (scan);
  scan_report (scan, TRUE);
  scan_split_groups (scan, DEMO_COMPARE_FIRST);
  scan_split_groups (scan, 0);
  scan_compare (scan);
  scan_report (scan, TRUE);
  g_mutex_lock (&scan->mutex);
  g_value_set_boxed (result, &scan->progress);
  g_mutex_unlock (&scan->mutex);
  return TRUE;
}

LoftAsyncOperation *
demo_scan_async (const DemoSettings *settings,
                 LoftListFeeder     *sets,
                 LoftListFeeder     *problems)
{
  Scan *scan = g_new0 (Scan, 1);
  LoftAsyncOperation *operation;

  g_atomic_ref_count_init (&scan->refs);
  g_mutex_init (&scan->mutex);
  scan->settings = demo_settings_copy (settings);
  scan->sets = g_object_ref (sets);
  scan->problems = g_object_ref (problems);
  scan->walk = demo_walk_new ();
  operation = loft_thread_pool_run_operation_with_progress_async (
    DEMO_TYPE_PROGRESS, DEMO_TYPE_PROGRESS, scan_run, scan, on_scan_released);
  loft_list_feeder_bind (sets, LOFT_ASYNC_INFO (operation), NULL);
  loft_list_feeder_bind (problems, LOFT_ASYNC_INFO (operation), NULL);
  return operation;
}
