/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A dispatcher that nobody will run again. When its thread has ended the lanes close, and all that is left ends
 * Canceled, SHUT_DOWN. When the process ends all that is left is only named. */

#include "config.h"

#include "dispatcher/loft-dispatcher-private.h"

/* What is said of those that never ran. */
typedef struct
{
  GString *names;
  guint n;
} LoftLeft;

static gboolean
would_be_missed (LoftWorkItem *item)
{
  return item != NULL && (item->klass->is_dead == NULL || !item->klass->is_dead (item));
}

static void
loft_left_add (LoftLeft     *left,
               LoftWorkItem *item)
{
  LoftCallSite site;

  if (!would_be_missed (item) || left->n++ > 5)
    return;
  if (left->n > 5)
    {
      g_string_append (left->names, ", …");
      return;
    }
  g_string_append_printf (left->names, "%s%s", left->n > 1 ? ", " : "", item->klass->name);
  if (item->klass->get_site != NULL)
    {
      g_autofree char *text = NULL;

      item->klass->get_site (item, &site);
      text = loft_call_site_to_string (&site);
      g_string_append_printf (left->names, " posted in %s", text);
    }
}

static void
loft_left_say (LoftLeft   *left,
               const char *why)
{
  if (left->n > 0)
    g_message ("%u queued item%s never ran, %s: %s", left->n, left->n == 1 ? "" : "s", why, left->names->str);
  g_string_free (left->names, TRUE);
}

static void
on_item_left (LoftWorkItem *item,
              gpointer      left)
{
  loft_left_add (left, item);
}

void
loft_dispatcher_name_left (LoftDispatcher *self,
                           const char     *why)
{
  LoftLoop *loop = loft_dispatcher_peek_loop (self);
  LoftLeft left;

  if (!g_main_context_acquire (loop->context))
    return;
  left = (LoftLeft) { g_string_new (NULL) };
  loft_loop_foreach_left (loop, on_item_left, &left);
  loft_left_say (&left, why);
  g_main_context_release (loop->context);
}

/* Who asked for an orderly end hears that there was none. */
static void
loft_shutdown_give_up (LoftDispatcher *self,
                       const char     *why)
{
  LoftShutdown *shutdown = loft_dispatcher_peek_shutdown (self);
  GPtrArray *asked;

  loft_lock_lock (&shutdown->lock);
  shutdown->phase = LOFT_SHUTDOWN_ENDED;
  shutdown->why = why;
  asked = g_steal_pointer (&shutdown->asked);
  loft_lock_unlock (&shutdown->lock);
  for (guint i = 0; asked != NULL && i < asked->len; i++)
    {
      LoftWorkItem *item = asked->pdata[i];

      item->klass->drop (item, self);
    }
  g_clear_pointer (&asked, g_ptr_array_unref);
}

void
loft_dispatcher_abandon (LoftDispatcher *self,
                         const char     *why)
{
  LoftLoop *loop = loft_dispatcher_peek_loop (self);
  LoftLeft left;
  LoftLoopTimer *timer;
  LoftWorkItem *item;

  /* Whoever empties the lanes owns the context. If another does, the thread that ends and the process that does are both here. */
  if (!g_main_context_acquire (loop->context))
    return;
  g_object_ref (self);
  left = (LoftLeft) { g_string_new (NULL) };
  loft_loop_refuse (loop);
  loft_loop_close (loop);
  while ((item = loft_loop_pop_any (loop)) != NULL)
    {
      loft_left_add (&left, item);
      item->klass->drop (item, self);
    }
  while ((timer = loft_loop_pop_timer (loop)) != NULL)
    {
      loft_left_add (&left, timer->item);
      timer->stop (timer);
    }
  loft_left_say (&left, why);
  loft_shutdown_give_up (self, why);
  g_main_context_release (loop->context);
  g_object_unref (self);
}
