/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(LOFT_INSIDE) && !defined(LOFT_COMPILATION)
#error "Only <loft/loft.h> can be included directly."
#endif

#include <loft/loft-types.h>
#include <loft/loft-version-macros.h>

G_BEGIN_DECLS

#define LOFT_TYPE_AGILE_OBJECT (loft_agile_object_get_type ())

LOFT_AVAILABLE_IN_1_0
G_DECLARE_INTERFACE (LoftAgileObject, loft_agile_object, LOFT, AGILE_OBJECT, GObject)

/**
 * LoftAgileObjectInterface:
 *
 * The interface of [iface@Loft.AgileObject], which has no virtual functions: to implement it is
 * enough.
 */
struct _LoftAgileObjectInterface
{
  GTypeInterface g_iface;
};

LOFT_AVAILABLE_IN_1_0
gboolean loft_agile_object_check     (GObject *object);
LOFT_AVAILABLE_IN_1_0
void     loft_agile_object_name_type (GType    type);

G_END_DECLS
