/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* winrt::Windows::System::Threading: ThreadPool and ThreadPoolTimer; and winrt::thread_pool, on
 * which coroutines go on with a limit of their own. */

#pragma once

#include <loft/winrt/dispatching.hpp>

#include <deque>

namespace winrt
{

namespace Windows::System::Threading
{

enum class WorkItemPriority : std::int32_t
{
  Low = LOFT_PRIORITY_LOW,
  Normal = LOFT_PRIORITY_NORMAL,
  High = LOFT_PRIORITY_HIGH,
};

enum class WorkItemOptions : std::uint32_t
{
  None = LOFT_WORK_DEFAULT,
  TimeSliced = LOFT_WORK_TIME_SLICED,
};

constexpr WorkItemOptions operator| (WorkItemOptions a, WorkItemOptions b) noexcept
{
  return (WorkItemOptions) ((std::uint32_t) a | (std::uint32_t) b);
}
constexpr WorkItemOptions operator& (WorkItemOptions a, WorkItemOptions b) noexcept
{
  return (WorkItemOptions) ((std::uint32_t) a & (std::uint32_t) b);
}

struct ThreadPoolTimer;

LOFT_WINRT_DELEGATE_ (WorkItemHandler, Foundation::IAsyncAction);
LOFT_WINRT_DELEGATE_ (TimerElapsedHandler, ThreadPoolTimer);
LOFT_WINRT_DELEGATE_ (TimerDestroyedHandler, ThreadPoolTimer);

struct ThreadPool
{
  ThreadPool () = delete;

  static Foundation::IAsyncAction RunAsync (const WorkItemHandler &handler,
                                            const WorkItemPriority &priority
                                            = WorkItemPriority::Normal,
                                            const WorkItemOptions &options = WorkItemOptions::None)
  {
    return winrt::detail::wrap_async<Foundation::IAsyncAction> (
        loft_thread_pool_run_with_options_async (
            (LoftPriority) priority, (LoftWorkOptions) options, run,
            new WorkItemHandler (winrt::detail::check_handler (handler)),
            loft::delete_callable<WorkItemHandler>));
  }

private:
  static gboolean run (LoftAsyncAction *action, gpointer data, GError **gerror)
  {
    return winrt::detail::guard (gerror, [&] {
      (*static_cast<WorkItemHandler *> (data)) (Foundation::IAsyncAction (
          loft::ref<LoftAsyncInfo>::hold (reinterpret_cast<LoftAsyncInfo *> (action))));
    });
  }
};

struct ThreadPoolTimer : Foundation::IInspectable
{
  using IInspectable::IInspectable;

  static ThreadPoolTimer CreateTimer (const TimerElapsedHandler &handler,
                                      const Foundation::TimeSpan &delay,
                                      const TimerDestroyedHandler &destroyed = nullptr)
  {
    return with_destroyed (
        loft_thread_pool_timer_create (winrt::detail::microseconds (delay),
                                       call<TimerElapsedHandler>,
                                       new TimerElapsedHandler (
                                           winrt::detail::check_handler (handler)),
                                       loft::delete_callable<TimerElapsedHandler>),
        destroyed);
  }
  static ThreadPoolTimer CreatePeriodicTimer (const TimerElapsedHandler &handler,
                                              const Foundation::TimeSpan &period,
                                              const TimerDestroyedHandler &destroyed = nullptr)
  {
    return with_destroyed (
        loft_thread_pool_timer_create_periodic (winrt::detail::microseconds (period),
                                                call<TimerElapsedHandler>,
                                                new TimerElapsedHandler (
                                                    winrt::detail::check_handler (handler)),
                                                loft::delete_callable<TimerElapsedHandler>),
        destroyed);
  }

  Foundation::TimeSpan Delay () const noexcept
  {
    return loft::duration (loft_thread_pool_timer_get_delay (gobj ()));
  }
  Foundation::TimeSpan Period () const noexcept
  {
    return loft::duration (loft_thread_pool_timer_get_period (gobj ()));
  }
  void Cancel () const noexcept { loft_thread_pool_timer_cancel (gobj ()); }

  LoftThreadPoolTimer *gobj () const noexcept
  {
    return reinterpret_cast<LoftThreadPoolTimer *> (m_object.get ());
  }

private:
  template <typename Delegate>
  static void call (LoftThreadPoolTimer *timer, gpointer data)
  {
    winrt::detail::call_quietly ([&] {
      (*static_cast<Delegate *> (data)) (winrt::detail::wrap_held<ThreadPoolTimer> (timer));
    });
  }

  static ThreadPoolTimer with_destroyed (LoftThreadPoolTimer *timer,
                                         const TimerDestroyedHandler &destroyed)
  {
    if (destroyed)
      loft_thread_pool_timer_set_destroyed (timer, call<TimerDestroyedHandler>,
                                            new TimerDestroyedHandler (destroyed),
                                            loft::delete_callable<TimerDestroyedHandler>);
    return winrt::detail::wrap<ThreadPoolTimer> (timer);
  }
};

} /* namespace Windows::System::Threading */

/* A part of the pool on which at most some coroutines run at the same time, in the order in which
 * they came: with a limit of 1, one after the other. Coroutines that wait outlive it. */
class thread_pool
{
public:
  thread_pool () : m_queue (std::make_shared<queue> ()) {}
  thread_pool (const thread_pool &) = delete;
  thread_pool &operator= (const thread_pool &) = delete;

  /* At most @high threads. Loft's pool keeps as many alive as it needs, and ignores the lower
   * limit. */
  void thread_limits (std::uint32_t high, std::uint32_t)
  {
    m_queue->set_limit (std::max<std::uint32_t> (high, 1));
  }

  auto operator co_await () const noexcept { return awaiter{ m_queue }; }

private:
  struct queue : std::enable_shared_from_this<queue>
  {
    void push (std::coroutine_handle<> coroutine)
    {
      bool starts;

      {
        std::lock_guard lock (mutex);
        waiting.push_back (coroutine);
        starts = running < limit;
        running += starts;
      }
      if (starts)
        start ();
    }

    /* A higher limit is for those that wait already, too. */
    void set_limit (std::uint32_t to)
    {
      std::size_t more;

      {
        std::lock_guard lock (mutex);
        limit = to;
        more = std::min<std::size_t> (waiting.size (), to > running ? to - running : 0);
        running += (std::uint32_t) more;
      }
      while (more-- > 0)
        start ();
    }

    void start ()
    {
      auto *work = loft_thread_pool_run_async (
          [] (LoftAsyncAction *, gpointer data, GError **) -> gboolean {
            (*static_cast<std::shared_ptr<queue> *> (data))->run ();
            return TRUE;
          },
          new std::shared_ptr<queue> (shared_from_this ()),
          [] (gpointer data) { delete static_cast<std::shared_ptr<queue> *> (data); });

      loft_async_info_forget (reinterpret_cast<LoftAsyncInfo *> (work));
    }

    /* On a worker, until there is none left. */
    void run ()
    {
      while (auto next = take ())
        next.resume ();
    }

    std::coroutine_handle<> take ()
    {
      std::lock_guard lock (mutex);

      if (waiting.empty () || running > limit)
        {
          running--;
          return nullptr;
        }

      auto next = waiting.front ();
      waiting.pop_front ();
      return next;
    }

    std::mutex mutex;
    std::deque<std::coroutine_handle<>> waiting; /* under mutex, as the rest */
    std::uint32_t limit = G_MAXUINT32;
    std::uint32_t running = 0;
  };

  struct awaiter
  {
    bool await_ready () const noexcept { return false; }
    LOFT_HPP_SUSPEND_ void await_suspend (std::coroutine_handle<> coroutine)
    {
      auto pushed = at; /* the coroutine may have ended before push () returns */

      pushed->push (coroutine);
    }
    void await_resume () const noexcept {}

    std::shared_ptr<queue> at;
  };

  std::shared_ptr<queue> m_queue;
};

} /* namespace winrt */
