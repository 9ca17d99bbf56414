/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Apartments: say which kind of thread a thread is. A thread with a home is an STA, and a thread
 * without a home is in the MTA. By entering an apartment, a thread says so explicitly. A thread
 * without a context gets one when it enters an STA.
 *
 * Whether a wait is refused depends on the thread's home alone (loft-thread.c). This file only
 * counts which threads have entered which apartment. */

#include "config.h"

#include "base/loft-descriptors-private.h"
#include "base/loft-thread-private.h"
#include "dispatcher/loft-dispatcher-private.h"

static LoftLock apartments_lock = LOFT_LOCK_INIT;
/* under lock */
/* threads that entered the MTA: while there are any, bare threads belong to it */
static guint n_mta_threads;
static LoftThread *main_sta;        /* the first STA that was entered; only compared */
static gboolean main_thread_in_mta;      /* the process's first thread entered it: it is no STA */

/* Ends the thread's own dispatcher, which nobody will run from here on. When the thread leaves the
 * apartment, everything that was posted runs. When the thread has ended, it is too late for that,
 * and everything ends Canceled, with SHUT_DOWN. So nobody waits for it for ever. */
static void
loft_apartment_end_dispatcher (LoftThread *state,
                               gboolean    thread_ends)
{
  LoftDispatcher *dispatcher = state->apartment_dispatcher;

  if (dispatcher == NULL)
    return;
  g_object_ref (dispatcher); /* the items that run now may leave the apartment, too */
  if (!thread_ends)
    loft_dispatcher_shut_down (dispatcher);
  else
    loft_dispatcher_abandon (dispatcher, "because their thread ended without running them");
  state->apartment_context = NULL;
  g_clear_object (&state->apartment_dispatcher);
  g_object_unref (dispatcher);
}

static void
loft_apartment_leave (LoftThread *state,
                      gboolean    thread_ends)
{
  loft_apartment_end_dispatcher (state, thread_ends);
  loft_lock_lock (&apartments_lock);
  if (state->apartment == LOFT_APARTMENT_MTA)
    {
      n_mta_threads--;
      main_thread_in_mta &= !state->is_main;
      loft_thread_note_mta (FALSE);
    }
  else if (main_sta == state)
    main_sta = NULL;
  loft_lock_unlock (&apartments_lock);
  state->apartment_count = 0;
}

static void
on_thread_exit (LoftThread *state)
{
  if (state->apartment_count > 0)
    loft_apartment_leave (state, TRUE);
}

static void
loft_apartment_enter (LoftThread       *state,
                      LoftApartmentType type)
{
  if (type == LOFT_APARTMENT_STA && loft_thread_peek_context () == NULL)
    {
      g_autoptr (GMainContext) context = g_main_context_new ();

      state->apartment_dispatcher = loft_dispatcher_get_for_context (context);
      state->apartment_context = context; /* the dispatcher holds it */
    }
  loft_thread_add_exit_func (on_thread_exit);
  state->apartment = type;
  state->apartment_count = 1;
  loft_lock_lock (&apartments_lock);
  if (type == LOFT_APARTMENT_MTA)
    {
      n_mta_threads++;
      main_thread_in_mta |= state->is_main;
      loft_thread_note_mta (TRUE);
    }
  else if (main_sta == NULL)
    main_sta = state;
  loft_lock_unlock (&apartments_lock);
}

static gboolean
set_changed_mode (const char  *why,
                  GError     **error)
{
  g_set_error (error, LOFT_ERROR, LOFT_ERROR_CHANGED_MODE,
               "A thread can't be in two kinds of apartment: %s. Leave it first, or use another "
               "thread.",
               why);
  return FALSE;
}

/**
 * loft_apartment_init:
 * @type: %LOFT_APARTMENT_STA or %LOFT_APARTMENT_MTA
 * @error: return location for an error
 *
 * Makes the calling thread enter an apartment.
 *
 * A console program enters the MTA in `main` so that it may wait with
 * [method@Loft.AsyncAction.get]. A thread without a context that enters an STA gets a context and a
 * dispatcher of its own. [func@Loft.Dispatcher.get_for_current_thread] returns the dispatcher, and
 * the thread has to run its context. Match each successful call with one call of
 * [func@Loft.apartment_uninit]. Entering an apartment of the same kind again succeeds, and counts.
 *
 * Errors: %LOFT_ERROR_CHANGED_MODE if the thread has entered an apartment of the other kind, if a
 * thread that runs a context (an STA) enters the MTA, and if a worker of the pool (in the MTA)
 * enters an STA; %LOFT_ERROR_INVALID_ARGUMENT for any other type; an error from %G_IO_ERROR if
 * there is no file descriptor for a context.
 *
 * Answers to `winrt::init_apartment` and `CoInitializeEx`.
 *
 * Returns: whether the thread is in that kind of apartment
 */
gboolean
loft_apartment_init (LoftApartmentType   type,
                     GError            **error)
{
  LoftThread *state = loft_thread_get ();

  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (type != LOFT_APARTMENT_STA && type != LOFT_APARTMENT_MTA)
    {
      g_set_error (error, LOFT_ERROR, LOFT_ERROR_INVALID_ARGUMENT,
                   "%d is nothing a thread can enter; LOFT_APARTMENT_STA and LOFT_APARTMENT_MTA "
                   "are",
                   type);
      return FALSE;
    }
  if (state->apartment_count > 0 && state->apartment != type)
    return set_changed_mode (type == LOFT_APARTMENT_STA ? "it has entered the MTA"
                                                        : "it has entered an STA",
                             error);
  if (state->is_worker && type == LOFT_APARTMENT_STA)
    return set_changed_mode ("workers of the pool are in the MTA", error);
  if (state->apartment_count > 0)
    {
      state->apartment_count++;
      return TRUE;
    }
  if (type == LOFT_APARTMENT_MTA && (g_main_context_get_thread_default () != NULL ||
                                     g_main_context_is_owner (g_main_context_default ())))
    return set_changed_mode ("it runs a main context, which makes it an STA", error);

  if (type == LOFT_APARTMENT_STA && loft_thread_peek_context () == NULL &&
      !loft_descriptors_try (error))
    return FALSE;

  loft_apartment_enter (state, type);
  return TRUE;
}

/**
 * loft_apartment_uninit:
 *
 * Leaves the apartment that the calling thread entered.
 *
 * The thread leaves the apartment with the last call, when it has called this function as often as
 * it has entered. The dispatcher that was made for an STA thread then shuts down: it runs what was
 * posted, and refuses more. A thread that ends leaves its apartment by itself. What it has not run
 * by then ends Canceled, with %LOFT_CANCEL_REASON_SHUT_DOWN. Answers to `winrt::uninit_apartment`
 * and `CoUninitialize`.
 */
void
loft_apartment_uninit (void)
{
  LoftThread *state = loft_thread_get ();

  if (state->apartment_count == 0)
    {
      g_critical ("%s: this thread has entered no apartment", G_STRFUNC);
      return;
    }
  if (state->apartment_count == 1)
    loft_apartment_leave (state, FALSE);
  else
    state->apartment_count--;
}

/**
 * loft_apartment_query:
 * @out_type: (out) (optional): return location for the kind of apartment
 * @out_qualifier: (out) (optional): return location for how the thread came to be in it
 * @error: return location for an error
 *
 * Gets the apartment that the calling thread is in.
 *
 * A thread with a home is in an STA, and the first STA of the process is the main STA. A bare
 * thread belongs to the MTA while any other thread has entered the MTA. Otherwise the error is
 * %LOFT_ERROR_NOT_INITIALIZED. Answers to `CoGetApartmentType`.
 *
 * Returns: whether it is in an apartment
 */
gboolean
loft_apartment_query (LoftApartmentType       *out_type,
                      LoftApartmentQualifier  *out_qualifier,
                      GError                 **error)
{
  LoftThread *state = loft_thread_get ();
  GMainContext *context = loft_thread_peek_context ();
  LoftApartmentType type = LOFT_APARTMENT_MTA;
  LoftApartmentQualifier qualifier = LOFT_APARTMENT_QUALIFIER_NONE;
  gboolean implicit;

  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  loft_lock_lock (&apartments_lock);
  implicit = n_mta_threads > 0;
  if (context != NULL)
    type = context == g_main_context_default () || (main_sta == state && main_thread_in_mta)
             ? LOFT_APARTMENT_MAIN_STA
             : LOFT_APARTMENT_STA;
  loft_lock_unlock (&apartments_lock);

  if (context == NULL && state->apartment_count == 0 && !state->is_worker)
    {
      if (!implicit)
        {
          g_set_error_literal (error, LOFT_ERROR, LOFT_ERROR_NOT_INITIALIZED,
                               "This thread is in no apartment: it has no main context, it entered "
                               "none, and no thread "
                               "keeps the MTA. Call loft_apartment_init.");
          return FALSE;
        }
      qualifier = LOFT_APARTMENT_QUALIFIER_IMPLICIT_MTA;
    }
  if (out_type != NULL)
    *out_type = type;
  if (out_qualifier != NULL)
    *out_qualifier = qualifier;
  return TRUE;
}

/**
 * loft_apartment_is_sta:
 *
 * Returns whether the calling thread has a home, so that it must not block.
 *
 * Answers to C++/WinRT's `is_sta_thread`.
 *
 * Returns: whether it is an STA
 */
gboolean
loft_apartment_is_sta (void)
{
  return loft_thread_peek_context () != NULL;
}
