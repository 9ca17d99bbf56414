/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* loft::error, and a class for each code of LOFT_ERROR. */

#pragma once

#include <loft/loft.h>

#include <exception>
#include <memory>
#include <typeinfo>

namespace loft
{

/* Errors: one class for each LOFT_ERROR code, and the two of GIO that Loft uses. */

class error : public std::exception
{
public:
  /* Takes over @gerror. */
  explicit error (GError *gerror) : m_error (gerror, g_error_free) {}

  const char *what () const noexcept override { return m_error->message; }
  GQuark domain () const noexcept { return m_error->domain; }
  int code () const noexcept { return m_error->code; }
  const GError *gerror () const noexcept { return m_error.get (); }
  bool matches (GQuark domain, int code) const noexcept
  {
    return g_error_matches (m_error.get (), domain, code);
  }

private:
  std::shared_ptr<GError> m_error; /* shared, since exceptions are copied */
};

#define LOFT_HPP_ERROR_(name) \
  class name : public error   \
  {                           \
  public:                     \
    using error::error;       \
  }
LOFT_HPP_ERROR_ (illegal_method_call_error);
LOFT_HPP_ERROR_ (illegal_state_change_error);
LOFT_HPP_ERROR_ (illegal_delegate_assignment_error);
LOFT_HPP_ERROR_ (changed_mode_error);
LOFT_HPP_ERROR_ (not_initialized_error);
LOFT_HPP_ERROR_ (wrong_thread_error);
LOFT_HPP_ERROR_ (blocking_wait_error);
LOFT_HPP_ERROR_ (deadlock_error);
LOFT_HPP_ERROR_ (disconnected_error);
LOFT_HPP_ERROR_ (shut_down_error);
LOFT_HPP_ERROR_ (invalid_argument_error);
LOFT_HPP_ERROR_ (failed_error);
LOFT_HPP_ERROR_ (canceled_error);  /* G_IO_ERROR_CANCELLED */
LOFT_HPP_ERROR_ (timed_out_error); /* G_IO_ERROR_TIMED_OUT */
#undef LOFT_HPP_ERROR_

/* Throws @gerror, which it takes over, as the class of its code. */
[[noreturn]] inline void throw_error (GError *gerror)
{
  if (!gerror) /* a guard of the C function has refused, and logged it */
    gerror = g_error_new_literal (LOFT_ERROR, LOFT_ERROR_INVALID_ARGUMENT,
                                  "The object is empty, or of the wrong class");
  if (g_error_matches (gerror, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    throw canceled_error (gerror);
  if (g_error_matches (gerror, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    throw timed_out_error (gerror);
  if (gerror->domain == LOFT_ERROR)
    switch ((LoftError) gerror->code)
      {
      case LOFT_ERROR_ILLEGAL_METHOD_CALL: throw illegal_method_call_error (gerror);
      case LOFT_ERROR_ILLEGAL_STATE_CHANGE: throw illegal_state_change_error (gerror);
      case LOFT_ERROR_ILLEGAL_DELEGATE_ASSIGNMENT: throw illegal_delegate_assignment_error (gerror);
      case LOFT_ERROR_CHANGED_MODE: throw changed_mode_error (gerror);
      case LOFT_ERROR_NOT_INITIALIZED: throw not_initialized_error (gerror);
      case LOFT_ERROR_WRONG_THREAD: throw wrong_thread_error (gerror);
      case LOFT_ERROR_BLOCKING_WAIT: throw blocking_wait_error (gerror);
      case LOFT_ERROR_DEADLOCK: throw deadlock_error (gerror);
      case LOFT_ERROR_DISCONNECTED: throw disconnected_error (gerror);
      case LOFT_ERROR_SHUT_DOWN: throw shut_down_error (gerror);
      case LOFT_ERROR_INVALID_ARGUMENT: throw invalid_argument_error (gerror);
      case LOFT_ERROR_FAILED: throw failed_error (gerror);
      }
  throw error (gerror);
}

/* An exception of another family, such as that of <loft/loft-winrt.hpp>, that carries an error. */
class error_source
{
public:
  /* Returns a copy of the error, which the caller owns. */
  virtual GError *dup_gerror () const noexcept = 0;

protected:
  ~error_source () = default;
};

/* Returns the exception that is being handled as an error (transfer full). To be called in a catch
 * block. */
inline GError *current_error () noexcept
{
  try
    {
      throw;
    }
  catch (const error_source &caught)
    {
      return caught.dup_gerror ();
    }
  catch (const error &caught)
    {
      return g_error_copy (caught.gerror ());
    }
  catch (const std::exception &caught)
    {
      return g_error_new (LOFT_ERROR, LOFT_ERROR_FAILED, "%s: %s", typeid (caught).name (),
                          caught.what ());
    }
  catch (...)
    {
      return g_error_new_literal (LOFT_ERROR, LOFT_ERROR_FAILED,
                                  "An exception of an unknown class was thrown");
    }
}

/* Reports an error for which no action is there: to LoftDispatcher::unhandled-error. */
inline void report_unhandled (GError *gerror) noexcept
{
  loft_async_info_forget (LOFT_ASYNC_INFO (loft_action_new_failed (gerror)));
}

} /* namespace loft */
