/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Memory of queue nodes that are not objects: made on one thread and released on another, by the
 * million. */

#pragma once

#include "queue/loft-work-item-private.h"

typedef struct _LoftSlab LoftSlab;

/* What such a node begins with. */
typedef struct
{
  LoftWorkItem   item;
  LoftSlab *slab; /* constant after loft_slab_node_new */
} LoftSlabNode;

G_STATIC_ASSERT (G_STRUCT_OFFSET (LoftSlabNode, item) == 0);

/* Any thread, both. @size is of the whole, and nothing of it is set but @slab. */
gpointer loft_slab_node_new  (gsize size);
void     loft_slab_node_free (gpointer node);
