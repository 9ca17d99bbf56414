/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* DemoRow: holds the values of the columns as properties. It is created on a worker and read on the
 * main thread, and never changes in between. */

#include "demo-row.h"

struct _DemoRow
{
  GObject parent_instance;
  char *name;
  char *folder;
  char *note;
  guint64 size;
  guint group;
};

enum { PROP_NAME = 1, PROP_FOLDER, PROP_NOTE, PROP_SIZE, PROP_GROUP, N_PROPS };

G_DEFINE_FINAL_TYPE (DemoRow, demo_row, G_TYPE_OBJECT)

static DemoRow *
demo_row_new (const char *path,
              guint64     size,
              guint       group,
              char       *note)
{
  DemoRow *self = g_object_new (DEMO_TYPE_ROW, NULL);

  self->name = g_filename_display_basename (path);
  self->folder = g_path_get_dirname (path);
  self->note = note;
  self->size = size;
  self->group = group;
  return self;
}

DemoRow *
demo_row_new_copy (const char *path,
                   guint64     size,
                   guint       group)
{
  return demo_row_new (path, size, group, g_strdup_printf ("Set %u", group));
}

DemoRow *
demo_row_new_unreadable (const char *path,
                         const char *why)
{
  return demo_row_new (path, 0, 0, g_strdup_printf ("Can’t be read: %s", why));
}

static void
demo_row_get_property (GObject    *object,
                       guint       id,
                       GValue     *value,
                       GParamSpec *pspec)
{
  DemoRow *self = DEMO_ROW (object);

  switch (id)
    {
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_FOLDER:
      g_value_set_string (value, self->folder);
      break;
    case PROP_NOTE:
      g_value_set_string (value, self->note);
      break;
    case PROP_SIZE:
      g_value_set_uint64 (value, self->size);
      break;
    case PROP_GROUP:
      g_value_set_uint (value, self->group);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
demo_row_finalize (GObject *object)
{
  DemoRow *self = DEMO_ROW (object);

  g_free (self->name);
  g_free (self->folder);
  g_free (self->note);
  G_OBJECT_CLASS (demo_row_parent_class)->finalize (object);
}

static void
demo_row_class_init (DemoRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = demo_row_get_property;
  object_class->finalize = demo_row_finalize;
  g_object_class_install_property (object_class, PROP_NAME,
                                   g_param_spec_string ("name", NULL, NULL, NULL, flags));
  g_object_class_install_property (object_class, PROP_FOLDER,
                                   g_param_spec_string ("folder", NULL, NULL, NULL, flags));
  g_object_class_install_property (object_class, PROP_NOTE,
                                   g_param_spec_string ("note", NULL, NULL, NULL, flags));
  g_object_class_install_property (object_class, PROP_SIZE,
                                   g_param_spec_uint64 ("size", NULL, NULL, 0, G_MAXUINT64, 0,
                                                        flags));
  g_object_class_install_property (object_class, PROP_GROUP,
                                   g_param_spec_uint ("group", NULL, NULL, 0, G_MAXUINT, 0, flags));
}

static void
demo_row_init (DemoRow *self)
{
}
