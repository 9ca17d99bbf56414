/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Function objects as work: what they take, and what becomes of what they throw. */

#pragma once

#include <loft/cpp/async-info.hpp>
#include <loft/cpp/token.hpp>

#include <type_traits>
#include <utility>

namespace loft
{

namespace detail
{

/* Work takes its own async object, or nothing. */
template <typename Self, typename F>
decltype (auto) call_work (F &work, const Self &self)
{
  if constexpr (std::is_invocable_v<F &, const Self &>)
    return work (self);
  else
    return work ();
}

/* Work with progress takes by what it reports, after its object or alone. */
template <typename P, typename Self, typename F>
decltype (auto) call_work_with_progress (F &work, const Self &self)
{
  progress_token<P> token (LOFT_ASYNC_BASE (self.info ()));

  if constexpr (std::is_invocable_v<F &, const Self &, progress_token<P>>)
    return work (self, token);
  else
    return work (token);
}

/* Whether a function that returns a @R would lose an async object with it. One that can't be
 * copied, fire_and_forget, is meant to be let go. */
template <typename R>
inline constexpr bool loses_its_object
    = std::is_base_of_v<async_reference, std::remove_cvref_t<R>>
      && std::is_copy_constructible_v<std::remove_cvref_t<R>>;

/* A LoftWorkHandler. */
template <typename F>
gboolean run_action (LoftAsyncAction *self, gpointer callable, GError **gerror) noexcept
{
  static_assert (!loses_its_object<decltype (call_work (std::declval<F &> (),
                                                        std::declval<const action &> ()))>,
                 "The work returns an async object, which would be lost: use run_nested_async ()");
  return store_thrown (
      gerror, [=] { call_work (*static_cast<F *> (callable), action::hold (self)); });
}

/* A LoftOperationHandler. */
template <typename T, typename F>
gboolean run_operation (LoftAsyncOperation *self, GValue *result, gpointer callable,
                        GError **gerror) noexcept
{
  return store_thrown (gerror, [=] {
    value_traits<T>::set (
        result, call_work (*static_cast<F *> (callable), operation<T>::hold (self)));
  });
}

template <typename P, typename F>
gboolean run_action_with_progress (LoftAsyncAction *self, gpointer callable,
                                   GError **gerror) noexcept
{
  return store_thrown (gerror, [=] {
    call_work_with_progress<P> (
        *static_cast<F *> (callable),
        action_with_progress<P> (ref<LoftAsyncInfo>::hold ((LoftAsyncInfo *) self)));
  });
}

template <typename T, typename P, typename F>
gboolean run_operation_with_progress (LoftAsyncOperation *self, GValue *result, gpointer callable,
                                      GError **gerror) noexcept
{
  return store_thrown (gerror, [=] {
    operation_with_progress<T, P> own (ref<LoftAsyncInfo>::hold ((LoftAsyncInfo *) self));

    value_traits<T>::set (result,
                          call_work_with_progress<P> (*static_cast<F *> (callable), own));
  });
}

/* A LoftNestedHandler: work that ends when what it returns has ended. */
template <typename F>
LoftAsyncInfo *run_nested (LoftAsyncAction *self, gpointer callable, GError **gerror) noexcept
{
  LoftAsyncInfo *next = nullptr;

  store_thrown (gerror, [&] {
    next = release_returned (
        call_work (*static_cast<F *> (callable), action::hold (self)).steal ());
  });
  return next;
}

} /* namespace detail */

} /* namespace loft */
