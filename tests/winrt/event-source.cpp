// SPDX-FileCopyrightText: 2026 The Loft authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// A thermometer that any thread may read and listen to, displays that show it, and an async action
// that is written by hand: the sign-out from the service that the thermometer reports to.

#define NOMINMAX
#define WIN32_LEAN_AND_MEAN
#include <windows.h>

#include <winrt/Windows.Foundation.h>
#include <winrt/Windows.System.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "check.h"

using namespace winrt;
using namespace Windows::Foundation;
using namespace Windows::System;

struct Thermometer : implements<Thermometer, IInspectable>
{
    event_token Changed(EventHandler<int> const& handler)
    {
        return m_changed.add(handler);
    }

    void Changed(event_token const& token) noexcept
    {
        m_changed.remove(token);
    }

    // An event for C++ only may have arguments of any type.
    event_token Alarm(delegate<std::wstring, std::vector<int>> const& handler)
    {
        return m_alarm.add(handler);
    }

    void Alarm(event_token const& token) noexcept
    {
        m_alarm.remove(token);
    }

    bool HasListeners() const
    {
        return static_cast<bool>(m_changed);
    }

    // The handlers are called on a thread of the pool.
    IAsyncAction MeasureAsync(int degrees)
    {
        auto self = get_strong();

        co_await resume_background();
        m_changed(*this, degrees);
        if (degrees > 100)
        {
            m_alarm(L"It boils.", std::vector<int>{ 100, degrees });
        }
    }

private:
    event<EventHandler<int>> m_changed;
    event<delegate<std::wstring, std::vector<int>>> m_alarm;
};

// Belongs to the thread of a dispatcher queue, and shows there what it hears elsewhere.
struct Display : implements<Display, IInspectable>
{
    explicit Display(DispatcherQueue const& queue) : m_queue(queue)
    {
    }

    void OnChanged(IInspectable const& sender, int degrees)
    {
        CHECK(sender);
        CHECK(!m_queue.HasThreadAccess());
        CHECK(m_queue.TryEnqueue([self = get_strong(), degrees]
        {
            CHECK(self->m_queue.HasThreadAccess());
            self->m_shown.push_back(degrees);
        }));
    }

    fire_and_forget OnAlarm(std::wstring text, std::vector<int> values)
    {
        auto self = get_strong();

        CHECK(co_await resume_foreground(m_queue, DispatcherQueuePriority::High));
        m_alarm = text + L" " + std::to_wstring(values.back());
    }

    EventHandler<int> Listen()
    {
        return { get_strong(), &Display::OnChanged };
    }

    EventHandler<int> ListenWeakly()
    {
        return { get_weak(), &Display::OnChanged };
    }

    DispatcherQueue m_queue;
    std::vector<int> m_shown;
    std::wstring m_alarm;
};

// The sign-out. It ends when the service answers. Its session is closed on the home thread.
struct SignOut : implements<SignOut, IAsyncAction, IAsyncInfo>
{
    SignOut(DispatcherQueue const& home, std::shared_ptr<handle> const& closed) :
        m_home(home), m_closed(closed)
    {
    }

    ~SignOut()
    {
        CHECK(m_home.HasThreadAccess());
        SetEvent(m_closed->get());
    }

    static fire_and_forget final_release(std::unique_ptr<SignOut> self)
    {
        CHECK(co_await resume_foreground(self->m_home));
        self = nullptr;
    }

    uint32_t Id() const noexcept
    {
        return 1;
    }

    AsyncStatus Status() const
    {
        std::lock_guard const guard(m_mutex);
        return m_status;
    }

    hresult ErrorCode() const
    {
        std::lock_guard const guard(m_mutex);
        return m_error;
    }

    void Cancel()
    {
        End(AsyncStatus::Canceled, HRESULT_FROM_WIN32(ERROR_CANCELLED));
    }

    void Close()
    {
        if (Status() == AsyncStatus::Started)
        {
            throw hresult_illegal_state_change();
        }
    }

    AsyncActionCompletedHandler Completed() const
    {
        std::lock_guard const guard(m_mutex);
        return m_completed;
    }

    void Completed(AsyncActionCompletedHandler const& handler)
    {
        {
            std::lock_guard const guard(m_mutex);
            if (std::exchange(m_assigned, true))
            {
                throw hresult_illegal_delegate_assignment();
            }
            if (m_status == AsyncStatus::Started)
            {
                m_completed = handler;
                return;
            }
        }
        if (handler)
        {
            handler(*this, Status());
        }
    }

    void GetResults() const
    {
        AsyncStatus const status = Status();
        if (status == AsyncStatus::Started)
        {
            throw hresult_illegal_method_call(L"The service has not answered.");
        }
        if (status != AsyncStatus::Completed)
        {
            throw_hresult(ErrorCode());
        }
    }

    // What the service answers.
    void Answer(hresult code)
    {
        End(code < 0 ? AsyncStatus::Error : AsyncStatus::Completed, code);
    }

private:
    void End(AsyncStatus status, hresult code)
    {
        AsyncActionCompletedHandler handler;
        {
            std::lock_guard const guard(m_mutex);
            if (m_status != AsyncStatus::Started)
            {
                return;
            }
            m_status = status;
            m_error = code;
            handler = std::exchange(m_completed, nullptr);
        }
        if (handler)
        {
            handler(*this, status);
        }
    }

    DispatcherQueue m_home;
    std::shared_ptr<handle> m_closed;
    mutable std::mutex m_mutex;
    AsyncStatus m_status = AsyncStatus::Started;
    hresult m_error;
    bool m_assigned = false;
    AsyncActionCompletedHandler m_completed;
};

static IAsyncAction OnQueue(DispatcherQueue queue, std::function<void()> work)
{
    CHECK(co_await resume_foreground(queue));
    work();
}

static void ListenToTheThermometer(DispatcherQueue const& queue)
{
    auto thermometer = make_self<Thermometer>();
    auto display = make_self<Display>(queue);
    auto other = make_self<Display>(queue);
    std::atomic<int> sum = 0;

    CHECK(!thermometer->HasListeners());
    thermometer->MeasureAsync(1).get();

    event_token const summing = thermometer->Changed([&](IInspectable const& sender, int degrees)
    {
        CHECK(sender == thermometer.as<IInspectable>());
        sum += degrees;
    });
    event_token const failing = thermometer->Changed([](IInspectable const&, int)
    {
        throw hresult_not_implemented();
    });
    thermometer->Changed([&](IInspectable const&, int degrees)
    {
        // Whoever listens here has gone away, and is not asked again.
        sum += 1000 * degrees;
        throw hresult_error(RPC_E_DISCONNECTED);
    });
    event_token const strong = thermometer->Changed(display->Listen());
    event_token const weak = thermometer->Changed(other->ListenWeakly());
    event_token const alarm = thermometer->Alarm({ display->get_weak(), &Display::OnAlarm });
    CHECK(summing && strong && weak && alarm);
    CHECK(!(strong == weak));
    CHECK(thermometer->HasListeners());

    thermometer->MeasureAsync(20).get();
    CHECK(sum == 20 * 1001);
    thermometer->Changed(failing);
    thermometer->MeasureAsync(120).get();
    CHECK(sum == 20 * 1001 + 120);
    OnQueue(queue, [&]
    {
        CHECK((display->m_shown == std::vector<int>{ 20, 120 }));
        CHECK((other->m_shown == std::vector<int>{ 20, 120 }));
        CHECK(display->m_alarm == L"It boils. 120");
    }).get();

    // The thermometer keeps one display alive, and not the other.
    weak_ref<Display> const kept = display->get_weak();
    weak_ref<Display> const dropped = other->get_weak();
    display = nullptr;
    other = nullptr;
    OnQueue(queue, [] {}).get();
    CHECK(kept.get());
    CHECK(!dropped.get());
    thermometer->Changed(summing);
    thermometer->MeasureAsync(7).get();
    OnQueue(queue, [&] { CHECK(kept.get()->m_shown.back() == 7); }).get();
    CHECK(sum == 20 * 1001 + 120);
    thermometer->Changed(weak);
    thermometer->Changed(strong);
    CHECK(!thermometer->HasListeners());
    OnQueue(queue, [] {}).get();
    CHECK(!kept.get());
}

// The button "Sign out" of a page. It waits on the page's thread, and the service answers on
// another.
static IAsyncOperation<hstring> ClickAsync(DispatcherQueue queue, agile_ref<IAsyncAction> action)
{
    co_await resume_foreground(queue);
    hstring text = L"signed out";
    try
    {
        co_await action.get();
    }
    catch (hresult_canceled const&)
    {
        text = L"still here";
    }
    catch (hresult_error const& error)
    {
        text = error.code() == E_ACCESSDENIED ? L"refused" : L"failed";
    }
    CHECK(queue.HasThreadAccess());
    co_return text;
}

static fire_and_forget AnswerAsync(com_ptr<SignOut> service, hresult code)
{
    co_await resume_background();
    service->Answer(code);
}

static void SignOutOfTheService(DispatcherQueue const& queue)
{
    auto closed = std::make_shared<handle>(CreateEvent(nullptr, false, false, nullptr));
    auto sign_out = make_self<SignOut>(queue, closed);
    IAsyncAction action = *sign_out;
    CHECK(action.Id() == 1);
    CHECK(action.Status() == AsyncStatus::Started);
    CHECK(action.as<IAsyncInfo>().ErrorCode() == S_OK);
    CHECK(get_self<SignOut>(action) == sign_out.get());

    IAsyncOperation<hstring> click = ClickAsync(queue, make_agile(action));
    OnQueue(queue, [] {}).get();
    CHECK(click.Status() == AsyncStatus::Started);
    AnswerAsync(sign_out, S_OK);
    CHECK(click.get() == L"signed out");
    action.get();
    action.Close();

    // The last reference goes on this thread, and the session is closed on the queue's.
    weak_ref<IAsyncAction> const weak = make_weak(action);
    CHECK(weak.get() == action);
    sign_out = nullptr;
    click = nullptr;
    action = nullptr;
    CHECK(WaitForSingleObject(closed->get(), INFINITE) == WAIT_OBJECT_0);
    CHECK(weak.get() == nullptr);

    for (hresult const code : { hresult(E_ACCESSDENIED), hresult(E_ABORT) })
    {
        sign_out = make_self<SignOut>(queue, closed);
        click = ClickAsync(queue, make_agile<IAsyncAction>(*sign_out));
        AnswerAsync(sign_out, code);
        CHECK(click.get() == (code == E_ACCESSDENIED ? L"refused" : L"failed"));
        CHECK(sign_out->ErrorCode() == code);
        sign_out = nullptr;
        click = nullptr;
        CHECK(WaitForSingleObject(closed->get(), INFINITE) == WAIT_OBJECT_0);
    }

    action = make<SignOut>(queue, closed);
    bool illegal = false;
    try
    {
        action.Close();
    }
    catch (hresult_illegal_state_change const&)
    {
        illegal = true;
    }
    CHECK(illegal);
    click = ClickAsync(queue, make_agile(action));
    action.Cancel();
    CHECK(click.get() == L"still here");
    CHECK(action.Status() == AsyncStatus::Canceled);
    click = nullptr;
    action = nullptr;
    CHECK(WaitForSingleObject(closed->get(), INFINITE) == WAIT_OBJECT_0);
}

int main()
{
    init_apartment();
    DispatcherQueueController controller = DispatcherQueueController::CreateOnDedicatedThread();
    ListenToTheThermometer(controller.DispatcherQueue());
    SignOutOfTheService(controller.DispatcherQueue());
    controller.ShutdownQueueAsync().get();
    std::puts("event-source: four temperatures told, signed out once in four attempts");
    return 0;
}
