/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* loft::dispatcher_timer: calls a handler on a dispatcher's thread again and again. */

#pragma once

#include <loft/cpp/dispatcher.hpp>

namespace loft
{

/* A timer, which repeats unless it is told otherwise. It lives on while it runs. Its functions are
 * for the dispatcher's thread. */
class dispatcher_timer
{
public:
  explicit dispatcher_timer (ref<LoftDispatcherTimer> from) noexcept : m_timer (std::move (from)) {}
  dispatcher_timer (const dispatcher &home, duration interval)
      : m_timer (ref<LoftDispatcherTimer>::take (loft_dispatcher_create_timer (home.gobj ())))
  {
    set_interval (interval);
  }

  LoftDispatcherTimer *gobj () const noexcept { return m_timer.get (); }

  duration interval () const noexcept
  {
    return duration (loft_dispatcher_timer_get_interval (gobj ()));
  }
  void set_interval (duration value) const noexcept
  {
    loft_dispatcher_timer_set_interval (gobj (), value.count ());
  }
  bool is_repeating () const noexcept { return loft_dispatcher_timer_get_is_repeating (gobj ()); }
  void set_is_repeating (bool value) const noexcept
  {
    loft_dispatcher_timer_set_is_repeating (gobj (), value);
  }
  LoftPriority priority () const noexcept { return loft_dispatcher_timer_get_priority (gobj ()); }
  void set_priority (LoftPriority value) const noexcept
  {
    loft_dispatcher_timer_set_priority (gobj (), value);
  }

  bool is_running () const noexcept { return loft_dispatcher_timer_get_is_running (gobj ()); }
  bool start () const noexcept { return loft_dispatcher_timer_start (gobj ()); }
  void stop () const noexcept { loft_dispatcher_timer_stop (gobj ()); }

  /* Adds a handler of its ticks: handler (const dispatcher_timer &), or handler (). What it throws
   * goes to unhandled-error, and the timer runs on. */
  template <typename F>
  gulong tick (F handler) const
  {
    return detail::connect (gobj (), "tick", G_CALLBACK (on_tick<F>), std::move (handler));
  }
  void disconnect (gulong handler) const noexcept
  {
    g_signal_handler_disconnect (gobj (), handler);
  }

private:
  template <typename F>
  static void on_tick (LoftDispatcherTimer *timer, gpointer callable) noexcept
  {
    detail::report_thrown ([=] {
      detail::call_work (*static_cast<F *> (callable),
                         dispatcher_timer (ref<LoftDispatcherTimer>::hold (timer)));
    });
  }

  ref<LoftDispatcherTimer> m_timer;
};

} /* namespace loft */
