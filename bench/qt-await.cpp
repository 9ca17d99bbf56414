/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* C++20 coroutines over Qt 6, the least there can be: co_await of a queued call, which resumes the
 * coroutine. There is no object that has a status or an error, and so none that has ended. */

#include "qt-coroutine.h"
#include "qt-loop.h"

struct QueuedCall
{
  QObject *receiver;

  bool await_ready () const noexcept { return false; }
  void await_suspend (std::coroutine_handle<> handle) const
  {
    QMetaObject::invokeMethod (receiver, [handle] { handle.resume (); }, Qt::QueuedConnection);
  }
  void await_resume () const noexcept {}
};

static QtCoroutine
await_all_later (QObject   *receiver,
                 size_t     n,
                 BenchItem *item)
{
  for (; n > 0; n--)
    co_await QueuedCall { receiver };
  item->done (item);
}

static void
await_later (void      *home,
             size_t     n,
             BenchItem *item)
{
  await_all_later (receiver_of (home), n, item);
}

extern "C" const BenchContender bench_contender = {
  .init = qt_init,
  .loop_new = qt_loop_new,
  .loop_run = qt_loop_run,
  .loop_quit = qt_loop_quit,
  .loop_free = qt_loop_free,
  .await_later = await_later,
};
