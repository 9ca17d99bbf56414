/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* An event loop of Qt, and an object on its thread that receives the posts. QT_NO_GLIB decides
 * which event dispatcher Qt uses. */

#pragma once

#include "bench.h"

#include <QCoreApplication>
#include <QEventLoop>
#include <QObject>

struct QtLoop
{
  QEventLoop loop;
  QObject receiver;
};

static void
qt_init (void)
{
  static int argc = 1;
  static char name[] = "bench";
  static char *argv[] = { name, nullptr };

  new QCoreApplication (argc, argv);
}

static void *
qt_loop_new (void)
{
  return new QtLoop;
}

static void
qt_loop_run (void *loop)
{
  static_cast<QtLoop *> (loop)->loop.exec ();
}

static void
qt_loop_quit (void *loop)
{
  static_cast<QtLoop *> (loop)->loop.quit ();
}

static void
qt_loop_free (void *loop)
{
  delete static_cast<QtLoop *> (loop);
}

static inline QObject *
receiver_of (void *loop)
{
  return &static_cast<QtLoop *> (loop)->receiver;
}
