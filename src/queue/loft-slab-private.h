/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The memory of queue nodes that are not objects. They are made on one thread and released on
 * another, in very large numbers. */

#pragma once

#include "queue/loft-work-item-private.h"

typedef struct _LoftSlab LoftSlab;

/* The beginning of each node that is cut off a slab. */
typedef struct
{
  LoftWorkItem   item;
  LoftSlab *slab; /* constant after loft_slab_node_new */
} LoftSlabNode;

G_STATIC_ASSERT (G_STRUCT_OFFSET (LoftSlabNode, item) == 0);

/* Any thread may call both. @size is the size of the whole node. Nothing in a new node is set
 * except @slab. */
gpointer loft_slab_node_new  (gsize size);
void     loft_slab_node_free (gpointer node);
