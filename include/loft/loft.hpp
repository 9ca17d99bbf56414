/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Loft for C++20: coroutines that are async objects, co_await, lambdas as handlers, and exceptions.
 *
 * The header needs no library of its own. Every class holds a reference to a C object, so that C
 * functions can be used beside it. No exception crosses C code: one that leaves a handler or a
 * coroutine becomes the error of its action. */

#pragma once

#if __cplusplus < 202002L
#error "<loft/loft.hpp> needs C++20: compile with -std=c++20"
#endif

#include <loft/cpp/agile-ref.hpp>
#include <loft/cpp/apartment.hpp>
#include <loft/cpp/async-info.hpp>
#include <loft/cpp/awaiter.hpp>
#include <loft/cpp/call-site.hpp>
#include <loft/cpp/coroutine.hpp>
#include <loft/cpp/debouncer.hpp>
#include <loft/cpp/deferral.hpp>
#include <loft/cpp/dispatcher.hpp>
#include <loft/cpp/dispatcher-controller.hpp>
#include <loft/cpp/dispatcher-timer.hpp>
#include <loft/cpp/error.hpp>
#include <loft/cpp/event-source.hpp>
#include <loft/cpp/flags.hpp>
#include <loft/cpp/handler.hpp>
#include <loft/cpp/latest-slot.hpp>
#include <loft/cpp/limiter.hpp>
#include <loft/cpp/owned-by.hpp>
#include <loft/cpp/ref.hpp>
#include <loft/cpp/resume.hpp>
#include <loft/cpp/run-synchronously.hpp>
#include <loft/cpp/task-group.hpp>
#include <loft/cpp/thread-pool.hpp>
#include <loft/cpp/thread-pool-timer.hpp>
#include <loft/cpp/throttler.hpp>
#include <loft/cpp/token.hpp>
#include <loft/cpp/value.hpp>
#include <loft/cpp/when.hpp>
#include <loft/cpp/work.hpp>
#include <loft/cpp/work-settings.hpp>
