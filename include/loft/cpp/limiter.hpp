/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* loft::limiter: how much work runs on the pool at one time. */

#pragma once

#include <loft/cpp/work.hpp>
#include <loft/cpp/work-settings.hpp>

namespace loft
{

class limiter
{
public:
  explicit limiter (unsigned limit) : m_limiter (ref<LoftLimiter>::take (loft_limiter_new (limit)))
  {
  }

  /* One after the other, in the order in which it comes. */
  static limiter serial () { return limiter (ref<LoftLimiter>::take (loft_limiter_new_serial ())); }

  LoftLimiter *gobj () const noexcept { return m_limiter.get (); }
  unsigned limit () const noexcept { return loft_limiter_get_limit (gobj ()); }

  template <typename F>
  action run_async (F handler, call_site where = call_site::here ()) const
  {
    return action::take (loft_limiter_run_async_at (
        gobj (), LOFT_HPP_HANDLER_AT_ (detail::run_action<F>, handler, where)));
  }

  template <typename F>
  action run_async (const work_settings &settings, F handler,
                    call_site where = call_site::here ()) const
  {
    return action::take (loft_limiter_run_full_async_at (
        gobj (), settings.gobj (), LOFT_HPP_HANDLER_AT_ (detail::run_action<F>, handler, where)));
  }

  template <typename T, typename F>
  operation<T> run_operation_async (F handler, call_site where = call_site::here ()) const
  {
    return operation<T>::take (loft_limiter_run_operation_async_at (
        gobj (), value_traits<T>::type (),
        LOFT_HPP_HANDLER_AT_ ((detail::run_operation<T, F>), handler, where)));
  }

  template <typename T, typename F>
  operation<T> run_operation_async (const work_settings &settings, F handler,
                                    call_site where = call_site::here ()) const
  {
    return operation<T>::take (loft_limiter_run_operation_full_async_at (
        gobj (), settings.gobj (), value_traits<T>::type (),
        LOFT_HPP_HANDLER_AT_ ((detail::run_operation<T, F>), handler, where)));
  }

  /* The work keeps its place until the async object that it returns has ended: with a limit of
   * one, this is a lock that a coroutine holds across its awaits. */
  template <typename F>
  action run_nested_async (F handler, call_site where = call_site::here ()) const
  {
    return action::take (loft_limiter_run_nested_async_at (
        gobj (), LOFT_HPP_HANDLER_AT_ (detail::run_nested<F>, handler, where)));
  }

private:
  explicit limiter (ref<LoftLimiter> from) noexcept : m_limiter (std::move (from)) {}

  ref<LoftLimiter> m_limiter;
};

} /* namespace loft */
