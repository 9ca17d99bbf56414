/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* winrt::Windows::Foundation::IAsyncInfo and the four interfaces that are built on it. */

#pragma once

#include <loft/winrt/delegate.hpp>
#include <loft/winrt/options.hpp>

#include <condition_variable>
#include <thread>

namespace winrt
{

/* 100 nanoseconds. */
using TimeSpan_ticks = std::ratio<1, 10'000'000>;

struct clock;

/* As in a FILETIME: 100 nanoseconds since the beginning of the year 1601. */
struct file_time
{
  std::uint64_t value = 0;
};

namespace Windows::Foundation
{

using TimeSpan = std::chrono::duration<std::int64_t, TimeSpan_ticks>;
using DateTime = std::chrono::time_point<winrt::clock, TimeSpan>;

enum class AsyncStatus : std::int32_t
{
  Started = LOFT_ASYNC_STATUS_STARTED,
  Completed = LOFT_ASYNC_STATUS_COMPLETED,
  Canceled = LOFT_ASYNC_STATUS_CANCELED,
  Error = LOFT_ASYNC_STATUS_ERROR,
};

struct IAsyncAction;
template <typename P>
struct IAsyncActionWithProgress;
template <typename T>
struct IAsyncOperation;
template <typename T, typename P>
struct IAsyncOperationWithProgress;

template <typename T>
struct AsyncOperationCompletedHandler : delegate_base<IAsyncOperation<T>, AsyncStatus>
{
  using delegate_base<IAsyncOperation<T>, AsyncStatus>::delegate_base;
};
template <typename P>
struct AsyncActionWithProgressCompletedHandler
    : delegate_base<IAsyncActionWithProgress<P>, AsyncStatus>
{
  using delegate_base<IAsyncActionWithProgress<P>, AsyncStatus>::delegate_base;
};
template <typename T, typename P>
struct AsyncOperationWithProgressCompletedHandler
    : delegate_base<IAsyncOperationWithProgress<T, P>, AsyncStatus>
{
  using delegate_base<IAsyncOperationWithProgress<T, P>, AsyncStatus>::delegate_base;
};
template <typename P>
struct AsyncActionProgressHandler : delegate_base<IAsyncActionWithProgress<P>, P>
{
  using delegate_base<IAsyncActionWithProgress<P>, P>::delegate_base;
};
template <typename T, typename P>
struct AsyncOperationProgressHandler : delegate_base<IAsyncOperationWithProgress<T, P>, P>
{
  using delegate_base<IAsyncOperationWithProgress<T, P>, P>::delegate_base;
};
LOFT_WINRT_DELEGATE_ (AsyncActionCompletedHandler, IAsyncAction, AsyncStatus);

} /* namespace Windows::Foundation */

/* The time of day, counted from the beginning of the year 1601 in 100 nanoseconds. */
struct clock
{
  using rep = std::int64_t;
  using period = TimeSpan_ticks;
  using duration = Windows::Foundation::TimeSpan;
  using time_point = Windows::Foundation::DateTime;

  static constexpr bool is_steady = false;

  static time_point now () noexcept { return from_sys (std::chrono::system_clock::now ()); }
  static time_point from_sys (std::chrono::system_clock::time_point time) noexcept
  {
    return time_point (std::chrono::duration_cast<duration> (time.time_since_epoch ()) + epoch);
  }
  /* The nearest that there is: in nanoseconds, system_clock begins in 1677 and ends in 2262. */
  static std::chrono::system_clock::time_point to_sys (time_point time) noexcept
  {
    using sys = std::chrono::system_clock::duration;
    constexpr auto least = std::chrono::ceil<duration> (sys::min ());
    constexpr auto most = std::chrono::floor<duration> (sys::max ());

    return std::chrono::system_clock::time_point (std::chrono::duration_cast<sys> (
        std::clamp (since_1970 (time), least, most)));
  }
  static file_time to_file_time (time_point time) noexcept
  {
    return { (std::uint64_t) time.time_since_epoch ().count () };
  }
  static time_point from_file_time (file_time time) noexcept
  {
    return time_point (duration ((std::int64_t) time.value));
  }
  static std::time_t to_time_t (time_point time) noexcept
  {
    return (std::time_t) std::chrono::floor<std::chrono::seconds> (since_1970 (time)).count ();
  }
  static time_point from_time_t (std::time_t time) noexcept
  {
    return time_point (std::chrono::seconds (time) + duration (epoch));
  }

private:
  static constexpr std::chrono::seconds epoch{ 11'644'473'600 }; /* from 1601 to 1970 */

  static duration since_1970 (time_point time) noexcept
  {
    return std::max (time.time_since_epoch (), duration::min () + duration (epoch)) - epoch;
  }
};

namespace detail
{

using Windows::Foundation::AsyncStatus;
using Windows::Foundation::TimeSpan;

inline std::int64_t microseconds (TimeSpan time) noexcept
{
  return std::chrono::duration_cast<loft::duration> (time).count ();
}

/* Windows has no status for a closed object. */
inline AsyncStatus status_of (LoftAsyncStatus status) noexcept
{
  return status == LOFT_ASYNC_STATUS_CLOSED ? AsyncStatus::Completed : (AsyncStatus) status;
}

/* The functions that have been set as handlers, kept without keeping them alive: Completed () and
 * Progress () give them back. */
struct handlers
{
  std::mutex mutex;
  std::weak_ptr<void> completed; /* under mutex */
  std::weak_ptr<void> progress;  /* under mutex */

  /* How it ended, once Close () was called. */
  std::optional<AsyncStatus> ended; /* under mutex */
  hresult code;                     /* under mutex */

  /* For LOFT_WINRT_HANDLERS_AGILE. */
  bool reports = false; /* under mutex: whether a coroutine calls report itself */
  std::function<void (const GValue *)> report; /* under mutex */

  static std::shared_ptr<handlers> of (LoftAsyncInfo *info)
  {
    static std::mutex making;
    static const GQuark quark = g_quark_from_static_string ("loft-winrt-handlers");
    std::lock_guard lock (making);
    auto *known
        = static_cast<std::shared_ptr<handlers> *> (g_object_get_qdata (G_OBJECT (info), quark));

    if (!known)
      {
        known = new std::shared_ptr<handlers> (std::make_shared<handlers> ());
        g_object_set_qdata_full (G_OBJECT (info), quark, known, [] (gpointer pointer) {
          delete static_cast<std::shared_ptr<handlers> *> (pointer);
        });
      }
    return *known;
  }
};

/* Calls @handler, a delegate, and lets nothing that it throws go on into C code. */
template <typename F>
void call_quietly (F &&call) noexcept
{
  try
    {
      call ();
    }
  catch (...)
    {
      loft::report_unhandled (loft::current_error ());
    }
}

/* Uses the Completed slot up, as each wait of Windows does. Throws when it is used. */
inline void take_slot (LoftAsyncInfo *info)
{
#ifdef LOFT_WINRT_WAITS_TAKE_SLOT
  GError *gerror = nullptr;

  if (!loft_async_info_set_completed (info, nullptr, nullptr, nullptr, &gerror))
    throw_gerror (gerror);
#else
  (void) info;
#endif
}

} /* namespace detail */

namespace Windows::Foundation
{

struct IAsyncInfo : IInspectable
{
  using IInspectable::IInspectable;
  explicit IAsyncInfo (loft::ref<LoftAsyncInfo> from) noexcept
  {
    set (loft::ref<GObject>::take (reinterpret_cast<GObject *> (from.release ())));
  }

  std::uint32_t Id () const noexcept { return (std::uint32_t) loft_async_info_get_id (info ()); }
  AsyncStatus Status () const noexcept
  {
    LoftAsyncStatus status = loft_async_info_get_status (info ());

    if (status == LOFT_ASYNC_STATUS_CLOSED)
      {
        auto kept = winrt::detail::handlers::of (info ());
        std::lock_guard lock (kept->mutex);

        return kept->ended.value_or (AsyncStatus::Completed);
      }
    return winrt::detail::status_of (status);
  }
  hresult ErrorCode () const noexcept
  {
    if (Status () == AsyncStatus::Started)
      return winrt::detail::ok;
    if (loft_async_info_get_status (info ()) == LOFT_ASYNC_STATUS_CLOSED)
      {
        auto kept = winrt::detail::handlers::of (info ());
        std::lock_guard lock (kept->mutex);

        return kept->code;
      }

    GError *gerror = loft_async_info_dup_error (info ());
    return gerror ? hresult_error (gerror).code () : winrt::detail::ok;
  }
  void Cancel () const noexcept { loft_async_info_cancel (info ()); }
  /* Releases the results; the status and the code are kept, as on Windows. */
  void Close () const
  {
    GError *gerror = nullptr;

#ifdef LOFT_WINRT_CLOSES_QUIETLY
    if (LOFT_IS_ASYNC_BASE (info ()))
      return;
#endif
    if (loft_async_info_has_ended (info ())
        && loft_async_info_get_status (info ()) != LOFT_ASYNC_STATUS_CLOSED)
      {
        AsyncStatus status = Status ();
        hresult code = ErrorCode ();
        auto kept = winrt::detail::handlers::of (info ());
        std::lock_guard lock (kept->mutex);

        kept->ended = status;
        kept->code = code;
      }
    if (!loft_async_info_close (info (), &gerror))
      winrt::detail::throw_gerror (gerror);
  }

  /* The object itself, for functions of C. */
  LoftAsyncInfo *info () const noexcept
  {
    return reinterpret_cast<LoftAsyncInfo *> (m_object.get ());
  }
};

} /* namespace Windows::Foundation */

namespace detail
{

/* Whether Completed is to be called before it returns: Windows does that once the status is final,
 * though the work may still run. */
inline bool calls_at_once (LoftAsyncInfo *info) noexcept
{
#ifdef LOFT_WINRT_HANDLERS_AGILE
  return loft_async_info_get_status (info) != LOFT_ASYNC_STATUS_STARTED;
#else
  (void) info;
  return false;
#endif
}

/* When a wait of @time is over. A century is long enough, and does not overflow the clock. */
inline std::chrono::steady_clock::time_point end_after (TimeSpan time) noexcept
{
  constexpr TimeSpan longest = std::chrono::hours (24 * 365 * 100);

  return std::chrono::steady_clock::now () + std::clamp (time, TimeSpan (0), longest);
}

/* Blocks the thread, whichever it is. Returns whether @info has ended. */
inline bool wait_for_end (LoftAsyncInfo *info, TimeSpan time)
{
  struct waiter
  {
    std::mutex mutex;
    std::condition_variable condition;
    bool ended = false; /* under mutex */
  };
  auto shared = std::make_shared<waiter> ();
  guint64 id = loft_async_info_add_observer (
      info,
      [] (LoftAsyncInfo *, LoftAsyncStatus, gpointer data) {
        auto &waiting = **static_cast<std::shared_ptr<waiter> *> (data);
        std::lock_guard lock (waiting.mutex);

        waiting.ended = true;
        waiting.condition.notify_all ();
      },
      new std::shared_ptr<waiter> (shared),
      [] (gpointer data) { delete static_cast<std::shared_ptr<waiter> *> (data); });
  bool ended;

  {
    std::unique_lock lock (shared->mutex);
    ended = shared->condition.wait_until (lock, end_after (time), [&] { return shared->ended; });
  }
  if (!ended)
    loft_async_info_remove_observer (info, id);
  return ended;
}

inline void check_reference (LoftAsyncInfo *info)
{
  if (!info)
    throw hresult_error (error_pointer, L"The async object is null");
}

/* Blocks until @info has ended; refused on a thread that has a dispatcher. */
inline void wait_until_end (LoftAsyncInfo *info)
{
  GError *gerror = nullptr;

  check_reference (info);
  if (loft_async_info_has_ended (info))
    return;
  take_slot (info);
#ifdef LOFT_WINRT_BLOCKS_ANYWHERE
  loft_async_info_wait_unchecked (info, &gerror);
#else
  loft_async_info_wait_for (info, G_MAXINT64, &gerror);
#endif
  if (gerror)
    throw_gerror (gerror);
}

/* What the four interfaces share: the handlers, and the waits. */
template <typename Self, typename CompletedHandler>
struct async_methods : Windows::Foundation::IAsyncInfo
{
  using IAsyncInfo::IAsyncInfo;

  void Completed (const CompletedHandler &handler) const
  {
    GError *gerror = nullptr;

    check_reference (info ());
    if (handler && calls_at_once (info ()))
      {
        if (!loft_async_info_set_completed (info (), nullptr, nullptr, nullptr, &gerror))
          throw_gerror (gerror);
        call_quietly ([&] { handler (self (), Status ()); });
        return;
      }
    if (!set_completed (handler ? call_completed : nullptr,
                        handler ? new CompletedHandler (handler) : nullptr, &gerror))
      throw_gerror (gerror);

    auto kept = handlers::of (info ());
    std::lock_guard lock (kept->mutex);
    kept->completed = handler.function ();
  }

  /* The handler until it has been called; null after that. */
  CompletedHandler Completed () const
  {
    auto kept = handlers::of (info ());
    CompletedHandler handler;
    std::lock_guard lock (kept->mutex);

    using function = typename std::remove_cvref_t<decltype (handler.function ())>::element_type;
    handler.function (std::static_pointer_cast<function> (kept->completed.lock ()));
    return handler;
  }

  /* Blocks until the object has ended, or @time is over: then it returns Started. */
  AsyncStatus wait_for (const TimeSpan &time) const
  {
    check_reference (info ());
    take_slot (info ());
#ifdef LOFT_WINRT_BLOCKS_ANYWHERE
    bool ended = wait_for_end (info (), time);
#if defined LOFT_WINRT_HANDLERS_AGILE
    return ended || Status () != AsyncStatus::Started ? Status () : AsyncStatus::Started;
#else
    return ended ? Status () : AsyncStatus::Started;
#endif
#else
    GError *gerror = nullptr;
    LoftAsyncStatus status = loft_async_info_wait_for (info (), microseconds (time), &gerror);

    if (gerror)
      throw_gerror (gerror);
    return status_of (status);
#endif
  }

protected:
  Self self () const noexcept { return access::make<Self> (m_object); }

private:
  static void call_completed (LoftAsyncInfo *sender, LoftAsyncStatus status, gpointer handler)
  {
    call_quietly ([&] {
      (*static_cast<CompletedHandler *> (handler)) (
          Self (loft::ref<LoftAsyncInfo>::hold (sender)), status_of (status));
    });
  }

  gboolean set_completed (LoftCompletedHandler handler, gpointer data, GError **gerror) const
  {
    GDestroyNotify destroy = data ? loft::delete_callable<CompletedHandler> : nullptr;

#ifdef LOFT_WINRT_HANDLERS_AGILE
    return loft_async_info_set_completed_agile (info (), handler, data, destroy, gerror);
#else
    return loft_async_info_set_completed (info (), handler, data, destroy, gerror);
#endif
  }
};

/* Progress, which the two WithProgress interfaces share. */
template <typename Self, typename P, typename CompletedHandler, typename ProgressHandler>
struct progress_methods : async_methods<Self, CompletedHandler>
{
  using async_methods<Self, CompletedHandler>::async_methods;

  void Progress (const ProgressHandler &handler) const
  {
    GError *gerror = nullptr;

    check_reference (this->info ());
    auto kept = handlers::of (this->info ());
#ifdef LOFT_WINRT_HANDLERS_AGILE
    if (LOFT_IS_ASYNC_BASE (this->info ()) && set_report (*kept, handler))
      return;
#endif
    if (!loft_async_with_progress_set_progress (
            reinterpret_cast<LoftAsyncWithProgress *> (this->info ()), LOFT_PROGRESS_ALL,
            handler ? call_progress : nullptr, handler ? new ProgressHandler (handler) : nullptr,
            handler ? loft::delete_callable<ProgressHandler> : nullptr, &gerror))
      throw_gerror (gerror);

    std::lock_guard lock (kept->mutex);
    kept->progress = handler.function ();
  }

  ProgressHandler Progress () const
  {
    auto kept = handlers::of (this->info ());
    ProgressHandler handler;
    std::lock_guard lock (kept->mutex);

    using function = typename std::remove_cvref_t<decltype (handler.function ())>::element_type;
    handler.function (std::static_pointer_cast<function> (kept->progress.lock ()));
    return handler;
  }

private:
  static void call_progress (LoftAsyncInfo *sender, const GValue *value, gpointer handler)
  {
    call_quietly ([&] {
      (*static_cast<ProgressHandler *> (handler)) (Self (loft::ref<LoftAsyncInfo>::hold (sender)),
                                                   loft::convert<P> (value));
    });
  }

  /* For a coroutine, which calls it where it reports. False: it is none. */
  bool set_report (handlers &kept, const ProgressHandler &handler) const
  {
    std::function<void (const GValue *)> report;

    if (handler)
      report = [handler, object = this->info ()] (const GValue *value) {
        handler (Self (loft::ref<LoftAsyncInfo>::hold (object)), loft::convert<P> (value));
      };

    std::lock_guard lock (kept.mutex);
    if (!kept.reports)
      return false;
    kept.report.swap (report);
    kept.progress = handler.function ();
    return true;
  }
};

inline void get_action_results (LoftAsyncInfo *info)
{
  GError *gerror = nullptr;

  if (!loft_async_action_get_results (reinterpret_cast<LoftAsyncAction *> (info), &gerror))
    throw_gerror (gerror);
}

template <typename T>
T get_operation_results (LoftAsyncInfo *info)
{
  GError *gerror = nullptr;
  loft::boxed_value value;

  if (!loft_async_operation_get_results (reinterpret_cast<LoftAsyncOperation *> (info),
                                         value.get (), &gerror))
    throw_gerror (gerror);
  return translate ([&] { return loft::convert<T> (value.get ()); });
}

} /* namespace detail */

namespace Windows::Foundation
{

struct IAsyncAction : winrt::detail::async_methods<IAsyncAction, AsyncActionCompletedHandler>
{
  using async_methods::async_methods;

  void GetResults () const { winrt::detail::get_action_results (info ()); }
  void get () const
  {
    winrt::detail::wait_until_end (info ());
    GetResults ();
  }
};

template <typename P>
struct IAsyncActionWithProgress
    : winrt::detail::progress_methods<IAsyncActionWithProgress<P>, P,
                                      AsyncActionWithProgressCompletedHandler<P>,
                                      AsyncActionProgressHandler<P>>
{
  using IAsyncActionWithProgress::progress_methods::progress_methods;

  void GetResults () const { winrt::detail::get_action_results (this->info ()); }
  void get () const
  {
    winrt::detail::wait_until_end (this->info ());
    GetResults ();
  }
};

template <typename T>
struct IAsyncOperation
    : winrt::detail::async_methods<IAsyncOperation<T>, AsyncOperationCompletedHandler<T>>
{
  using IAsyncOperation::async_methods::async_methods;

  T GetResults () const { return winrt::detail::get_operation_results<T> (this->info ()); }
  T get () const
  {
    winrt::detail::wait_until_end (this->info ());
    return GetResults ();
  }
};

template <typename T, typename P>
struct IAsyncOperationWithProgress
    : winrt::detail::progress_methods<IAsyncOperationWithProgress<T, P>, P,
                                      AsyncOperationWithProgressCompletedHandler<T, P>,
                                      AsyncOperationProgressHandler<T, P>>
{
  using IAsyncOperationWithProgress::progress_methods::progress_methods;

  /* While it runs, the result that the producer has set so far. */
  T GetResults () const { return winrt::detail::get_operation_results<T> (this->info ()); }
  T get () const
  {
    winrt::detail::wait_until_end (this->info ());
    return GetResults ();
  }
};

} /* namespace Windows::Foundation */

namespace detail
{

template <>
struct is_a<Windows::Foundation::IAsyncInfo>
{
  static bool check (GObject *object) noexcept { return LOFT_IS_ASYNC_INFO (object); }
};
template <>
struct is_a<Windows::Foundation::IAsyncAction>
{
  static bool check (GObject *object) noexcept { return LOFT_IS_ASYNC_ACTION (object); }
};
template <typename P>
struct is_a<Windows::Foundation::IAsyncActionWithProgress<P>>
{
  static bool check (GObject *object) noexcept
  {
    return LOFT_IS_ASYNC_ACTION (object) && LOFT_IS_ASYNC_WITH_PROGRESS (object);
  }
};
template <typename T>
struct is_a<Windows::Foundation::IAsyncOperation<T>>
{
  static bool check (GObject *object) noexcept { return LOFT_IS_ASYNC_OPERATION (object); }
};
template <typename T, typename P>
struct is_a<Windows::Foundation::IAsyncOperationWithProgress<T, P>>
{
  static bool check (GObject *object) noexcept
  {
    return LOFT_IS_ASYNC_OPERATION (object) && LOFT_IS_ASYNC_WITH_PROGRESS (object);
  }
};

} /* namespace detail */
} /* namespace winrt */
