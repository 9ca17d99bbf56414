/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftObservers: keeps the handlers that wait for the end of one async object.
 *
 * Many handlers may be added to a long-lived object and be removed again before it ends. A handler
 * can therefore be removed in constant time, wherever it stands in the order. */

#include "config.h"

#include "async/loft-observers-private.h"

/* With more handlers than this there is a table. */
#define MANY 32

static void
loft_observers_index (LoftObservers *observers,
                      LoftHandler   *handler)
{
  g_hash_table_insert (observers->by_id, &handler->id, handler);
}

guint64
loft_observers_append (LoftObservers *observers,
                       LoftHandler   *handler)
{
  handler->id = ++observers->last_id;
  handler->next = NULL;
  handler->previous = observers->last;
  *(observers->last != NULL ? &observers->last->next : &observers->first) = handler;
  observers->last = handler;
  observers->n++;
  observers->n_bystanders += handler->kind == LOFT_HANDLER_BYSTANDER ? 1 : 0;

  if (observers->by_id != NULL)
    loft_observers_index (observers, handler);
  else if (G_UNLIKELY (observers->n > MANY))
    {
      observers->by_id = g_hash_table_new (g_int64_hash, g_int64_equal);
      for (LoftHandler *one = observers->first; one != NULL; one = one->next)
        loft_observers_index (observers, one);
    }

  return handler->id;
}

static LoftHandler *
loft_observers_find (LoftObservers *observers,
                     guint64        id)
{
  LoftHandler *handler = observers->first;

  if (observers->by_id != NULL)
    return g_hash_table_lookup (observers->by_id, &id);

  while (handler != NULL && handler->id != id)
    handler = handler->next;
  return handler;
}

LoftHandler *
loft_observers_remove (LoftObservers *observers,
                       guint64        id)
{
  LoftHandler *handler = loft_observers_find (observers, id);

  if (handler == NULL)
    return NULL;

  *(handler->previous != NULL ? &handler->previous->next : &observers->first) = handler->next;
  *(handler->next != NULL ? &handler->next->previous : &observers->last) = handler->previous;
  handler->next = handler->previous = NULL;
  observers->n--;
  observers->n_bystanders -= handler->kind == LOFT_HANDLER_BYSTANDER ? 1 : 0;

  if (observers->by_id != NULL)
    g_hash_table_remove (observers->by_id, &id);
  if (observers->n == 0)
    g_clear_pointer (&observers->by_id, g_hash_table_unref);

  return handler;
}

LoftHandler *
loft_observers_take (LoftObservers *observers)
{
  LoftHandler *all = g_steal_pointer (&observers->first);

  observers->last = NULL;
  observers->n = observers->n_bystanders = 0;
  if (G_UNLIKELY (observers->by_id != NULL))
    g_clear_pointer (&observers->by_id, g_hash_table_unref);
  return all;
}
