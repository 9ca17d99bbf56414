/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* loft::run_synchronously: a synchronous function made out of asynchronous ones. */

#pragma once

#include <loft/cpp/async-info.hpp>

#include <optional>
#include <type_traits>

namespace loft
{

/* Begins what @begin () returns, and blocks until it has ended, with a home of its own meanwhile.
 * Returns the value of an operation; throws its error. */
template <typename F>
auto run_synchronously (F begin, std::optional<duration> limit = std::nullopt)
{
  using started = std::remove_cvref_t<std::invoke_result_t<F &>>;
  GError *gerror = nullptr;
  auto call = [] (gpointer callable, GError **error) noexcept {
    LoftAsyncInfo *info = nullptr;

    detail::store_thrown (error, [&] {
      info = detail::release_returned (started ((*static_cast<F *> (callable)) ()).steal ());
    });
    return info;
  };
  LoftAsyncInfo *ended = loft_run_synchronously (call, &begin, limit ? limit->count () : -1,
                                                 nullptr, &gerror);

  if (!ended)
    throw_error (gerror);
  return started (ref<LoftAsyncInfo>::take (ended)).get_results ();
}

} /* namespace loft */
