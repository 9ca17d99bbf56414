/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* loft::event_source: an event with handlers, each of which is called at its home. */

#pragma once

#include <loft/cpp/async-info.hpp>
#include <loft/cpp/deferral.hpp>

#include <type_traits>

namespace loft
{

/* What a handler of an event gets. */
template <typename T>
class event_args
{
public:
  explicit event_args (ref<LoftEventArgs> from) noexcept : m_args (std::move (from)) {}

  LoftEventArgs *gobj () const noexcept { return m_args.get (); }
  T value () const { return convert<T> (loft_event_args_get_value (gobj ())); }

  /* The raiser waits until the deferral is completed; throws once all handlers have returned. */
  deferral take_deferral () const
  {
    GError *gerror = nullptr;
    LoftDeferral *taken = loft_event_args_take_deferral (gobj (), &gerror);

    if (!taken)
      throw_error (gerror);
    return deferral (ref<LoftDeferral>::take (taken));
  }

private:
  ref<LoftEventArgs> m_args;
};

/* An event that is raised with a @T; void: with nothing. Any thread may call its functions. */
template <typename T = void>
class event_source
{
  struct nothing;

public:
  event_source () : m_source (ref<LoftEventSource>::take (loft_event_source_new ())) {}

  LoftEventSource *gobj () const noexcept { return m_source.get (); }
  unsigned n_handlers () const noexcept { return loft_event_source_get_n_handlers (gobj ()); }

  /* Adds a handler, which is called at this thread's home, and returns what removes it. The handler
   * takes the value, an event_args<T>, or nothing. */
  template <typename F>
  std::uint64_t add (F handler) const
  {
    return loft_event_source_add (gobj (), LOFT_HPP_HANDLER_ (call<F>, handler));
  }

  /* Adds a handler that is called on the thread that raises the event. */
  template <typename F>
  std::uint64_t add_agile (F handler) const
  {
    return loft_event_source_add_agile (gobj (), LOFT_HPP_HANDLER_ (call<F>, handler));
  }

  /* Adds a handler that is removed when @owner goes. */
  template <typename F>
  std::uint64_t add_for (GObject *owner, F handler) const
  {
    return loft_event_source_add_for (gobj (), owner, LOFT_HPP_HANDLER_ (call<F>, handler));
  }

  bool remove (std::uint64_t token) const noexcept
  {
    return loft_event_source_remove (gobj (), token);
  }

  /* Calls all handlers. The action completes when they and their deferrals are done. */
  action raise_async () const
    requires std::is_void_v<T>
  {
    return action::take (loft_event_source_raise_async (gobj (), nullptr));
  }
  action raise_async (std::conditional_t<std::is_void_v<T>, nothing, T> value) const
    requires (!std::is_void_v<T>)
  {
    boxed_value boxed (std::move (value));

    return action::take (loft_event_source_raise_async (gobj (), boxed.get ()));
  }

private:
  template <typename F>
  static void call (LoftEventSource *, LoftEventArgs *args, gpointer callable) noexcept
  {
    detail::report_thrown ([=] {
      F &handler = *static_cast<F *> (callable);
      event_args<T> own (ref<LoftEventArgs>::hold (args));

      if constexpr (std::is_invocable_v<F &, const event_args<T> &>)
        handler (own);
      else if constexpr (!std::is_invocable_v<F &>)
        handler (own.value ());
      else
        handler ();
    });
  }

  ref<LoftEventSource> m_source;
};

} /* namespace loft */
