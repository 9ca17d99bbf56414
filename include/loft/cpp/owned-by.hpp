/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* loft::owned_by: a handler that is not called once its owner is gone. */

#pragma once

#include <loft/cpp/error.hpp>

#include <memory>
#include <type_traits>
#include <utility>

namespace loft
{

/* A handler whose owner is an object of C++. Where the owner is a GObject, the forms of the
 * functions that end in _for do more: they release the handler when the owner goes. */
template <typename Owner, typename F>
class owned_handler
{
public:
  owned_handler (std::weak_ptr<Owner> owner, F handler)
      : m_owner (std::move (owner)), m_handler (std::move (handler))
  {
  }

  /* The owner is alive during the call. Work of an owner that is gone ends Canceled; nobody is told
   * of another handler that is not called. */
  template <typename... Args>
    requires std::is_invocable_v<F &, Args...>
  std::invoke_result_t<F &, Args...> operator() (Args &&...args)
  {
    if (auto owner = m_owner.lock ())
      return m_handler (std::forward<Args> (args)...);
    throw canceled_error (
        g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "The handler's owner is gone"));
  }

private:
  std::weak_ptr<Owner> m_owner;
  F m_handler;
};

/* Calls @handler as long as @owner is alive: dispatcher.run_async (owned_by (self, handler)). It
 * may use a plain `this` of the owner. */
template <typename Owner, typename F>
owned_handler<Owner, F> owned_by (const std::shared_ptr<Owner> &owner, F handler)
{
  return { owner, std::move (handler) };
}
template <typename Owner, typename F>
owned_handler<Owner, F> owned_by (std::weak_ptr<Owner> owner, F handler)
{
  return { std::move (owner), std::move (handler) };
}

} /* namespace loft */
