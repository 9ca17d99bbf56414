/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Memory of queue nodes that are not objects: made on one thread and released on another, by the million. */

#pragma once

#include "queue/loft-work-item-private.h"

typedef struct _LoftNodeBlock LoftNodeBlock;

/* What such a node begins with. */
typedef struct
{
  LoftWorkItem   item;
  LoftNodeBlock *block; /* constant after loft_node_new */
} LoftNode;

/* Any thread, both. @size is of the whole, and nothing of it is set but @block. */
gpointer loft_node_new  (gsize size);
void     loft_node_free (gpointer node);
