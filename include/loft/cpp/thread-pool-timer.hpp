/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* loft::thread_pool_timer: calls a handler on the pool, once or again and again. */

#pragma once

#include <loft/cpp/handler.hpp>
#include <loft/cpp/ref.hpp>
#include <loft/cpp/work.hpp>

namespace loft
{

/* A timer lives on until it is over or cancelled. Handlers take it, or nothing. */
class thread_pool_timer
{
public:
  explicit thread_pool_timer (ref<LoftThreadPoolTimer> from) noexcept : m_timer (std::move (from))
  {
  }

  template <typename F>
  static thread_pool_timer create (F handler, duration delay)
  {
    return thread_pool_timer (ref<LoftThreadPoolTimer>::take (
        loft_thread_pool_timer_create (delay.count (), LOFT_HPP_HANDLER_ (call<F>, handler))));
  }

  template <typename F>
  static thread_pool_timer create_periodic (F handler, duration period)
  {
    return thread_pool_timer (
        ref<LoftThreadPoolTimer>::take (loft_thread_pool_timer_create_periodic (
            period.count (), LOFT_HPP_HANDLER_ (call<F>, handler))));
  }

  LoftThreadPoolTimer *gobj () const noexcept { return m_timer.get (); }
  duration delay () const noexcept { return duration (loft_thread_pool_timer_get_delay (gobj ())); }
  duration period () const noexcept
  {
    return duration (loft_thread_pool_timer_get_period (gobj ()));
  }
  void cancel () const noexcept { loft_thread_pool_timer_cancel (gobj ()); }

  /* Calls @handler once the timer is over or cancelled, and no other handler of it runs. */
  template <typename F>
  void destroyed (F handler) const
  {
    loft_thread_pool_timer_set_destroyed (gobj (), LOFT_HPP_HANDLER_ (call<F>, handler));
  }

private:
  template <typename F>
  static void call (LoftThreadPoolTimer *timer, gpointer callable) noexcept
  {
    detail::report_thrown ([=] {
      detail::call_work (*static_cast<F *> (callable),
                         thread_pool_timer (ref<LoftThreadPoolTimer>::hold (timer)));
    });
  }

  ref<LoftThreadPoolTimer> m_timer;
};

} /* namespace loft */
