/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What coroutine files of C++/WinRT take from Windows itself: events and waits for them, Sleep, the
 * names of error codes, and which apartment a thread is in. It is for files that are ported; a new
 * one has better means. For Linux.
 *
 * WaitForSingleObject blocks the thread that calls it, also one with a dispatcher. */

#pragma once

#include <loft/winrt/handle.hpp>

#include <cerrno>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Types. */

using BOOL = int;
using DWORD = std::uint32_t;
using UINT = std::uint32_t;
using LONG = std::int32_t;
using ULONG = std::uint32_t;
using ULONGLONG = std::uint64_t;
using HRESULT = std::int32_t;
using HANDLE = void *;
using LPVOID = void *;
using LPCWSTR = const wchar_t *;
using PCWSTR = const wchar_t *;
using LPSECURITY_ATTRIBUTES = void *;

#define WINAPI
#define CALLBACK
#define STDMETHODCALLTYPE
#define __stdcall
#ifndef CONST
#define CONST const
#endif

/* Codes. */

#define S_OK ((HRESULT) 0)
#define S_FALSE ((HRESULT) 1)
#define E_NOTIMPL ((HRESULT) 0x80004001)
#define E_NOINTERFACE ((HRESULT) 0x80004002)
#define E_POINTER ((HRESULT) 0x80004003)
#define E_ABORT ((HRESULT) 0x80004004)
#define E_FAIL ((HRESULT) 0x80004005)
#define E_UNEXPECTED ((HRESULT) 0x8000ffff)
#define E_ACCESSDENIED ((HRESULT) 0x80070005)
#define E_HANDLE ((HRESULT) 0x80070006)
#define E_OUTOFMEMORY ((HRESULT) 0x8007000e)
#define E_INVALIDARG ((HRESULT) 0x80070057)
#define E_BOUNDS ((HRESULT) 0x8000000b)
#define E_CHANGED_STATE ((HRESULT) 0x8000000c)
#define E_ILLEGAL_STATE_CHANGE ((HRESULT) 0x8000000d)
#define E_ILLEGAL_METHOD_CALL ((HRESULT) 0x8000000e)
#define E_ILLEGAL_DELEGATE_ASSIGNMENT ((HRESULT) 0x80000018)
#define E_ASYNC_OPERATION_NOT_STARTED ((HRESULT) 0x80000019)
#define RO_E_CLOSED ((HRESULT) 0x80000013)
#define RPC_E_CHANGED_MODE ((HRESULT) 0x80010106)
#define RPC_E_DISCONNECTED ((HRESULT) 0x80010108)
#define RPC_E_WRONG_THREAD ((HRESULT) 0x8001010e)
#define RPC_E_SERVER_DIED_DNE ((HRESULT) 0x80010012)
#define JSCRIPT_E_CANTEXECUTE ((HRESULT) 0x89020001)
#define CO_E_NOTINITIALIZED ((HRESULT) 0x800401f0)
#define REGDB_E_CLASSNOTREG ((HRESULT) 0x80040154)
#define CLASS_E_CLASSNOTAVAILABLE ((HRESULT) 0x80040111)

#define SUCCEEDED(code) ((HRESULT) (code) >= 0)
#define FAILED(code) ((HRESULT) (code) < 0)

#define ERROR_SUCCESS 0u
#define ERROR_FILE_NOT_FOUND 2u
#define ERROR_ACCESS_DENIED 5u
#define ERROR_INVALID_HANDLE 6u
#define ERROR_INVALID_PARAMETER 87u
#define ERROR_NO_TASK_QUEUE 427u
#define ERROR_NOT_FOUND 1168u
#define ERROR_POSSIBLE_DEADLOCK 1131u
#define ERROR_CANCELLED 1223u
#define ERROR_TIMEOUT 1460u
#define RPC_S_SERVER_UNAVAILABLE 1722u
#define RPC_S_CALLPENDING ((HRESULT) 0x80010115)
#define RPC_E_NO_SYNC ((HRESULT) 0x80010120)

constexpr HRESULT HRESULT_FROM_WIN32 (DWORD number) noexcept
{
  return winrt::detail::from_win32 (number);
}

/* The error of the last call on this thread. */

namespace loft::windows
{

inline DWORD &last_error () noexcept
{
  static thread_local DWORD number = ERROR_SUCCESS;
  return number;
}

} /* namespace loft::windows */

inline DWORD GetLastError () noexcept
{
  return loft::windows::last_error ();
}
inline void SetLastError (DWORD number) noexcept
{
  loft::windows::last_error () = number;
}

/* Events. */

#define INFINITE 0xffffffffu
#define WAIT_OBJECT_0 0u
#define WAIT_TIMEOUT 258u
#define WAIT_FAILED 0xffffffffu
#define MAXIMUM_WAIT_OBJECTS 64

namespace loft::windows
{

/* Its descriptor can be read while it is signaled. */
class event final : public winrt::detail::waitable
{
public:
  event (int fd, bool manual) noexcept : m_fd (fd), m_manual (manual) {}

  int fd () const noexcept override { return m_fd; }

  bool try_take () noexcept override
  {
    if (!m_manual)
      return reset ();

    pollfd look = { m_fd, POLLIN, 0 };
    if (::poll (&look, 1, 0) <= 0)
      return false;
    (void) m_order.load (std::memory_order_acquire);
    return true;
  }

  void give_back () noexcept
  {
    if (!m_manual)
      set ();
  }

  void set () noexcept
  {
    const std::uint64_t one = 1;
    m_order.fetch_add (1, std::memory_order_release);
    [[maybe_unused]] ssize_t written = ::write (m_fd, &one, sizeof one);
  }

  /* Returns whether it was signaled; only one thread is told so for a signal. */
  bool reset () noexcept
  {
    std::uint64_t count;
    return ::read (m_fd, &count, sizeof count) == sizeof count;
  }

private:
  ~event () override { ::close (m_fd); }

  const int m_fd;
  const bool m_manual;
  std::atomic<unsigned> m_order{ 0 }; /* what was done before set () is seen by who has waited */
};

inline winrt::detail::waitable *object_of (HANDLE handle) noexcept
{
  if (!handle)
    SetLastError (ERROR_INVALID_HANDLE);
  return static_cast<winrt::detail::waitable *> (handle);
}

/* What is waited for, kept also if somebody closes its handle in the meantime. */
using objects = std::vector<winrt::detail::waitable_ref>;

/* Waits until one of @all is signaled, takes that signal, and returns its index; the number of
 * them: the time is over. @milliseconds is the time that is left, or -1 for no limit. */
inline std::size_t wait_for_one (const objects &all, std::int64_t milliseconds) noexcept
{
  auto end = std::chrono::steady_clock::now () + std::chrono::milliseconds (milliseconds);
  std::vector<pollfd> looks;

  for (const auto &each : all)
    looks.push_back ({ each->fd (), POLLIN, 0 });
  for (;;)
    {
      for (std::size_t i = 0; i < all.size (); i++)
        if (all[i]->try_take ())
          return i;

      std::int64_t rest = -1;
      if (milliseconds >= 0)
        {
          rest = std::chrono::ceil<std::chrono::milliseconds> (end
                                                               - std::chrono::steady_clock::now ())
                     .count ();
          if (rest <= 0)
            return all.size ();
        }
      ::poll (looks.data (), looks.size (), (int) std::min<std::int64_t> (rest, G_MAXINT));
    }
}

/* As well, for all of them. False: the time was over, and the signals that were taken until then
 * are given back. */
inline bool wait_for_all (const objects &all, std::int64_t milliseconds) noexcept
{
  auto end = std::chrono::steady_clock::now () + std::chrono::milliseconds (milliseconds);

  for (std::size_t i = 0; i < all.size (); i++)
    {
      std::int64_t rest = -1;
      objects one;

      if (milliseconds >= 0)
        rest = std::max<std::int64_t> (
            0, std::chrono::ceil<std::chrono::milliseconds> (end
                                                             - std::chrono::steady_clock::now ())
                   .count ());
      one.push_back (winrt::detail::keep (all[i].get ()));
      if (wait_for_one (one, rest) == 0)
        continue;
      while (i-- > 0)
        if (auto *taken = dynamic_cast<event *> (all[i].get ()))
          taken->give_back ();
      return false;
    }
  return true;
}

} /* namespace loft::windows */

/* Returns null with an error in GetLastError () if there is no descriptor left. A name, by which
 * Windows would share the event with other processes, is not supported. */
inline HANDLE CreateEventW (LPSECURITY_ATTRIBUTES, BOOL manual, BOOL initial, LPCWSTR name) noexcept
{
  int fd = name ? -1 : ::eventfd (initial ? 1 : 0, EFD_CLOEXEC | EFD_NONBLOCK);

  if (fd < 0)
    {
      SetLastError (name ? ERROR_INVALID_PARAMETER : ERROR_ACCESS_DENIED);
      return nullptr;
    }
  SetLastError (ERROR_SUCCESS);
  return static_cast<winrt::detail::waitable *> (new loft::windows::event (fd, manual));
}
inline HANDLE CreateEvent (LPSECURITY_ATTRIBUTES attributes, BOOL manual, BOOL initial,
                           LPCWSTR name) noexcept
{
  return CreateEventW (attributes, manual, initial, name);
}

#define CREATE_EVENT_MANUAL_RESET 1u
#define CREATE_EVENT_INITIAL_SET 2u
#define EVENT_MODIFY_STATE 2u
#define EVENT_ALL_ACCESS 0x1f0003u

inline HANDLE CreateEventExW (LPSECURITY_ATTRIBUTES attributes, LPCWSTR name, DWORD flags,
                              DWORD) noexcept
{
  return CreateEventW (attributes, (flags & CREATE_EVENT_MANUAL_RESET) != 0,
                       (flags & CREATE_EVENT_INITIAL_SET) != 0, name);
}
inline HANDLE CreateEventEx (LPSECURITY_ATTRIBUTES attributes, LPCWSTR name, DWORD flags,
                             DWORD access) noexcept
{
  return CreateEventExW (attributes, name, flags, access);
}

inline BOOL SetEvent (HANDLE handle) noexcept
{
  auto *event = dynamic_cast<loft::windows::event *> (loft::windows::object_of (handle));

  if (event)
    event->set ();
  return event != nullptr;
}

inline BOOL ResetEvent (HANDLE handle) noexcept
{
  auto *event = dynamic_cast<loft::windows::event *> (loft::windows::object_of (handle));

  if (event)
    event->reset ();
  return event != nullptr;
}

inline BOOL CloseHandle (HANDLE handle) noexcept
{
  auto *object = loft::windows::object_of (handle);

  if (object)
    object->unref ();
  return object != nullptr;
}

/* Blocks the thread, whichever it is, for one of several, or for all: these are waited for one
 * after the other, so that a signal that resets itself is taken before the others are there; it is
 * given back if the time is over. */
inline DWORD WaitForMultipleObjects (DWORD count, const HANDLE *handles, BOOL all,
                                     DWORD milliseconds) noexcept
{
  const std::int64_t time = milliseconds == INFINITE ? -1 : (std::int64_t) milliseconds;
  loft::windows::objects kept;

  if (count == 0 || count > MAXIMUM_WAIT_OBJECTS)
    {
      SetLastError (ERROR_INVALID_PARAMETER);
      return WAIT_FAILED;
    }
  for (DWORD i = 0; i < count; i++)
    {
      if (!loft::windows::object_of (handles[i]))
        return WAIT_FAILED;
      kept.push_back (winrt::detail::keep (handles[i]));
    }
  if (all)
    return loft::windows::wait_for_all (kept, time) ? WAIT_OBJECT_0 : WAIT_TIMEOUT;

  auto first = (DWORD) loft::windows::wait_for_one (kept, time);
  return first < count ? WAIT_OBJECT_0 + first : WAIT_TIMEOUT;
}

inline DWORD WaitForSingleObject (HANDLE handle, DWORD milliseconds) noexcept
{
  return WaitForMultipleObjects (1, &handle, 0, milliseconds);
}

inline DWORD WaitForSingleObjectEx (HANDLE handle, DWORD milliseconds, BOOL) noexcept
{
  return WaitForSingleObject (handle, milliseconds);
}

/* Threads and time. */

inline void Sleep (DWORD milliseconds) noexcept
{
  if (milliseconds == INFINITE)
    for (;;)
      ::pause ();
  std::this_thread::sleep_for (std::chrono::milliseconds (milliseconds));
}

inline DWORD SleepEx (DWORD milliseconds, BOOL) noexcept
{
  Sleep (milliseconds);
  return 0;
}

inline BOOL SwitchToThread () noexcept
{
  std::this_thread::yield ();
  return 1;
}

inline DWORD GetCurrentThreadId () noexcept
{
  return (DWORD) ::syscall (SYS_gettid);
}

inline DWORD GetCurrentProcessId () noexcept
{
  return (DWORD) ::getpid ();
}

inline ULONGLONG GetTickCount64 () noexcept
{
  return (ULONGLONG) (g_get_monotonic_time () / 1000);
}

/* Apartments. */

enum APTTYPE
{
  APTTYPE_CURRENT = -1,
  APTTYPE_STA = LOFT_APARTMENT_STA,
  APTTYPE_MTA = LOFT_APARTMENT_MTA,
  APTTYPE_NA = 2,
  APTTYPE_MAINSTA = LOFT_APARTMENT_MAIN_STA,
};

enum APTTYPEQUALIFIER
{
  APTTYPEQUALIFIER_NONE = LOFT_APARTMENT_QUALIFIER_NONE,
  APTTYPEQUALIFIER_IMPLICIT_MTA = LOFT_APARTMENT_QUALIFIER_IMPLICIT_MTA,
  APTTYPEQUALIFIER_NA_ON_MTA = 2,
  APTTYPEQUALIFIER_NA_ON_STA = 3,
  APTTYPEQUALIFIER_NA_ON_IMPLICIT_MTA = 4,
  APTTYPEQUALIFIER_NA_ON_MAINSTA = 5,
  APTTYPEQUALIFIER_APPLICATION_STA = 6,
};

enum COINIT
{
  COINIT_MULTITHREADED = 0,
  COINIT_APARTMENTTHREADED = 2,
};

inline HRESULT CoGetApartmentType (APTTYPE *type, APTTYPEQUALIFIER *qualifier) noexcept
{
  LoftApartmentType loft_type;
  LoftApartmentQualifier loft_qualifier;
  GError *gerror = nullptr;

  if (!type || !qualifier)
    return E_INVALIDARG;
  if (!loft_apartment_query (&loft_type, &loft_qualifier, &gerror))
    return winrt::hresult_error (gerror).code ();
  *type = (APTTYPE) loft_type;
  *qualifier = (APTTYPEQUALIFIER) loft_qualifier;
  return S_OK;
}

inline HRESULT CoInitializeEx (LPVOID, DWORD mode) noexcept
{
  GError *gerror = nullptr;

  if (!loft_apartment_init (mode & COINIT_APARTMENTTHREADED ? LOFT_APARTMENT_STA
                                                            : LOFT_APARTMENT_MTA,
                            &gerror))
    return winrt::hresult_error (gerror).code ();
  return S_OK;
}

inline void CoUninitialize () noexcept
{
  loft_apartment_uninit ();
}

enum RO_INIT_TYPE
{
  RO_INIT_SINGLETHREADED = 0,
  RO_INIT_MULTITHREADED = 1,
};

inline HRESULT RoInitialize (RO_INIT_TYPE type) noexcept
{
  return CoInitializeEx (nullptr, type == RO_INIT_MULTITHREADED ? COINIT_MULTITHREADED
                                                                : COINIT_APARTMENTTHREADED);
}

inline void RoUninitialize () noexcept
{
  CoUninitialize ();
}

/* What of C++/WinRT needs GetLastError (). */

namespace winrt
{

[[noreturn]] inline void throw_last_error ()
{
  throw_hresult (HRESULT_FROM_WIN32 (GetLastError ()));
}

template <typename T>
T check_bool (T result)
{
  if (!result)
    throw_last_error ();
  return result;
}

template <typename T>
T *check_pointer (T *pointer)
{
  if (!pointer)
    throw_last_error ();
  return pointer;
}

} /* namespace winrt */
