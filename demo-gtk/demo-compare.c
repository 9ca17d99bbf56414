/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Files are read side by side, a chunk of each at a time. After each chunk, those that still agree
 * go on together, and one that is left alone is read no further. So no hash has to be trusted, and
 * files that differ early cost one short read.
 *
 * More files than may be open at once are compared with the first of them, in rounds. The caller
 * has put files together whose hashes are equal, so that nearly always one pass suffices. */

#include "demo-compare.h"

#include <string.h>

#define CHUNK (128 * 1024)

G_STATIC_ASSERT (DEMO_COMPARE_MOST * DEMO_COMPARE_FIRST <= DEMO_COMPARE_BUFFER);

typedef struct
{
  const DemoCompareCalls *calls;
  GPtrArray *sets;
  guchar *buffer;
} Comparison;

static gboolean
go_on (const DemoCompareCalls *calls)
{
  return calls->go_on (calls->data);
}

/* Returns FALSE, and has told, if the file can't be read, or ends early. */
static gboolean
read_chunk (DemoFile               *file,
            guint64                 offset,
            guchar                 *chunk,
            gsize                   length,
            const DemoCompareCalls *calls)
{
  g_autoptr (GError) error = NULL;
  gssize n = -1;

  if (file->fd >= 0 || demo_file_open (file, &error))
    n = demo_file_read (file, offset, chunk, length, &error);
  if (n >= 0 && (gsize) n < length)
    g_set_error_literal (&error, G_IO_ERROR, G_IO_ERROR_FAILED, "It was changed during the scan");
  if (n > 0)
    calls->read (calls->data, (gsize) n);
  if (error == NULL)
    return TRUE;
  demo_file_close (file);
  file->bad = TRUE;
  calls->problem (calls->data, file, error);
  return FALSE;
}

static guint64
mix (guint64 hash,
     guint64 word)
{
  hash = (hash ^ word) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  return hash << 29 | hash >> 35;
}

/* Two streams, so that the processor multiplies for both at a time. */
static guint64
hash_chunk (guint64       hash,
            const guchar *chunk,
            gsize         length)
{
  guint64 other = ~hash;
  gsize i = 0;

  for (; i + 16 <= length; i += 16)
    {
      guint64 words[2];

      memcpy (words, chunk + i, sizeof words);
      hash = mix (hash, words[0]);
      other = mix (other, words[1]);
    }
  for (; i < length; i++)
    hash = mix (hash, chunk[i]);
  return mix (hash, other);
}

gboolean
demo_compare_hash (DemoFile               *file,
                   guint64                 length,
                   const DemoCompareCalls *calls,
                   guchar                 *buffer)
{
  guint64 offset = 0;

  file->hash = file->size;
  while (offset < length && go_on (calls))
    {
      gsize n = (gsize) MIN (CHUNK, length - offset);

      if (!read_chunk (file, offset, buffer, n, calls))
        return FALSE;
      file->hash = hash_chunk (file->hash, buffer, n);
      offset += n;
    }
  demo_file_close (file);
  return offset >= length;
}

static void
close_files (DemoFile **files,
             guint      n)
{
  for (guint i = 0; i < n; i++)
    demo_file_close (files[i]);
}

/* Reads the next chunk of each, and drops those that can't be read. Returns how many are left. */
static guint
read_chunks (Comparison *comparison,
             DemoFile  **files,
             guint       n,
             guint64     offset,
             gsize       length)
{
  guint left = 0;

  for (guint i = 0; i < n; i++)
    if (read_chunk (files[i], offset, comparison->buffer + left * length, length,
                    comparison->calls))
      files[left++] = files[i];
  return left;
}

/* Moves those files to the front whose chunk is that of the first, and their chunks with them.
 * Returns how many these are. */
static guint
gather_equal (DemoFile **files,
              guchar    *chunks,
              guint      n,
              gsize      length)
{
  guint equal = 1;

  for (guint i = 1; i < n; i++)
    if (memcmp (chunks, chunks + i * length, length) == 0)
      {
        DemoFile *file = files[i];

        if (i != equal)
          memcpy (chunks + i * length, chunks + equal * length, length);
        files[i] = files[equal];
        files[equal++] = file;
      }
  return equal;
}

static void
add_set (GPtrArray *sets,
         DemoFile **files,
         guint      n)
{
  GPtrArray *set = g_ptr_array_sized_new (n);

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (set, files[i]);
  g_ptr_array_add (sets, set);
}

static gsize
next_length (guint64 size,
             guint64 offset,
             guint   n)
{
  gsize length = offset == 0 ? DEMO_COMPARE_FIRST : MIN (CHUNK, DEMO_COMPARE_BUFFER / n);

  return (gsize) MIN (length, size - offset);
}

static void compare_from (Comparison *comparison, DemoFile **files, guint n, guint64 offset);

/* Goes on from @next with each group of files whose chunks are equal. The first @equal are one. */
static void
compare_groups (Comparison *comparison,
                DemoFile  **files,
                guint       n,
                guint       equal,
                gsize       length,
                guint64     next)
{
  guint ends[DEMO_COMPARE_MOST] = { equal }, n_groups = 1, end = equal;

  /* All groups are found first, while their chunks are there. */
  while (end < n)
    {
      end += gather_equal (files + end, comparison->buffer + end * length, n - end, length);
      ends[n_groups++] = end;
    }
  for (guint i = 0, begin = 0; i < n_groups; begin = ends[i++])
    compare_from (comparison, files + begin, ends[i] - begin, next);
}

/* Compares @n files from @offset on, before which they are equal. All are closed in the end. Calls
 * itself once for each group that splits off, so at most DEMO_COMPARE_MOST deep. */
static void
compare_from (Comparison *comparison,
              DemoFile  **files,
              guint       n,
              guint64     offset)
{
  guint64 size = files[0]->size;

  while (n > 1 && offset < size && go_on (comparison->calls))
    {
      gsize length = next_length (size, offset, n);
      guint equal;

      n = read_chunks (comparison, files, n, offset, length);
      offset += length;
      equal = n > 0 ? gather_equal (files, comparison->buffer, n, length) : 0;
      if (equal < n)
        {
          compare_groups (comparison, files, n, equal, length, offset);
          return;
        }
    }
  if (n > 1 && offset >= size)
    add_set (comparison->sets, files, n);
  close_files (files, n);
}

/* Compares @files[0] with the others, in rounds. Those that are equal to it become a set, and the
 * others move to the front. Returns how many are left. */
static guint
compare_rounds (Comparison *comparison,
                DemoFile  **files,
                guint       n)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new ();
  g_autoptr (GHashTable) in_set = g_hash_table_new (NULL, NULL);
  DemoFile *first = files[0];
  guint left = 0;

  for (guint begin = 1; begin < n && !first->bad && go_on (comparison->calls);
       begin += DEMO_COMPARE_MOST - 1)
    {
      DemoFile *round[DEMO_COMPARE_MOST] = { first };
      guint many = MIN (n - begin, DEMO_COMPARE_MOST - 1);
      g_autoptr (GPtrArray) sets = g_ptr_array_new_with_free_func (
        (GDestroyNotify) g_ptr_array_unref);
      Comparison of_round = { comparison->calls, sets, comparison->buffer };

      memcpy (round + 1, files + begin, many * sizeof *round);
      compare_from (&of_round, round, many + 1, 0);
      for (guint i = 0; i < sets->len; i++)
        if (g_ptr_array_find (sets->pdata[i], first, NULL))
          for (guint j = 0; j < ((GPtrArray *) sets->pdata[i])->len; j++)
            g_hash_table_add (in_set, g_ptr_array_index ((GPtrArray *) sets->pdata[i], j));
    }
  for (guint i = 0; i < n; i++)
    if (g_hash_table_contains (in_set, files[i]))
      g_ptr_array_add (all, files[i]);
    else if (i > 0 && !files[i]->bad)
      files[left++] = files[i];
  if (all->len > 1)
    g_ptr_array_add (comparison->sets, g_steal_pointer (&all));
  return left;
}

void
demo_compare_run (GPtrArray              *files,
                  const DemoCompareCalls *calls,
                  guchar                 *buffer,
                  GPtrArray              *sets)
{
  g_autofree DemoFile **left = g_memdup2 (files->pdata, files->len * sizeof *left);
  guint n = files->len;
  Comparison comparison = { calls, sets, buffer };

  while (n > DEMO_COMPARE_MOST && go_on (calls))
    n = compare_rounds (&comparison, left, n);
  if (n > 1 && go_on (calls))
    compare_from (&comparison, left, n, 0);
}
