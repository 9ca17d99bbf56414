// SPDX-FileCopyrightText: 2026 The Loft authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// An editor is closed. The queue of its thread gives it the time to save its text, runs what is
// queued, and takes no more work after that.

#define NOMINMAX
#define WIN32_LEAN_AND_MEAN
#include <windows.h>

#include <winrt/Windows.Foundation.h>
#include <winrt/Windows.System.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>

#include "check.h"

using namespace std::chrono_literals;
using namespace winrt;
using namespace Windows::Foundation;
using namespace Windows::System;

// The file. It is written on the thread pool, when the disk is ready.
class Disk
{
public:
    Disk() : m_ready(CreateEvent(nullptr, true, false, nullptr))
    {
    }

    IAsyncAction WriteAsync(hstring text)
    {
        co_await resume_background();
        co_await resume_on_signal(m_ready.get());
        m_text = text;
    }

    void GetReady()
    {
        SetEvent(m_ready.get());
    }

    hstring Text() const
    {
        return m_text;
    }

private:
    handle m_ready;
    hstring m_text;
};

// The editor. It belongs to the thread of its queue.
struct Editor : implements<Editor, IInspectable>
{
    Editor(DispatcherQueue const& queue, Disk& disk, HANDLE blinked, HANDLE closed) :
        m_queue(queue), m_disk(disk), m_blinked(blinked), m_closed(closed)
    {
    }

    void Open()
    {
        CHECK(m_queue.HasThreadAccess());
        CHECK(DispatcherQueue::GetForCurrentThread() == m_queue);

        m_timer = m_queue.CreateTimer();
        m_timer.Interval(2ms);
        CHECK(m_timer.Interval() == 2ms);
        CHECK(m_timer.IsRepeating());
        CHECK(!m_timer.IsRunning());
        m_tick = m_timer.Tick(auto_revoke, { get_weak(), &Editor::OnTick });
        m_timer.Start();
        CHECK(m_timer.IsRunning());

        m_starting = m_queue.ShutdownStarting({ get_weak(), &Editor::OnShutdownStarting });
        m_completed = m_queue.ShutdownCompleted([this](DispatcherQueue const& sender,
                                                       IInspectable const&)
        {
            CHECK(sender == m_queue);
            m_log += L"completed ";
            m_queue.ShutdownStarting(m_starting);
            m_queue.ShutdownCompleted(m_completed);
            SetEvent(m_closed);
        });
    }

    // Three ticks are enough for this story.
    void OnTick(DispatcherQueueTimer const& sender, IInspectable const&)
    {
        CHECK(m_queue.HasThreadAccess());
        CHECK(sender == m_timer);
        if (++m_ticks == 3)
        {
            sender.Stop();
            CHECK(!sender.IsRunning());
            m_tick.revoke();
            BlinkOnce();
        }
    }

    // A timer that does not repeat stops by itself.
    void BlinkOnce()
    {
        m_cursor = m_queue.CreateTimer();
        m_cursor.IsRepeating(false);
        m_cursor.Interval(1ms);
        m_cursor.Tick([this](DispatcherQueueTimer const& timer, IInspectable const&)
        {
            CHECK(!timer.IsRepeating());
            ++m_blinks;
            SetEvent(m_blinked);
        });
        m_cursor.Start();
    }

    fire_and_forget OnShutdownStarting(DispatcherQueue sender,
                                       DispatcherQueueShutdownStartingEventArgs args)
    {
        auto self = get_strong();
        CHECK(sender == m_queue);
        CHECK(sender.HasThreadAccess());
        Deferral const deferral = args.GetDeferral();
        m_log += L"starting ";

        // The queue still runs, and takes work, until the deferral is completed.
        CHECK(sender.TryEnqueue([self]
        {
            self->m_log += L"queued ";
            self->m_disk.GetReady();
        }));
        co_await m_disk.WriteAsync(L"the last words");
        CHECK(sender.HasThreadAccess());
        m_log += L"saved ";
        deferral.Complete();
    }

    DispatcherQueue m_queue;
    Disk& m_disk;
    HANDLE m_blinked;
    HANDLE m_closed;
    DispatcherQueueTimer m_timer{ nullptr };
    DispatcherQueueTimer m_cursor{ nullptr };
    DispatcherQueueTimer::Tick_revoker m_tick;
    event_token m_starting;
    event_token m_completed;
    int m_ticks = 0;
    int m_blinks = 0;
    std::wstring m_log;
};

static IAsyncAction OnQueue(DispatcherQueue queue, std::function<void()> work)
{
    CHECK(co_await resume_foreground(queue));
    work();
}

static IAsyncOperation<bool> WalkOverAsync(DispatcherQueue queue, DispatcherQueuePriority priority)
{
    bool const queued = co_await resume_foreground(queue, priority);
    CHECK(queued == queue.HasThreadAccess());
    co_return queued;
}

// The thread is busy in the first item, so that the others wait.
static void CheckPriorities(DispatcherQueue const& queue)
{
    std::wstring order;
    handle done{ CreateEvent(nullptr, true, false, nullptr) };

    CHECK(queue.TryEnqueue([&]
    {
        auto append = [&order](wchar_t letter)
        {
            return [&order, letter] { order += letter; };
        };
        CHECK(queue.TryEnqueue(DispatcherQueuePriority::Low, [&]
        {
            order += L'l';
            SetEvent(done.get());
        }));
        CHECK(queue.TryEnqueue(append(L'n')));
        CHECK(queue.TryEnqueue(DispatcherQueuePriority::Normal, append(L'm')));
        CHECK(queue.TryEnqueue(DispatcherQueuePriority::High, append(L'h')));
        CHECK(order.empty());
    }));
    CHECK(WaitForSingleObject(done.get(), INFINITE) == WAIT_OBJECT_0);
    CHECK(order == L"hnml");
}

static void CheckDeferral()
{
    int completed = 0;
    Deferral deferral([&completed] { ++completed; });

    CHECK(deferral);
    CHECK(completed == 0);
    deferral.Complete();
    CHECK(completed == 1);
    deferral.Close();
    CHECK(completed == 1);
    deferral = nullptr;
    CHECK(!deferral);
}

int main()
{
    init_apartment();
    CheckDeferral();

    DispatcherQueueController controller = DispatcherQueueController::CreateOnDedicatedThread();
    DispatcherQueue const queue = controller.DispatcherQueue();
    CHECK(!queue.HasThreadAccess());
    CHECK(DispatcherQueue::GetForCurrentThread() == nullptr);
    CheckPriorities(queue);

    Disk disk;
    handle blinked{ CreateEvent(nullptr, true, false, nullptr) };
    handle closed{ CreateEvent(nullptr, true, false, nullptr) };
    auto editor = make_self<Editor>(queue, disk, blinked.get(), closed.get());
    OnQueue(queue, [&] { editor->Open(); }).get();
    CHECK(WaitForSingleObject(blinked.get(), INFINITE) == WAIT_OBJECT_0);
    CHECK(WalkOverAsync(queue, DispatcherQueuePriority::Low).get());
    OnQueue(queue, [&]
    {
        CHECK(editor->m_ticks == 3);
        CHECK(editor->m_blinks == 1);
        CHECK(!editor->m_cursor.IsRunning());
        editor->m_cursor = nullptr;
        editor->m_timer = nullptr;
    }).get();

    // The user closes the editor.
    IAsyncAction const shutdown = controller.ShutdownQueueAsync();
    shutdown.get();
    CHECK(shutdown.Status() == AsyncStatus::Completed);
    CHECK(WaitForSingleObject(closed.get(), INFINITE) == WAIT_OBJECT_0);
    CHECK(disk.Text() == L"the last words");
    CHECK(editor->m_log == L"starting queued saved completed ");

    // Whoever comes now is told that nobody is at home, and stays where it is.
    CHECK(!queue.TryEnqueue([] { CHECK(false); }));
    CHECK(!queue.TryEnqueue(DispatcherQueuePriority::High, [] { CHECK(false); }));
    CHECK(!WalkOverAsync(queue, DispatcherQueuePriority::Normal).get());
    CHECK(!queue.HasThreadAccess());

    std::puts("shutdown: the text is saved, the queue has run to its end and refuses work");
    return 0;
}
