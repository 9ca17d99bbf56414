/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Apartments: what kind of thread this is. A thread with a home is an STA, one without is in the
 * MTA; entering says so explicitly, and for a thread without a context makes one.
 *
 * Whether a wait is refused is decided by home alone (loft-thread.c); this file only counts who
 * entered what. */

#include "config.h"

#include "base/loft-descriptors-private.h"
#include "base/loft-thread-private.h"
#include "dispatcher/loft-dispatcher-private.h"

static LoftLock apartments_lock = LOFT_LOCK_INIT;
/* under lock */
/* that entered the MTA: while there are any, bare threads belong to it */
static guint n_mta_threads;
static LoftThread *main_sta;        /* the first STA that was entered; only compared */
static gboolean main_thread_in_mta;      /* the process's first thread entered it: it is no STA */

/* The thread's own dispatcher has nobody to run it from here on: as it leaves, all that was posted
 * runs; when the thread has ended, it is too late for that, and all ends Canceled, SHUT_DOWN. What
 * others wait for never hangs. */
static void
loft_apartment_end_dispatcher (LoftThread *state,
                               gboolean    thread_ends)
{
  LoftDispatcher *dispatcher = state->apartment_dispatcher;

  if (dispatcher == NULL)
    return;
  g_object_ref (dispatcher); /* what runs now may leave the apartment, too */
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
      state->apartment_context = context; /* which its dispatcher holds */
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
 * Enters an apartment with the calling thread.
 *
 * A console program enters the MTA in `main` so that it may wait with
 * [method@Loft.AsyncAction.get]. A thread that enters an STA and has no context gets one of its
 * own, to be found with [func@Loft.Dispatcher.get_for_current_thread] and to be run by the thread.
 * Each success is matched by one [func@Loft.apartment_uninit]; entering again the same way
 * succeeds, and counts.
 *
 * Errors: %LOFT_ERROR_CHANGED_MODE in an apartment of the other kind, on a thread that runs a
 * context (it is an STA), and on a worker of the pool (it is in the MTA);
 * %LOFT_ERROR_INVALID_ARGUMENT for any other type.
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
 * Leaves the apartment that the calling thread entered, with the last of as many calls as it was
 * entered.
 *
 * The dispatcher that an STA thread got shuts down: it runs what was posted, and refuses more. A
 * thread that ends leaves by itself; what it left unrun ends Canceled, with
 * %LOFT_CANCEL_REASON_SHUT_DOWN. Answers to `winrt::uninit_apartment` and `CoUninitialize`.
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
 * @out_type: (out) (optional): where the kind of apartment goes
 * @out_qualifier: (out) (optional): where it goes how the thread came to it
 * @error: return location for an error
 *
 * Says in which apartment the calling thread is.
 *
 * A thread with a home is in an STA, the process's first in the main STA. A bare thread belongs to
 * the MTA while any other thread has entered it; else it is %LOFT_ERROR_NOT_INITIALIZED. Answers to
 * `CoGetApartmentType`.
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
 * Whether the calling thread has a home, so that it must not block.
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
