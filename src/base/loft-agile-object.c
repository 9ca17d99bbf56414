/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftAgileObject: marks the objects that any thread may use. A type that can't implement the
 * marker can be named agile instead. */

#include "config.h"

#include <loft/loft.h>

/**
 * LoftAgileObject:
 *
 * An object that any thread may use and unref.
 *
 * This is a marker without methods, for objects that guard themselves. A
 * [struct@Loft.AgileReference] to an agile object returns the object on any thread. All of Loft's
 * own objects are agile. Answers to `IAgileObject`.
 */
G_DEFINE_INTERFACE (LoftAgileObject, loft_agile_object, G_TYPE_OBJECT)

static void
loft_agile_object_default_init (LoftAgileObjectInterface *iface)
{
}

static GQuark
named_agile_quark (void)
{
  return g_quark_from_static_string ("loft-agile-type");
}

/**
 * loft_agile_object_check:
 * @object: an object
 *
 * Returns whether an object is agile.
 *
 * An object is agile if it implements [iface@Loft.AgileObject], or if its type or one of the
 * ancestors of its type was named agile.
 *
 * Any thread may call. Answers to asking for `IAgileObject`.
 *
 * Returns: whether @object is agile
 */
gboolean
loft_agile_object_check (GObject *object)
{
  g_return_val_if_fail (G_IS_OBJECT (object), FALSE);

  if (LOFT_IS_AGILE_OBJECT (object))
    return TRUE;
  for (GType type = G_OBJECT_TYPE (object); type != G_TYPE_INVALID; type = g_type_parent (type))
    if (g_type_get_qdata (type, named_agile_quark ()) != NULL)
      return TRUE;
  return FALSE;
}

/**
 * loft_agile_object_name_type:
 * @type: a type of objects
 *
 * Names a type agile that can't implement the marker [iface@Loft.AgileObject].
 *
 * Use it for a type of another library if you know that any thread may use its objects.
 *
 * Any thread may call, before the first [struct@Loft.AgileReference] to an object of the type is
 * made. The name also counts for derived types, and it can't be taken back.
 */
void
loft_agile_object_name_type (GType type)
{
  g_return_if_fail (g_type_is_a (type, G_TYPE_OBJECT));

  g_type_set_qdata (type, named_agile_quark (), GINT_TO_POINTER (TRUE));
}
