/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* loft::dispatcher: a thread that takes work. */

#pragma once

#include <loft/cpp/deferral.hpp>
#include <loft/cpp/resume.hpp>
#include <loft/cpp/work.hpp>
#include <loft/cpp/work-settings.hpp>

#include <type_traits>

namespace loft
{

class dispatcher
{
public:
  explicit dispatcher (ref<LoftDispatcher> from) noexcept : m_dispatcher (std::move (from)) {}

  static dispatcher get_default ()
  {
    return dispatcher (ref<LoftDispatcher>::hold (loft_dispatcher_get_default ()));
  }
  static dispatcher get_for_current_thread ()
  {
    return dispatcher (ref<LoftDispatcher>::take (loft_dispatcher_get_for_current_thread ()));
  }

  LoftDispatcher *gobj () const noexcept { return m_dispatcher.get (); }
  explicit operator bool () const noexcept { return (bool) m_dispatcher; }
  bool has_thread_access () const noexcept { return loft_dispatcher_has_thread_access (gobj ()); }
  bool should_yield () const noexcept { return loft_dispatcher_should_yield (gobj ()); }
  bool is_shut_down () const noexcept { return loft_dispatcher_is_shut_down (gobj ()); }

  /* co_await dispatcher goes on on its thread, as resume_foreground (dispatcher) does. */
  detail::foreground_awaiter operator co_await () const noexcept
  {
    return { m_dispatcher, LOFT_PRIORITY_NORMAL };
  }

  /* Work without an action. What it throws goes to unhandled-error. */

  template <typename F>
  bool try_enqueue (F handler, LoftPriority priority = LOFT_PRIORITY_NORMAL,
                    call_site where = call_site::here ()) const
  {
    return loft_dispatcher_try_enqueue_at (
        gobj (), priority, LOFT_HPP_HANDLER_AT_ (detail::run_item<F>, handler, where));
  }

  /* Throws when @limit items of this priority wait already, or after a shutdown. */
  template <typename F>
  void enqueue_bounded (unsigned limit, F handler, LoftPriority priority = LOFT_PRIORITY_NORMAL,
                        call_site where = call_site::here ()) const
  {
    const char *const location = where.location<F> ();
    GError *gerror = nullptr;

    if (!loft_dispatcher_try_enqueue_bounded_at (gobj (), priority, limit,
                                                 LOFT_HPP_HANDLER_ (detail::run_item<F>, handler),
                                                 &gerror, location, where.function))
      throw_error (gerror);
  }

  /* Takes the place of an item with this key that still waits. */
  template <typename F>
  bool enqueue_coalesced (const char *key, F handler, LoftPriority priority = LOFT_PRIORITY_NORMAL,
                          call_site where = call_site::here ()) const
  {
    return loft_dispatcher_enqueue_coalesced_at (
        gobj (), priority, key, LOFT_HPP_HANDLER_AT_ (detail::run_item<F>, handler, where));
  }

  /* Work with an action. It takes its action, or nothing; what it throws is its action's error. */

  template <typename F>
  action run_async (F handler, LoftPriority priority = LOFT_PRIORITY_NORMAL,
                    call_site where = call_site::here ()) const
  {
    return action::take (loft_dispatcher_run_async_at (
        gobj (), priority, LOFT_HPP_HANDLER_AT_ (detail::run_action<F>, handler, where)));
  }

  template <typename F>
  action run_async (const work_settings &settings, F handler,
                    call_site where = call_site::here ()) const
  {
    return action::take (loft_dispatcher_run_full_async_at (
        gobj (), settings.gobj (), LOFT_HPP_HANDLER_AT_ (detail::run_action<F>, handler, where)));
  }

  template <typename T, typename F>
  operation<T> run_operation_async (F handler, LoftPriority priority = LOFT_PRIORITY_NORMAL,
                                    call_site where = call_site::here ()) const
  {
    return operation<T>::take (loft_dispatcher_run_operation_async_at (
        gobj (), priority, value_traits<T>::type (),
        LOFT_HPP_HANDLER_AT_ ((detail::run_operation<T, F>), handler, where)));
  }

  template <typename T, typename F>
  operation<T> run_operation_async (const work_settings &settings, F handler,
                                    call_site where = call_site::here ()) const
  {
    return operation<T>::take (loft_dispatcher_run_operation_full_async_at (
        gobj (), settings.gobj (), value_traits<T>::type (),
        LOFT_HPP_HANDLER_AT_ ((detail::run_operation<T, F>), handler, where)));
  }

  /* The work takes a progress_token<P>, alone or after its object. */

  template <typename P, typename F>
  action_with_progress<P>
  run_with_progress_async (F handler, LoftPriority priority = LOFT_PRIORITY_NORMAL,
                           call_site where = call_site::here ()) const
  {
    return action_with_progress<P> (detail::take_info (loft_dispatcher_run_with_progress_async_at (
        gobj (), priority, value_traits<P>::type (),
        LOFT_HPP_HANDLER_AT_ ((detail::run_action_with_progress<P, F>), handler, where))));
  }

  template <typename T, typename P, typename F>
  operation_with_progress<T, P>
  run_operation_with_progress_async (F handler, LoftPriority priority = LOFT_PRIORITY_NORMAL,
                                     call_site where = call_site::here ()) const
  {
    return operation_with_progress<T, P> (
        detail::take_info (loft_dispatcher_run_operation_with_progress_async_at (
            gobj (), priority, value_traits<T>::type (), value_traits<P>::type (),
            LOFT_HPP_HANDLER_AT_ ((detail::run_operation_with_progress<T, P, F>), handler,
                                  where))));
  }

  /* Runs when nothing else waits. The work takes the dispatcher, to ask should_yield (), alone or
   * after its action, or nothing. */
  template <typename F>
  action run_idle_async (F handler, call_site where = call_site::here ()) const
  {
    return action::take (loft_dispatcher_run_idle_async_at (
        gobj (), LOFT_HPP_HANDLER_AT_ (run_idle<F>, handler, where)));
  }

  /* Ends with whether the work ran: false after a shutdown. */

  template <typename F>
  operation<bool> try_run_async (F handler, LoftPriority priority = LOFT_PRIORITY_NORMAL,
                                 call_site where = call_site::here ()) const
  {
    return operation<bool>::take (loft_dispatcher_try_run_async_at (
        gobj (), priority, LOFT_HPP_HANDLER_AT_ (detail::run_action<F>, handler, where)));
  }

  template <typename F>
  operation<bool> try_run_idle_async (F handler, call_site where = call_site::here ()) const
  {
    return operation<bool>::take (loft_dispatcher_try_run_idle_async_at (
        gobj (), LOFT_HPP_HANDLER_AT_ (run_idle<F>, handler, where)));
  }

  /* The work returns an async object, such as that of a coroutine, and ends as it does. */
  template <typename F>
  action run_nested_async (F handler, LoftPriority priority = LOFT_PRIORITY_NORMAL,
                           call_site where = call_site::here ()) const
  {
    return action::take (loft_dispatcher_run_nested_async_at (
        gobj (), priority, LOFT_HPP_HANDLER_AT_ (detail::run_nested<F>, handler, where)));
  }

  /* The work is cancelled once @owner is gone. */
  template <typename F>
  action run_for_async (GObject *owner, F handler, LoftPriority priority = LOFT_PRIORITY_NORMAL,
                        call_site where = call_site::here ()) const
  {
    return action::take (loft_dispatcher_run_for_async_at (
        gobj (), priority, owner, LOFT_HPP_HANDLER_AT_ (detail::run_action<F>, handler, where)));
  }

  template <typename F>
  action run_delayed_async (duration delay, F handler, LoftPriority priority = LOFT_PRIORITY_NORMAL,
                            call_site where = call_site::here ()) const
  {
    return action::take (loft_dispatcher_run_delayed_async_at (
        gobj (), priority, delay.count (),
        LOFT_HPP_HANDLER_AT_ (detail::run_action<F>, handler, where)));
  }

  /* Runs at once on the dispatcher's own thread, and is posted from any other. */
  template <typename F>
  action invoke_async (F handler, LoftPriority priority = LOFT_PRIORITY_NORMAL,
                       call_site where = call_site::here ()) const
  {
    return action::take (loft_dispatcher_invoke_async_at (
        gobj (), priority, LOFT_HPP_HANDLER_AT_ (detail::run_action<F>, handler, where)));
  }

  /* Runs @handler there and blocks until it has returned. What it throws comes out of here, as a
   * loft::error. */
  template <typename F>
  void call (F handler, call_site where = call_site::here ()) const
  {
    GError *gerror = nullptr;

    if (!loft_dispatcher_call_at (gobj (), detail::run_action<F>, &handler, &gerror,
                                  where.location<F> (), where.function))
      throw_error (gerror);
  }

  /* The shutdown waits until the deferral is completed. Empty: the dispatcher has shut down. */
  deferral hold_shutdown () const
  {
    return deferral (ref<LoftDeferral>::take (loft_dispatcher_hold_shutdown (gobj ())));
  }

  /* Handlers of its signals, which return what disconnects them: handler () on its thread. */

  template <typename F>
  gulong shutdown_starting (F handler) const
  {
    return detail::connect (gobj (), "shutdown-starting", G_CALLBACK (on_signal<F>),
                            std::move (handler));
  }

  template <typename F>
  gulong shutdown_completed (F handler) const
  {
    return detail::connect (gobj (), "shutdown-completed", G_CALLBACK (on_signal<F>),
                            std::move (handler));
  }

  /* handler (const error &, const char *place), or with the error alone; true: it is handled. */
  template <typename F>
  gulong unhandled_error (F handler) const
  {
    return detail::connect (gobj (), "unhandled-error", G_CALLBACK (on_unhandled<F>),
                            std::move (handler));
  }

  void disconnect (gulong handler) const noexcept
  {
    g_signal_handler_disconnect (gobj (), handler);
  }

private:
  template <typename F>
  static gboolean run_idle (LoftAsyncAction *self, LoftDispatcher *on, gpointer callable,
                            GError **gerror) noexcept
  {
    return detail::store_thrown (gerror, [=] {
      F &work = *static_cast<F *> (callable);

      if constexpr (std::is_invocable_v<F &, const action &, const dispatcher &>)
        work (action::hold (self), dispatcher (ref<LoftDispatcher>::hold (on)));
      else if constexpr (std::is_invocable_v<F &, const dispatcher &>)
        work (dispatcher (ref<LoftDispatcher>::hold (on)));
      else
        detail::call_work (work, action::hold (self));
    });
  }

  template <typename F>
  static void on_signal (LoftDispatcher *, gpointer callable) noexcept
  {
    detail::run_item<F> (callable);
  }

  template <typename F>
  static gboolean on_unhandled (LoftDispatcher *, const GError *gerror, const char *place,
                                gpointer callable) noexcept
  {
    bool handled = false;

    try
      {
        F &handler = *static_cast<F *> (callable);

        if constexpr (std::is_invocable_v<F &, const error &, const char *>)
          handled = handler (error (g_error_copy (gerror)), place);
        else
          handled = handler (error (g_error_copy (gerror)));
      }
    catch (...) /* the error that it could not handle is logged */
      {
      }
    return handled;
  }

  ref<LoftDispatcher> m_dispatcher;
};

inline resume_foreground::resume_foreground (const loft::dispatcher &to, LoftPriority in)
    : resume_foreground (to.gobj (), in)
{
}

} /* namespace loft */
