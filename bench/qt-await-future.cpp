/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* C++20 coroutines over Qt 6: co_await of a QFuture, which has a status, a cancel and an exception,
 * as an action of Loft has. What ends later is a QPromise, which a queued call finishes. */

#include "qt-coroutine.h"
#include "qt-loop.h"

#include <QFuture>
#include <QPromise>

#include <memory>

class FutureAwaiter
{
public:
  FutureAwaiter (QFuture<void> future, QObject *context) : m_future (future), m_context (context) {}

  bool await_ready () const { return m_future.isFinished (); }
  void await_suspend (std::coroutine_handle<> handle)
  {
    m_future.then (m_context, [handle] { handle.resume (); });
  }
  void await_resume () { m_future.waitForFinished (); } /* throws what the future has stored */

private:
  QFuture<void> m_future;
  QObject *m_context;
};

/* The queued call holds the promise, too, since the coroutine goes on inside finish (). */
static QFuture<void>
finish_later (QObject *receiver)
{
  auto promise = std::make_shared<QPromise<void>> ();

  promise->start ();
  QMetaObject::invokeMethod (receiver, [promise] { promise->finish (); }, Qt::QueuedConnection);
  return promise->future ();
}

static QtCoroutine
await_all_ended (QFuture<void> ended,
                 QObject      *receiver,
                 size_t        n,
                 BenchItem    *item)
{
  for (; n > 0; n--)
    co_await FutureAwaiter (ended, receiver);
  item->done (item);
}

static QtCoroutine
await_all_later (QObject   *receiver,
                 size_t     n,
                 BenchItem *item)
{
  for (; n > 0; n--)
    co_await FutureAwaiter (finish_later (receiver), receiver);
  item->done (item);
}

static void
await_ended (void      *home,
             size_t     n,
             BenchItem *item)
{
  QPromise<void> promise;

  promise.start ();
  promise.finish ();
  await_all_ended (promise.future (), receiver_of (home), n, item);
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
  .await_ended = await_ended,
  .await_later = await_later,
};
