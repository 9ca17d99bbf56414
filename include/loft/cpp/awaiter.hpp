/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Awaiting. An awaiter is part of the coroutine's frame, and so is the memory of its suspension. */

#pragma once

#include <loft/cpp/async-info.hpp>

#include <coroutine>

namespace loft
{

/* Another thread may free the coroutine before its await_suspend () has returned. The function is
 * not inlined, since clang would put its variables into the coroutine's frame. */
#define LOFT_HPP_SUSPEND_ [[gnu::noinline]]

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

/* Of an object of which only that is known: waits for its end, and throws its error. */
class end_awaiter : public info_awaiter
{
public:
  using info_awaiter::info_awaiter;

  void await_resume ()
  {
    if (GError *gerror = loft_async_info_dup_error (ended ()))
      throw_error (gerror);
  }
};

template <typename T>
class operation_awaiter : public info_awaiter
{
public:
  using info_awaiter::info_awaiter;

  T await_resume () { return operation<T>::hold ((LoftAsyncOperation *) ended ()).get_results (); }
};

} /* namespace detail */

} /* namespace loft */
