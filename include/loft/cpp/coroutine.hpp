/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Coroutines that are async objects. */

#pragma once

#include <loft/cpp/resume.hpp>
#include <loft/cpp/token.hpp>

#include <concepts>
#include <memory>
#include <type_traits>

namespace loft
{

namespace detail
{

template <typename T>
struct ready
{
  T value;
  bool await_ready () const noexcept { return true; }
  void await_suspend (std::coroutine_handle<>) const noexcept {}
  T await_resume () { return std::move (value); }
};

/* An awaiter of the program, in its place: of one that a promise returns as a reference, g++ 12
 * makes a copy. */
template <typename Awaiter>
struct awaiter_in_place
{
  decltype (auto) await_ready () { return awaiter.await_ready (); }
  template <typename Promise>
  LOFT_HPP_SUSPEND_ decltype (auto) await_suspend (std::coroutine_handle<Promise> handle)
  {
    return awaiter.await_suspend (handle);
  }
  decltype (auto) await_resume () { return awaiter.await_resume (); }

  Awaiter &awaiter;
};

template <typename E>
decltype (auto) get_awaiter (E &&what)
{
  if constexpr (requires { std::forward<E> (what).operator co_await (); })
    return std::forward<E> (what).operator co_await ();
  else if constexpr (requires { operator co_await (std::forward<E> (what)); })
    return operator co_await (std::forward<E> (what));
  else
    return awaiter_in_place<std::remove_reference_t<E>>{ what };
}

/* What a promise awaits as it is: it has the members of an awaiter, or makes one. An async object
 * is none of these, since a cancel may have to reach it. */
template <typename E>
concept plain_awaitable
    = !std::derived_from<std::remove_cvref_t<E>, async_info> && !startable<std::remove_cvref_t<E>>
      && (requires (E &&what) { std::forward<E> (what).await_ready (); }
          || requires (E &&what) { std::forward<E> (what).operator co_await (); }
          || requires (E &&what) { operator co_await (std::forward<E> (what)); });

/* What all coroutines' promises share. The coroutine holds its async object until its end. */
class promise_base
{
public:
  promise_base (const promise_base &) = delete;

  std::suspend_never initial_suspend () const noexcept { return {}; }
  void unhandled_exception () noexcept
  {
    g_clear_error (&m_error);
    m_error = current_error ();
  }

  /* Each co_await of a coroutine that was cancelled throws. */
  template <typename T>
  decltype (auto) await_transform (T &&what)
  {
    if (loft_async_info_is_canceled (LOFT_ASYNC_INFO (m_base)))
      throw canceled_error (g_error_new_literal (
          G_IO_ERROR, G_IO_ERROR_CANCELLED,
          "The coroutine was cancelled: it goes no further than its next co_await"));
    return transform (std::forward<T> (what));
  }

  cancellation_token token () noexcept { return { m_base, &m_propagates }; }

  ready<cancellation_token> await_transform (cancellation_request) noexcept { return { token () }; }
  template <typename P>
  ready<progress_token<P>> await_transform (progress_request<P>) noexcept
  {
    return { progress_token<P> (m_base) };
  }

protected:
  explicit promise_base (LoftAsyncBase *base) noexcept : m_base (base) {}
  ~promise_base () { g_clear_error (&m_error); }

  LoftAsyncInfo *propagate (LoftAsyncInfo *info) noexcept
  {
    if (m_propagates && info && (gpointer) info != (gpointer) m_base)
      loft_async_base_propagate_cancel (m_base, info);
    return info;
  }

  template <startable S>
  typename S::awaiter start (const S &what)
  {
    auto info = what.start ();

    propagate (info.get ());
    return typename S::awaiter (std::move (info), false);
  }

  LoftAsyncBase *m_base; /* strong, until the end takes it */
  GError *m_error = nullptr;
  bool m_propagates = false;

private:
  end_awaiter transform (const async_info &what) noexcept
  {
    return { ref<LoftAsyncInfo>::hold (propagate (what.info ())), false };
  }
  action_awaiter transform (const action &what) noexcept
  {
    return { ref<LoftAsyncInfo>::hold (propagate (what.info ())), false };
  }
  /* A temporary gives its reference up, since it would hold the object while the coroutine
   * waits. */
  action_awaiter transform (action &&what) noexcept
  {
    propagate (what.info ());
    return { what.steal (), false };
  }
  template <typename T>
  operation_awaiter<T> transform (const operation<T> &what) noexcept
  {
    return { ref<LoftAsyncInfo>::hold (propagate (what.info ())), false };
  }
  template <typename T>
  operation_awaiter<T> transform (operation<T> &&what) noexcept
  {
    propagate (what.info ());
    return { what.steal (), false };
  }
  template <startable S>
  typename S::awaiter transform (const S &what)
  {
    return start (what);
  }
  template <typename Rep, typename Period>
  action_awaiter transform (std::chrono::duration<Rep, Period> time)
  {
    return transform (resume_after (std::chrono::duration_cast<duration> (time)));
  }
  template <typename Info>
  auto transform (agile_info<Info> &&what) noexcept
  {
    propagate (what.info.info ());
    return what.make ();
  }
  template <plain_awaitable E>
  auto transform (E &&what)
  {
    return get_awaiter (std::forward<E> (what));
  }
};

/* Frees the frame first, and then ends the object, so that handlers find the data released. */
template <typename Promise>
struct final_awaiter
{
  bool await_ready () const noexcept { return false; }
  LOFT_HPP_SUSPEND_ void await_suspend (std::coroutine_handle<Promise> handle) const noexcept
  {
    auto end = handle.promise ().take_end ();

    try
      {
        handle.destroy ();
      }
    catch (...) /* the destructor of a parameter */
      {
        report_unhandled (current_error ());
      }
    end ();
  }
  void await_resume () const noexcept {}
};

/* What a coroutine of each type reports; void: nothing. */
template <typename Async>
struct progress_of
{
  using type = void;
};
template <typename P>
struct progress_of<action_with_progress<P>>
{
  using type = P;
};
template <typename T, typename P>
struct progress_of<operation_with_progress<T, P>>
{
  using type = P;
};

template <typename Action, typename Base = promise_base>
class action_promise : public Base
{
public:
  /* The place is that of the coroutine. */
  explicit action_promise (call_site where = call_site::here ()) noexcept
      : Base (LOFT_ASYNC_BASE (make (where)))
  {
  }

  Action get_return_object () noexcept
  {
    return Action (ref<LoftAsyncInfo>::hold (LOFT_ASYNC_INFO (this->m_base)));
  }
  void return_void () const noexcept {}
  final_awaiter<action_promise> final_suspend () noexcept { return {}; }

  auto take_end () noexcept
  {
    return [base = std::exchange (this->m_base, nullptr),
            error = std::exchange (this->m_error, nullptr)] () noexcept {
      if (error)
        loft_async_base_fail (base, error);
      else
        loft_async_base_complete (base);
      g_object_unref (base);
    };
  }

private:
  static LoftAction *make (const call_site &where)
  {
    using P = typename progress_of<Action>::type;

    if constexpr (std::is_void_v<P>)
      return loft_action_new_at (where.file, where.function);
    else
      return loft_action_new_with_progress_at (value_traits<P>::type (), where.file,
                                               where.function);
  }
};

template <typename Operation, typename T, typename Base = promise_base>
class operation_promise : public Base
{
public:
  /* The place is that of the coroutine. */
  explicit operation_promise (call_site where = call_site::here ()) noexcept
      : Base (LOFT_ASYNC_BASE (make (where)))
  {
  }

  Operation get_return_object () noexcept
  {
    return Operation (ref<LoftAsyncInfo>::hold (LOFT_ASYNC_INFO (this->m_base)));
  }
  template <typename U = T> /* so that co_return { ... } makes a T */
  void return_value (U &&value)
  {
    m_value = std::make_unique<T> (std::forward<U> (value));
  }
  final_awaiter<operation_promise> final_suspend () noexcept { return {}; }

  auto take_end () noexcept
  {
    return [base = std::exchange (this->m_base, nullptr),
            error = std::exchange (this->m_error, nullptr),
            value = std::move (m_value)] () mutable noexcept {
      try
        {
          if (error)
            loft_async_base_fail (base, error);
          else
            {
              boxed_value boxed (std::move (*value));

              value.reset ();
              loft_async_base_complete_with_value (base, boxed.get ());
            }
        }
      catch (...) /* a copy that throws */
        {
          loft_async_base_fail (base, current_error ());
        }
      g_object_unref (base);
    };
  }

private:
  static LoftOperation *make (const call_site &where)
  {
    using P = typename progress_of<Operation>::type;

    if constexpr (std::is_void_v<P>)
      return loft_operation_new_at (value_traits<T>::type (), where.file, where.function);
    else
      return loft_operation_new_with_progress_at (value_traits<T>::type (),
                                                  value_traits<P>::type (), where.file,
                                                  where.function);
  }

  std::unique_ptr<T> m_value; /* so that nothing throws once the coroutine has ended */
};

} /* namespace detail */

/* A coroutine that nobody waits for. Its error goes to LoftDispatcher::unhandled-error. */
class fire_and_forget : public action
{
public:
  using action::action;
  ~fire_and_forget ()
  {
    if (m_info)
      loft_async_info_forget (m_info.release ());
  }
  fire_and_forget (fire_and_forget &&) noexcept = default;
};

/* A coroutine type of another library awaits these, too; it knows nothing of a cancel. */

inline detail::end_awaiter operator co_await (const async_info &what) noexcept
{
  return { ref<LoftAsyncInfo>::hold (what.info ()), false };
}
inline detail::action_awaiter operator co_await (const action &what) noexcept
{
  return { ref<LoftAsyncInfo>::hold (what.info ()), false };
}
inline detail::action_awaiter operator co_await (action &&what) noexcept
{
  return { what.steal (), false };
}
template <typename T>
detail::operation_awaiter<T> operator co_await (const operation<T> &what) noexcept
{
  return { ref<LoftAsyncInfo>::hold (what.info ()), false };
}
template <typename T>
detail::operation_awaiter<T> operator co_await (operation<T> &&what) noexcept
{
  return { what.steal (), false };
}

} /* namespace loft */

/* Which promise a coroutine of each type has. */
template <typename... Args>
struct std::coroutine_traits<loft::action, Args...>
{
  using promise_type = loft::detail::action_promise<loft::action>;
};
template <typename... Args>
struct std::coroutine_traits<loft::fire_and_forget, Args...>
{
  using promise_type = loft::detail::action_promise<loft::fire_and_forget>;
};
template <typename P, typename... Args>
struct std::coroutine_traits<loft::action_with_progress<P>, Args...>
{
  using promise_type = loft::detail::action_promise<loft::action_with_progress<P>>;
};
template <typename T, typename... Args>
struct std::coroutine_traits<loft::operation<T>, Args...>
{
  using promise_type = loft::detail::operation_promise<loft::operation<T>, T>;
};
template <typename T, typename P, typename... Args>
struct std::coroutine_traits<loft::operation_with_progress<T, P>, Args...>
{
  using promise_type = loft::detail::operation_promise<loft::operation_with_progress<T, P>, T>;
};
