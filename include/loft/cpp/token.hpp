/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* By which a coroutine looks for its cancel, and work and coroutines report. */

#pragma once

#include <loft/cpp/handler.hpp>
#include <loft/cpp/value.hpp>

#include <utility>

namespace loft
{

namespace detail
{

struct cancellation_request
{
};
template <typename P>
struct progress_request
{
};

} /* namespace detail */

/* co_await loft::get_cancellation_token (): what a coroutine can ask of its own cancel. */
inline detail::cancellation_request get_cancellation_token () noexcept
{
  return {};
}

/* co_await loft::get_progress_token<P> (): by which a coroutine reports. */
template <typename P>
detail::progress_request<P> get_progress_token () noexcept
{
  return {};
}

class cancellation_token
{
public:
  cancellation_token (LoftAsyncBase *base, bool *propagates) noexcept
      : m_base (base), m_propagates (propagates)
  {
  }

  /* Whether the coroutine was cancelled. */
  bool operator() () const noexcept
  {
    return loft_async_info_is_canceled (LOFT_ASYNC_INFO (m_base));
  }

  /* Whether a cancel goes on to what is awaited from now on; returns what was set before. */
  bool enable_propagation (bool value = true) noexcept
  {
    return std::exchange (*m_propagates, value);
  }

  /* Calls @handler () when the coroutine is cancelled. */
  template <typename F>
  void callback (F handler) const
  {
    loft_async_base_set_cancel_handler (m_base, call_handler<F>, new F (std::move (handler)),
                                        delete_callable<F>);
  }

  /* Takes the callback away. */
  void clear_callback () const noexcept
  {
    loft_async_base_set_cancel_handler (m_base, nullptr, nullptr, nullptr);
  }

private:
  template <typename F>
  static void call_handler (LoftAsyncBase *, gpointer callable) noexcept
  {
    try
      {
        (*static_cast<F *> (callable)) ();
      }
    catch (...)
      {
        report_unhandled (current_error ());
      }
  }

  LoftAsyncBase *m_base;
  bool *m_propagates;
};

template <typename P>
class progress_token
{
public:
  explicit progress_token (LoftAsyncBase *base) noexcept : m_base (base) {}

  void operator() (P value) const
  {
    boxed_value boxed (std::move (value));

    loft_async_base_report_progress (m_base, boxed.get ());
  }

  /* Sets what get_results () of an operation returns while it runs. */
  template <typename T>
  void set_result (T value) const
  {
    boxed_value boxed (std::move (value));

    loft_async_base_set_provisional_result (m_base, boxed.get ());
  }

private:
  LoftAsyncBase *m_base;
};

} /* namespace loft */
