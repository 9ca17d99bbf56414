/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* DemoRow is created on a worker and read on the main thread. Nothing changes in it but the mark,
 * which only the main thread touches. */

#include "demo-row.h"

#include "demo-name.h"

struct _DemoRow
{
  GObject parent_instance;

  /* constant after init */
  DemoRowKind kind;
  char *path;
  GStrv more_paths;
  char *name;
  char *folder;
  char *note;
  guint64 size;
  guint64 wasted;
  gint64 modified;
  guint group;
  gboolean reference;

  /* owner thread only */
  gboolean marked;
};

enum { PROP_MARKED = 1, N_PROPS };

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (DemoRow, demo_row, G_TYPE_OBJECT)

static DemoRow *
demo_row_new (DemoRowKind  kind,
              const char  *path)
{
  DemoRow *self = g_object_new (DEMO_TYPE_ROW, NULL);

  self->kind = kind;
  if (path != NULL)
    {
      g_autofree char *name = g_path_get_basename (path);
      g_autofree char *folder = g_path_get_dirname (path);

      self->path = g_strdup (path);
      self->name = demo_name_escape (name);
      self->folder = demo_name_escape (folder);
    }
  return self;
}

DemoRow *
demo_row_new_head (guint   group,
                   guint64 size,
                   guint   n_files,
                   guint64 wasted)
{
  DemoRow *self = demo_row_new (DEMO_ROW_HEAD, NULL);
  g_autofree char *each = g_format_size (size);
  g_autofree char *all = g_format_size (wasted);

  self->group = group;
  self->size = size;
  self->wasted = wasted;
  self->name = g_strdup_printf ("%u equal files of %s", n_files, each);
  self->note = g_strdup_printf ("%s wasted", all);
  return self;
}

DemoRow *
demo_row_new_copy (const DemoFile *file,
                   guint           group)
{
  DemoRow *self = demo_row_new (DEMO_ROW_COPY, file->path);
  guint more = file->more_paths != NULL ? file->more_paths->len : 0;

  self->group = group;
  self->size = file->size;
  self->modified = file->modified;
  self->reference = file->reference;
  if (more > 0)
    {
      self->more_paths = g_new0 (char *, more + 1);
      for (guint i = 0; i < more; i++)
        self->more_paths[i] = g_strdup (file->more_paths->pdata[i]);
    }
  if (file->reference)
    self->note = g_strdup ("Reference");
  else if (more > 0)
    self->note = g_strdup_printf ("%u names", more + 1);
  return self;
}

DemoRow *
demo_row_new_problem (const char *path,
                      const char *why)
{
  DemoRow *self = demo_row_new (DEMO_ROW_PROBLEM, path);

  self->note = g_strdup (why);
  return self;
}

DemoRowKind
demo_row_get_kind (DemoRow *self)
{
  return self->kind;
}

const char *
demo_row_get_path (DemoRow *self)
{
  return self->path;
}

GStrv
demo_row_get_more_paths (DemoRow *self)
{
  return self->more_paths;
}

const char *
demo_row_get_name (DemoRow *self)
{
  return self->name;
}

const char *
demo_row_get_folder (DemoRow *self)
{
  return self->folder;
}

const char *
demo_row_get_note (DemoRow *self)
{
  return self->note;
}

guint64
demo_row_get_size (DemoRow *self)
{
  return self->size;
}

guint64
demo_row_get_wasted (DemoRow *self)
{
  return self->wasted;
}

gint64
demo_row_get_modified (DemoRow *self)
{
  return self->modified;
}

guint
demo_row_get_group (DemoRow *self)
{
  return self->group;
}

gboolean
demo_row_is_reference (DemoRow *self)
{
  return self->reference;
}

gboolean
demo_row_is_marked (DemoRow *self)
{
  return self->marked;
}

void
demo_row_set_marked (DemoRow  *self,
                     gboolean  marked)
{
  if (self->marked == marked || self->kind != DEMO_ROW_COPY || self->reference)
    return;
  self->marked = marked;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_MARKED]);
}

static void
demo_row_get_property (GObject    *object,
                       guint       id,
                       GValue     *value,
                       GParamSpec *pspec)
{
  if (id == PROP_MARKED)
    g_value_set_boolean (value, DEMO_ROW (object)->marked);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
demo_row_set_property (GObject      *object,
                       guint         id,
                       const GValue *value,
                       GParamSpec   *pspec)
{
  if (id == PROP_MARKED)
    demo_row_set_marked (DEMO_ROW (object), g_value_get_boolean (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
demo_row_finalize (GObject *object)
{
  DemoRow *self = DEMO_ROW (object);

  g_free (self->path);
  g_strfreev (self->more_paths);
  g_free (self->name);
  g_free (self->folder);
  g_free (self->note);
  G_OBJECT_CLASS (demo_row_parent_class)->finalize (object);
}

static void
demo_row_class_init (DemoRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = demo_row_get_property;
  object_class->set_property = demo_row_set_property;
  object_class->finalize = demo_row_finalize;
  props[PROP_MARKED] = g_param_spec_boolean (
    "marked", NULL, NULL, FALSE,
    G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
demo_row_init (DemoRow *self)
{
}
