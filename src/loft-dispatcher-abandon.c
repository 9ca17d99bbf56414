/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A dispatcher that nobody will run again: its thread has ended, or the process does. The lanes close; all that is left ends
 * Canceled, SHUT_DOWN, and is named. */

#include "config.h"

#include "loft-dispatcher-private.h"

static void
name_item (LoftWorkItem *item,
           GString      *names,
           guint         n)
{
  LoftCallSite site;

  if (n >= 5)
    {
      if (n == 5)
        g_string_append (names, ", …");
      return;
    }
  g_string_append_printf (names, "%s%s", n > 0 ? ", " : "", item->klass->name);
  if (item->klass->get_site != NULL)
    {
      g_autofree char *text = NULL;

      item->klass->get_site (item, &site);
      text = loft_call_site_to_string (&site);
      g_string_append_printf (names, " posted in %s", text);
    }
}

static gboolean
would_be_missed (LoftWorkItem *item)
{
  return item != NULL && (item->klass->is_dead == NULL || !item->klass->is_dead (item));
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
  asked = g_steal_pointer (&shutdown->asked);
  loft_lock_unlock (&shutdown->lock);
  for (guint i = 0; asked != NULL && i < asked->len; i++)
    loft_async_base_fail (asked->pdata[i], g_error_new (LOFT_ERROR, LOFT_ERROR_DISCONNECTED,
                                                        "The dispatcher did not end in order, %s", why));
  g_clear_pointer (&asked, g_ptr_array_unref);
}

void
loft_dispatcher_abandon (LoftDispatcher *self,
                         const char     *why)
{
  g_autoptr (GString) names = g_string_new (NULL);
  LoftLoop *loop = loft_dispatcher_peek_loop (self);
  LoftLoopTimer *timer;
  LoftWorkItem *item;
  guint n = 0;

  /* Whoever empties the lanes owns the context. If another does, the thread that ends and the process that does are both here. */
  if (!g_main_context_acquire (loop->context))
    return;
  g_object_ref (self);
  loft_loop_refuse (loop);
  loft_loop_close (loop);
  while ((item = loft_loop_pop_any (loop)) != NULL)
    {
      if (would_be_missed (item))
        name_item (item, names, n++);
      item->klass->drop (item, self);
    }
  while ((timer = loft_loop_pop_timer (loop)) != NULL)
    {
      if (would_be_missed (timer->item))
        name_item (timer->item, names, n++);
      timer->stop (timer);
    }
  if (n > 0)
    g_message ("%u queued item%s never ran, %s: %s", n, n == 1 ? "" : "s", why, names->str);
  loft_shutdown_give_up (self, why);
  g_main_context_release (loop->context);
  g_object_unref (self);
}
