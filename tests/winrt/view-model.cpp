// SPDX-FileCopyrightText: 2026 The Loft authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// The view model of a search page. The user types a query, the list is loaded on the thread pool,
// and the page changes on its UI thread only. A new query cancels the one that is still running.

#define NOMINMAX
#define WIN32_LEAN_AND_MEAN
#include <windows.h>

#include <winrt/Windows.Foundation.h>
#include <winrt/Windows.System.h>

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "check.h"

using namespace winrt;
using namespace Windows::Foundation;
using namespace Windows::System;

// The shop that the page asks. It answers a query for "slow" things only when its gate is open.
class Shop
{
public:
    Shop() : m_gate(CreateEvent(nullptr, true, false, nullptr))
    {
        check_bool(static_cast<bool>(m_gate));
    }

    IAsyncOperation<hstring> FindAsync(hstring query)
    {
        auto cancellation = co_await get_cancellation_token();
        cancellation.enable_propagation();

        co_await resume_background();

        if (query.empty())
        {
            throw hresult_invalid_argument(L"Type something to look for.");
        }
        if (query == L"gold")
        {
            throw hresult_error(E_FAIL, L"The shop is closed.");
        }
        if (query.starts_with(L"slow"))
        {
            co_await resume_on_signal(m_gate.get());
        }
        co_return query + L" chair;" + query + L" table;" + query + L" lamp";
    }

    void Open()
    {
        check_bool(SetEvent(m_gate.get()));
    }

private:
    handle m_gate;
};

struct ViewModel : implements<ViewModel, IInspectable>
{
    ViewModel(DispatcherQueue const& dispatcher, Shop& shop) :
        m_dispatcher(dispatcher), m_shop(shop)
    {
    }

    event_token PropertyChanged(EventHandler<hstring> const& handler)
    {
        return m_propertyChanged.add(handler);
    }

    void PropertyChanged(event_token const& token) noexcept
    {
        m_propertyChanged.remove(token);
    }

    std::vector<hstring> const& Items() const
    {
        return m_items;
    }

    hstring Status() const
    {
        return m_status;
    }

    bool IsLoading() const
    {
        return m_load && m_load.Status() == AsyncStatus::Started;
    }

    uint32_t Letters() const
    {
        return m_letters;
    }

    int Canceled() const
    {
        return m_canceled;
    }

    IAsyncAction Load(hstring const& query)
    {
        CHECK(m_dispatcher.HasThreadAccess());
        if (m_load)
        {
            m_load.Cancel();
        }
        m_load = LoadAsync(query);
        return m_load;
    }

private:
    IAsyncAction LoadAsync(hstring query)
    {
        auto self = get_strong();
        auto cancellation = co_await get_cancellation_token();
        cancellation.enable_propagation();

        Status(L"Looking for " + query);
        try
        {
            hstring const found = co_await m_shop.FindAsync(query);

            // The await has brought the coroutine back to the UI thread.
            CHECK(m_dispatcher.HasThreadAccess());
            m_items = Split(found);
            RaisePropertyChanged(L"Items");
            Status(to_hstring(static_cast<uint32_t>(m_items.size())) + L" found");
            CountLetters();
        }
        catch (hresult_canceled const&)
        {
            CHECK(m_dispatcher.HasThreadAccess());
            CHECK(cancellation());
            ++m_canceled;
            RaisePropertyChanged(L"Canceled");
            throw;
        }
        catch (hresult_error const& error)
        {
            CHECK(m_dispatcher.HasThreadAccess());
            m_items.clear();
            RaisePropertyChanged(L"Items");
            Status(L"Sorry: " + error.message());
        }
    }

    // Nobody waits for this, so that the view model may go away meanwhile.
    fire_and_forget CountLetters()
    {
        weak_ref<ViewModel> weak = get_weak();
        DispatcherQueue dispatcher = m_dispatcher;
        std::vector<hstring> items = m_items;

        co_await resume_background();
        CHECK(!dispatcher.HasThreadAccess());

        uint32_t letters = 0;
        for (hstring const& item : items)
        {
            letters += item.size();
        }

        if (co_await resume_foreground(dispatcher))
        {
            if (com_ptr<ViewModel> self = weak.get())
            {
                self->m_letters = letters;
                self->RaisePropertyChanged(L"Letters");
            }
        }
    }

    void Status(hstring const& value)
    {
        if (m_status != value)
        {
            m_status = value;
            RaisePropertyChanged(L"Status");
        }
    }

    void RaisePropertyChanged(hstring const& name)
    {
        m_propertyChanged(*this, name);
    }

    static std::vector<hstring> Split(hstring const& text)
    {
        std::vector<hstring> parts;
        std::wstring_view rest = text;
        for (size_t end; (end = rest.find(L';')) != std::wstring_view::npos;)
        {
            parts.push_back(hstring(rest.substr(0, end)));
            rest.remove_prefix(end + 1);
        }
        parts.push_back(hstring(rest));
        return parts;
    }

    DispatcherQueue m_dispatcher;
    Shop& m_shop;
    IAsyncAction m_load;
    std::vector<hstring> m_items;
    hstring m_status;
    uint32_t m_letters = 0;
    int m_canceled = 0;
    event<EventHandler<hstring>> m_propertyChanged;
};

// What the page shows. Its handlers are called on the UI thread.
struct Page : implements<Page, IInspectable>
{
    explicit Page(com_ptr<ViewModel> const& model) :
        m_model(model),
        m_counted(CreateEvent(nullptr, false, false, nullptr)),
        m_canceled(CreateEvent(nullptr, false, false, nullptr))
    {
    }

    void Show()
    {
        m_token = m_model->PropertyChanged({ get_weak(), &Page::OnPropertyChanged });
    }

    void Hide()
    {
        m_model->PropertyChanged(m_token);
    }

    void OnPropertyChanged(IInspectable const& sender, hstring const& name)
    {
        CHECK(sender == m_model.as<IInspectable>());
        m_changes.push_back(name);
        if (name == L"Status")
        {
            m_shown = m_shown + m_model->Status() + L"|";
        }
        else if (name == L"Letters")
        {
            SetEvent(m_counted.get());
        }
        else if (name == L"Canceled")
        {
            SetEvent(m_canceled.get());
        }
    }

    com_ptr<ViewModel> m_model;
    event_token m_token;
    handle m_counted;
    handle m_canceled;
    hstring m_shown;
    std::vector<hstring> m_changes;
};

static IAsyncAction OnUI(DispatcherQueue dispatcher, std::function<void()> work)
{
    CHECK(co_await resume_foreground(dispatcher));
    work();
}

// A click on the page's search button.
static IAsyncAction SearchAsync(DispatcherQueue dispatcher, com_ptr<ViewModel> model, hstring query)
{
    co_await resume_foreground(dispatcher);
    co_await model->Load(query);
    CHECK(dispatcher.HasThreadAccess());
}

int main()
{
    init_apartment();

    DispatcherQueueController controller = DispatcherQueueController::CreateOnDedicatedThread();
    DispatcherQueue dispatcher = controller.DispatcherQueue();
    Shop shop;
    com_ptr<ViewModel> model = make_self<ViewModel>(dispatcher, shop);
    com_ptr<Page> page = make_self<Page>(model);

    OnUI(dispatcher, [&] { page->Show(); }).get();

    // The first query is answered, and its letters are counted.
    SearchAsync(dispatcher, model, L"oak").get();
    CHECK(WaitForSingleObject(page->m_counted.get(), INFINITE) == WAIT_OBJECT_0);
    OnUI(dispatcher, [&]
    {
        CHECK(model->Items().size() == 3);
        CHECK(model->Items()[1] == L"oak table");
        CHECK(model->Letters() == 26);
        CHECK(page->m_shown == L"Looking for oak|3 found|");
        CHECK(!model->IsLoading());
    }).get();

    // The shop takes its time. The next query cancels this one.
    IAsyncAction slow{ nullptr };
    OnUI(dispatcher, [&]
    {
        page->m_shown.clear();
        slow = model->Load(L"slow oak");
        CHECK(model->IsLoading());
    }).get();
    SearchAsync(dispatcher, model, L"elm").get();
    CHECK(slow.Status() == AsyncStatus::Canceled);
    CHECK(slow.ErrorCode() == HRESULT_FROM_WIN32(ERROR_CANCELLED));
    CHECK(WaitForSingleObject(page->m_counted.get(), INFINITE) == WAIT_OBJECT_0);
    CHECK(WaitForSingleObject(page->m_canceled.get(), INFINITE) == WAIT_OBJECT_0);
    OnUI(dispatcher, [&]
    {
        CHECK(model->Canceled() == 1);
        CHECK(model->Items().front() == L"elm chair");
        CHECK(page->m_shown == L"Looking for slow oak|Looking for elm|3 found|");
    }).get();
    bool canceled = false;
    try
    {
        slow.get();
    }
    catch (hresult_canceled const&)
    {
        canceled = true;
    }
    CHECK(canceled);

    // Errors are shown, and do not leave the view model.
    SearchAsync(dispatcher, model, L"gold").get();
    OnUI(dispatcher, [&]
    {
        CHECK(model->Items().empty());
        CHECK(model->Status() == L"Sorry: The shop is closed.");
    }).get();
    SearchAsync(dispatcher, model, L"").get();
    OnUI(dispatcher, [&]
    {
        CHECK(model->Status() == L"Sorry: Type something to look for.");
    }).get();

    // A hidden page hears nothing more. The shop opens, and nobody waits for it.
    OnUI(dispatcher, [&]
    {
        page->Hide();
        page->m_changes.clear();
    }).get();
    shop.Open();
    SearchAsync(dispatcher, model, L"slow pine").get();
    OnUI(dispatcher, [&]
    {
        CHECK(model->Items().back() == L"slow pine lamp");
        CHECK(page->m_changes.empty());
    }).get();

    // Without the page's reference and this one the model is gone, although the queue still runs.
    weak_ref<ViewModel> weak = model->get_weak();
    OnUI(dispatcher, [&] { page = nullptr; }).get();
    model = nullptr;
    controller.ShutdownQueueAsync().get();
    CHECK(weak.get() == nullptr);

    std::puts("view-model: four queries answered, one cancelled, two errors shown");
    return 0;
}
