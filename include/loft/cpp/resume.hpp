/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* resume_background and its like, and apartment_context: where a coroutine goes on. */

#pragma once

#include <loft/cpp/awaiter.hpp>

#include <chrono>
#include <concepts>
#include <optional>

namespace loft
{

class dispatcher;

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

} /* namespace loft */
