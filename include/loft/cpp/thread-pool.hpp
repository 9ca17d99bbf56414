/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* loft::thread_pool: work on the workers of the pool, and timers that call there. */

#pragma once

#include <loft/cpp/work.hpp>
#include <loft/cpp/work-settings.hpp>

namespace loft
{

namespace thread_pool
{

/* The work takes its action, or nothing; what it throws is its action's error. */
template <typename F>
action run_async (F handler, call_site where = call_site::here ())
{
  return action::take (loft_thread_pool_run_async_at (
      LOFT_HPP_HANDLER_AT_ (detail::run_action<F>, handler, where)));
}

template <typename F>
action run_async (const work_settings &settings, F handler, call_site where = call_site::here ())
{
  return action::take (loft_thread_pool_run_full_async_at (
      settings.gobj (), LOFT_HPP_HANDLER_AT_ (detail::run_action<F>, handler, where)));
}

template <typename T, typename F>
operation<T> run_operation_async (F handler, call_site where = call_site::here ())
{
  return operation<T>::take (loft_thread_pool_run_operation_async_at (
      value_traits<T>::type (),
      LOFT_HPP_HANDLER_AT_ ((detail::run_operation<T, F>), handler, where)));
}

template <typename T, typename F>
operation<T> run_operation_async (const work_settings &settings, F handler,
                                  call_site where = call_site::here ())
{
  return operation<T>::take (loft_thread_pool_run_operation_full_async_at (
      settings.gobj (), value_traits<T>::type (),
      LOFT_HPP_HANDLER_AT_ ((detail::run_operation<T, F>), handler, where)));
}

/* The work takes a progress_token<P>, alone or after its object. */

template <typename P, typename F>
action_with_progress<P> run_with_progress_async (F handler, call_site where = call_site::here ())
{
  return action_with_progress<P> (detail::take_info (loft_thread_pool_run_with_progress_async_at (
      value_traits<P>::type (),
      LOFT_HPP_HANDLER_AT_ ((detail::run_action_with_progress<P, F>), handler, where))));
}

template <typename T, typename P, typename F>
operation_with_progress<T, P> run_operation_with_progress_async (F handler,
                                                                 call_site where
                                                                 = call_site::here ())
{
  return operation_with_progress<T, P> (
      detail::take_info (loft_thread_pool_run_operation_with_progress_async_at (
          value_traits<T>::type (), value_traits<P>::type (),
          LOFT_HPP_HANDLER_AT_ ((detail::run_operation_with_progress<T, P, F>), handler, where))));
}

/* The work is cancelled once @owner is gone. */
template <typename F>
action run_for_async (GObject *owner, F handler, call_site where = call_site::here ())
{
  return action::take (loft_thread_pool_run_for_async_at (
      owner, LOFT_HPP_HANDLER_AT_ (detail::run_action<F>, handler, where)));
}

} /* namespace thread_pool */

} /* namespace loft */
