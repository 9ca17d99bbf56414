/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A C++20 coroutine that nobody waits for. Qt itself has no coroutines. */

#pragma once

#include <coroutine>
#include <exception>

struct QtCoroutine
{
  struct promise_type
  {
    QtCoroutine get_return_object () noexcept { return {}; }
    std::suspend_never initial_suspend () noexcept { return {}; }
    std::suspend_never final_suspend () noexcept { return {}; }
    void return_void () noexcept {}
    void unhandled_exception () noexcept { std::terminate (); }
  };
};
