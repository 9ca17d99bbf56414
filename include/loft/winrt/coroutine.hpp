/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Coroutines in the spelling of C++/WinRT: IAsyncAction and its siblings as return types, what can
 * be awaited, tokens, when_all and when_any. The work is done by <loft/loft.hpp>; here its errors
 * become those of winrt::. */

#pragma once

#include <loft/winrt/async.hpp>

namespace winrt
{

class cancellable_promise;

namespace detail
{

/* An awaiter whose exceptions are of the classes of winrt::. */
template <typename Awaiter>
struct translated : Awaiter
{
  using Awaiter::Awaiter;

  bool await_ready ()
  {
    return translate ([&] { return Awaiter::await_ready (); });
  }
  LOFT_HPP_SUSPEND_ auto await_suspend (std::coroutine_handle<> handle)
  {
    return translate ([&] { return Awaiter::await_suspend (handle); });
  }
  auto await_resume ()
  {
    return translate ([&] { return Awaiter::await_resume (); });
  }
};

/* The waits for an async object. */

template <typename Awaiter>
struct async_awaiter : translated<Awaiter>
{
  async_awaiter (loft::ref<LoftAsyncInfo> from, bool agile) noexcept
      : translated<Awaiter> (from, agile), info (from.get ())
  {
  }

  bool await_ready ()
  {
    return translated<Awaiter>::await_ready () || calls_at_once (info);
  }
  LOFT_HPP_SUSPEND_ bool await_suspend (std::coroutine_handle<> handle)
  {
    take_slot (info);
    return translated<Awaiter>::await_suspend (handle);
  }

  LoftAsyncInfo *info; /* alive until it is awaited */
};

using action_awaiter = async_awaiter<loft::detail::action_awaiter>;
template <typename T>
using operation_awaiter = async_awaiter<loft::detail::operation_awaiter<T>>;

template <typename Async>
struct awaiter_of;
template <>
struct awaiter_of<Windows::Foundation::IAsyncAction>
{
  using type = action_awaiter;
};
template <typename P>
struct awaiter_of<Windows::Foundation::IAsyncActionWithProgress<P>>
{
  using type = action_awaiter;
};
template <typename T>
struct awaiter_of<Windows::Foundation::IAsyncOperation<T>>
{
  using type = operation_awaiter<T>;
};
template <typename T, typename P>
struct awaiter_of<Windows::Foundation::IAsyncOperationWithProgress<T, P>>
{
  using type = operation_awaiter<T>;
};

/* One of the four interfaces. */
template <typename T>
concept async = requires { typename awaiter_of<std::remove_cvref_t<T>>::type; };

inline loft::ref<LoftAsyncInfo> to_info (loft::ref<GObject> object) noexcept
{
  return loft::ref<LoftAsyncInfo>::take (reinterpret_cast<LoftAsyncInfo *> (object.release ()));
}

/* A temporary gives its reference up, which would hold the object while the coroutine waits. */
template <async T>
loft::ref<LoftAsyncInfo> info_of (T &&what) noexcept
{
  if constexpr (std::is_lvalue_reference_v<T> || std::is_const_v<std::remove_reference_t<T>>)
    return loft::ref<LoftAsyncInfo>::hold (what.info ());
  else
    return to_info (access::steal (what));
}

#ifdef LOFT_WINRT_RESUMES_ON_POOL

/* Waits for an object of Loft's own, and goes on on the thread pool. */
class pool_awaiter
{
public:
  pool_awaiter (loft::ref<LoftAsyncInfo> info, bool) noexcept : m_info (std::move (info)) {}
  pool_awaiter (const pool_awaiter &) = delete;

  bool await_ready () const noexcept { return loft_async_info_has_ended (m_info.get ()); }
  LOFT_HPP_SUSPEND_ bool await_suspend (std::coroutine_handle<> handle)
  {
    GError *gerror = nullptr;
    auto info = m_info;

    m_handle = handle;
    loft_resumption_init (&m_resumption, land, this);
    if (!loft_resumption_await (&m_resumption, info.get (), TRUE, &gerror))
      throw_gerror (gerror);
    return true;
  }

protected:
  loft::ref<LoftAsyncInfo> m_info;

private:
  /* On the thread that ends the object, which must not be held up. */
  static void land (gpointer data, LoftAsyncInfo *, gboolean)
  {
    auto *self = static_cast<pool_awaiter *> (data);

    loft_resumption_init (&self->m_resumption, go_on, self);
    loft_resumption_go_background (&self->m_resumption);
  }
  static void go_on (gpointer data, LoftAsyncInfo *, gboolean)
  {
    static_cast<pool_awaiter *> (data)->m_handle.resume ();
  }

  LoftResumption m_resumption;
  std::coroutine_handle<> m_handle;
};

struct span_awaiter : pool_awaiter
{
  using pool_awaiter::pool_awaiter;
  void await_resume () { get_action_results (m_info.get ()); }
};
struct signal_awaiter : pool_awaiter
{
  using pool_awaiter::pool_awaiter;
  bool await_resume () { return get_operation_results<bool> (m_info.get ()); }
};

#else

using span_awaiter = translated<loft::detail::action_awaiter>;
using signal_awaiter = translated<loft::detail::operation_awaiter<bool>>;

#endif

} /* namespace detail */

/* What can be awaited. */

/* Goes on after a time, which begins with the await. */
struct resume_after
{
  using awaiter = detail::span_awaiter;

  explicit resume_after (Windows::Foundation::TimeSpan time) noexcept : duration (time) {}

  loft::ref<LoftAsyncInfo> start () const
  {
    LoftAsyncInfo *info = duration.count () > 0
                              ? (LoftAsyncInfo *) loft_delay_async (detail::microseconds (duration))
                              : (LoftAsyncInfo *) loft_action_new_completed ();

    return loft::ref<LoftAsyncInfo>::take (info);
  }
  awaiter operator co_await () const { return awaiter (start (), false); }

  Windows::Foundation::TimeSpan duration;
};

template <typename Rep, typename Period>
detail::span_awaiter operator co_await (std::chrono::duration<Rep, Period> time)
{
  return resume_after (std::chrono::duration_cast<Windows::Foundation::TimeSpan> (time))
      .operator co_await ();
}

namespace detail
{

/* Goes on on a worker, inside of what @context () returns. */
template <typename Context>
class context_awaiter
{
public:
  explicit context_awaiter (const Context &context) noexcept : m_context (context) {}
  context_awaiter (const context_awaiter &) = delete;

  bool await_ready () const noexcept { return false; }
  LOFT_HPP_SUSPEND_ void await_suspend (std::coroutine_handle<> handle) noexcept
  {
    m_handle = handle;
    loft_resumption_init (&m_resumption, resume, this);
    loft_resumption_go_background (&m_resumption);
  }
  void await_resume () const
  {
    if (m_thrown)
      std::rethrow_exception (m_thrown);
  }

private:
  /* What the context throws is for the coroutine. */
  static void resume (gpointer data, LoftAsyncInfo *, gboolean) noexcept
  {
    auto *self = static_cast<context_awaiter *> (data);
    auto handle = self->m_handle;
    bool entered = false;

    try
      {
        [[maybe_unused]] auto guard = self->m_context ();

        entered = true;
        handle.resume ();
      }
    catch (...)
      {
        if (entered)
          std::terminate (); /* the coroutine's own promise let it through */
        self->m_thrown = std::current_exception ();
      }
    if (!entered)
      handle.resume ();
  }

  const Context &m_context;
  std::exception_ptr m_thrown;
  LoftResumption m_resumption;
  std::coroutine_handle<> m_handle;
};

template <typename Context>
struct background_in
{
  const Context &context;
  auto operator co_await () const noexcept { return context_awaiter<Context> (context); }
};

struct background
{
  auto operator co_await () const noexcept
  {
    return translated<loft::detail::background_awaiter> ();
  }
};

} /* namespace detail */

/* Goes on on a worker of the pool. */
inline detail::background resume_background () noexcept
{
  return {};
}

/* As well, and what @context () returns on that thread lives until the coroutine's next
 * suspension. */
template <typename Context>
detail::background_in<Context> resume_background (const Context &context) noexcept
{
  return { context };
}

namespace detail
{

template <typename Async>
struct agile_async
{
  Async async;

  auto operator co_await () const &
  {
    return typename awaiter_of<Async>::type (info_of (async), true);
  }
  auto operator co_await () &&
  {
    return typename awaiter_of<Async>::type (info_of (std::move (async)), true);
  }
};

} /* namespace detail */

/* Goes on on the thread that ends the object. */
template <detail::async Async>
detail::agile_async<std::remove_cvref_t<Async>> resume_agile (Async &&async)
{
  return { std::forward<Async> (async) };
}

namespace Windows::Foundation
{

template <winrt::detail::async T>
auto operator co_await (T &&what)
{
  return typename winrt::detail::awaiter_of<std::remove_cvref_t<T>>::type (
      winrt::detail::info_of (std::forward<T> (what)), false);
}

} /* namespace Windows::Foundation */

/* Tokens. */

struct get_cancellation_token_t
{
};
struct get_progress_token_t
{
};
inline get_cancellation_token_t get_cancellation_token () noexcept
{
  return {};
}
inline get_progress_token_t get_progress_token () noexcept
{
  return {};
}

class cancellation_token : public loft::cancellation_token
{
public:
  explicit cancellation_token (loft::cancellation_token from) noexcept
      : loft::cancellation_token (from)
  {
  }

  /* Calls @handler () when the coroutine is cancelled, inside of Cancel (); at once if it has been
   * cancelled. It takes the place of the one before; a null one clears. */
  template <typename F>
  void callback (F handler) const
  {
    if constexpr (std::is_same_v<F, std::nullptr_t>)
      clear_callback ();
    else
      loft::cancellation_token::callback (std::move (handler));
  }

  /* Whether a cancel notes its place in the error, which Loft always does. */
  bool originate_on_cancel (bool value = true) noexcept
  {
    return std::exchange (m_originates, value);
  }

private:
  bool m_originates = true;
};

template <typename T, typename P>
class progress_token
{
public:
  explicit progress_token (LoftAsyncBase *base) noexcept : m_base (base) {}

  void operator() (const P &value) const
  {
    loft::boxed_value boxed (value);

#ifdef LOFT_WINRT_HANDLERS_AGILE
    auto kept = detail::handlers::of (reinterpret_cast<LoftAsyncInfo *> (m_base));
    std::function<void (const GValue *)> report;
    {
      std::lock_guard lock (kept->mutex);
      report = kept->report;
    }
    if (report)
      detail::call_quietly ([&] { report (boxed.get ()); });
#else
    loft_async_base_report_progress (m_base, boxed.get ());
#endif
  }

  /* Sets what GetResults returns while the operation runs. */
  template <typename U = T>
    requires (!std::is_void_v<T> && std::convertible_to<U, T>)
  void set_result (const U &value) const
  {
    loft::boxed_value boxed{ T (value) };

    loft_async_base_set_provisional_result (m_base, boxed.get ());
  }

private:
  LoftAsyncBase *m_base;
};

/* By which an awaiter of the program learns of a cancel: it derives from cancellable_awaiter, or
 * has a member enable_cancellation (cancellable_promise *), which sets a canceller. That is called
 * at most once, on the thread that cancels, if propagation is enabled. */
class cancellable_promise
{
public:
  using canceller_t = void (*) (void *);

  explicit cancellable_promise (LoftAsyncBase *base) noexcept : m_base (base) {}
  cancellable_promise (const cancellable_promise &) = delete;
  ~cancellable_promise () { revoke_canceller (); }

  void set_canceller (canceller_t canceller, void *context)
  {
    revoke_canceller ();
    m_link = std::make_shared<link> ();
    m_link->canceller = canceller;
    m_link->context = context;
    m_child = loft::ref<LoftAction>::take (loft_action_new ());
    loft_async_base_set_cancel_handler (
        LOFT_ASYNC_BASE (m_child.get ()), call, new std::shared_ptr<link> (m_link),
        [] (gpointer data) { delete static_cast<std::shared_ptr<link> *> (data); });
    loft_async_base_propagate_cancel (m_base, LOFT_ASYNC_INFO (m_child.get ()));
  }

  /* After this, it is neither called nor running. */
  void revoke_canceller ()
  {
    if (auto gone = std::exchange (m_link, nullptr))
      {
        std::unique_lock lock (gone->mutex);

        gone->canceller = nullptr;
        gone->condition.wait (lock, [&] {
          return !gone->running || gone->runner == std::this_thread::get_id ();
        });
        lock.unlock ();
        loft_async_base_complete (LOFT_ASYNC_BASE (m_child.get ()));
        m_child = {};
      }
  }

private:
  struct link
  {
    std::mutex mutex;
    std::condition_variable condition;
    canceller_t canceller; /* under mutex, as the rest */
    void *context;
    bool running = false;
    std::thread::id runner;
  };

  static void call (LoftAsyncBase *, gpointer data) noexcept
  {
    auto shared = *static_cast<std::shared_ptr<link> *> (data);
    canceller_t canceller;

    {
      std::lock_guard lock (shared->mutex);
      canceller = std::exchange (shared->canceller, nullptr);
      shared->running = canceller != nullptr;
      shared->runner = std::this_thread::get_id ();
    }
    if (!canceller)
      return;
    canceller (shared->context);

    std::lock_guard lock (shared->mutex);
    shared->running = false;
    shared->condition.notify_all ();
  }

  LoftAsyncBase *m_base; /* the coroutine's, which outlives this */
  std::shared_ptr<link> m_link;
  loft::ref<LoftAction> m_child;
};

struct enable_await_cancellation
{
  enable_await_cancellation () noexcept = default;
  enable_await_cancellation (const enable_await_cancellation &) = delete;
  ~enable_await_cancellation ()
  {
    if (m_promise)
      m_promise->revoke_canceller ();
  }
  void set_cancellable_promise (cancellable_promise *promise) noexcept { m_promise = promise; }

protected:
  bool has_promise () const noexcept { return m_promise != nullptr; }

private:
  cancellable_promise *m_promise = nullptr;
};

/* Its await_suspend () may call set_cancellable_promise_from_handle (), as older files do: it does
 * nothing if the awaiter has learned of the cancel already. */
template <typename Derived>
struct cancellable_awaiter : enable_await_cancellation
{
protected:
  template <typename Promise>
  void set_cancellable_promise_from_handle (
      const std::coroutine_handle<Promise> &handle)
  {
    if constexpr (requires { handle.promise ().propagating (); })
      if (auto *promise = handle.promise ().propagating (); promise && !has_promise ())
        {
          set_cancellable_promise (promise);
          static_cast<Derived *> (this)->enable_cancellation (promise);
        }
  }
};

namespace detail
{

template <typename Awaiter>
concept learns_of_cancel = requires (Awaiter &awaiter, cancellable_promise *promise) {
  awaiter.enable_cancellation (promise);
};

template <typename Awaiter>
void let_learn_of_cancel (Awaiter &awaiter, cancellable_promise *promise)
{
  if constexpr (std::is_convertible_v<Awaiter &, enable_await_cancellation &>)
    static_cast<enable_await_cancellation &> (awaiter).set_cancellable_promise (promise);
  awaiter.enable_cancellation (promise);
}

/* The awaiter that an operator co_await of the program returns, and that learns of a cancel. */
template <typename Awaiter>
struct learning_awaiter
{
  template <typename E>
  learning_awaiter (E &&what, cancellable_promise *promise)
      : awaiter (loft::detail::get_awaiter (std::forward<E> (what)))
  {
    if (promise)
      let_learn_of_cancel (awaiter, promise);
  }
  decltype (auto) await_ready () { return awaiter.await_ready (); }
  template <typename Promise>
  LOFT_HPP_SUSPEND_ decltype (auto) await_suspend (std::coroutine_handle<Promise> handle)
  {
    return awaiter.await_suspend (handle);
  }
  decltype (auto) await_resume () { return awaiter.await_resume (); }

  Awaiter awaiter;
};

template <typename>
inline constexpr bool is_duration = false;
template <typename Rep, typename Period>
inline constexpr bool is_duration<std::chrono::duration<Rep, Period>> = true;

template <typename>
inline constexpr bool is_agile = false;
template <typename Async>
inline constexpr bool is_agile<agile_async<Async>> = true;

/* The promise of the four interfaces. */
template <typename T, typename P>
class promise : public loft::detail::promise_base
{
public:
  void unhandled_exception () noexcept
  {
    hresult code = to_hresult ();

    g_clear_error (&m_error);
    m_error = hresult_error (code, from_abi).dup_gerror ();
  }

  template <typename E>
  decltype (auto) await_transform (E &&what)
  {
    if (loft_async_info_is_canceled (LOFT_ASYNC_INFO (m_base)))
      throw hresult_canceled ();
    return transform (std::forward<E> (what));
  }
  auto await_transform (get_cancellation_token_t) noexcept
  {
    return loft::detail::ready<cancellation_token>{ cancellation_token (token ()) };
  }
  template <typename Own = P>
    requires (!std::is_void_v<Own>)
  auto await_transform (get_progress_token_t) noexcept
  {
    return loft::detail::ready<progress_token<T, Own>>{ progress_token<T, Own> (m_base) };
  }

  /* Null while a cancel is not passed on. */
  cancellable_promise *propagating () noexcept { return m_propagates ? &m_cancellable : nullptr; }

protected:
  explicit promise (LoftAsyncBase *base) : promise_base (base), m_cancellable (base)
  {
    if constexpr (!std::is_void_v<P>)
      {
        m_handlers = handlers::of (LOFT_ASYNC_INFO (base));
        std::lock_guard lock (m_handlers->mutex);
        m_handlers->reports = true;
      }
    /* As on Windows, GetResults works before the first set_result (). */
    if constexpr (!std::is_void_v<P> && !std::is_void_v<T>)
      if constexpr (std::is_default_constructible_v<T>)
        try
          {
            loft::boxed_value empty{ T () };

            loft_async_base_set_provisional_result (base, empty.get ());
          }
        catch (...) /* then it works after that only */
          {
          }
  }
  /* The handler may hold the object, which holds the handler. */
  ~promise ()
  {
    if (!m_handlers)
      return;

    std::function<void (const GValue *)> report;
    std::lock_guard lock (m_handlers->mutex);
    m_handlers->reports = false;
    m_handlers->report.swap (report);
  }

private:
  template <typename E>
  decltype (auto) transform (E &&what)
  {
    using plain = std::remove_cvref_t<E>;

    if constexpr (async<plain>)
      {
        auto info = info_of (std::forward<E> (what));

        propagate (info.get ());
        return typename awaiter_of<plain>::type (std::move (info), false);
      }
    else if constexpr (loft::detail::startable<plain>)
      return start (what);
    else if constexpr (is_duration<plain>)
      return start (
          resume_after (std::chrono::duration_cast<Windows::Foundation::TimeSpan> (what)));
    else if constexpr (is_agile<plain>)
      {
        propagate (what.async.info ());
        return typename awaiter_of<decltype (what.async)>::type (
            info_of (std::forward<E> (what).async), true);
      }
    else
      {
        using awaiter = decltype (loft::detail::get_awaiter (std::forward<E> (what)));

        if constexpr (learns_of_cancel<plain>)
          {
            if (m_propagates)
              let_learn_of_cancel (what, &m_cancellable);
            return loft::detail::get_awaiter (std::forward<E> (what));
          }
        else if constexpr (learns_of_cancel<std::remove_cvref_t<awaiter>>)
          return learning_awaiter<awaiter> (std::forward<E> (what), propagating ());
        else
          return loft::detail::get_awaiter (std::forward<E> (what));
      }
  }

  cancellable_promise m_cancellable;
  std::shared_ptr<handlers> m_handlers; /* of a coroutine that reports */
};

} /* namespace detail */

/* A coroutine that nobody waits for. Its exception goes to LoftDispatcher::unhandled-error. */
struct fire_and_forget
{
};

namespace detail
{

struct fire_and_forget_promise
{
  fire_and_forget get_return_object () const noexcept { return {}; }
  std::suspend_never initial_suspend () const noexcept { return {}; }
  std::suspend_never final_suspend () const noexcept { return {}; }
  void return_void () const noexcept {}
  void unhandled_exception () const noexcept
  {
#ifdef LOFT_WINRT_TERMINATES
    std::terminate ();
#else
    loft::report_unhandled (loft::current_error ());
#endif
  }

  template <typename E>
  decltype (auto) await_transform (E &&what) const
  {
    return loft::detail::get_awaiter (std::forward<E> (what));
  }
  template <typename Rep, typename Period>
  auto await_transform (std::chrono::duration<Rep, Period> time) const
  {
    return resume_after (std::chrono::duration_cast<Windows::Foundation::TimeSpan> (time))
        .operator co_await ();
  }
};

} /* namespace detail */
} /* namespace winrt */

/* Which promise a coroutine of each type has. */

template <typename P>
struct loft::detail::progress_of<winrt::Windows::Foundation::IAsyncActionWithProgress<P>>
{
  using type = P;
};
template <typename T, typename P>
struct loft::detail::progress_of<winrt::Windows::Foundation::IAsyncOperationWithProgress<T, P>>
{
  using type = P;
};

template <typename... Args>
struct std::coroutine_traits<winrt::fire_and_forget, Args...>
{
  using promise_type = winrt::detail::fire_and_forget_promise;
};
template <typename... Args>
struct std::coroutine_traits<winrt::Windows::Foundation::IAsyncAction, Args...>
{
  using promise_type = loft::detail::action_promise<winrt::Windows::Foundation::IAsyncAction,
                                                    winrt::detail::promise<void, void>>;
};
template <typename P, typename... Args>
struct std::coroutine_traits<winrt::Windows::Foundation::IAsyncActionWithProgress<P>, Args...>
{
  using promise_type
      = loft::detail::action_promise<winrt::Windows::Foundation::IAsyncActionWithProgress<P>,
                                     winrt::detail::promise<void, P>>;
};
template <typename T, typename... Args>
struct std::coroutine_traits<winrt::Windows::Foundation::IAsyncOperation<T>, Args...>
{
  using promise_type
      = loft::detail::operation_promise<winrt::Windows::Foundation::IAsyncOperation<T>, T,
                                        winrt::detail::promise<T, void>>;
};
template <typename T, typename P, typename... Args>
struct std::coroutine_traits<winrt::Windows::Foundation::IAsyncOperationWithProgress<T, P>, Args...>
{
  using promise_type = loft::detail::operation_promise<
      winrt::Windows::Foundation::IAsyncOperationWithProgress<T, P>, T,
      winrt::detail::promise<T, P>>;
};

namespace winrt
{

/* Awaits one after the other; the first that fails ends it. */
template <typename... Awaitables>
Windows::Foundation::IAsyncAction when_all (Awaitables... all)
{
  (void (co_await std::move (all)), ...);
  co_return;
}

namespace detail
{

template <typename T>
T when_any_of (std::vector<T> all)
{
  std::vector<LoftAsyncInfo *> infos;

  for (const T &one : all)
    {
      take_slot (one.info ());
      infos.push_back (one.info ());
    }

  auto first = Windows::Foundation::IAsyncOperation<std::int64_t> (loft::ref<LoftAsyncInfo>::take (
      (LoftAsyncInfo *) loft_when_any (infos.data (), infos.size (), LOFT_WHEN_DEFAULT)));
  auto index = (std::size_t) co_await std::move (first);

  if constexpr (std::is_void_v<decltype (all[index].GetResults ())>)
    all[index].GetResults ();
  else
    co_return all[index].GetResults ();
}

} /* namespace detail */

/* Ends as the first of them that ends. The others go on. */
template <detail::async T, typename... Rest>
  requires (std::same_as<T, Rest> && ...)
T when_any (const T &first, const Rest &...rest)
{
  return detail::when_any_of (std::vector<T>{ first, rest... });
}

} /* namespace winrt */
