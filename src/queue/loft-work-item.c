/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftWorkItem: the item that only calls a function, and the check of priorities. */

#include "config.h"

#include "queue/loft-work-item-private.h"

gboolean
loft_priority_check (int          priority,
                     LoftPriority lowest,
                     const char  *function)
{
  if (G_LIKELY (priority >= (int) lowest && priority <= LOFT_PRIORITY_HIGH))
    return TRUE;

  if (priority == LOFT_PRIORITY_TIMER)
    g_critical ("%s: LOFT_PRIORITY_TIMER is for timers; pass one of LOFT_PRIORITY_IDLE, LOW, "
                "NORMAL, HIGH",
                function);
  else if (loft_priority_is_valid (priority))
    g_critical ("%s: LOFT_PRIORITY_IDLE is for dispatchers; the thread pool takes LOW, NORMAL and "
                "HIGH",
                function);
  else if (priority == G_PRIORITY_HIGH || priority == G_PRIORITY_HIGH_IDLE ||
           priority == G_PRIORITY_DEFAULT_IDLE || priority == G_PRIORITY_LOW)
    g_critical ("%s: %d is a G_PRIORITY_ value; pass one of LOFT_PRIORITY_IDLE, LOW, NORMAL, HIGH",
                function, priority);
  else
    g_critical ("%s: %d is no LoftPriority; pass one of LOFT_PRIORITY_IDLE, LOW, NORMAL, HIGH",
                function, priority);
  return FALSE;
}

typedef struct
{
  LoftWorkItem item;
  GDestroyNotify func;
  gpointer data;
} LoftCallItem;

G_STATIC_ASSERT (G_STRUCT_OFFSET (LoftCallItem, item) == 0);

static void
loft_call_item_run (LoftWorkItem   *item,
                    LoftDispatcher *dispatcher)
{
  LoftCallItem call = *(LoftCallItem *) item;

  g_free (item);
  call.func (call.data);
}

static const LoftWorkItemClass loft_call_item_class = {
  .name = "call",
  .run = loft_call_item_run,
};

LoftWorkItem *
loft_call_item_new (GDestroyNotify func,
                    gpointer       data)
{
  LoftCallItem *call = g_new (LoftCallItem, 1);

  *call = (LoftCallItem) { { .klass = &loft_call_item_class }, func, data };
  return &call->item;
}
