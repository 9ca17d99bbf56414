/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Async objects: async_info, action, operation, and those with progress. */

#pragma once

#include <loft/cpp/handler.hpp>
#include <loft/cpp/ref.hpp>
#include <loft/cpp/value.hpp>

#include <chrono>
#include <cstdint>
#include <type_traits>
#include <utility>

namespace loft
{

using duration = std::chrono::duration<std::int64_t, std::micro>;

class action;
template <typename T>
class operation;

namespace detail
{

/* The object behind an async object's class, and what needs no handler. */
class async_reference
{
public:
  async_reference () noexcept = default;
  explicit async_reference (ref<LoftAsyncInfo> info) noexcept : m_info (std::move (info)) {}

  LoftAsyncInfo *info () const noexcept { return m_info.get (); }
  explicit operator bool () const noexcept { return (bool) m_info; }

  LoftAsyncStatus status () const noexcept { return loft_async_info_get_status (info ()); }
  bool has_ended () const noexcept { return loft_async_info_has_ended (info ()); }
  bool is_canceled () const noexcept { return loft_async_info_is_canceled (info ()); }
  std::uint64_t id () const noexcept { return loft_async_info_get_id (info ()); }
  void cancel () const noexcept { loft_async_info_cancel (info ()); }

  /* Gives the reference up, and is empty after this. */
  ref<LoftAsyncInfo> steal () noexcept { return std::move (m_info); }

  void close () const
  {
    GError *gerror = nullptr;

    if (!loft_async_info_close (info (), &gerror))
      throw_error (gerror);
  }

  /* Blocks until the object has ended or @time is over. */
  LoftAsyncStatus wait_for (duration time) const
  {
    GError *gerror = nullptr;
    LoftAsyncStatus status = loft_async_info_wait_for (info (), time.count (), &gerror);

    if (gerror)
      throw_error (gerror);
    return status;
  }

  /* Cancels the object when @owner goes. */
  void bind_owner (GObject *owner) const noexcept { loft_async_info_bind_owner (info (), owner); }

protected:
  ref<LoftAsyncInfo> m_info;
};

/* Takes over what a C function returned. */
inline ref<LoftAsyncInfo> take_info (gpointer info) noexcept
{
  return ref<LoftAsyncInfo>::take (static_cast<LoftAsyncInfo *> (info));
}

/* A handler takes as much as it wants to know: the object and its status, one of them, or
 * nothing. */
template <typename Self, typename F>
decltype (auto) call_with_outcome (F &handler, const Self &self, LoftAsyncStatus status)
{
  if constexpr (std::is_invocable_v<F &, const Self &, LoftAsyncStatus>)
    return handler (self, status);
  else if constexpr (std::is_invocable_v<F &, const Self &>)
    return handler (self);
  else if constexpr (std::is_invocable_v<F &, LoftAsyncStatus>)
    return handler (status);
  else
    return handler ();
}

/* A continuation takes the value, the object, or nothing. */
template <typename Self, typename F>
decltype (auto) call_next (F &next, const Self &self)
{
  if constexpr (requires { next (self.get_results ()); })
    return next (self.get_results ());
  else if constexpr (std::is_invocable_v<F &, const Self &>)
    return next (self);
  else
    return next ();
}

/* What recovers takes the error or nothing. */
template <typename Self, typename F>
void call_recover (F &handler, const Self &self)
{
  if constexpr (std::is_invocable_v<F &, const error &>)
    handler (error (loft_async_info_dup_error (self.info ())));
  else
    handler ();
}

template <typename Self, typename F>
void call_completed (LoftAsyncInfo *sender, LoftAsyncStatus status, gpointer callable) noexcept
{
  report_thrown ([=] {
    call_with_outcome (*static_cast<F *> (callable), Self (ref<LoftAsyncInfo>::hold (sender)),
                       status);
  });
}

template <typename P, typename F>
void call_progress (LoftAsyncInfo *, const GValue *value, gpointer callable) noexcept
{
  report_thrown ([=] { (*static_cast<F *> (callable)) (convert<P> (value)); });
}

/* The object that a function object has returned, for C to follow. */
inline LoftAsyncInfo *release_returned (ref<LoftAsyncInfo> returned)
{
  if (!returned)
    throw invalid_argument_error (g_error_new_literal (
        LOFT_ERROR, LOFT_ERROR_INVALID_ARGUMENT, "The function returned an empty async object"));
  return returned.release ();
}

/* What a continuation that returns @R ends in: an action, or an operation with its value. */
template <typename R>
struct continued
{
  using type = operation<R>;
};
template <typename R>
  requires (std::is_void_v<R> || std::is_base_of_v<async_reference, R>)
struct continued<R>
{
  using type = action;
};

/* The same for nothing, as a name that depends on @F: an action is not defined yet here. */
template <typename F>
struct continued_without_value
{
  using type = action;
};

/* The C callbacks of a continuation that runs after success. */
template <typename Self, typename F>
struct after_success
{
  using returned
      = std::remove_cvref_t<decltype (call_next (std::declval<F &> (), std::declval<Self &> ()))>;

  static decltype (auto) call (LoftAsyncInfo *antecedent, gpointer callable)
  {
    return call_next (*static_cast<F *> (callable), Self (ref<LoftAsyncInfo>::hold (antecedent)));
  }
  static gboolean run (LoftAsyncInfo *antecedent, gpointer callable, GError **gerror) noexcept
  {
    return store_thrown (gerror, [=] { call (antecedent, callable); });
  }
  static gboolean run_value (LoftAsyncInfo *antecedent, GValue *result, gpointer callable,
                             GError **gerror) noexcept
  {
    return store_thrown (
        gerror, [=] { value_traits<returned>::set (result, call (antecedent, callable)); });
  }
  static LoftAsyncInfo *run_async (LoftAsyncInfo *antecedent, gpointer callable,
                                   GError **gerror) noexcept
  {
    LoftAsyncInfo *next = nullptr;

    store_thrown (gerror,
                  [&] { next = release_returned (call (antecedent, callable).steal ()); });
    return next;
  }
};

/* The C callbacks of a continuation that runs after any outcome. */
template <typename Self, typename F>
struct after_outcome
{
  using returned = std::remove_cvref_t<decltype (call_with_outcome (
      std::declval<F &> (), std::declval<Self &> (), LOFT_ASYNC_STATUS_COMPLETED))>;

  static decltype (auto) call (LoftAsyncInfo *antecedent, LoftAsyncStatus status, gpointer callable)
  {
    return call_with_outcome (*static_cast<F *> (callable),
                              Self (ref<LoftAsyncInfo>::hold (antecedent)), status);
  }
  static gboolean run (LoftAsyncInfo *antecedent, LoftAsyncStatus status, gpointer callable,
                       GError **gerror) noexcept
  {
    return store_thrown (gerror, [=] { call (antecedent, status, callable); });
  }
  static gboolean run_value (LoftAsyncInfo *antecedent, LoftAsyncStatus status, GValue *result,
                             gpointer callable, GError **gerror) noexcept
  {
    return store_thrown (gerror, [=] {
      value_traits<returned>::set (result, call (antecedent, status, callable));
    });
  }
  static LoftAsyncInfo *run_async (LoftAsyncInfo *antecedent, LoftAsyncStatus status,
                                   gpointer callable, GError **gerror) noexcept
  {
    LoftAsyncInfo *next = nullptr;

    store_thrown (gerror,
                  [&] { next = release_returned (call (antecedent, status, callable).steal ()); });
    return next;
  }
};

template <typename Self, typename F>
gboolean run_recover (LoftAsyncInfo *antecedent, gpointer callable, GError **gerror) noexcept
{
  return store_thrown (gerror, [=] {
    call_recover (*static_cast<F *> (callable), Self (ref<LoftAsyncInfo>::hold (antecedent)));
  });
}

/* A LoftContinuation that takes the object or nothing. */
template <typename Self, typename F>
gboolean run_always (LoftAsyncInfo *antecedent, gpointer callable, GError **gerror) noexcept
{
  return store_thrown (gerror, [=] {
    call_with_outcome (*static_cast<F *> (callable), Self (ref<LoftAsyncInfo>::hold (antecedent)),
                       loft_async_info_get_status (antecedent));
  });
}

/* What takes handlers, which get the object as a @Self. Each is called at the home of the thread
 * that set it. */
template <typename Self, typename Base>
class with_handlers : public Base
{
public:
  using Base::Base;

  /* Sets the one completed handler: handler (const Self &, LoftAsyncStatus), or with one of them,
   * or without. If the object has ended, the handler runs before this returns. */
  template <typename F>
  void completed (F handler) const
  {
    GError *gerror = nullptr;

    if (!loft_async_info_set_completed (
            this->info (), LOFT_HPP_HANDLER_ ((call_completed<Self, F>), handler), &gerror))
      throw_error (gerror);
  }

  /* The same, on the thread that ends the object. */
  template <typename F>
  void completed_agile (F handler) const
  {
    GError *gerror = nullptr;

    if (!loft_async_info_set_completed_agile (
            this->info (), LOFT_HPP_HANDLER_ ((call_completed<Self, F>), handler), &gerror))
      throw_error (gerror);
  }

  /* The same as completed (), but not once @owner is gone, which cancels the object. */
  template <typename F>
  void completed_for (GObject *owner, F handler) const
  {
    GError *gerror = nullptr;

    if (!loft_async_info_set_completed_for (
            this->info (), owner, LOFT_HPP_HANDLER_ ((call_completed<Self, F>), handler), &gerror))
      throw_error (gerror);
  }

  /* Calls @handler when the object has ended, but never inside of this call; it uses no slot. */
  template <typename F>
  std::uint64_t call_when_ended (F handler) const
  {
    return loft_async_info_call_when_ended (
        this->info (), LOFT_HPP_HANDLER_ ((call_completed<Self, F>), handler));
  }

  /* Sets the progress handler: handler (P). */
  template <typename P, typename F>
  void progress (F handler, LoftProgressFlags flags = LOFT_PROGRESS_ALL) const
  {
    GError *gerror = nullptr;

    if (!loft_async_with_progress_set_progress (
            LOFT_ASYNC_WITH_PROGRESS (this->info ()), flags,
            LOFT_HPP_HANDLER_ ((call_progress<P, F>), handler), &gerror))
      throw_error (gerror);
  }

  /* Runs @next after success, with the value, the object or nothing. What it returns decides what
   * is returned here: an operation with that value, or an action that follows the async object, or
   * an action. An error or a cancel passes it by. */
  template <typename F>
  auto continue_with (F next, call_site where = call_site::here ()) const
  {
    using call = after_success<Self, F>;
    using R = typename call::returned;
    using result = typename continued<R>::type;

    if constexpr (std::is_void_v<R>)
      return result::take (loft_async_info_continue_with_at (
          this->info (), LOFT_HPP_HANDLER_AT_ (call::run, next, where)));
    else if constexpr (std::is_base_of_v<async_reference, R>)
      return result::take (loft_async_info_continue_with_async_at (
          this->info (), LOFT_HPP_HANDLER_AT_ (call::run_async, next, where)));
    else
      return result::take (loft_async_info_continue_with_operation_at (
          this->info (), value_traits<R>::type (),
          LOFT_HPP_HANDLER_AT_ (call::run_value, next, where)));
  }

  /* Runs @next after success while @owner is there; the action is Canceled after that. */
  template <typename F>
  auto continue_with_for (GObject *owner, F next, call_site where = call_site::here ()) const
  {
    using call = after_success<Self, F>;
    using result = typename continued_without_value<F>::type;

    static_assert (!std::is_base_of_v<async_reference, typename call::returned>,
                   "What it returns would be lost: use continue_with () and bind_owner ()");

    return result::take (loft_async_info_continue_with_for_at (
        this->info (), owner, LOFT_HPP_HANDLER_AT_ (call::run, next, where)));
  }

  /* Runs @next after any outcome, with the object and its status, one of them, or nothing. Its own
   * outcome is that of what is returned, as with continue_with (). */
  template <typename F>
  auto continue_after (F next, call_site where = call_site::here ()) const
  {
    using call = after_outcome<Self, F>;
    using R = typename call::returned;
    using result = typename continued<R>::type;

    if constexpr (std::is_void_v<R>)
      return result::take (loft_async_info_continue_after_at (
          this->info (), LOFT_HPP_HANDLER_AT_ (call::run, next, where)));
    else if constexpr (std::is_base_of_v<async_reference, R>)
      return result::take (loft_async_info_continue_after_async_at (
          this->info (), LOFT_HPP_HANDLER_AT_ (call::run_async, next, where)));
    else
      return result::take (loft_async_info_continue_after_operation_at (
          this->info (), value_traits<R>::type (),
          LOFT_HPP_HANDLER_AT_ (call::run_value, next, where)));
  }

  /* Runs @handler after an error, with it or with nothing; the action succeeds if it returns. */
  template <typename F>
  auto recover (F handler, call_site where = call_site::here ()) const
  {
    using result = typename continued_without_value<F>::type;

    return result::take (loft_async_info_recover_at (
        this->info (), LOFT_HPP_HANDLER_AT_ ((run_recover<Self, F>), handler, where)));
  }

  /* Runs @handler after any outcome, which is that of the action, too. */
  template <typename F>
  auto always (F handler, call_site where = call_site::here ()) const
  {
    using result = typename continued_without_value<F>::type;

    return result::take (loft_async_info_always_at (
        this->info (), LOFT_HPP_HANDLER_AT_ ((run_always<Self, F>), handler, where)));
  }
};

} /* namespace detail */

/* What all async objects have. */
class async_info : public detail::with_handlers<async_info, detail::async_reference>
{
public:
  using with_handlers::with_handlers;
};

/* An action, and what a coroutine without a value returns. */
class action : public detail::with_handlers<action, async_info>
{
public:
  using with_handlers::with_handlers;

  /* Takes over what a C function returned; throws if that is nothing. */
  static action take (LoftAsyncAction *from)
  {
    if (!from)
      throw_error (nullptr);
    return action (ref<LoftAsyncInfo>::take ((LoftAsyncInfo *) from));
  }
  static action hold (LoftAsyncAction *from) noexcept
  {
    return action (ref<LoftAsyncInfo>::hold ((LoftAsyncInfo *) from));
  }

  LoftAsyncAction *gobj () const noexcept { return (LoftAsyncAction *) info (); }

  void get_results () const
  {
    GError *gerror = nullptr;

    if (!loft_async_action_get_results (gobj (), &gerror))
      throw_error (gerror);
  }

  /* Blocks until it has ended; throws its error. */
  void get () const
  {
    GError *gerror = nullptr;

    if (!loft_async_action_get (gobj (), &gerror))
      throw_error (gerror);
  }

  /* Nobody needs it any more; an error goes to LoftDispatcher::unhandled-error. */
  void forget () &&noexcept { loft_async_info_forget (m_info.release ()); }
};

/* An operation, and what a coroutine with a value returns. */
template <typename T>
class operation : public detail::with_handlers<operation<T>, async_info>
{
public:
  using value_type = T;

  using detail::with_handlers<operation<T>, async_info>::with_handlers;

  /* Takes over what a C function returned; throws if that is nothing. */
  static operation take (LoftAsyncOperation *from)
  {
    if (!from)
      throw_error (nullptr);
    return operation (ref<LoftAsyncInfo>::take ((LoftAsyncInfo *) from));
  }
  static operation hold (LoftAsyncOperation *from) noexcept
  {
    return operation (ref<LoftAsyncInfo>::hold ((LoftAsyncInfo *) from));
  }

  LoftAsyncOperation *gobj () const noexcept { return (LoftAsyncOperation *) this->info (); }

  T get_results () const
  {
    GError *gerror = nullptr;
    boxed_value value;

    if (!loft_async_operation_get_results (gobj (), value.get (), &gerror))
      throw_error (gerror);
    return convert<T> (value.get ());
  }

  T get () const
  {
    GError *gerror = nullptr;

    if (!loft_async_operation_get (gobj (), nullptr, &gerror))
      throw_error (gerror);
    return get_results ();
  }

  void forget () &&noexcept { loft_async_info_forget (this->m_info.release ()); }
};

template <typename P>
class action_with_progress : public detail::with_handlers<action_with_progress<P>, action>
{
public:
  using detail::with_handlers<action_with_progress<P>, action>::with_handlers;
  using detail::with_handlers<action_with_progress<P>, action>::progress;

  /* Sets the progress handler: handler (P). */
  template <typename F>
  void progress (F handler, LoftProgressFlags flags = LOFT_PROGRESS_ALL) const
  {
    this->template progress<P> (std::move (handler), flags);
  }
};
template <typename T, typename P>
class operation_with_progress
    : public detail::with_handlers<operation_with_progress<T, P>, operation<T>>
{
public:
  using detail::with_handlers<operation_with_progress<T, P>, operation<T>>::with_handlers;
  using detail::with_handlers<operation_with_progress<T, P>, operation<T>>::progress;

  /* Sets the progress handler: handler (P). */
  template <typename F>
  void progress (F handler, LoftProgressFlags flags = LOFT_PROGRESS_ALL) const
  {
    this->template progress<P> (std::move (handler), flags);
  }
};

} /* namespace loft */
