/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* loft_shutdown: ends all of Loft, for a program that has neither a GApplication nor a controller
 * for its main context.
 *
 * Timers stop first. Then the work that waits on the pool ends, and the dispatchers with a thread
 * of their own are asked to end. The default context runs until these have ended and the work that
 * is running on the pool has returned, or until the time is up. Then the default dispatcher ends in
 * order. */

#include "config.h"

#include "base/loft-thread-private.h"
#include "pool/loft-pool-private.h"
#include "pool/loft-timer-thread-private.h"
#include "dispatcher/loft-home-private.h"
#include "dispatcher/loft-registry-private.h"
#include "apartment/loft-dispatcher-controller-private.h"

#define LIMIT_MS 2000

static gboolean
on_time_is_up (gpointer over)
{
  *(gboolean *) over = TRUE;
  return G_SOURCE_REMOVE;
}

/* Asks the dispatchers that a thread of Loft runs to end. Returns one action for each of them. */
static GPtrArray *
ask_dispatchers (void)
{
  g_autoptr (GPtrArray) all = loft_registry_is_inherited () ? g_ptr_array_new ()
                                                            : loft_registry_snapshot ();
  GPtrArray *asked = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < all->len; i++)
    if (loft_dispatcher_peek_shutdown (all->pdata[i])->own_loop)
      g_ptr_array_add (asked,
                       loft_dispatcher_shut_down_async (all->pdata[i],
                                                        &(LoftCallSite) { NULL, "loft_shutdown" }));
  return asked;
}

static gboolean
have_ended (GPtrArray *infos)
{
  for (guint i = 0; i < infos->len; i++)
    if (!loft_async_info_has_ended (infos->pdata[i]))
      return FALSE;
  return TRUE;
}

static void
on_ended (LoftAsyncInfo   *info,
          LoftAsyncStatus  status,
          gpointer         user_data)
{
  g_main_context_wakeup (NULL);
}

/* Runs the default context until the pool is at rest and the other dispatchers have ended. FALSE:
 * the time was up. */
static gboolean
wait_for_others (void)
{
  g_autoptr (GPtrArray) asked = ask_dispatchers ();
  g_autoptr (GSource) limit = g_timeout_source_new (LIMIT_MS);
  gboolean over = FALSE, done;

  g_source_set_callback (limit, on_time_is_up, &over, NULL);
  g_source_set_static_name (limit, "Loft shutdown");
  g_source_set_priority (limit, G_PRIORITY_HIGH);
  g_source_attach (limit, NULL);
  for (guint i = 0; i < asked->len; i++)
    loft_async_info_add_observer (asked->pdata[i], on_ended, NULL, NULL);
  while (!(done = loft_pool_is_at_rest () && have_ended (asked)) && !over)
    g_main_context_iteration (NULL, TRUE);
  g_source_destroy (limit);
  return done;
}

/**
 * loft_shutdown:
 *
 * Ends all of Loft in order, for a program that has neither a [class@Gio.Application] nor a
 * controller for its main context.
 *
 * Call it once, at the end of `main ()`, or from the exit hook of a language before the language's
 * runtime ends. At the exit of the process itself, Loft calls no foreign code, and only names what
 * never ran.
 *
 * Timers stop. Delays and work that waits on the pool end Canceled, with
 * %LOFT_CANCEL_REASON_SHUT_DOWN, and so does work that is posted from now on. Dispatchers with a
 * thread of their own are shut down. Work that is running on the pool may finish: this function
 * waits for it, and runs the default main context in the meantime, but for no longer than two
 * seconds. Then the default dispatcher is shut down, and runs what was queued there. When this
 * function has returned, no worker and no timer of Loft calls anything any more. A delay or a timer
 * that is set later never ends, and neither does anything that would continue on the pool.
 *
 * In a forked child it ends the pool and the timers that the child has begun. It leaves the
 * dispatchers alone, because their items are for the parent to run.
 *
 * Call it on the main thread, or on the thread that runs the default main context. It does not
 * return before the last deferral of the default dispatcher is completed. Nothing in Windows
 * answers to it; there each controller is shut down by itself.
 *
 * Returns: %TRUE if all work has ended; %FALSE if some was still running after two seconds, or,
 *   with a warning, if another thread runs the default main context
 */
gboolean
loft_shutdown (void)
{
  LoftDispatcher *dispatcher = loft_dispatcher_get_default ();
  gboolean done;

  if ((!loft_home_is_here (dispatcher) && !loft_thread_get ()->is_main) ||
      !g_main_context_acquire (g_main_context_default ()))
    {
      g_warning ("loft_shutdown: the default main context belongs to another thread, which must "
                 "make this call");
      return FALSE;
    }
  loft_timer_thread_stop ();
  loft_pool_shut_down ();
  done = wait_for_others ();
  if (!loft_dispatcher_has_ended (dispatcher) && !loft_registry_is_inherited ())
    loft_dispatcher_shut_down (dispatcher);
  g_main_context_release (g_main_context_default ());
  loft_note_over ();
  return done;
}

/* The shutdown with an application. */

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
 * The shutdown takes place inside [signal@Gio.Application::shutdown], on the main thread. First
 * [signal@Loft.Dispatcher::shutdown-starting] is emitted, and the loop runs until the last deferral
 * is completed. Then posts are refused, delayed work ends Canceled, everything that was queued
 * runs, and [signal@Loft.Dispatcher::shutdown-completed] is emitted. So nothing that was posted is
 * lost.
 */
void
loft_dispatcher_attach_application (GApplication *application)
{
  g_return_if_fail (G_IS_APPLICATION (application));

  /* Connected after the class handler, in which applications end their own work and may still
   * post. */
  g_signal_connect_after (application, "shutdown", G_CALLBACK (on_application_shutdown), NULL);
}
