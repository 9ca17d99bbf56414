/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The head counts what the set has at the moment, so a new one is made when a file goes. */

#include "demo-set.h"

#include <string.h>

struct _DemoSet
{
  GObject parent_instance;

  /* constant after init */
  guint group;
  guint64 size;

  /* owner thread only, once it is in a list */
  GPtrArray *rows; /* of DemoRow, the head first */
};

static void demo_set_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (DemoSet, demo_set, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, demo_set_list_model_init))

static int
compare_files (gconstpointer a,
               gconstpointer b)
{
  const DemoFile *one = *(DemoFile *const *) a, *two = *(DemoFile *const *) b;

  if (one->reference != two->reference)
    return one->reference ? -1 : 1;
  return strcmp (one->path, two->path);
}

static void
demo_set_replace_head (DemoSet *self)
{
  g_clear_object (&self->rows->pdata[0]);
  self->rows->pdata[0] = demo_row_new_head (self->group, self->size, demo_set_get_n_files (self),
                                            demo_set_get_wasted (self));
}

DemoSet *
demo_set_new (GPtrArray *files,
              guint      group)
{
  DemoSet *self = g_object_new (DEMO_TYPE_SET, NULL);

  self->group = group;
  self->size = ((DemoFile *) files->pdata[0])->size;
  g_ptr_array_sort (files, compare_files);
  g_ptr_array_add (self->rows, NULL); /* for the head, which counts the others */
  for (guint i = 0; i < files->len; i++)
    g_ptr_array_add (self->rows, demo_row_new_copy (files->pdata[i], group));
  demo_set_replace_head (self);
  return self;
}

guint
demo_set_get_n_files (DemoSet *self)
{
  return self->rows->len - 1;
}

DemoRow *
demo_set_get_file (DemoSet *self,
                   guint    n)
{
  return g_ptr_array_index (self->rows, n + 1);
}

guint
demo_set_get_group (DemoSet *self)
{
  return self->group;
}

guint64
demo_set_get_size (DemoSet *self)
{
  return self->size;
}

guint
demo_set_get_spare (DemoSet *self)
{
  guint n = demo_set_get_n_files (self), references = 0;

  for (guint i = 0; i < n; i++)
    references += demo_row_is_reference (demo_set_get_file (self, i)) ? 1 : 0;
  return n - (references > 0 ? references : MIN (n, 1));
}

guint64
demo_set_get_wasted (DemoSet *self)
{
  return self->size * demo_set_get_spare (self);
}

void
demo_set_remove_file (DemoSet *self,
                      DemoRow *file)
{
  guint n_before = self->rows->len;

  if (!g_ptr_array_remove (self->rows, file))
    return;
  demo_set_replace_head (self);
  g_list_model_items_changed (G_LIST_MODEL (self), 0, n_before, self->rows->len);
}

void
demo_set_add_file (DemoSet *self,
                   DemoRow *file)
{
  guint n_before = self->rows->len, place = 1;

  while (place < n_before && !demo_row_is_reference (file) &&
         (demo_row_is_reference (self->rows->pdata[place]) ||
          strcmp (demo_row_get_path (self->rows->pdata[place]), demo_row_get_path (file)) < 0))
    place++;
  g_ptr_array_insert (self->rows, (gint) place, g_object_ref (file));
  demo_set_replace_head (self);
  g_list_model_items_changed (G_LIST_MODEL (self), 0, n_before, self->rows->len);
}

static GType
demo_set_get_item_type (GListModel *list)
{
  return DEMO_TYPE_ROW;
}

static guint
demo_set_get_n_items (GListModel *list)
{
  return DEMO_SET (list)->rows->len;
}

static gpointer
demo_set_get_item (GListModel *list,
                   guint       n)
{
  DemoSet *self = DEMO_SET (list);

  return n < self->rows->len ? g_object_ref (g_ptr_array_index (self->rows, n)) : NULL;
}

static void
demo_set_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = demo_set_get_item_type;
  iface->get_n_items = demo_set_get_n_items;
  iface->get_item = demo_set_get_item;
}

static void
demo_set_finalize (GObject *object)
{
  g_ptr_array_unref (DEMO_SET (object)->rows);
  G_OBJECT_CLASS (demo_set_parent_class)->finalize (object);
}

static void
demo_set_class_init (DemoSetClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = demo_set_finalize;
}

static void
demo_set_init (DemoSet *self)
{
  self->rows = g_ptr_array_new_with_free_func (g_object_unref);
}
