/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Qt 6: QMetaObject::invokeMethod () with a functor, there and back; QThreadPool, and back. */

#include "qt-loop.h"

#include <QThreadPool>

static void
post (void      *loop,
      BenchItem *item)
{
  QMetaObject::invokeMethod (receiver_of (loop), [item] { item->run (item); },
                             Qt::QueuedConnection);
}

static void
post_back (void      *there,
           void      *home,
           BenchItem *item)
{
  QObject *receiver = receiver_of (home);

  QMetaObject::invokeMethod (receiver_of (there), [item, receiver] {
    item->run (item);
    QMetaObject::invokeMethod (receiver, [item] { item->done (item); }, Qt::QueuedConnection);
  }, Qt::QueuedConnection);
}

static void
submit (void      *,
        BenchItem *item)
{
  QThreadPool::globalInstance ()->start ([item] { item->run (item); });
}

static void
submit_back (void      *home,
             BenchItem *item)
{
  QObject *receiver = receiver_of (home);

  QThreadPool::globalInstance ()->start ([item, receiver] {
    item->run (item);
    QMetaObject::invokeMethod (receiver, [item] { item->done (item); }, Qt::QueuedConnection);
  });
}

extern "C" const BenchContender bench_contender = {
  qt_init, qt_loop_new, qt_loop_run, qt_loop_quit, qt_loop_free, post, post_back, submit,
  submit_back, nullptr, nullptr, nullptr, nullptr, nullptr,
};
