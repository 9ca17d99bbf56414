/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* How a function object becomes a callback of C. */

#pragma once

#include <loft/cpp/call-site.hpp>
#include <loft/cpp/error.hpp>

#include <utility>

namespace loft
{

/* Callbacks: a function object behind a C callback's user_data. It may be move-only. */

template <typename F>
void delete_callable (gpointer callable)
{
  try
    {
      delete static_cast<F *> (callable);
    }
  catch (...) /* a destructor that throws */
    {
      report_unhandled (current_error ());
    }
}

/* The arguments of a C function that takes a handler: the function that calls a function object of
 * this type, the function object, and what deletes it. */
#define LOFT_HPP_HANDLER_(call, callable) \
  call, new std::remove_cvref_t<decltype (callable)> (std::move (callable)), \
    ::loft::delete_callable<std::remove_cvref_t<decltype (callable)>>

/* The same, and the place. */
#define LOFT_HPP_HANDLER_AT_(call, callable, where)                            \
  LOFT_HPP_HANDLER_ (call, callable),                                          \
    where.template location<std::remove_cvref_t<decltype (callable)>> (), where.function

namespace detail
{

/* Runs @body. What it throws has no action, and goes to LoftDispatcher::unhandled-error. */
template <typename Body>
void report_thrown (Body &&body) noexcept
{
  try
    {
      body ();
    }
  catch (...)
    {
      report_unhandled (current_error ());
    }
}

/* Runs @body. What it throws becomes @gerror, and FALSE is returned. */
template <typename Body>
gboolean store_thrown (GError **gerror, Body &&body) noexcept
{
  try
    {
      body ();
      return TRUE;
    }
  catch (...)
    {
      g_propagate_error (gerror, current_error ());
      return FALSE;
    }
}

/* A LoftQueueHandler. */
template <typename F>
void run_item (gpointer callable) noexcept
{
  report_thrown ([callable] { (*static_cast<F *> (callable)) (); });
}

/* Connects a function object to a signal, whose C callback is @call. */
template <typename F>
gulong connect (gpointer object, const char *signal, GCallback call, F handler)
{
  return g_signal_connect_data (
      object, signal, call, new F (std::move (handler)),
      [] (gpointer callable, GClosure *) noexcept { delete_callable<F> (callable); },
      (GConnectFlags) 0);
}

} /* namespace detail */

} /* namespace loft */
