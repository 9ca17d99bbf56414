/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* winrt::Windows::UI::Core: CoreDispatcher, and CoreWindow as far as it leads to one; and
 * winrt::Windows::ApplicationModel::Core: the views, each a thread with a dispatcher. */

#pragma once

#include <loft/winrt/dispatching.hpp>

namespace winrt
{

namespace Windows::UI::Core
{

enum class CoreDispatcherPriority : std::int32_t
{
  Idle = LOFT_PRIORITY_IDLE,
  Low = LOFT_PRIORITY_LOW,
  Normal = LOFT_PRIORITY_NORMAL,
  High = LOFT_PRIORITY_HIGH,
};

enum class CoreProcessEventsOption : std::int32_t
{
  ProcessOneAndAllPending = LOFT_PROCESS_EVENTS_ONE_AND_ALL_PENDING,
  ProcessOneIfPresent = LOFT_PROCESS_EVENTS_ONE_IF_PRESENT,
  ProcessUntilQuit = LOFT_PROCESS_EVENTS_UNTIL_QUIT,
  ProcessAllIfPresent = LOFT_PROCESS_EVENTS_ALL_IF_PRESENT,
};

struct IdleDispatchedHandlerArgs : Foundation::IInspectable
{
  using IInspectable::IInspectable;

  bool IsDispatcherIdle () const noexcept
  {
    return loft_dispatcher_is_idle (reinterpret_cast<LoftDispatcher *> (m_object.get ()));
  }
};

LOFT_WINRT_DELEGATE_ (DispatchedHandler, );
LOFT_WINRT_DELEGATE_ (IdleDispatchedHandler, IdleDispatchedHandlerArgs);

struct CoreDispatcher : Foundation::IInspectable
{
  using IInspectable::IInspectable;

  bool HasThreadAccess () const noexcept { return loft_dispatcher_has_thread_access (gobj ()); }

  Foundation::IAsyncAction RunAsync (const CoreDispatcherPriority &priority,
                                     const DispatchedHandler &handler) const
  {
    return shut_down_as_windows (loft_dispatcher_run_async (
        gobj (), (LoftPriority) priority, winrt::detail::run_work<DispatchedHandler>,
        new DispatchedHandler (winrt::detail::check_handler (handler)),
        loft::delete_callable<DispatchedHandler>));
  }
  Foundation::IAsyncAction RunIdleAsync (const IdleDispatchedHandler &handler) const
  {
    return shut_down_as_windows (
        loft_dispatcher_run_idle_async (gobj (), run_idle,
                                        new IdleDispatchedHandler (
                                            winrt::detail::check_handler (handler)),
                                        loft::delete_callable<IdleDispatchedHandler>));
  }
  Foundation::IAsyncOperation<bool> TryRunAsync (const CoreDispatcherPriority &priority,
                                                 const DispatchedHandler &handler) const
  {
    return winrt::detail::wrap_async<Foundation::IAsyncOperation<bool>> (
        loft_dispatcher_try_run_async (
            gobj (), (LoftPriority) priority, winrt::detail::run_work<DispatchedHandler>,
            new DispatchedHandler (winrt::detail::check_handler (handler)),
            loft::delete_callable<DispatchedHandler>));
  }
  Foundation::IAsyncOperation<bool> TryRunIdleAsync (const IdleDispatchedHandler &handler) const
  {
    return winrt::detail::wrap_async<Foundation::IAsyncOperation<bool>> (
        loft_dispatcher_try_run_idle_async (
            gobj (), run_idle,
            new IdleDispatchedHandler (winrt::detail::check_handler (handler)),
            loft::delete_callable<IdleDispatchedHandler>));
  }

  CoreDispatcherPriority CurrentPriority () const noexcept
  {
    return (CoreDispatcherPriority) loft_dispatcher_get_current_priority (gobj ());
  }
  void CurrentPriority (CoreDispatcherPriority priority) const noexcept
  {
    loft_dispatcher_set_current_priority (gobj (), (LoftPriority) priority);
  }
  bool ShouldYield () const noexcept { return loft_dispatcher_should_yield (gobj ()); }
  bool ShouldYield (CoreDispatcherPriority priority) const noexcept
  {
    return loft_dispatcher_should_yield_to (gobj (), (LoftPriority) priority);
  }

  void ProcessEvents (CoreProcessEventsOption option) const
  {
    GError *gerror = nullptr;

    if (!loft_dispatcher_process_events (gobj (), (LoftProcessEventsOption) option, &gerror))
      winrt::detail::throw_gerror (gerror);
  }
  void StopProcessEvents () const noexcept { loft_dispatcher_stop_process_events (gobj ()); }

  LoftDispatcher *gobj () const noexcept
  {
    return reinterpret_cast<LoftDispatcher *> (m_object.get ());
  }

private:
  static gboolean run_idle (LoftAsyncAction *, LoftDispatcher *dispatcher, gpointer data,
                            GError **gerror)
  {
    return winrt::detail::guard (gerror, [&] {
      (*static_cast<IdleDispatchedHandler *> (data)) (
          winrt::detail::wrap_held<IdleDispatchedHandlerArgs> (dispatcher));
    });
  }

  static Foundation::IAsyncAction shut_down_as_windows (LoftAsyncAction *action)
  {
#ifdef LOFT_WINRT_CLOSED_DISPATCHER_COMPLETES
    auto *info = reinterpret_cast<LoftAsyncInfo *> (action);

    if (loft_async_info_has_ended (info)
        && loft_async_info_get_cancel_reason (info) == LOFT_CANCEL_REASON_SHUT_DOWN)
      {
        g_object_unref (action);
        return winrt::detail::wrap_async<Foundation::IAsyncAction> (loft_action_new_completed ());
      }
#endif
    return winrt::detail::wrap_async<Foundation::IAsyncAction> (action);
  }
};

struct CoreWindow : Foundation::IInspectable
{
  using IInspectable::IInspectable;

  static CoreWindow GetForCurrentThread ()
  {
    return winrt::detail::wrap<CoreWindow> (loft_dispatcher_get_for_current_thread ());
  }
  Core::CoreDispatcher Dispatcher () const noexcept
  {
    return winrt::detail::wrap_held<Core::CoreDispatcher> (m_object.get ());
  }
  System::DispatcherQueue DispatcherQueue () const noexcept
  {
    return winrt::detail::wrap_held<System::DispatcherQueue> (m_object.get ());
  }
  void Activate () const noexcept {}
  /* Begins the shutdown of the view's dispatcher, if CreateNewView made it. */
  void Close () const;
};

} /* namespace Windows::UI::Core */

namespace detail
{

/* The controller of a view's thread, which the dispatcher holds until the view is closed. */
inline GQuark view_quark () noexcept
{
  return g_quark_from_static_string ("loft-winrt-view");
}

} /* namespace detail */

inline void Windows::UI::Core::CoreWindow::Close () const
{
  auto *controller = static_cast<LoftDispatcherController *> (
      g_object_steal_qdata (m_object.get (), winrt::detail::view_quark ()));

  if (!controller)
    return;
  loft_async_info_forget (
      reinterpret_cast<LoftAsyncInfo *> (loft_dispatcher_controller_shutdown_async (controller)));
  g_object_unref (controller);
}

namespace Windows::ApplicationModel::Core
{

struct CoreApplicationView : Foundation::IInspectable
{
  using IInspectable::IInspectable;

  UI::Core::CoreDispatcher Dispatcher () const noexcept
  {
    return winrt::detail::wrap_held<UI::Core::CoreDispatcher> (m_object.get ());
  }
  UI::Core::CoreWindow CoreWindow () const noexcept
  {
    return winrt::detail::wrap_held<UI::Core::CoreWindow> (m_object.get ());
  }
  System::DispatcherQueue DispatcherQueue () const noexcept
  {
    return winrt::detail::wrap_held<System::DispatcherQueue> (m_object.get ());
  }
  bool IsMain () const noexcept
  {
    return m_object.get () == reinterpret_cast<GObject *> (loft_dispatcher_get_default ());
  }
};

struct CoreApplication
{
  CoreApplication () = delete;

  /* The view of the default dispatcher. */
  static CoreApplicationView MainView ()
  {
    return winrt::detail::wrap_held<CoreApplicationView> (loft_dispatcher_get_default ());
  }
  static CoreApplicationView GetCurrentView ()
  {
    return winrt::detail::wrap<CoreApplicationView> (loft_dispatcher_get_for_current_thread ());
  }
  /* Starts a thread with a dispatcher of its own. */
  static CoreApplicationView CreateNewView ()
  {
    auto controller = System::DispatcherQueueController::CreateOnDedicatedThread ();
    auto *dispatcher = reinterpret_cast<GObject *> (
        loft_dispatcher_controller_get_dispatcher (controller.gobj ()));

    g_object_set_qdata (dispatcher, winrt::detail::view_quark (), detach_abi (controller));
    return winrt::detail::wrap_held<CoreApplicationView> (dispatcher);
  }
};

} /* namespace Windows::ApplicationModel::Core */

namespace detail
{

template <>
struct is_a<Windows::UI::Core::CoreDispatcher>
{
  static bool check (GObject *object) noexcept { return LOFT_IS_DISPATCHER (object); }
};

/* What co_await of a CoreDispatcher gives: nothing, so that a refusal is an exception. */
struct dispatcher_awaiter : translated<loft::detail::foreground_awaiter>
{
  using translated::translated;

  void await_resume ()
  {
    if (!translated::await_resume ())
      throw hresult_error (error_no_task_queue,
                           L"The dispatcher has shut down, and takes no more coroutines");
  }
};

} /* namespace detail */

struct resume_on_dispatcher
{
  auto operator co_await () const noexcept
  {
    return detail::dispatcher_awaiter (loft::ref<LoftDispatcher>::hold (dispatcher.gobj ()),
                                       (LoftPriority) priority);
  }

  Windows::UI::Core::CoreDispatcher dispatcher;
  Windows::UI::Core::CoreDispatcherPriority priority;
};

/* Goes on on the dispatcher's thread; throws if it has shut down, where Windows never goes on. */
inline resume_on_dispatcher resume_foreground (const Windows::UI::Core::CoreDispatcher &dispatcher,
                                               Windows::UI::Core::CoreDispatcherPriority priority
                                               = Windows::UI::Core::CoreDispatcherPriority::Normal)
{
  return { dispatcher, priority };
}

namespace Windows::UI::Core
{

inline auto operator co_await (const CoreDispatcher &dispatcher)
{
  return resume_foreground (dispatcher).operator co_await ();
}

} /* namespace Windows::UI::Core */
} /* namespace winrt */
