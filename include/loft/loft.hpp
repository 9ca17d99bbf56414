/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Loft for C++20: coroutines that are async objects, co_await, lambdas as handlers, and exceptions.
 *
 * The header needs no library of its own. Every class holds a reference to a C object, so that C
 * functions can be used beside it. No exception crosses C code: one that leaves a handler or a
 * coroutine becomes the error of its action. */

#pragma once

#include <loft/loft.h>

#include <chrono>
#include <concepts>
#include <coroutine>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <typeinfo>
#include <utility>
#include <vector>

namespace loft
{

/* References. */

/* A reference to a GObject or to an object of an interface, counted by GObject. */
template <typename T>
class ref
{
public:
  ref () noexcept = default;
  ref (const ref &other) noexcept : m_object (other.m_object)
  {
    if (m_object)
      g_object_ref (m_object);
  }
  ref (ref &&other) noexcept : m_object (std::exchange (other.m_object, nullptr)) {}
  ~ref ()
  {
    if (m_object)
      g_object_unref (m_object);
  }
  ref &operator= (ref other) noexcept
  {
    std::swap (m_object, other.m_object);
    return *this;
  }

  /* Takes over a reference that the caller has. */
  static ref take (T *object) noexcept
  {
    ref self;
    self.m_object = object;
    return self;
  }

  /* Takes a reference of its own. */
  static ref hold (T *object) noexcept
  {
    return take (object ? (T *) g_object_ref (object) : nullptr);
  }

  T *get () const noexcept { return m_object; }
  T *operator->() const noexcept { return m_object; }
  explicit operator bool () const noexcept { return m_object != nullptr; }
  T *release () noexcept { return std::exchange (m_object, nullptr); }

private:
  T *m_object = nullptr;
};

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

/* Values: how a C++ type goes through a GValue. Any copyable type does, in a box of its own. */

template <typename T>
struct value_traits
{
  static GType type ()
  {
    static const GType gtype = register_type ();
    return gtype;
  }
  static void set (GValue *value, T from)
  {
    g_value_take_boxed (value, new std::shared_ptr<T> (std::make_shared<T> (std::move (from))));
  }
  static T get (const GValue *value)
  {
    auto *box = static_cast<std::shared_ptr<T> *> (g_value_get_boxed (value));

    if (!box)
      throw_error (g_error_new_literal (LOFT_ERROR, LOFT_ERROR_INVALID_ARGUMENT,
                                        "The value is empty"));
    return **box;
  }

private:
  static gpointer copy (gpointer boxed)
  {
    return new std::shared_ptr<T> (*static_cast<std::shared_ptr<T> *> (boxed));
  }
  static void free (gpointer boxed) { delete static_cast<std::shared_ptr<T> *> (boxed); }
  static GType register_type ()
  {
    std::string name = std::string ("LoftCpp-") + typeid (T).name ();

    for (char &c : name)
      if (!g_ascii_isalnum (c) && c != '-' && c != '_' && c != '+')
        c = '+';
    if (GType known = g_type_from_name (name.c_str ()))
      return known; /* another library has registered it */
    return g_boxed_type_register_static (name.c_str (), copy, free);
  }
};

#define LOFT_HPP_VALUE_(ctype, gtype, name)                                               \
  template <>                                                                             \
  struct value_traits<ctype>                                                              \
  {                                                                                       \
    static GType type () { return gtype; }                                                \
    static void set (GValue *value, ctype from) { g_value_set_##name (value, from); }     \
    static ctype get (const GValue *value) { return (ctype) g_value_get_##name (value); } \
  }
LOFT_HPP_VALUE_ (bool, G_TYPE_BOOLEAN, boolean);
LOFT_HPP_VALUE_ (int, G_TYPE_INT, int);
LOFT_HPP_VALUE_ (unsigned, G_TYPE_UINT, uint);
LOFT_HPP_VALUE_ (long, G_TYPE_INT64, int64);
LOFT_HPP_VALUE_ (long long, G_TYPE_INT64, int64);
LOFT_HPP_VALUE_ (unsigned long, G_TYPE_UINT64, uint64);
LOFT_HPP_VALUE_ (unsigned long long, G_TYPE_UINT64, uint64);
LOFT_HPP_VALUE_ (float, G_TYPE_FLOAT, float);
LOFT_HPP_VALUE_ (double, G_TYPE_DOUBLE, double);
#undef LOFT_HPP_VALUE_

template <>
struct value_traits<std::string>
{
  static GType type () { return G_TYPE_STRING; }
  static void set (GValue *value, const std::string &from)
  {
    g_value_set_string (value, from.c_str ());
  }
  static std::string get (const GValue *value)
  {
    const char *text = g_value_get_string (value);
    return text ? text : "";
  }
};

template <typename T>
struct value_traits<ref<T>>
{
  static GType type () { return G_TYPE_OBJECT; }
  static void set (GValue *value, const ref<T> &from) { g_value_set_object (value, from.get ()); }
  static ref<T> get (const GValue *value)
  {
    return ref<T>::hold ((T *) g_value_get_object (value));
  }
};

/* A GValue that is unset at its end. */
class boxed_value
{
public:
  boxed_value () = default;
  template <typename T>
  explicit boxed_value (T from)
  {
    g_value_init (&m_value, value_traits<T>::type ());
    value_traits<T>::set (&m_value, std::move (from));
  }
  boxed_value (const boxed_value &) = delete;
  ~boxed_value ()
  {
    if (G_IS_VALUE (&m_value))
      g_value_unset (&m_value);
  }
  GValue *get () noexcept { return &m_value; }

private:
  GValue m_value = G_VALUE_INIT;
};

/* Whether @number, which GObject would cut, can be a @T. */
template <typename T>
bool fits (const GValue *number) noexcept
{
  if (G_VALUE_HOLDS_INT64 (number))
    return std::in_range<T> (g_value_get_int64 (number));
  if (G_VALUE_HOLDS_UINT64 (number))
    return std::in_range<T> (g_value_get_uint64 (number));
  if (G_VALUE_HOLDS_UINT (number))
    return std::in_range<T> (g_value_get_uint (number));
  if (G_VALUE_HOLDS_INT (number))
    return std::in_range<T> (g_value_get_int (number));
  return true;
}

/* Converts a value, as GObject does; throws if that is not possible, or if a whole number would
 * become another one. */
template <typename T>
T convert (const GValue *value)
{
  boxed_value fit;

  if constexpr (std::is_same_v<T, int> || std::is_same_v<T, unsigned> || std::is_same_v<T, long>
                || std::is_same_v<T, long long> || std::is_same_v<T, unsigned long>
                || std::is_same_v<T, unsigned long long>)
    if (!fits<T> (value))
      {
        char *text = g_strdup_value_contents (value);
        GError *gerror = g_error_new (LOFT_ERROR, LOFT_ERROR_INVALID_ARGUMENT,
                                      "The value is %s, which a %s can't hold; ask for a wider "
                                      "type", text, g_type_name (value_traits<T>::type ()));

        g_free (text);
        throw_error (gerror);
      }
  g_value_init (fit.get (), value_traits<T>::type ());
  if (!g_value_type_transformable (G_VALUE_TYPE (value), value_traits<T>::type ())
      || !g_value_transform (value, fit.get ()))
    throw_error (g_error_new (LOFT_ERROR, LOFT_ERROR_INVALID_ARGUMENT,
                              "The value is a %s, which can't be converted to %s",
                              G_VALUE_TYPE_NAME (value), g_type_name (value_traits<T>::type ())));
  return value_traits<T>::get (fit.get ());
}

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

/* Async objects. */

using duration = std::chrono::duration<std::int64_t, std::micro>;

class action;
template <typename T>
class operation;
class dispatcher;

/* What all async objects have. */
class async_info
{
public:
  async_info () noexcept = default;
  explicit async_info (ref<LoftAsyncInfo> info) noexcept : m_info (std::move (info)) {}

  LoftAsyncInfo *info () const noexcept { return m_info.get (); }
  explicit operator bool () const noexcept { return (bool) m_info; }

  LoftAsyncStatus status () const noexcept { return loft_async_info_get_status (info ()); }
  bool has_ended () const noexcept { return loft_async_info_has_ended (info ()); }
  bool is_canceled () const noexcept { return loft_async_info_is_canceled (info ()); }
  std::uint64_t id () const noexcept { return loft_async_info_get_id (info ()); }
  void cancel () const noexcept { loft_async_info_cancel (info ()); }

  /* Gives the reference up, and is empty after this. */
  ref<LoftAsyncInfo> steal () noexcept { return std::move (m_info); }

  void close () const
  {
    GError *gerror = nullptr;

    if (!loft_async_info_close (info (), &gerror))
      throw_error (gerror);
  }

  /* Blocks until the object has ended or @time is over. */
  LoftAsyncStatus wait_for (duration time) const
  {
    GError *gerror = nullptr;
    LoftAsyncStatus status = loft_async_info_wait_for (info (), time.count (), &gerror);

    if (gerror)
      throw_error (gerror);
    return status;
  }

  /* Sets the one completed handler: handler (const async_info &, LoftAsyncStatus). */
  template <typename F>
  void completed (F handler) const
  {
    GError *gerror = nullptr;

    if (!loft_async_info_set_completed (info (), call_completed<F>, new F (std::move (handler)),
                                        delete_callable<F>, &gerror))
      throw_error (gerror);
  }

  /* Calls @handler at this thread's home when the object has ended; never inside this call. */
  template <typename F>
  std::uint64_t call_when_ended (F handler) const
  {
    return loft_async_info_call_when_ended (info (), call_completed<F>, new F (std::move (handler)),
                                            delete_callable<F>);
  }

  /* Sets the progress handler: handler (P). */
  template <typename P, typename F>
  void progress (F handler, LoftProgressFlags flags = LOFT_PROGRESS_ALL) const
  {
    GError *gerror = nullptr;

    if (!loft_async_with_progress_set_progress (LOFT_ASYNC_WITH_PROGRESS (info ()), flags,
                                                call_progress<P, F>, new F (std::move (handler)),
                                                delete_callable<F>, &gerror))
      throw_error (gerror);
  }

protected:
  ref<LoftAsyncInfo> m_info;

private:
  template <typename F>
  static void call_completed (LoftAsyncInfo *sender, LoftAsyncStatus status,
                              gpointer callable) noexcept
  {
    try
      {
        (*static_cast<F *> (callable)) (async_info (ref<LoftAsyncInfo>::hold (sender)), status);
      }
    catch (...)
      {
        report_unhandled (current_error ());
      }
  }

  template <typename P, typename F>
  static void call_progress (LoftAsyncInfo *, const GValue *value, gpointer callable) noexcept
  {
    try
      {
        (*static_cast<F *> (callable)) (convert<P> (value));
      }
    catch (...)
      {
        report_unhandled (current_error ());
      }
  }
};

/* An action, and what a coroutine without a value returns. */
class action : public async_info
{
public:
  using async_info::async_info;

  static action take (LoftAsyncAction *from) noexcept
  {
    return action (ref<LoftAsyncInfo>::take ((LoftAsyncInfo *) from));
  }
  static action hold (LoftAsyncAction *from) noexcept
  {
    return action (ref<LoftAsyncInfo>::hold ((LoftAsyncInfo *) from));
  }

  LoftAsyncAction *gobj () const noexcept { return (LoftAsyncAction *) info (); }

  void get_results () const
  {
    GError *gerror = nullptr;

    if (!loft_async_action_get_results (gobj (), &gerror))
      throw_error (gerror);
  }

  /* Blocks until it has ended; throws its error. */
  void get () const
  {
    GError *gerror = nullptr;

    if (!loft_async_action_get (gobj (), &gerror))
      throw_error (gerror);
  }

  /* Nobody needs it any more; an error goes to LoftDispatcher::unhandled-error. */
  void forget () &&noexcept { loft_async_info_forget (m_info.release ()); }
};

/* An operation, and what a coroutine with a value returns. */
template <typename T>
class operation : public async_info
{
public:
  using async_info::async_info;

  static operation take (LoftAsyncOperation *from) noexcept
  {
    return operation (ref<LoftAsyncInfo>::take ((LoftAsyncInfo *) from));
  }
  static operation hold (LoftAsyncOperation *from) noexcept
  {
    return operation (ref<LoftAsyncInfo>::hold ((LoftAsyncInfo *) from));
  }

  LoftAsyncOperation *gobj () const noexcept { return (LoftAsyncOperation *) info (); }

  T get_results () const
  {
    GError *gerror = nullptr;
    boxed_value value;

    if (!loft_async_operation_get_results (gobj (), value.get (), &gerror))
      throw_error (gerror);
    return convert<T> (value.get ());
  }

  T get () const
  {
    GError *gerror = nullptr;

    if (!loft_async_operation_get (gobj (), nullptr, &gerror))
      throw_error (gerror);
    return get_results ();
  }

  void forget () &&noexcept { loft_async_info_forget (m_info.release ()); }
};

template <typename P>
class action_with_progress : public action
{
public:
  using action::action;
};
template <typename T, typename P>
class operation_with_progress : public operation<T>
{
public:
  using operation<T>::operation;
};

/* Another thread may free the coroutine before its await_suspend () has returned. The function is
 * not inlined, since clang would put its variables into the coroutine's frame. */
#define LOFT_HPP_SUSPEND_ [[gnu::noinline]]

/* Awaiting. An awaiter is part of the coroutine's frame, and so is the memory of its suspension. */

namespace detail
{

class awaiter
{
public:
  awaiter (const awaiter &) = delete;
  awaiter &operator= (const awaiter &) = delete;

protected:
  awaiter () noexcept = default;

  void suspend (std::coroutine_handle<> handle) noexcept
  {
    m_handle = handle;
    loft_resumption_init (&m_resumption, resume, this);
  }

  void throw_if_lost () const
  {
    if (m_lost)
      throw disconnected_error (
          g_error_new_literal (LOFT_ERROR, LOFT_ERROR_DISCONNECTED,
                               "The thread on which the coroutine should have gone on is gone: its "
                               "dispatcher has shut down"));
  }

  LoftResumption *resumption () noexcept { return &m_resumption; }

  /* What has ended; alive while the coroutine runs inside of its handler. */
  LoftAsyncInfo *m_ended = nullptr;

private:
  static void resume (gpointer data, LoftAsyncInfo *ended, gboolean lost) noexcept
  {
    awaiter *self = static_cast<awaiter *> (data);

    self->m_ended = ended;
    self->m_lost = lost;
    self->m_handle.resume ();
  }

  LoftResumption m_resumption;
  std::coroutine_handle<> m_handle;
  bool m_lost = false;
};

/* Waits for an async object. */
class info_awaiter : public awaiter
{
public:
  info_awaiter (ref<LoftAsyncInfo> info, bool agile) noexcept
      : m_info (std::move (info)), m_agile (agile)
  {
  }

  bool await_ready () const
  {
    if (!m_info)
      throw invalid_argument_error (g_error_new_literal (
          LOFT_ERROR, LOFT_ERROR_INVALID_ARGUMENT, "co_await of an async object that is empty"));
    return loft_async_info_has_ended (m_info.get ());
  }

  /* After the object has the handler, another thread may run the coroutine and free this. */
  LOFT_HPP_SUSPEND_ bool await_suspend (std::coroutine_handle<> handle)
  {
    GError *gerror = nullptr;
    /* Nobody but its producer holds it while the coroutine waits: one that is dropped then ends. */
    ref<LoftAsyncInfo> info = std::move (m_info);

    suspend (handle);
    if (!loft_resumption_await (resumption (), info.get (), m_agile, &gerror))
      throw_error (gerror); /* the coroutine is not suspended then */
    return true;
  }

protected:
  LoftAsyncInfo *ended () const
  {
    throw_if_lost ();
    return m_info ? m_info.get () : m_ended;
  }

private:
  ref<LoftAsyncInfo> m_info; /* empty after a suspension */
  bool m_agile;
};

class action_awaiter : public info_awaiter
{
public:
  using info_awaiter::info_awaiter;

  void await_resume () { action::hold ((LoftAsyncAction *) ended ()).get_results (); }
};

template <typename T>
class operation_awaiter : public info_awaiter
{
public:
  using info_awaiter::info_awaiter;

  T await_resume () { return operation<T>::hold ((LoftAsyncOperation *) ended ()).get_results (); }
};

} /* namespace detail */

namespace detail
{

class background_awaiter : public awaiter
{
public:
  background_awaiter () noexcept = default;
  bool await_ready () const noexcept { return false; }
  LOFT_HPP_SUSPEND_ void await_suspend (std::coroutine_handle<> handle) noexcept
  {
    suspend (handle);
    loft_resumption_go_background (resumption ());
  }
  void await_resume () const { throw_if_lost (); }
};

class foreground_awaiter : public awaiter
{
public:
  foreground_awaiter (ref<LoftDispatcher> dispatcher, LoftPriority priority) noexcept
      : m_dispatcher (std::move (dispatcher)), m_priority (priority)
  {
  }

  bool await_ready () const noexcept { return false; }

  LOFT_HPP_SUSPEND_ bool await_suspend (std::coroutine_handle<> handle) noexcept
  {
    ref<LoftDispatcher> dispatcher = m_dispatcher;

    suspend (handle);
    m_moved = true;
    if (loft_resumption_go_foreground (resumption (), dispatcher.get (), m_priority))
      return true;
    m_moved = false;
    return false;
  }

  bool await_resume () const
  {
    throw_if_lost ();
    return m_moved;
  }

private:
  ref<LoftDispatcher> m_dispatcher;
  LoftPriority m_priority;
  bool m_moved = false;
};

} /* namespace detail */

/* Goes on on a worker of the pool: co_await loft::resume_background (). */
struct resume_background
{
  detail::background_awaiter operator co_await () const noexcept { return {}; }
};

/* Goes on on a dispatcher's thread. False: the dispatcher has shut down, and the coroutine stays
 * where it is. */
struct resume_foreground
{
  explicit resume_foreground (LoftDispatcher *to, LoftPriority in = LOFT_PRIORITY_NORMAL)
      : dispatcher (ref<LoftDispatcher>::hold (to)), priority (in)
  {
  }
  explicit resume_foreground (const loft::dispatcher &to, LoftPriority in = LOFT_PRIORITY_NORMAL);

  detail::foreground_awaiter operator co_await () const noexcept
  {
    return { dispatcher, priority };
  }

  ref<LoftDispatcher> dispatcher;
  LoftPriority priority;
};

/* Goes on after a time, at this thread's home. */
struct resume_after
{
  using awaiter = detail::action_awaiter;

  explicit resume_after (duration span) noexcept : time (span) {}

  ref<LoftAsyncInfo> start () const noexcept
  {
    return ref<LoftAsyncInfo>::take (
        reinterpret_cast<LoftAsyncInfo *> (loft_delay_async (time.count ())));
  }
  awaiter operator co_await () const noexcept { return { start (), false }; }

  duration time;
};

/* Goes on when a file descriptor is ready. False: the time was over before. */
struct resume_on_fd
{
  using awaiter = detail::operation_awaiter<bool>;

  resume_on_fd (int from, GIOCondition what, std::optional<duration> limit = std::nullopt) noexcept
      : fd (from), condition (what), timeout (limit ? limit->count () : -1)
  {
  }

  ref<LoftAsyncInfo> start () const noexcept
  {
    return ref<LoftAsyncInfo>::take (
        static_cast<LoftAsyncInfo *> (::loft_resume_on_fd (fd, condition, timeout).object));
  }
  awaiter operator co_await () const noexcept { return { start (), false }; }

  int fd;
  GIOCondition condition;
  std::int64_t timeout;
};

namespace detail
{

template <typename Info>
struct agile_info
{
  Info info;

  /* Gives the reference up, since it would hold the object while the coroutine waits. */
  action_awaiter make (const action &) noexcept { return { info.steal (), true }; }
  template <typename T>
  operation_awaiter<T> make (const operation<T> &) noexcept
  {
    return { info.steal (), true };
  }
  auto make () noexcept { return make (info); }
  auto operator co_await () && noexcept { return make (); }
};

/* What starts an object of its own when it is awaited, which a cancel can reach. */
template <typename T>
concept startable = requires (const T &what) {
  { what.start () } -> std::same_as<ref<LoftAsyncInfo>>;
  typename T::awaiter;
};

} /* namespace detail */

/* Goes on on the thread that ends the object. */
template <typename Info>
detail::agile_info<Info> resume_agile (Info what) noexcept
{
  return { std::move (what) };
}

namespace detail
{

class context_awaiter : public awaiter
{
public:
  explicit context_awaiter (ref<LoftDispatcher> home) noexcept : m_home (std::move (home)) {}

  bool await_ready () const noexcept
  {
    auto here = ref<LoftDispatcher>::take (loft_dispatcher_get_for_current_thread ());

    return here.get () == m_home.get ();
  }

  LOFT_HPP_SUSPEND_ bool await_suspend (std::coroutine_handle<> handle)
  {
    ref<LoftDispatcher> home = m_home;

    suspend (handle);
    if (!home)
      loft_resumption_go_background (resumption ());
    else if (!loft_resumption_go_foreground (resumption (), home.get (), LOFT_PRIORITY_NORMAL))
      throw disconnected_error (g_error_new_literal (LOFT_ERROR, LOFT_ERROR_DISCONNECTED,
                                                     "The apartment's dispatcher has shut down"));
    return true;
  }

  void await_resume () const { throw_if_lost (); }

private:
  ref<LoftDispatcher> m_home;
};

} /* namespace detail */

/* The place of the thread that made it; co_await goes back there. */
class apartment_context
{
public:
  apartment_context ()
      : m_home (ref<LoftDispatcher>::take (loft_dispatcher_get_for_current_thread ()))
  {
  }

  detail::context_awaiter operator co_await () const noexcept
  {
    return detail::context_awaiter (m_home);
  }
  LoftDispatcher *home () const noexcept { return m_home.get (); }

private:
  ref<LoftDispatcher> m_home; /* empty: the MTA */
};

namespace detail
{

struct cancellation_request
{
};
template <typename P>
struct progress_request
{
};

} /* namespace detail */

/* co_await loft::get_cancellation_token (): what a coroutine can ask of its own cancel. */
inline detail::cancellation_request get_cancellation_token () noexcept
{
  return {};
}

/* co_await loft::get_progress_token<P> (): by which a coroutine reports. */
template <typename P>
detail::progress_request<P> get_progress_token () noexcept
{
  return {};
}

class cancellation_token
{
public:
  cancellation_token (LoftAsyncBase *base, bool *propagates) noexcept
      : m_base (base), m_propagates (propagates)
  {
  }

  /* Whether the coroutine was cancelled. */
  bool operator() () const noexcept
  {
    return loft_async_info_is_canceled (LOFT_ASYNC_INFO (m_base));
  }

  /* Whether a cancel goes on to what is awaited from now on; returns what was set before. */
  bool enable_propagation (bool value = true) noexcept
  {
    return std::exchange (*m_propagates, value);
  }

  /* Calls @handler () when the coroutine is cancelled. */
  template <typename F>
  void callback (F handler) const
  {
    loft_async_base_set_cancel_handler (m_base, call_handler<F>, new F (std::move (handler)),
                                        delete_callable<F>);
  }

  /* Takes the callback away. */
  void clear_callback () const noexcept
  {
    loft_async_base_set_cancel_handler (m_base, nullptr, nullptr, nullptr);
  }

private:
  template <typename F>
  static void call_handler (LoftAsyncBase *, gpointer callable) noexcept
  {
    try
      {
        (*static_cast<F *> (callable)) ();
      }
    catch (...)
      {
        report_unhandled (current_error ());
      }
  }

  LoftAsyncBase *m_base;
  bool *m_propagates;
};

template <typename P>
class progress_token
{
public:
  explicit progress_token (LoftAsyncBase *base) noexcept : m_base (base) {}

  void operator() (P value) const
  {
    boxed_value boxed (std::move (value));

    loft_async_base_report_progress (m_base, boxed.get ());
  }

  /* Sets what get_results () of an operation returns while it runs. */
  template <typename T>
  void set_result (T value) const
  {
    boxed_value boxed (std::move (value));

    loft_async_base_set_provisional_result (m_base, boxed.get ());
  }

private:
  LoftAsyncBase *m_base;
};

namespace detail
{

template <typename T>
struct ready
{
  T value;
  bool await_ready () const noexcept { return true; }
  void await_suspend (std::coroutine_handle<>) const noexcept {}
  T await_resume () { return std::move (value); }
};

/* An awaiter of the program, in its place: of one that a promise returns as a reference, g++ 12
 * makes a copy. */
template <typename Awaiter>
struct awaiter_in_place
{
  decltype (auto) await_ready () { return awaiter.await_ready (); }
  template <typename Promise>
  LOFT_HPP_SUSPEND_ decltype (auto) await_suspend (std::coroutine_handle<Promise> handle)
  {
    return awaiter.await_suspend (handle);
  }
  decltype (auto) await_resume () { return awaiter.await_resume (); }

  Awaiter &awaiter;
};

template <typename E>
decltype (auto) get_awaiter (E &&what)
{
  if constexpr (requires { std::forward<E> (what).operator co_await (); })
    return std::forward<E> (what).operator co_await ();
  else if constexpr (requires { operator co_await (std::forward<E> (what)); })
    return operator co_await (std::forward<E> (what));
  else
    return awaiter_in_place<std::remove_reference_t<E>>{ what };
}

/* What a promise awaits as it is: it has the members of an awaiter, or makes one. An async object
 * is none of these, since a cancel may have to reach it. */
template <typename E>
concept plain_awaitable
    = !std::derived_from<std::remove_cvref_t<E>, async_info> && !startable<std::remove_cvref_t<E>>
      && (requires (E &&what) { std::forward<E> (what).await_ready (); }
          || requires (E &&what) { std::forward<E> (what).operator co_await (); }
          || requires (E &&what) { operator co_await (std::forward<E> (what)); });

/* What all coroutines' promises share. The coroutine holds its async object until its end. */
class promise_base
{
public:
  promise_base (const promise_base &) = delete;

  std::suspend_never initial_suspend () const noexcept { return {}; }
  void unhandled_exception () noexcept
  {
    g_clear_error (&m_error);
    m_error = current_error ();
  }

  /* Each co_await of a coroutine that was cancelled throws. */
  template <typename T>
  decltype (auto) await_transform (T &&what)
  {
    if (loft_async_info_is_canceled (LOFT_ASYNC_INFO (m_base)))
      throw canceled_error (g_error_new_literal (
          G_IO_ERROR, G_IO_ERROR_CANCELLED,
          "The coroutine was cancelled: it goes no further than its next co_await"));
    return transform (std::forward<T> (what));
  }

  cancellation_token token () noexcept { return { m_base, &m_propagates }; }

  ready<cancellation_token> await_transform (cancellation_request) noexcept { return { token () }; }
  template <typename P>
  ready<progress_token<P>> await_transform (progress_request<P>) noexcept
  {
    return { progress_token<P> (m_base) };
  }

protected:
  explicit promise_base (LoftAsyncBase *base) noexcept : m_base (base) {}
  ~promise_base () { g_clear_error (&m_error); }

  LoftAsyncInfo *propagate (LoftAsyncInfo *info) noexcept
  {
    if (m_propagates && info && (gpointer) info != (gpointer) m_base)
      loft_async_base_propagate_cancel (m_base, info);
    return info;
  }

  template <startable S>
  typename S::awaiter start (const S &what)
  {
    auto info = what.start ();

    propagate (info.get ());
    return typename S::awaiter (std::move (info), false);
  }

  LoftAsyncBase *m_base; /* strong, until the end takes it */
  GError *m_error = nullptr;
  bool m_propagates = false;

private:
  action_awaiter transform (const action &what) noexcept
  {
    return { ref<LoftAsyncInfo>::hold (propagate (what.info ())), false };
  }
  /* A temporary gives its reference up, since it would hold the object while the coroutine
   * waits. */
  action_awaiter transform (action &&what) noexcept
  {
    propagate (what.info ());
    return { what.steal (), false };
  }
  template <typename T>
  operation_awaiter<T> transform (const operation<T> &what) noexcept
  {
    return { ref<LoftAsyncInfo>::hold (propagate (what.info ())), false };
  }
  template <typename T>
  operation_awaiter<T> transform (operation<T> &&what) noexcept
  {
    propagate (what.info ());
    return { what.steal (), false };
  }
  template <startable S>
  typename S::awaiter transform (const S &what)
  {
    return start (what);
  }
  template <typename Rep, typename Period>
  action_awaiter transform (std::chrono::duration<Rep, Period> time)
  {
    return transform (resume_after (std::chrono::duration_cast<duration> (time)));
  }
  template <typename Info>
  auto transform (agile_info<Info> &&what) noexcept
  {
    propagate (what.info.info ());
    return what.make ();
  }
  template <plain_awaitable E>
  auto transform (E &&what)
  {
    return get_awaiter (std::forward<E> (what));
  }
};

/* Frees the frame first, and then ends the object, so that handlers find the data released. */
template <typename Promise>
struct final_awaiter
{
  bool await_ready () const noexcept { return false; }
  LOFT_HPP_SUSPEND_ void await_suspend (std::coroutine_handle<Promise> handle) const noexcept
  {
    auto end = handle.promise ().take_end ();

    handle.destroy ();
    end ();
  }
  void await_resume () const noexcept {}
};

/* What a coroutine of each type reports; void: nothing. */
template <typename Async>
struct progress_of
{
  using type = void;
};
template <typename P>
struct progress_of<action_with_progress<P>>
{
  using type = P;
};
template <typename T, typename P>
struct progress_of<operation_with_progress<T, P>>
{
  using type = P;
};

template <typename Action, typename Base = promise_base>
class action_promise : public Base
{
public:
  action_promise () noexcept : Base (LOFT_ASYNC_BASE (make ())) {}

  Action get_return_object () noexcept
  {
    return Action (ref<LoftAsyncInfo>::hold (LOFT_ASYNC_INFO (this->m_base)));
  }
  void return_void () const noexcept {}
  final_awaiter<action_promise> final_suspend () noexcept { return {}; }

  auto take_end () noexcept
  {
    return [base = std::exchange (this->m_base, nullptr),
            error = std::exchange (this->m_error, nullptr)] () noexcept {
      if (error)
        loft_async_base_fail (base, error);
      else
        loft_async_base_complete (base);
      g_object_unref (base);
    };
  }

private:
  static LoftAction *make ()
  {
    using P = typename progress_of<Action>::type;

    if constexpr (std::is_void_v<P>)
      return loft_action_new ();
    else
      return loft_action_new_with_progress (value_traits<P>::type ());
  }
};

template <typename Operation, typename T, typename Base = promise_base>
class operation_promise : public Base
{
public:
  operation_promise () noexcept : Base (LOFT_ASYNC_BASE (make ())) {}

  Operation get_return_object () noexcept
  {
    return Operation (ref<LoftAsyncInfo>::hold (LOFT_ASYNC_INFO (this->m_base)));
  }
  template <typename U = T> /* so that co_return { ... } makes a T */
  void return_value (U &&value)
  {
    m_value = std::make_unique<T> (std::forward<U> (value));
  }
  final_awaiter<operation_promise> final_suspend () noexcept { return {}; }

  auto take_end () noexcept
  {
    return [base = std::exchange (this->m_base, nullptr),
            error = std::exchange (this->m_error, nullptr),
            value = std::move (m_value)] () mutable noexcept {
      try
        {
          if (error)
            loft_async_base_fail (base, error);
          else
            {
              boxed_value boxed (std::move (*value));

              value.reset ();
              loft_async_base_complete_with_value (base, boxed.get ());
            }
        }
      catch (...) /* a copy that throws */
        {
          loft_async_base_fail (base, current_error ());
        }
      g_object_unref (base);
    };
  }

private:
  static LoftOperation *make ()
  {
    using P = typename progress_of<Operation>::type;

    if constexpr (std::is_void_v<P>)
      return loft_operation_new (value_traits<T>::type ());
    else
      return loft_operation_new_with_progress (value_traits<T>::type (), value_traits<P>::type ());
  }

  std::unique_ptr<T> m_value; /* so that nothing throws once the coroutine has ended */
};

} /* namespace detail */

/* A coroutine that nobody waits for. Its error goes to LoftDispatcher::unhandled-error. */
class fire_and_forget : public action
{
public:
  using action::action;
  ~fire_and_forget ()
  {
    if (m_info)
      loft_async_info_forget (m_info.release ());
  }
  fire_and_forget (fire_and_forget &&) noexcept = default;
};

/* Composing. */

inline action when_all (const std::vector<async_info> &all)
{
  std::vector<LoftAsyncInfo *> infos;

  for (const async_info &one : all)
    infos.push_back (one.info ());
  return action::take (loft_when_all (infos.data (), infos.size (), (LoftWhenFlags) 0));
}

template <typename... Infos>
  requires (std::derived_from<Infos, async_info> &&...)
action when_all (const Infos &...all)
{
  return when_all (std::vector<async_info>{ async_info (all)... });
}

/* Ends with the index of the first that has ended. */
inline operation<std::int64_t> when_any (const std::vector<async_info> &all)
{
  std::vector<LoftAsyncInfo *> infos;

  for (const async_info &one : all)
    infos.push_back (one.info ());
  return operation<std::int64_t>::take (
      loft_when_any (infos.data (), infos.size (), (LoftWhenFlags) 0));
}

template <typename... Infos>
  requires (std::derived_from<Infos, async_info> &&...)
operation<std::int64_t> when_any (const Infos &...all)
{
  return when_any (std::vector<async_info>{ async_info (all)... });
}

inline action with_timeout (const action &what, duration time)
{
  return action (ref<LoftAsyncInfo>::take (loft_with_timeout (what.info (), time.count ())));
}
template <typename T>
operation<T> with_timeout (const operation<T> &what, duration time)
{
  return operation<T> (ref<LoftAsyncInfo>::take (loft_with_timeout (what.info (), time.count ())));
}

/* Work. An exception that leaves it is the error of its action. */

namespace detail
{

template <typename F>
gboolean run_action (LoftAsyncAction *self, gpointer callable, GError **gerror) noexcept
{
  try
    {
      if constexpr (std::is_invocable_v<F &, const action &>)
        (*static_cast<F *> (callable)) (action::hold (self));
      else
        (*static_cast<F *> (callable)) ();
      return TRUE;
    }
  catch (...)
    {
      g_propagate_error (gerror, current_error ());
      return FALSE;
    }
}

template <typename T, typename F>
gboolean run_operation (LoftAsyncOperation *, GValue *result, gpointer callable,
                        GError **gerror) noexcept
{
  try
    {
      value_traits<T>::set (result, (*static_cast<F *> (callable)) ());
      return TRUE;
    }
  catch (...)
    {
      g_propagate_error (gerror, current_error ());
      return FALSE;
    }
}

template <typename F>
void run_item (gpointer callable) noexcept
{
  try
    {
      (*static_cast<F *> (callable)) ();
    }
  catch (...)
    {
      report_unhandled (current_error ());
    }
}

} /* namespace detail */

class dispatcher
{
public:
  explicit dispatcher (ref<LoftDispatcher> from) noexcept : m_dispatcher (std::move (from)) {}

  static dispatcher get_default ()
  {
    return dispatcher (ref<LoftDispatcher>::hold (loft_dispatcher_get_default ()));
  }
  static dispatcher get_for_current_thread ()
  {
    return dispatcher (ref<LoftDispatcher>::take (loft_dispatcher_get_for_current_thread ()));
  }

  LoftDispatcher *gobj () const noexcept { return m_dispatcher.get (); }
  explicit operator bool () const noexcept { return (bool) m_dispatcher; }
  bool has_thread_access () const noexcept { return loft_dispatcher_has_thread_access (gobj ()); }

  template <typename F>
  bool try_enqueue (F handler, LoftPriority priority = LOFT_PRIORITY_NORMAL) const
  {
    return loft_dispatcher_try_enqueue (gobj (), priority, detail::run_item<F>,
                                        new F (std::move (handler)), delete_callable<F>);
  }

  template <typename F>
  action run_async (F handler, LoftPriority priority = LOFT_PRIORITY_NORMAL) const
  {
    return action::take (loft_dispatcher_run_async (
        gobj (), priority, detail::run_action<F>, new F (std::move (handler)), delete_callable<F>));
  }

  template <typename T, typename F>
  operation<T> run_operation_async (F handler, LoftPriority priority = LOFT_PRIORITY_NORMAL) const
  {
    return operation<T>::take (loft_dispatcher_run_operation_async (
        gobj (), priority, value_traits<T>::type (), (detail::run_operation<T, F>),
        new F (std::move (handler)), delete_callable<F>));
  }

private:
  ref<LoftDispatcher> m_dispatcher;
};

inline resume_foreground::resume_foreground (const loft::dispatcher &to, LoftPriority in)
    : resume_foreground (to.gobj (), in)
{
}

namespace thread_pool
{

template <typename F>
action run_async (F handler)
{
  return action::take (loft_thread_pool_run_async (
      detail::run_action<F>, new F (std::move (handler)), delete_callable<F>));
}

template <typename T, typename F>
operation<T> run_operation_async (F handler)
{
  return operation<T>::take (
      loft_thread_pool_run_operation_async (value_traits<T>::type (), (detail::run_operation<T, F>),
                                            new F (std::move (handler)), delete_callable<F>));
}

} /* namespace thread_pool */

/* A reference that any thread may resolve. */
template <typename T>
class agile_ref
{
public:
  explicit agile_ref (T *object) : m_reference (loft_agile_reference_new (G_OBJECT (object))) {}
  agile_ref (const agile_ref &other) : m_reference (loft_agile_reference_ref (other.m_reference)) {}
  ~agile_ref () { loft_agile_reference_unref (m_reference); }
  agile_ref &operator= (agile_ref other) noexcept
  {
    std::swap (m_reference, other.m_reference);
    return *this;
  }
  /* The object; throws wrong_thread_error away from its home, and disconnected_error once that is
   * gone. */
  ref<T> get () const
  {
    GError *gerror = nullptr;
    gpointer object = loft_agile_reference_resolve (m_reference, &gerror);

    if (!object)
      throw_error (gerror);
    return ref<T>::take (static_cast<T *> (object));
  }

  LoftAgileReference *gobj () const noexcept { return m_reference; }

private:
  LoftAgileReference *m_reference;
};

/* A coroutine type of another library awaits these, too; it knows nothing of a cancel. */

inline detail::action_awaiter operator co_await (const action &what) noexcept
{
  return { ref<LoftAsyncInfo>::hold (what.info ()), false };
}
inline detail::action_awaiter operator co_await (action &&what) noexcept
{
  return { what.steal (), false };
}
template <typename T>
detail::operation_awaiter<T> operator co_await (const operation<T> &what) noexcept
{
  return { ref<LoftAsyncInfo>::hold (what.info ()), false };
}
template <typename T>
detail::operation_awaiter<T> operator co_await (operation<T> &&what) noexcept
{
  return { what.steal (), false };
}
/* Flags combine without casts. */
#define LOFT_HPP_FLAGS_(type)                               \
  inline constexpr type operator| (type a, type b) noexcept \
  {                                                         \
    return (type) ((unsigned) a | (unsigned) b);            \
  }                                                         \
  inline constexpr type operator& (type a, type b) noexcept \
  {                                                         \
    return (type) ((unsigned) a & (unsigned) b);            \
  }                                                         \
  inline constexpr type &operator|= (type &a, type b) noexcept \
  {                                                         \
    return a = a | b;                                       \
  }

} /* namespace loft */

LOFT_HPP_FLAGS_ (LoftProgressFlags)
LOFT_HPP_FLAGS_ (LoftWorkOptions)
LOFT_HPP_FLAGS_ (LoftWhenFlags)
LOFT_HPP_FLAGS_ (LoftTaskGroupFlags)
LOFT_HPP_FLAGS_ (LoftRunOptions)
#undef LOFT_HPP_FLAGS_

/* Which promise a coroutine of each type has. */
template <typename... Args>
struct std::coroutine_traits<loft::action, Args...>
{
  using promise_type = loft::detail::action_promise<loft::action>;
};
template <typename... Args>
struct std::coroutine_traits<loft::fire_and_forget, Args...>
{
  using promise_type = loft::detail::action_promise<loft::fire_and_forget>;
};
template <typename P, typename... Args>
struct std::coroutine_traits<loft::action_with_progress<P>, Args...>
{
  using promise_type = loft::detail::action_promise<loft::action_with_progress<P>>;
};
template <typename T, typename... Args>
struct std::coroutine_traits<loft::operation<T>, Args...>
{
  using promise_type = loft::detail::operation_promise<loft::operation<T>, T>;
};
template <typename T, typename P, typename... Args>
struct std::coroutine_traits<loft::operation_with_progress<T, P>, Args...>
{
  using promise_type = loft::detail::operation_promise<loft::operation_with_progress<T, P>, T>;
};
