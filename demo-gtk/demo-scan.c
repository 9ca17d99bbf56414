/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Walks a folder, groups the files by size, hashes the files that share their size, and posts each
 * set of equal files.
 *
 * The scan is one item of the pool. It starts another item for each file to hash, and waits for
 * them with get (). While it waits, another worker has its place. Each find is posted to the main
 * thread in the Low lane, so that input and redraws go first. */

#include "demo-scan.h"

#include <errno.h>
#include <sys/stat.h>

#include "demo-hash.h"

#define REPORT_EVERY (50 * G_TIME_SPAN_MILLISECOND)

typedef struct
{
  char *path;
  guint64 size;
} Candidate;

typedef struct
{
  /* constant after init */
  char *folder;
  GWeakRef owner;
  DemoFoundFunc found;

  /* the scan's worker only */
  LoftAsyncOperation *operation;
  GPtrArray *candidates;
  GHashTable *links;      /* "device:inode" of files with several names: each is looked at once */
  DemoProgress progress;
  gint64 next_report;
  guint n_groups;

  /* atomic: counted by the workers that hash */
  guint64 bytes_hashed;
} Scan;

static void
candidate_free (gpointer data)
{
  Candidate *candidate = data;

  g_free (candidate->path);
  g_free (candidate);
}

/* Runs on the main thread, because the owner and what it holds may be released only there. */
static void
scan_free (gpointer data)
{
  Scan *scan = data;

  g_weak_ref_clear (&scan->owner);
  g_clear_pointer (&scan->candidates, g_ptr_array_unref);
  g_clear_pointer (&scan->links, g_hash_table_unref);
  g_free (scan->folder);
  g_free (scan);
}

static gboolean
scan_is_canceled (Scan *scan)
{
  return loft_async_info_is_canceled (LOFT_ASYNC_INFO (scan->operation));
}

/* Reports at most every 50 ms. The handler runs in the Normal lane. */
static void
scan_report (Scan     *scan,
             gboolean  now)
{
  gint64 time = g_get_monotonic_time ();
  g_auto (GValue) value = G_VALUE_INIT;

  if (!now && time < scan->next_report)
    return;
  scan->next_report = time + REPORT_EVERY;
  scan->progress.bytes_hashed = __atomic_load_n (&scan->bytes_hashed, __ATOMIC_RELAXED);
  g_value_init (&value, DEMO_TYPE_PROGRESS);
  g_value_set_boxed (&value, &scan->progress);
  loft_async_base_set_provisional_result (LOFT_ASYNC_BASE (scan->operation), &value);
  loft_async_base_report_progress (LOFT_ASYNC_BASE (scan->operation), &value);
}

/* A row on its way to the list. */

typedef struct
{
  /* Strong. If this is the last reference to a window, only the main thread may drop it. */
  GObject *owner;
  DemoFoundFunc found;
  DemoRow *row;
} Find;

/* Runs on the main thread, whether the row was added or the window was closed before. */
static void
find_free (gpointer data)
{
  Find *find = data;

  g_object_unref (find->row);
  g_object_unref (find->owner);
  g_free (find);
}

static gboolean
on_find (LoftAsyncAction *action,
         gpointer         data,
         GError         **error)
{
  Find *find = data;

  find->found (find->owner, find->row);
  return TRUE;
}

static void
scan_post_row (Scan    *scan,
               DemoRow *row)
{
  GObject *owner = g_weak_ref_get (&scan->owner);
  Find *find;

  if (owner == NULL)
    {
      g_object_unref (row);
      return;
    }
  find = g_new0 (Find, 1);
  find->owner = owner;
  find->found = scan->found;
  find->row = row;
  scan->progress.rows++;
  loft_async_info_forget (LOFT_ASYNC_INFO (
    loft_dispatcher_run_for_async (loft_dispatcher_get_default (), LOFT_PRIORITY_LOW, owner,
                                   on_find, find, find_free)));
}

static void
scan_post_unreadable (Scan       *scan,
                      const char *path,
                      const char *why)
{
  scan_post_row (scan, demo_row_new_unreadable (path, why));
}

/* Walking. */

static gboolean
scan_is_another_link (Scan              *scan,
                      const struct stat *info)
{
  if (info->st_nlink < 2)
    return FALSE;
  return !g_hash_table_add (scan->links,
                            g_strdup_printf ("%" G_GUINT64_FORMAT ":%" G_GUINT64_FORMAT,
                                             (guint64) info->st_dev, (guint64) info->st_ino));
}

static void
scan_see_file (Scan              *scan,
               char              *path,
               const struct stat *info)
{
  Candidate *candidate;

  scan->progress.files++;
  scan->progress.bytes += (guint64) info->st_size;
  if (info->st_size == 0 || scan_is_another_link (scan, info))
    {
      g_free (path);
      return;
    }
  candidate = g_new0 (Candidate, 1);
  candidate->path = path;
  candidate->size = (guint64) info->st_size;
  g_ptr_array_add (scan->candidates, candidate);
}

static void
scan_walk_folder (Scan       *scan,
                  const char *folder,
                  GQueue     *folders)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) dir = g_dir_open (folder, 0, &error);
  const char *name;

  if (dir == NULL)
    {
      scan_post_unreadable (scan, folder, error->message);
      return;
    }
  while ((name = g_dir_read_name (dir)) != NULL && !scan_is_canceled (scan))
    {
      char *path = g_build_filename (folder, name, NULL);
      struct stat info;

      if (lstat (path, &info) != 0)
        {
          scan_post_unreadable (scan, path, g_strerror (errno));
          g_free (path);
        }
      else if (S_ISDIR (info.st_mode))
        g_queue_push_tail (folders, path);
      else if (S_ISREG (info.st_mode))
        scan_see_file (scan, path, &info);
      else
        g_free (path);
      scan_report (scan, FALSE);
    }
}

static void
scan_walk (Scan *scan)
{
  g_autoptr (GQueue) folders = g_queue_new ();
  char *folder;

  g_queue_push_tail (folders, g_strdup (scan->folder));
  while ((folder = g_queue_pop_head (folders)) != NULL)
    {
      if (!scan_is_canceled (scan))
        scan_walk_folder (scan, folder, folders);
      g_free (folder);
    }
}

/* Comparing. */

static int
compare_candidates (gconstpointer a,
                    gconstpointer b)
{
  const Candidate *one = *(Candidate *const *) a, *two = *(Candidate *const *) b;

  if (one->size != two->size)
    return one->size > two->size ? -1 : 1; /* large ones first, because they are worth most */
  return strcmp (one->path, two->path);
}

/* Returns whether both exist and have the same size. */
static gboolean
same_size (GPtrArray *candidates,
           guint      one,
           guint      two)
{
  if (one >= candidates->len || two >= candidates->len)
    return FALSE;
  return ((Candidate *) g_ptr_array_index (candidates, one))->size ==
         ((Candidate *) g_ptr_array_index (candidates, two))->size;
}

/* Drops all candidates that no other candidate has the size of. */
static void
scan_keep_same_sizes (Scan *scan)
{
  GPtrArray *all = scan->candidates;
  GPtrArray *kept = g_ptr_array_new_with_free_func (candidate_free);
  g_autofree gboolean *alone = g_new (gboolean, all->len + 1);

  g_ptr_array_sort (all, compare_candidates);
  g_ptr_array_set_free_func (all, NULL);
  for (guint i = 0; i < all->len; i++)
    alone[i] = !same_size (all, i, i + 1) && !(i > 0 && same_size (all, i - 1, i));
  for (guint i = 0; i < all->len; i++)
    {
      Candidate *candidate = g_ptr_array_index (all, i);

      if (!alone[i])
        {
          g_ptr_array_add (kept, candidate);
          scan->progress.bytes_to_hash += candidate->size;
        }
      else
        candidate_free (candidate);
    }
  g_ptr_array_unref (all);
  scan->candidates = kept;
  scan->progress.to_hash = kept->len;
}

/* Posts the sets of equal files among the files of one size, whose hashes are known. */
static void
scan_post_sets (Scan       *scan,
                GHashTable *by_hash)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, by_hash);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      GPtrArray *set = value;

      if (set->len < 2)
        continue;
      scan->n_groups++;
      scan->progress.duplicates += set->len - 1;
      for (guint i = 0; i < set->len; i++)
        {
          Candidate *candidate = g_ptr_array_index (set, i);

          scan_post_row (scan,
                         demo_row_new_copy (candidate->path, candidate->size, scan->n_groups));
        }
    }
  g_hash_table_remove_all (by_hash);
}

/* Waits for one hash, and adds the candidate to the set of that hash. */
static void
scan_take_hash (Scan               *scan,
                Candidate          *candidate,
                LoftAsyncOperation *hashing,
                GHashTable         *by_hash)
{
  g_autoptr (GError) error = NULL;
  g_auto (GValue) value = G_VALUE_INIT;
  GPtrArray *set;

  if (!loft_async_operation_get (hashing, &value, &error))
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        scan_post_unreadable (scan, candidate->path, error->message);
      return;
    }
  scan->progress.hashed++;
  set = g_hash_table_lookup (by_hash, g_value_get_string (&value));
  if (set == NULL)
    {
      set = g_ptr_array_new ();
      g_hash_table_insert (by_hash, g_value_dup_string (&value), set);
    }
  g_ptr_array_add (set, candidate);
}

static void
scan_hash (Scan *scan)
{
  g_autoptr (GPtrArray) hashings = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GHashTable) by_hash = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                                          (GDestroyNotify) g_ptr_array_unref);

  for (guint i = 0; i < scan->candidates->len && !scan_is_canceled (scan); i++)
    {
      Candidate *candidate = g_ptr_array_index (scan->candidates, i);
      LoftAsyncOperation *hashing = demo_hash_file_async (candidate->path, &scan->bytes_hashed);

      loft_async_base_propagate_cancel (LOFT_ASYNC_BASE (scan->operation),
                                        LOFT_ASYNC_INFO (hashing));
      g_ptr_array_add (hashings, hashing);
    }
  for (guint i = 0; i < hashings->len; i++)
    {
      Candidate *candidate = g_ptr_array_index (scan->candidates, i);

      scan_take_hash (scan, candidate, g_ptr_array_index (hashings, i), by_hash);
      if (i + 1 == hashings->len || !same_size (scan->candidates, i, i + 1))
        scan_post_sets (scan, by_hash);
      scan_report (scan, FALSE);
    }
}

static gboolean
scan_run (LoftAsyncOperation *operation,
          GValue             *result,
          gpointer            data,
          GError            **error)
{
  Scan *scan = data;

  scan->operation = operation;
  scan_walk (scan);
  scan_keep_same_sizes (scan);
  scan_report (scan, TRUE);
  scan_hash (scan);
  scan_report (scan, TRUE);
  g_value_set_boxed (result, &scan->progress);
  return TRUE;
}

LoftAsyncOperation *
demo_scan_async (const char    *folder,
                 GObject       *owner,
                 DemoFoundFunc  found)
{
  Scan *scan = g_new0 (Scan, 1);

  scan->folder = g_strdup (folder);
  scan->found = found;
  scan->candidates = g_ptr_array_new_with_free_func (candidate_free);
  scan->links = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_weak_ref_init (&scan->owner, owner);
  return loft_thread_pool_run_operation_with_progress_async (DEMO_TYPE_PROGRESS, DEMO_TYPE_PROGRESS,
                                                             scan_run, scan, scan_free);
}
