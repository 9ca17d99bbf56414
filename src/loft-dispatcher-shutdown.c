/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* How a dispatcher ends: in order, on its own thread, when it is asked to; or given up, when nobody will run it again.
 *
 *   in order   ::shutdown-starting, posting still open
 *              posts are refused; what is due and what is queued runs, in rounds, with what comes home meanwhile
 *              the lanes close; what is left runs, delayed work ends Canceled, SHUT_DOWN
 *              ::shutdown-completed
 *   given up   the lanes close; all that is left ends Canceled, SHUT_DOWN, and is named */

#include "config.h"

#include "loft-dispatcher-private.h"

void
loft_dispatcher_shut_down (LoftDispatcher *self)
{
  LoftLoop *loop = loft_dispatcher_peek_loop (self);
  LoftLoopTimer *timer;

  if (!loft_dispatcher_set_shut_down (self))
    return;

  g_object_ref (self);
  loft_dispatcher_emit_shutdown (self, FALSE);
  loft_loop_refuse (loop);
  loft_loop_run_out (loop);
  while ((timer = loft_loop_pop_timer (loop)) != NULL)
    timer->due (timer); /* its lane is closed: it ends Canceled, SHUT_DOWN */
  loft_dispatcher_emit_shutdown (self, TRUE);
  g_object_unref (self);
}

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

void
loft_dispatcher_abandon (LoftDispatcher *self,
                         const char     *why)
{
  g_autoptr (GString) names = g_string_new (NULL);
  LoftLoop *loop = loft_dispatcher_peek_loop (self);
  LoftLoopTimer *timer;
  LoftWorkItem *item;
  guint n = 0;

  loft_dispatcher_set_shut_down (self);
  loft_loop_refuse (loop);
  loft_loop_close (loop);
  while ((item = loft_loop_pop_any (loop)) != NULL)
    {
      if (item->klass->is_dead == NULL || !item->klass->is_dead (item))
        name_item (item, names, n++);
      item->klass->drop (item, self);
    }
  while ((timer = loft_loop_pop_timer (loop)) != NULL)
    {
      if (!timer->item->klass->is_dead (timer->item))
        name_item (timer->item, names, n++);
      timer->due (timer); /* to a lane that is closed: it ends, and its data is released */
    }
  if (n > 0)
    g_message ("%u queued item%s never ran, %s: %s", n, n == 1 ? "" : "s", why, names->str);
}

/**
 * loft_dispatcher_is_shut_down:
 * @self: a dispatcher
 *
 * Whether it takes no more work.
 *
 * Any thread may call.
 *
 * Returns: whether it has been shut down
 */
gboolean
loft_dispatcher_is_shut_down (LoftDispatcher *self)
{
  g_return_val_if_fail (LOFT_IS_DISPATCHER (self), TRUE);

  return loft_loop_refuses (loft_dispatcher_peek_loop (self));
}

static void
on_application_shutdown (GApplication *application,
                         gpointer      user_data)
{
  loft_dispatcher_shut_down (loft_dispatcher_get_default ());
}

/**
 * loft_dispatcher_attach_application:
 * @application: an application
 *
 * Ends the default dispatcher in order when @application ends.
 *
 * Inside [signal@Gio.Application::shutdown], on the main thread: [signal@Loft.Dispatcher::shutdown-starting] is emitted,
 * then posts are refused, all that was queued runs, delayed work ends Canceled, and
 * [signal@Loft.Dispatcher::shutdown-completed] is emitted. So nothing that was posted is lost.
 */
void
loft_dispatcher_attach_application (GApplication *application)
{
  g_return_if_fail (G_IS_APPLICATION (application));

  /* After: the class handler, where applications end their own work, may still post. */
  g_signal_connect_after (application, "shutdown", G_CALLBACK (on_application_shutdown), NULL);
}
