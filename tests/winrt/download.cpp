// SPDX-FileCopyrightText: 2026 The Loft authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// Downloads that report how far they are, that show what they have so far, and that can be
// cancelled or given up after a time.

#define NOMINMAX
#define WIN32_LEAN_AND_MEAN
#include <windows.h>

#include <winrt/Windows.Foundation.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "check.h"

using namespace std::chrono_literals;
using namespace winrt;
using namespace Windows::Foundation;

constexpr uint32_t c_parts = 4;

// It sends a part for each Send(), or all parts that are ever asked for after one.
class Server
{
public:
    explicit Server(bool all_at_once = false) :
        m_ready(CreateEvent(nullptr, all_at_once, false, nullptr)),
        m_idle(CreateEvent(nullptr, true, true, nullptr))
    {
    }

    void Send()
    {
        SetEvent(m_ready.get());
    }

    HANDLE Ready() const
    {
        return m_ready.get();
    }

    void Connect()
    {
        std::lock_guard const guard(m_mutex);
        if (++m_connections == 1)
        {
            ResetEvent(m_idle.get());
        }
    }

    void Disconnect()
    {
        std::lock_guard const guard(m_mutex);
        if (--m_connections == 0)
        {
            SetEvent(m_idle.get());
        }
    }

    void WaitUntilIdle() const
    {
        CHECK(WaitForSingleObject(m_idle.get(), INFINITE) == WAIT_OBJECT_0);
    }

    void Abort()
    {
        ++m_aborts;
    }

    int Aborts() const
    {
        return m_aborts;
    }

private:
    handle m_ready;
    handle m_idle;
    std::mutex m_mutex;
    int m_connections = 0;
    std::atomic<int> m_aborts = 0;
};

class Connection
{
public:
    explicit Connection(std::shared_ptr<Server> server) : m_server(std::move(server))
    {
        m_server->Connect();
    }

    Connection(Connection const&) = delete;
    Connection& operator=(Connection const&) = delete;

    ~Connection()
    {
        m_server->Disconnect();
    }

private:
    std::shared_ptr<Server> m_server;
};

using Download = IAsyncOperationWithProgress<hstring, double>;

static Download DownloadAsync(std::shared_ptr<Server> server, hstring name)
{
    auto progress = co_await get_progress_token();
    auto cancellation = co_await get_cancellation_token();
    Connection connection{ server };
    std::wstring text{ name + L":" };

    cancellation.enable_propagation();
    cancellation.callback([server] { server->Abort(); });

    for (uint32_t part = 1; part <= c_parts; ++part)
    {
        co_await resume_on_signal(server->Ready());
        text += L" part " + std::to_wstring(part);
        progress.set_result(hstring(text));
        progress(static_cast<double>(part) / c_parts);
    }
    co_return hstring(text);
}

static IAsyncOperationWithProgress<uint64_t, uint64_t> MeasureAsync(std::shared_ptr<Server> server)
{
    auto progress = co_await get_progress_token();
    uint64_t bytes = 0;

    co_await resume_background();
    for (uint32_t part = 1; part <= c_parts; ++part)
    {
        co_await resume_on_signal(server->Ready());
        bytes += part * 1000ull;
        progress.set_result(bytes);
        progress(part);
    }
    co_return bytes;
}

// Ends as a download does, so that the two can be compared.
static Download TimeOutAsync(TimeSpan time)
{
    auto cancellation = co_await get_cancellation_token();
    cancellation.enable_propagation();

    co_await resume_after(time);
    throw hresult_error(HRESULT_FROM_WIN32(ERROR_TIMEOUT), L"The server does not answer.");
}

static IAsyncOperation<hstring> FetchAsync(std::shared_ptr<Server> server, TimeSpan limit)
{
    Download download = DownloadAsync(server, L"fetch");
    Download time_out = TimeOutAsync(limit);

    try
    {
        hstring const text = co_await when_any(download, time_out);
        time_out.Cancel();
        co_return text;
    }
    catch (hresult_error const&)
    {
        // The one that has failed does not mind.
        download.Cancel();
        time_out.Cancel();
        throw;
    }
}

static IAsyncAction SaveAsync(Download download)
{
    auto cancellation = co_await get_cancellation_token();
    cancellation.enable_propagation();
    co_await download;
    CHECK(false);
}

static void FollowADownload()
{
    auto server = std::make_shared<Server>();
    handle progressed{ CreateEvent(nullptr, false, false, nullptr) };
    handle completed{ CreateEvent(nullptr, true, false, nullptr) };
    std::vector<double> fractions;
    Download download = DownloadAsync(server, L"book");

    download.Progress([&](Download const& sender, double fraction)
    {
        CHECK(sender == download);
        CHECK(sender.Status() == AsyncStatus::Started);
        fractions.push_back(fraction);
        SetEvent(progressed.get());
    });
    download.Completed([&](Download const& sender, AsyncStatus status)
    {
        CHECK(status == AsyncStatus::Completed);
        CHECK(sender.GetResults() == L"book: part 1 part 2 part 3 part 4");
        SetEvent(completed.get());
    });

    // A provisional result may be looked at as often as one likes.
    CHECK(download.GetResults().empty());
    server->Send();
    CHECK(WaitForSingleObject(progressed.get(), INFINITE) == WAIT_OBJECT_0);
    CHECK(download.GetResults() == L"book: part 1");
    CHECK(download.GetResults() == L"book: part 1");
    CHECK(download.Status() == AsyncStatus::Started);
    for (uint32_t part = 2; part <= c_parts; ++part)
    {
        server->Send();
        CHECK(WaitForSingleObject(progressed.get(), INFINITE) == WAIT_OBJECT_0);
    }
    CHECK(WaitForSingleObject(completed.get(), INFINITE) == WAIT_OBJECT_0);
    CHECK((fractions == std::vector<double>{ 0.25, 0.5, 0.75, 1.0 }));
    CHECK(download.get() == L"book: part 1 part 2 part 3 part 4");
    CHECK(download.ErrorCode() == S_OK);

    bool refused = false;
    try
    {
        download.Completed([](auto&&, AsyncStatus) { CHECK(false); });
    }
    catch (hresult_illegal_delegate_assignment const&)
    {
        refused = true;
    }
    CHECK(refused);
}

static void Measure()
{
    auto server = std::make_shared<Server>();
    auto measuring = MeasureAsync(server);
    handle progressed{ CreateEvent(nullptr, false, false, nullptr) };

    measuring.Progress([&](auto const& sender, uint64_t part)
    {
        CHECK(sender.GetResults() == part * (part + 1) / 2 * 1000);
        SetEvent(progressed.get());
    });
    CHECK(measuring.GetResults() == 0);
    for (uint32_t part = 1; part <= c_parts; ++part)
    {
        server->Send();
        CHECK(WaitForSingleObject(progressed.get(), INFINITE) == WAIT_OBJECT_0);
    }
    CHECK(measuring.get() == 10000);

    // Whoever comes late is told at once.
    server = std::make_shared<Server>(true);
    server->Send();
    bool told = false;
    MeasureAsync(server).get();
    Download ended = DownloadAsync(server, L"ended");
    ended.Completed([&](Download const& sender, AsyncStatus status)
    {
        CHECK(sender == ended);
        told = status == AsyncStatus::Completed;
    });
    CHECK(told);
}

template <typename Async>
static bool IsCanceled(Async const& async)
{
    try
    {
        async.get();
    }
    catch (hresult_canceled const& error)
    {
        return error.code() == HRESULT_FROM_WIN32(ERROR_CANCELLED);
    }
    return false;
}

static void CancelDownloads()
{
    auto server = std::make_shared<Server>();
    Download download = DownloadAsync(server, L"film");

    // Nobody sends, so that the wait ends before the download does.
    CHECK(download.wait_for(1ms) == AsyncStatus::Started);
    download.Cancel();
    CHECK(download.Status() == AsyncStatus::Canceled);
    CHECK(server->Aborts() == 1);

    // A cancel passes through the action that waits for the download.
    Download passed = DownloadAsync(server, L"song");
    IAsyncAction save = SaveAsync(passed);
    CHECK(save.Status() == AsyncStatus::Started);
    save.Cancel();
    CHECK(save.Status() == AsyncStatus::Canceled);
    server->WaitUntilIdle();
    CHECK(server->Aborts() == 2);
    CHECK(IsCanceled(save));
    CHECK(IsCanceled(passed));
    CHECK(IsCanceled(download));
}

static void GiveUp()
{
    auto quick = std::make_shared<Server>(true);
    quick->Send();
    CHECK(FetchAsync(quick, 1h).get() == L"fetch: part 1 part 2 part 3 part 4");
    CHECK(quick->Aborts() == 0);

    auto silent = std::make_shared<Server>();
    IAsyncOperation<hstring> fetch = FetchAsync(silent, 5ms);
    bool timed_out = false;
    try
    {
        fetch.get();
    }
    catch (hresult_error const& error)
    {
        timed_out = error.code() == HRESULT_FROM_WIN32(ERROR_TIMEOUT);
        CHECK(error.message() == L"The server does not answer.");
    }
    CHECK(timed_out);
    CHECK(fetch.Status() == AsyncStatus::Error);
    CHECK(silent->Aborts() == 1);
    silent->WaitUntilIdle();

    // Without progress there is nothing to look at before the end.
    auto slow = std::make_shared<Server>(true);
    IAsyncOperation<hstring> unfinished = FetchAsync(slow, 1h);
    bool illegal = false;
    try
    {
        unfinished.GetResults();
    }
    catch (hresult_illegal_method_call const&)
    {
        illegal = true;
    }
    CHECK(illegal);
    slow->Send();
    CHECK(unfinished.get() == L"fetch: part 1 part 2 part 3 part 4");
}

int main()
{
    init_apartment();
    FollowADownload();
    Measure();
    CancelDownloads();
    GiveUp();
    std::puts("download: five read to their end, three given up");
    return 0;
}
