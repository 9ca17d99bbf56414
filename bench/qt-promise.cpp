/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Qt 6: QPromise, whose future goes on at home with then (context). */

#include "qt-loop.h"

#include <QFuture>
#include <QPromise>
#include <QThreadPool>

#include <memory>

static void
post (void      *loop,
      BenchItem *item)
{
  QMetaObject::invokeMethod (receiver_of (loop), [item] { item->run (item); },
                             Qt::QueuedConnection);
}

static std::shared_ptr<QPromise<void>>
promise_for (void      *home,
             BenchItem *item)
{
  auto promise = std::make_shared<QPromise<void>> ();

  promise->start ();
  promise->future ().then (receiver_of (home), [item] { item->done (item); });
  return promise;
}

static void
post_back (void      *there,
           void      *home,
           BenchItem *item)
{
  auto promise = promise_for (home, item);

  QMetaObject::invokeMethod (receiver_of (there), [item, promise] {
    item->run (item);
    promise->finish ();
  }, Qt::QueuedConnection);
}

static void
submit_back (void      *home,
             BenchItem *item)
{
  auto promise = promise_for (home, item);

  QThreadPool::globalInstance ()->start ([item, promise] {
    item->run (item);
    promise->finish ();
  });
}

extern "C" const BenchContender bench_contender = {
  qt_init, qt_loop_new, qt_loop_run, qt_loop_quit, qt_loop_free, post, post_back, nullptr,
  submit_back, nullptr, nullptr, nullptr, nullptr, nullptr,
};
