// SPDX-FileCopyrightText: 2026 The Loft authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// The back room of a photo shop. Pictures are developed on the thread pool, one printer prints them
// one after the other, and timers remind of the orders.

#define NOMINMAX
#define WIN32_LEAN_AND_MEAN
#include <windows.h>

#include <winrt/Windows.Foundation.h>
#include <winrt/Windows.System.Threading.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "check.h"

using namespace std::chrono_literals;
using namespace winrt;
using namespace Windows::Foundation;
using namespace Windows::System::Threading;

// A Win32 event, and the ways in which this program waits for it.
class Signal
{
public:
    explicit Signal(bool manual_reset) : m_event(CreateEvent(nullptr, manual_reset, false, nullptr))
    {
        check_pointer(m_event.get());
    }

    void Set() const
    {
        check_bool(SetEvent(m_event.get()));
    }

    void Reset() const
    {
        check_bool(ResetEvent(m_event.get()));
    }

    void Wait() const
    {
        CHECK(WaitForSingleObject(m_event.get(), INFINITE) == WAIT_OBJECT_0);
    }

    bool IsSet() const
    {
        return WaitForSingleObject(m_event.get(), 0) == WAIT_OBJECT_0;
    }

    HANDLE Get() const
    {
        return m_event.get();
    }

private:
    handle m_event;
};

// Develops pictures on the pool.
static void Develop()
{
    std::atomic<int> developed = 0;
    DWORD const caller = GetCurrentThreadId();
    std::vector<IAsyncAction> actions;

    auto develop = [&developed, caller](IAsyncAction const& operation)
    {
        CHECK(operation.Status() == AsyncStatus::Started);
        CHECK(GetCurrentThreadId() != caller);
        ++developed;
    };
    for (int picture = 0; picture < 30; ++picture)
    {
        actions.push_back(ThreadPool::RunAsync(develop));
        actions.push_back(ThreadPool::RunAsync(develop, WorkItemPriority::Low));
        actions.push_back(ThreadPool::RunAsync(develop, WorkItemPriority::High));
    }
    actions.push_back(ThreadPool::RunAsync(develop, WorkItemPriority::Normal,
                                           WorkItemOptions::TimeSliced));
    for (IAsyncAction const& action : actions)
    {
        action.get();
        CHECK(action.Status() == AsyncStatus::Completed);
    }
    CHECK(developed == 91);

    // A film that is torn.
    IAsyncAction const torn = ThreadPool::RunAsync([](IAsyncAction const&)
    {
        throw hresult_invalid_argument(L"The film is torn.");
    });
    bool failed = false;
    try
    {
        torn.get();
    }
    catch (hresult_invalid_argument const&)
    {
        failed = true;
    }
    CHECK(failed);
    CHECK(torn.ErrorCode() == E_INVALIDARG);
}

// A long piece of work looks now and then whether anybody still wants it.
static void CancelWork()
{
    Signal running{ true };
    Signal stopped{ true };

    IAsyncAction const action = ThreadPool::RunAsync([&](IAsyncAction const& operation)
    {
        running.Set();
        while (operation.Status() != AsyncStatus::Canceled)
        {
            std::this_thread::yield();
        }
        stopped.Set();
    }, WorkItemPriority::Low);

    running.Wait();
    CHECK(!stopped.IsSet());
    action.Cancel();
    stopped.Wait();
    CHECK(action.Status() == AsyncStatus::Canceled);
}

// The printer has a pool of one thread, so that the jobs that are sent to it wait their turn.
class Printer
{
public:
    Printer()
    {
        m_pool.thread_limits(1, 1);
    }

    IAsyncAction PrintAsync(int picture)
    {
        co_await m_pool;
        CHECK(!m_busy.exchange(true));
        m_printed.push_back(picture);
        m_busy = false;
    }

    std::vector<int> const& Printed() const
    {
        return m_printed;
    }

private:
    thread_pool m_pool;
    std::atomic<bool> m_busy = false;
    std::vector<int> m_printed;
};

static void Print()
{
    Printer printer;
    std::vector<IAsyncAction> jobs;

    for (int picture = 0; picture < 50; ++picture)
    {
        jobs.push_back(printer.PrintAsync(picture));
    }
    for (IAsyncAction const& job : jobs)
    {
        job.get();
    }
    CHECK(printer.Printed().size() == 50);
    for (int picture = 0; picture < 50; ++picture)
    {
        CHECK(printer.Printed()[picture] == picture);
    }
}

// The clerk. Nobody can await him, and so he signals when he is done.
static fire_and_forget ServeAsync(Signal& door, Signal& bell, Signal& done, int& rings)
{
    co_await resume_background();

    // At first nobody rings. Only the open door lets somebody in who does.
    CHECK(!co_await resume_on_signal(bell.Get(), 5ms));
    door.Set();
    CHECK(co_await resume_on_signal(bell.Get()));
    ++rings;

    // The bell resets itself, and the door stays open until it is shut.
    CHECK(!bell.IsSet());
    CHECK(co_await resume_on_signal(door.Get(), 1h));
    CHECK(co_await resume_on_signal(door.Get(), 1h));
    door.Reset();
    CHECK(!co_await resume_on_signal(door.Get(), 1ms));

    co_await 5ms;
    co_await resume_after(1ms);
    done.Set();
}

static void Serve()
{
    Signal door{ true };
    Signal bell{ false };
    Signal done{ true };
    int rings = 0;

    ServeAsync(door, bell, done, rings);
    door.Wait();
    bell.Set();
    done.Wait();
    CHECK(rings == 1);
}

static IAsyncOperation<bool> WaitForCustomerAsync(std::shared_ptr<Signal> bell)
{
    auto cancellation = co_await get_cancellation_token();
    cancellation.enable_propagation();
    co_return co_await resume_on_signal(bell->Get());
}

static void CloseTheShop()
{
    auto bell = std::make_shared<Signal>(false);
    Signal left{ true };
    IAsyncOperation<bool> const waiting = WaitForCustomerAsync(bell);

    waiting.Completed([&left](IAsyncOperation<bool> const&, AsyncStatus status)
    {
        CHECK(status == AsyncStatus::Canceled);
        left.Set();
    });
    CHECK(waiting.Status() == AsyncStatus::Started);
    waiting.Cancel();
    left.Wait();
    bell->Set();
    CHECK(bell->IsSet());
}

// A reminder comes once. A round is made until it has been made five times.
static void Remind()
{
    Signal reminded{ true };
    Signal gone{ true };
    ThreadPoolTimer const once = ThreadPoolTimer::CreateTimer(
        [&](ThreadPoolTimer const& timer)
        {
            CHECK(timer.Delay() == 5ms);
            reminded.Set();
        },
        5ms,
        [&](ThreadPoolTimer const&)
        {
            CHECK(reminded.IsSet());
            gone.Set();
        });
    reminded.Wait();
    gone.Wait();
    CHECK(once.Delay() == 5ms);

    Signal ended{ true };
    std::mutex mutex;
    int rounds = 0;
    ThreadPoolTimer const round = ThreadPoolTimer::CreatePeriodicTimer(
        [&](ThreadPoolTimer const& timer)
        {
            std::lock_guard const guard(mutex);
            if (++rounds == 5)
            {
                timer.Cancel();
            }
        },
        TimeSpan(1ms),
        [&](ThreadPoolTimer const& timer)
        {
            CHECK(timer.Period() == 1ms);
            ended.Set();
        });
    ended.Wait();
    CHECK(rounds >= 5);
    CHECK(round.Period() == 1ms);

    // A timer that is cancelled before its time does nothing but say that it is gone.
    Signal canceled{ true };
    ThreadPoolTimer const never = ThreadPoolTimer::CreateTimer(
        [](ThreadPoolTimer const&) { CHECK(false); },
        1h,
        [&](ThreadPoolTimer const&) { canceled.Set(); });
    never.Cancel();
    canceled.Wait();
}

int main()
{
    init_apartment();
    Develop();
    CancelWork();
    Print();
    Serve();
    CloseTheShop();
    Remind();
    std::puts("thread-pool-queue: 91 pictures developed, 50 printed in order, one customer served");
    return 0;
}
