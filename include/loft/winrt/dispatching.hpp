/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* winrt::Windows::Foundation::Deferral, and winrt::Windows::System: DispatcherQueue, its controller
 * and its timer. What Microsoft.UI.Dispatching has beyond these is there, too. */

#pragma once

#include <loft/winrt/apartment.hpp>

namespace winrt
{

namespace detail
{

template <typename T, typename C>
T wrap (C *object) /* transfer full */
{
  return access::make<T> (loft::ref<GObject>::take (reinterpret_cast<GObject *> (object)));
}
template <typename T, typename C>
T wrap_held (C *object)
{
  return access::make<T> (loft::ref<GObject>::hold (reinterpret_cast<GObject *> (object)));
}

/* A handler that is null is the caller's fault, which Windows tells, too. */
template <typename Delegate>
const Delegate &check_handler (const Delegate &handler)
{
  if (!handler)
    throw hresult_invalid_argument (L"The handler is null");
  return handler;
}

/* Connects @handler (the object's reference, argument) to a signal without arguments. */
template <typename Sender, typename Argument, typename Delegate>
event_token connect (GObject *object, const char *signal, const Delegate &handler)
{
  struct closure
  {
    static void call (GObject *sender, gpointer data)
    {
      call_quietly ([&] {
        (*static_cast<Delegate *> (data)) (wrap_held<Sender> (sender),
                                           wrap_held<Argument> (sender));
      });
    }
    static void free (gpointer data, GClosure *) { delete static_cast<Delegate *> (data); }
  };

  return { (std::int64_t) g_signal_connect_data (object, signal, G_CALLBACK (closure::call),
                                                 new Delegate (check_handler (handler)),
                                                 closure::free, (GConnectFlags) 0) };
}

inline void disconnect (GObject *object, event_token token) noexcept
{
  if (token && g_signal_handler_is_connected (object, (gulong) token.value))
    g_signal_handler_disconnect (object, (gulong) token.value);
}

inline event_revoker make_revoker (GObject *object, event_token token)
{
  return event_revoker ([weak = weak_ref<Windows::Foundation::IInspectable> (object), token] {
    if (auto alive = weak.get ())
      disconnect (access::object (alive), token);
  });
}

/* An event of a class below: its handler is added, taken away, or given back as a revoker. */
#define LOFT_WINRT_EVENT_(name, signal, Sender, Argument)                                        \
  event_token name (const winrt::Windows::Foundation::TypedEventHandler<Sender, Argument> &h)    \
      const                                                                                      \
  {                                                                                              \
    return winrt::detail::connect<Sender, Argument> (m_object.get (), signal, h);                \
  }                                                                                              \
  void name (const event_token &token) const noexcept                                            \
  {                                                                                              \
    winrt::detail::disconnect (m_object.get (), token);                                          \
  }                                                                                              \
  using name##_revoker = event_revoker;                                                          \
  [[nodiscard]] event_revoker name (                                                             \
      auto_revoke_t, const winrt::Windows::Foundation::TypedEventHandler<Sender, Argument> &h)   \
      const                                                                                      \
  {                                                                                              \
    return winrt::detail::make_revoker (m_object.get (), name (h));                              \
  }

/* A delegate without arguments, as a handler of C. */
template <typename Delegate>
void run_delegate (gpointer data)
{
  call_quietly ([&] { (*static_cast<Delegate *> (data)) (); });
}

/* Work of an action, as a handler of C: what it throws is the action's error. */
template <typename Delegate>
gboolean run_work (LoftAsyncAction *, gpointer data, GError **gerror)
{
  return guard (gerror, [&] { (*static_cast<Delegate *> (data)) (); });
}

template <typename T, typename C>
T wrap_async (C *object)
{
  return T (loft::ref<LoftAsyncInfo>::take (reinterpret_cast<LoftAsyncInfo *> (object)));
}

} /* namespace detail */

namespace Windows::Foundation
{

LOFT_WINRT_DELEGATE_ (DeferralCompletedHandler, );

struct Deferral : IClosable
{
  using IClosable::IClosable;
  explicit Deferral (const DeferralCompletedHandler &handler)
      : Deferral (winrt::detail::wrap<Deferral> (
          loft_deferral_new (winrt::detail::run_delegate<DeferralCompletedHandler>,
                             new DeferralCompletedHandler (winrt::detail::check_handler (handler)),
                             loft::delete_callable<DeferralCompletedHandler>)))
  {
  }

  void Complete () const
  {
    GError *gerror = nullptr;

    if (!loft_deferral_complete (reinterpret_cast<LoftDeferral *> (m_object.get ()), &gerror))
      winrt::detail::throw_gerror (gerror);
  }
  void Close () const noexcept
  {
    loft_deferral_close (reinterpret_cast<LoftDeferral *> (m_object.get ()));
  }
};

} /* namespace Windows::Foundation */

namespace Windows::System
{

enum class DispatcherQueuePriority : std::int32_t
{
  Low = -10,
  Normal = 0,
  High = 10,
};

struct DispatcherQueue;
struct DispatcherQueueTimer;

LOFT_WINRT_DELEGATE_ (DispatcherQueueHandler, );

struct DispatcherQueueShutdownStartingEventArgs : Foundation::IInspectable
{
  using IInspectable::IInspectable;

  /* The shutdown waits until it is completed. */
  Foundation::Deferral GetDeferral () const
  {
    return winrt::detail::wrap<Foundation::Deferral> (
        loft_dispatcher_hold_shutdown (reinterpret_cast<LoftDispatcher *> (m_object.get ())));
  }
};

struct DispatcherQueue : Foundation::IInspectable
{
  using IInspectable::IInspectable;

  static DispatcherQueue GetForCurrentThread ()
  {
    return winrt::detail::wrap<DispatcherQueue> (loft_dispatcher_get_for_current_thread ());
  }

  DispatcherQueueTimer CreateTimer () const;
  bool HasThreadAccess () const noexcept { return loft_dispatcher_has_thread_access (gobj ()); }

  /* False: it has shut down, and the handler is dropped. */
  bool TryEnqueue (const DispatcherQueueHandler &handler) const
  {
    return TryEnqueue (DispatcherQueuePriority::Normal, handler);
  }
  bool TryEnqueue (const DispatcherQueuePriority &priority,
                   const DispatcherQueueHandler &handler) const
  {
    return loft_dispatcher_try_enqueue (
        gobj (), to_loft (priority), winrt::detail::run_delegate<DispatcherQueueHandler>,
        new DispatcherQueueHandler (winrt::detail::check_handler (handler)),
        loft::delete_callable<DispatcherQueueHandler>);
  }

  LOFT_WINRT_EVENT_ (ShutdownStarting, "shutdown-starting", DispatcherQueue,
                     DispatcherQueueShutdownStartingEventArgs)
  LOFT_WINRT_EVENT_ (ShutdownCompleted, "shutdown-completed", DispatcherQueue,
                     Foundation::IInspectable)

  /* Microsoft.UI.Dispatching. */
  void EnsureSystemDispatcherQueue () const noexcept {}
  void RunEventLoop () const
  {
    GError *gerror = nullptr;

    if (!loft_dispatcher_run_event_loop (gobj (), LOFT_RUN_DEFAULT, nullptr, &gerror))
      winrt::detail::throw_gerror (gerror);
  }
  void EnqueueEventLoopExit () const { loft_dispatcher_enqueue_event_loop_exit (gobj ()); }

  LoftDispatcher *gobj () const noexcept
  {
    return reinterpret_cast<LoftDispatcher *> (m_object.get ());
  }

  static LoftPriority to_loft (DispatcherQueuePriority priority) noexcept
  {
    return priority == DispatcherQueuePriority::Low    ? LOFT_PRIORITY_LOW
           : priority == DispatcherQueuePriority::High ? LOFT_PRIORITY_HIGH
                                                       : LOFT_PRIORITY_NORMAL;
  }
};

struct DispatcherQueueTimer : Foundation::IInspectable
{
  using IInspectable::IInspectable;

  Foundation::TimeSpan Interval () const noexcept
  {
    return std::chrono::duration_cast<Foundation::TimeSpan> (
        loft::duration (loft_dispatcher_timer_get_interval (gobj ())));
  }
  void Interval (const Foundation::TimeSpan &interval) const
  {
    if (interval.count () < 0)
      throw hresult_invalid_argument (L"The interval is negative");
    loft_dispatcher_timer_set_interval (gobj (), winrt::detail::microseconds (interval));
  }
  bool IsRunning () const noexcept { return loft_dispatcher_timer_get_is_running (gobj ()); }
  bool IsRepeating () const noexcept { return loft_dispatcher_timer_get_is_repeating (gobj ()); }
  void IsRepeating (bool value) const noexcept
  {
    loft_dispatcher_timer_set_is_repeating (gobj (), value);
  }
  void Start () const noexcept { loft_dispatcher_timer_start (gobj ()); }
  void Stop () const noexcept { loft_dispatcher_timer_stop (gobj ()); }

  LOFT_WINRT_EVENT_ (Tick, "tick", DispatcherQueueTimer, Foundation::IInspectable)

  LoftDispatcherTimer *gobj () const noexcept
  {
    return reinterpret_cast<LoftDispatcherTimer *> (m_object.get ());
  }
};

inline DispatcherQueueTimer DispatcherQueue::CreateTimer () const
{
  return winrt::detail::wrap<DispatcherQueueTimer> (loft_dispatcher_create_timer (gobj ()));
}

struct DispatcherQueueController : Foundation::IInspectable
{
  using IInspectable::IInspectable;

  static DispatcherQueueController CreateOnDedicatedThread ()
  {
    GError *gerror = nullptr;
    auto *made = loft_dispatcher_controller_new_on_dedicated_thread (nullptr, &gerror);

    if (!made)
      winrt::detail::throw_gerror (gerror);
    return winrt::detail::wrap<DispatcherQueueController> (made);
  }
  static DispatcherQueueController CreateOnCurrentThread ()
  {
    GError *gerror = nullptr;
    auto *made = loft_dispatcher_controller_new_on_current_thread (&gerror);

    if (!made)
      winrt::detail::throw_gerror (gerror);
    return winrt::detail::wrap<DispatcherQueueController> (made);
  }

  System::DispatcherQueue DispatcherQueue () const
  {
    return winrt::detail::wrap_held<System::DispatcherQueue> (
        loft_dispatcher_controller_get_dispatcher (gobj ()));
  }
  Foundation::IAsyncAction ShutdownQueueAsync () const
  {
    return winrt::detail::wrap_async<Foundation::IAsyncAction> (
        loft_dispatcher_controller_shutdown_async (gobj ()));
  }
  /* Microsoft.UI.Dispatching: on the dispatcher's own thread. */
  void ShutdownQueue () const
  {
    GError *gerror = nullptr;

    if (!loft_dispatcher_controller_shutdown (gobj (), &gerror))
      winrt::detail::throw_gerror (gerror);
  }

  LoftDispatcherController *gobj () const noexcept
  {
    return reinterpret_cast<LoftDispatcherController *> (m_object.get ());
  }
};

} /* namespace Windows::System */

namespace detail
{

template <>
struct is_a<Windows::Foundation::Deferral>
{
  static bool check (GObject *object) noexcept { return LOFT_IS_DEFERRAL (object); }
};
template <>
struct is_a<Windows::System::DispatcherQueue>
{
  static bool check (GObject *object) noexcept { return LOFT_IS_DISPATCHER (object); }
};
template <>
struct is_a<Windows::System::DispatcherQueueTimer>
{
  static bool check (GObject *object) noexcept { return LOFT_IS_DISPATCHER_TIMER (object); }
};
template <>
struct is_a<Windows::System::DispatcherQueueController>
{
  static bool check (GObject *object) noexcept { return LOFT_IS_DISPATCHER_CONTROLLER (object); }
};

} /* namespace detail */

/* Goes on on the queue's thread: true. False: it has shut down, and the coroutine stays where it
 * is. */
struct resume_on_queue
{
  auto operator co_await () const noexcept
  {
    return detail::translated<loft::detail::foreground_awaiter> (
        loft::ref<LoftDispatcher>::hold (queue.gobj ()),
        Windows::System::DispatcherQueue::to_loft (priority));
  }

  Windows::System::DispatcherQueue queue;
  Windows::System::DispatcherQueuePriority priority;
};

inline resume_on_queue resume_foreground (const Windows::System::DispatcherQueue &queue,
                                          Windows::System::DispatcherQueuePriority priority
                                          = Windows::System::DispatcherQueuePriority::Normal)
{
  return { queue, priority };
}

namespace Windows::System
{

inline auto operator co_await (const DispatcherQueue &queue)
{
  return resume_foreground (queue).operator co_await ();
}

} /* namespace Windows::System */

/* WinUI 3 has the same classes under this name. */
namespace Microsoft::UI::Dispatching
{

using Windows::System::DispatcherQueue;
using Windows::System::DispatcherQueueController;
using Windows::System::DispatcherQueueHandler;
using Windows::System::DispatcherQueuePriority;
using Windows::System::DispatcherQueueShutdownStartingEventArgs;
using Windows::System::DispatcherQueueTimer;

} /* namespace Microsoft::UI::Dispatching */
} /* namespace winrt */
