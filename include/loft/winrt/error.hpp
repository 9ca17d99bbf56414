/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* winrt::hresult_error and its family, and how they and a GError become each other. */

#pragma once

#include <loft/winrt/hstring.hpp>

#include <cassert>
#include <new>
#include <stdexcept>

#ifndef WINRT_ASSERT
#define WINRT_ASSERT(expression) assert (expression)
#endif
#ifndef WINRT_VERIFY
#ifdef NDEBUG
#define WINRT_VERIFY(expression) (void) (expression)
#else
#define WINRT_VERIFY(expression) assert (expression)
#endif
#endif

namespace winrt
{

/* A number that says how a call ended: negative for a failure. */
struct hresult
{
  std::int32_t value = 0;

  constexpr hresult () noexcept = default;
  constexpr hresult (std::int32_t from) noexcept : value (from) {}
  constexpr hresult (std::uint32_t from) noexcept : value ((std::int32_t) from) {}
  constexpr operator std::int32_t () const noexcept { return value; }
};

namespace detail
{

constexpr hresult code (std::uint32_t value) noexcept
{
  return hresult (value);
}

constexpr hresult from_win32 (std::uint32_t number) noexcept
{
  return (std::int32_t) number <= 0 ? code (number) : code ((number & 0xffff) | 0x80070000);
}

inline constexpr hresult ok = code (0);
inline constexpr hresult error_fail = code (0x80004005);
inline constexpr hresult error_access_denied = code (0x80070005);
inline constexpr hresult error_wrong_thread = code (0x8001010e);
inline constexpr hresult error_not_implemented = code (0x80004001);
inline constexpr hresult error_invalid_argument = code (0x80070057);
inline constexpr hresult error_out_of_bounds = code (0x8000000b);
inline constexpr hresult error_no_interface = code (0x80004002);
inline constexpr hresult error_class_not_available = code (0x80040111);
inline constexpr hresult error_class_not_registered = code (0x80040154);
inline constexpr hresult error_changed_state = code (0x8000000c);
inline constexpr hresult error_illegal_method_call = code (0x8000000e);
inline constexpr hresult error_illegal_state_change = code (0x8000000d);
inline constexpr hresult error_illegal_delegate_assignment = code (0x80000018);
inline constexpr hresult error_canceled = from_win32 (1223);
inline constexpr hresult error_bad_alloc = code (0x8007000e);
inline constexpr hresult error_not_initialized = code (0x800401f0);
inline constexpr hresult error_changed_mode = code (0x80010106);
inline constexpr hresult error_disconnected = code (0x80010108);
inline constexpr hresult error_server_died = code (0x80010012);
inline constexpr hresult error_server_unavailable = from_win32 (1722);
inline constexpr hresult error_cannot_execute = code (0x89020001);
inline constexpr hresult error_timeout = from_win32 (1460);
inline constexpr hresult error_no_task_queue = from_win32 (427);
inline constexpr hresult error_possible_deadlock = from_win32 (1131);
inline constexpr hresult error_file_not_found = from_win32 (2);
inline constexpr hresult error_pointer = code (0x80004003);
inline constexpr hresult error_handle = code (0x80070006);

/* Codes that have no equal in Loft are errors of this domain, with the HRESULT as their code. */
inline GQuark hresult_quark () noexcept
{
  return g_quark_from_static_string ("loft-winrt-hresult");
}

struct code_pair
{
  hresult code;
  int error; /* of LOFT_ERROR */
};

/* The first row of a LOFT_ERROR is the code that it becomes. */
inline constexpr code_pair code_table[] = {
  { error_illegal_method_call, LOFT_ERROR_ILLEGAL_METHOD_CALL },
  { error_illegal_state_change, LOFT_ERROR_ILLEGAL_STATE_CHANGE },
  { error_illegal_delegate_assignment, LOFT_ERROR_ILLEGAL_DELEGATE_ASSIGNMENT },
  { error_changed_mode, LOFT_ERROR_CHANGED_MODE },
  { error_not_initialized, LOFT_ERROR_NOT_INITIALIZED },
  { error_wrong_thread, LOFT_ERROR_WRONG_THREAD },
  { error_possible_deadlock, LOFT_ERROR_BLOCKING_WAIT },
  { error_possible_deadlock, LOFT_ERROR_DEADLOCK },
  { error_disconnected, LOFT_ERROR_DISCONNECTED },
  { error_no_task_queue, LOFT_ERROR_SHUT_DOWN },
  { error_invalid_argument, LOFT_ERROR_INVALID_ARGUMENT },
  { error_fail, LOFT_ERROR_FAILED },
};

inline hresult code_of (const GError *gerror) noexcept
{
  if (g_error_matches (gerror, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return error_canceled;
  if (g_error_matches (gerror, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    return error_timeout;
  if (g_error_matches (gerror, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    return error_file_not_found;
  if (g_error_matches (gerror, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED))
    return error_access_denied;
  if (gerror->domain == hresult_quark ())
    return gerror->code;
  if (gerror->domain == LOFT_ERROR)
    for (const code_pair &row : code_table)
      if (row.error == gerror->code)
        return row.code;
  return error_fail;
}

/* What a code says when nobody gave a message. */
inline const char *default_message (hresult code) noexcept
{
  struct text
  {
    hresult code;
    const char *message;
  };
  static constexpr text texts[] = {
    { error_fail, "Unspecified error" },
    { error_access_denied, "Access is denied" },
    { error_wrong_thread, "This belongs to another thread" },
    { error_not_implemented, "This is not implemented" },
    { error_invalid_argument, "An argument is not valid" },
    { error_out_of_bounds, "The index is out of bounds" },
    { error_no_interface, "The object has no such interface" },
    { error_class_not_available, "There is no such class" },
    { error_class_not_registered, "The class is not registered" },
    { error_changed_state, "The state has changed, and the result is no longer valid" },
    { error_illegal_method_call, "This can't be called in the object's present state" },
    { error_illegal_state_change, "The object can't change to that state" },
    { error_illegal_delegate_assignment, "The handler has been set before" },
    { error_canceled, "The operation was canceled" },
    { error_bad_alloc, "There is not enough memory" },
    { error_not_initialized, "The thread has not entered an apartment" },
    { error_changed_mode, "The thread is in an apartment of the other kind" },
    { error_disconnected, "The object is disconnected: the thread that it lived on is gone" },
    { error_timeout, "The time is over" },
    { error_no_task_queue, "The dispatcher accepts no more work" },
    { error_possible_deadlock, "The wait would block a thread that has a dispatcher" },
    { error_file_not_found, "There is no such file" },
    { error_pointer, "A pointer is null" },
  };

  for (const text &row : texts)
    if (row.code == code)
      return row.message;
  return "Unknown error";
}

inline GError *make_gerror (hresult code, const char *message) noexcept
{
  if (code == error_canceled)
    return g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, message);
  if (code == error_timeout)
    return g_error_new_literal (G_IO_ERROR, G_IO_ERROR_TIMED_OUT, message);
  for (const code_pair &row : code_table)
    if (row.code == code)
      return g_error_new_literal (LOFT_ERROR, row.error, message);
  return g_error_new_literal (hresult_quark (), code, message);
}

/* The error that to_abi () has left on this thread for an hresult_error of the same code. */
inline std::shared_ptr<GError> &thread_error () noexcept
{
  static thread_local std::shared_ptr<GError> error;
  return error;
}

} /* namespace detail */

struct take_ownership_from_abi_t
{
};
inline constexpr take_ownership_from_abi_t take_ownership_from_abi{};

/* Says that the message is the one that to_abi () has left on this thread. */
struct from_abi_t
{
};
inline constexpr from_abi_t from_abi{};

/* As on Windows, it is no std::exception. */
struct hresult_error : public loft::error_source
{
  hresult_error () noexcept : hresult_error (detail::error_fail) {}
  explicit hresult_error (hresult code) noexcept
      : m_error (detail::make_gerror (code, detail::default_message (code)), g_error_free),
        m_code (code)
  {
  }
  hresult_error (hresult code, const hstring &message) noexcept
      : m_error (detail::make_gerror (code, winrt::to_string (message).c_str ()), g_error_free),
        m_code (code)
  {
  }
  hresult_error (hresult code, take_ownership_from_abi_t) noexcept
      : hresult_error (code, from_abi)
  {
  }
  hresult_error (hresult code, from_abi_t) noexcept : hresult_error (code)
  {
    auto kept = std::exchange (detail::thread_error (), nullptr);

    if (kept && detail::code_of (kept.get ()) == code)
      m_error = kept;
  }
  /* Takes over an error of C code. */
  explicit hresult_error (GError *gerror) noexcept
      : m_error (gerror, g_error_free), m_code (detail::code_of (gerror))
  {
  }

  hresult code () const noexcept { return m_code; }
  hstring message () const noexcept { return to_hstring (m_error->message); }

  /* Returns the code, and leaves the message on this thread for whoever makes an exception of it
   * again. */
  hresult to_abi () const noexcept
  {
    detail::thread_error () = m_error;
    return m_code;
  }

  const GError *gerror () const noexcept { return m_error.get (); }
  GError *dup_gerror () const noexcept override { return g_error_copy (m_error.get ()); }

private:
  std::shared_ptr<GError> m_error; /* shared, since exceptions are copied */
  hresult m_code;
};

#define LOFT_WINRT_ERROR_(name)                                                        \
  struct hresult_##name : public hresult_error                                         \
  {                                                                                    \
    hresult_##name () noexcept : hresult_error (detail::error_##name) {}               \
    hresult_##name (const hstring &message) noexcept                                   \
        : hresult_error (detail::error_##name, message)                                \
    {                                                                                  \
    }                                                                                  \
    hresult_##name (take_ownership_from_abi_t) noexcept                                \
        : hresult_error (detail::error_##name, from_abi)                               \
    {                                                                                  \
    }                                                                                  \
    hresult_##name (from_abi_t) noexcept                                               \
        : hresult_error (detail::error_##name, from_abi)                               \
    {                                                                                  \
    }                                                                                  \
    explicit hresult_##name (GError *gerror) noexcept : hresult_error (gerror) {}      \
  }
LOFT_WINRT_ERROR_ (access_denied);
LOFT_WINRT_ERROR_ (wrong_thread);
LOFT_WINRT_ERROR_ (not_implemented);
LOFT_WINRT_ERROR_ (invalid_argument);
LOFT_WINRT_ERROR_ (out_of_bounds);
LOFT_WINRT_ERROR_ (no_interface);
LOFT_WINRT_ERROR_ (class_not_available);
LOFT_WINRT_ERROR_ (class_not_registered);
LOFT_WINRT_ERROR_ (changed_state);
LOFT_WINRT_ERROR_ (illegal_method_call);
LOFT_WINRT_ERROR_ (illegal_state_change);
LOFT_WINRT_ERROR_ (illegal_delegate_assignment);
LOFT_WINRT_ERROR_ (canceled);
#undef LOFT_WINRT_ERROR_

namespace detail
{

/* Throws @gerror, which it takes over, as the class of its code. */
[[noreturn]] inline void throw_gerror (GError *gerror)
{
  if (!gerror) /* a guard of the C function has refused, and logged it */
    throw hresult_error (error_pointer, L"The reference is null, or of the wrong class");

  hresult code = code_of (gerror);

#define LOFT_WINRT_THROW_(name)   \
  if (code == error_##name)       \
  throw hresult_##name (gerror)
  LOFT_WINRT_THROW_ (access_denied);
  LOFT_WINRT_THROW_ (wrong_thread);
  LOFT_WINRT_THROW_ (not_implemented);
  LOFT_WINRT_THROW_ (invalid_argument);
  LOFT_WINRT_THROW_ (out_of_bounds);
  LOFT_WINRT_THROW_ (no_interface);
  LOFT_WINRT_THROW_ (class_not_available);
  LOFT_WINRT_THROW_ (class_not_registered);
  LOFT_WINRT_THROW_ (changed_state);
  LOFT_WINRT_THROW_ (illegal_method_call);
  LOFT_WINRT_THROW_ (illegal_state_change);
  LOFT_WINRT_THROW_ (illegal_delegate_assignment);
  LOFT_WINRT_THROW_ (canceled);
#undef LOFT_WINRT_THROW_
  if (code == error_bad_alloc)
    {
      g_error_free (gerror);
      throw std::bad_alloc ();
    }
  throw hresult_error (gerror);
}

/* Calls @call, and throws what a class of loft:: says as a class of winrt::. */
template <typename F>
decltype (auto) translate (F &&call)
{
  try
    {
      return call ();
    }
  catch (const loft::error &caught)
    {
      throw_gerror (g_error_copy (caught.gerror ()));
    }
}

} /* namespace detail */

/* Throws the class of @code, with the message that to_abi () has left on this thread, if any. */
[[noreturn]] inline void throw_hresult (hresult code)
{
  hresult_error error (code, from_abi);

  detail::throw_gerror (error.dup_gerror ());
}

inline hresult check_hresult (hresult code)
{
  if (code < 0)
    throw_hresult (code);
  return code;
}

template <typename T>
void check_win32 (T number)
{
  if (number != 0)
    throw_hresult (detail::from_win32 ((std::uint32_t) number));
}

/* Returns the code of the exception that is being handled. To be called in a catch block. */
inline hresult to_hresult () noexcept
{
  try
    {
      throw;
    }
  catch (const hresult_error &caught)
    {
      return caught.to_abi ();
    }
  catch (const loft::error &caught)
    {
      return hresult_error (g_error_copy (caught.gerror ())).to_abi ();
    }
  catch (const std::bad_alloc &)
    {
      detail::thread_error () = nullptr; /* an older error may have left its message */
      return detail::error_bad_alloc;
    }
  catch (const std::out_of_range &caught)
    {
      return hresult_out_of_bounds (to_hstring (caught.what ())).to_abi ();
    }
  catch (const std::invalid_argument &caught)
    {
      return hresult_invalid_argument (to_hstring (caught.what ())).to_abi ();
    }
  catch (const std::exception &caught)
    {
      return hresult_error (detail::error_fail, to_hstring (caught.what ())).to_abi ();
    }
  catch (...)
    {
      detail::thread_error () = nullptr;
      return detail::error_fail;
    }
}

/* Returns what the exception that is being handled says. To be called in a catch block. */
inline hstring to_message ()
{
  hresult code = to_hresult ();

  return hresult_error (code, from_abi).message ();
}

} /* namespace winrt */
