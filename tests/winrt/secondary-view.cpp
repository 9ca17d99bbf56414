// SPDX-FileCopyrightText: 2026 The Loft authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// A reader opens a page of a book in a second view. Each view has its own thread and its own
// dispatcher, and what belongs to a view is touched on its thread only.

#include <winrt/Windows.Foundation.h>
#include <winrt/Windows.UI.Core.h>
#include <winrt/Windows.ApplicationModel.Core.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "check.h"

using namespace winrt;
using namespace Windows::ApplicationModel::Core;
using namespace Windows::Foundation;
using namespace Windows::UI::Core;

// The page of one view. It is made on the thread of the view, and every function is called there.
class Page
{
public:
    explicit Page(hstring const& title) :
        m_title(title), m_dispatcher(CoreWindow::GetForCurrentThread().Dispatcher())
    {
        CHECK(m_dispatcher.HasThreadAccess());
    }

    CoreDispatcher Dispatcher() const
    {
        return m_dispatcher;
    }

    hstring Title() const
    {
        CHECK(m_dispatcher.HasThreadAccess());
        return m_title;
    }

    void Append(hstring const& line)
    {
        CHECK(m_dispatcher.HasThreadAccess());
        m_lines.push_back(line);
    }

    std::vector<hstring> const& Lines() const
    {
        CHECK(m_dispatcher.HasThreadAccess());
        return m_lines;
    }

    bool IsIndexed() const
    {
        CHECK(m_dispatcher.HasThreadAccess());
        return m_indexed == m_lines.size();
    }

    void IndexOneLine()
    {
        CHECK(!IsIndexed());
        m_letters += m_lines[m_indexed].size();
        ++m_indexed;
    }

    uint32_t Letters() const
    {
        CHECK(m_dispatcher.HasThreadAccess());
        return m_letters;
    }

private:
    hstring m_title;
    CoreDispatcher m_dispatcher;
    std::vector<hstring> m_lines;
    size_t m_indexed = 0;
    uint32_t m_letters = 0;
};

// Opens a view with an empty page. It is called on the thread of the first view, and ends there.
static IAsyncAction OpenPageAsync(CoreApplicationView view, std::shared_ptr<Page>& page,
                                  hstring title)
{
    DispatchedHandler const open = [view, &page, title]
    {
        CHECK(CoreApplication::GetCurrentView() == view);
        page = std::make_shared<Page>(title);
    };

    co_await view.Dispatcher().RunAsync(CoreDispatcherPriority::Normal, open);
}

// Indexes the page whenever its view has nothing better to do.
static IAsyncAction IndexAsync(std::shared_ptr<Page> page, uint32_t& rounds)
{
    CoreDispatcher const dispatcher = page->Dispatcher();
    IdleDispatchedHandler const index = [page, &rounds](IdleDispatchedHandlerArgs const& args)
    {
        ++rounds;
        do
        {
            page->IndexOneLine();
        } while (!page->IsIndexed() && args.IsDispatcherIdle());
    };

    while (!page->IsIndexed())
    {
        co_await dispatcher.RunIdleAsync(index);
        CHECK(dispatcher.HasThreadAccess());
    }
}

// The view is busy with this coroutine, so that all four items wait, and go in the order of their
// priorities.
static IAsyncOperation<hstring> OrderAsync(CoreDispatcher dispatcher)
{
    co_await resume_foreground(dispatcher);

    auto order = std::make_shared<std::wstring>();
    IAsyncAction const low = dispatcher.RunAsync(CoreDispatcherPriority::Low, [order]
    {
        *order += L"low ";
    });
    IAsyncAction const normal = dispatcher.RunAsync(CoreDispatcherPriority::Normal, [order]
    {
        *order += L"normal ";
    });
    IAsyncAction const high = dispatcher.RunAsync(CoreDispatcherPriority::High, [order]
    {
        *order += L"high ";
    });
    IAsyncAction const idle = dispatcher.RunIdleAsync([order](IdleDispatchedHandlerArgs const&)
    {
        *order += L"idle";
    });

    CHECK(order->empty());
    co_await idle;
    CHECK(low.Status() == AsyncStatus::Completed);
    CHECK(normal.Status() == AsyncStatus::Completed);
    CHECK(high.Status() == AsyncStatus::Completed);
    co_return hstring(*order);
}

// The click on "Open in a new window", in the first view.
static IAsyncOperation<uint32_t> ReadAsync(CoreApplicationView first)
{
    co_await resume_foreground(first.Dispatcher());
    CHECK(first.Dispatcher().HasThreadAccess());

    apartment_context first_view;
    Page own{ L"Library" };

    CoreApplicationView const second = CoreApplication::CreateNewView();
    CHECK(second != first);
    CHECK(!second.Dispatcher().HasThreadAccess());

    std::shared_ptr<Page> page;
    co_await OpenPageAsync(second, page, L"Chapter 2");
    CHECK(first.Dispatcher().HasThreadAccess());
    own.Append(L"A new window is open.");

    // Walk over to the second view, fill its page, and come back with what the first view shows.
    co_await resume_foreground(second.Dispatcher());
    CHECK(second.Dispatcher().HasThreadAccess());
    CHECK(!first.Dispatcher().HasThreadAccess());
    for (int line = 1; line <= 20; ++line)
    {
        page->Append(L"line " + to_hstring(line));
    }
    hstring const title = page->Title();

    co_await first_view;
    CHECK(first.Dispatcher().HasThreadAccess());
    own.Append(title + L" is filled.");

    // The index is made when the second view is idle. Its coroutine stays in that view.
    co_await resume_foreground(second.Dispatcher(), CoreDispatcherPriority::Low);
    uint32_t rounds = 0;
    co_await IndexAsync(page, rounds);
    CHECK(second.Dispatcher().HasThreadAccess());
    CHECK(page->IsIndexed());
    CHECK(rounds >= 1 && rounds <= 20);
    uint32_t const letters = page->Letters();

    // An awaited action of another view brings the coroutine back to its own.
    co_await first_view;
    hstring const order = co_await OrderAsync(second.Dispatcher());
    CHECK(first.Dispatcher().HasThreadAccess());
    CHECK(order == L"high normal low idle");
    own.Append(to_hstring(letters) + L" letters.");

    // An error in a view's handler comes out of the await, in the view that waits.
    bool failed = false;
    try
    {
        co_await second.Dispatcher().RunAsync(CoreDispatcherPriority::High, []
        {
            throw hresult_access_denied(L"The page is read-only.");
        });
    }
    catch (hresult_access_denied const& error)
    {
        failed = error.message() == L"The page is read-only.";
    }
    CHECK(failed);
    CHECK(first.Dispatcher().HasThreadAccess());

    // The second window is closed in its view, with all that belongs to it.
    co_await second.Dispatcher().RunAsync(CoreDispatcherPriority::Normal, [&page]
    {
        page = nullptr;
        CoreWindow::GetForCurrentThread().Close();
    });
    CHECK(first.Dispatcher().HasThreadAccess());
    CHECK(own.Lines().size() == 3);
    CHECK(own.Lines()[1] == L"Chapter 2 is filled.");
    co_return letters;
}

int main()
{
    init_apartment();

    // The system gives an app its first view. This program makes it, too.
    CoreApplicationView const first = CoreApplication::CreateNewView();
    CHECK(!first.Dispatcher().HasThreadAccess());

    // "line 1" to "line 9" have six letters, "line 10" to "line 20" seven.
    uint32_t const letters = ReadAsync(first).get();
    CHECK(letters == 9 * 6 + 11 * 7);

    // The first view can be asked whether it takes one more item. It does, and then it is closed.
    bool const taken = first.Dispatcher().TryRunAsync(CoreDispatcherPriority::Normal, [first]
    {
        CHECK(first.Dispatcher().HasThreadAccess());
        CHECK(first.Dispatcher().CurrentPriority() == CoreDispatcherPriority::Normal);
    }).get();
    CHECK(taken);
    first.Dispatcher().RunAsync(CoreDispatcherPriority::Normal, []
    {
        CoreWindow::GetForCurrentThread().Close();
    }).get();

    std::printf("secondary-view: %u letters of the second view counted in the first\n", letters);
    return 0;
}
