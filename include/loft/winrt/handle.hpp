/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* winrt::handle, and resume_on_signal, which waits for what a handle stands for. The objects behind
 * handles are made by <loft/loft-windows.hpp>. */

#pragma once

#include <loft/winrt/coroutine.hpp>

#include <atomic>

namespace winrt
{

namespace detail
{

/* What a HANDLE points to. It is signaled when its file descriptor can be read. */
class waitable
{
public:
  waitable () noexcept = default;
  waitable (const waitable &) = delete;

  /* Descriptor, which the object owns and keeps. Any thread. */
  virtual int fd () const noexcept = 0;
  /* Whether it is signaled, without waiting. It takes the signal away from what resets itself. */
  virtual bool try_take () noexcept = 0;

  bool is_shared () const noexcept { return m_references.load (std::memory_order_relaxed) > 1; }
  void ref () noexcept { m_references.fetch_add (1, std::memory_order_relaxed); }
  /* Release, so that whoever frees it, which acquires, sees what all others have done. */
  void unref () noexcept
  {
    if (m_references.fetch_sub (1, std::memory_order_acq_rel) == 1)
      delete this;
  }

protected:
  virtual ~waitable () = default;

private:
  std::atomic<int> m_references{ 1 };
};

struct waitable_unref
{
  void operator() (waitable *self) const noexcept { self->unref (); }
};

/* Keeps the object behind a handle that somebody closes in the meantime. */
using waitable_ref = std::unique_ptr<waitable, waitable_unref>;

inline waitable_ref keep (void *handle)
{
  auto *self = static_cast<waitable *> (handle);

  if (!self)
    throw hresult_error (error_handle, L"The handle is null");
  self->ref ();
  return waitable_ref (self);
}

/* Waits on the thread that watches descriptors, since it may take more than one look: another
 * waiter may have taken the signal. */
inline loft::operation<bool> take_signal (waitable_ref object, TimeSpan timeout)
{
  auto token = co_await loft::get_cancellation_token ();
  auto end = end_after (timeout);

  token.enable_propagation ();
  for (;;)
    {
      std::int64_t rest = -1;

      if (timeout.count () > 0)
        rest = std::max<std::int64_t> (
            0, std::chrono::duration_cast<loft::duration> (end - std::chrono::steady_clock::now ())
                   .count ());

      auto ready = loft::operation<bool>::take (reinterpret_cast<LoftAsyncOperation *> (
          ::loft_resume_on_fd (object->fd (), G_IO_IN, rest).object));
      bool readable = co_await loft::resume_agile (std::move (ready));

      if (object->try_take ())
        co_return true;
      if (!readable)
        co_return false;
    }
}

} /* namespace detail */

/* Goes on when the object is signaled: true; or when @timeout is over, if it is not zero: false. */
struct resume_on_signal
{
  using awaiter = detail::signal_awaiter;

  explicit resume_on_signal (void *from, Windows::Foundation::TimeSpan limit = {}) noexcept
      : handle (from), timeout (limit)
  {
  }

  loft::ref<LoftAsyncInfo> start () const
  {
    auto object = detail::keep (handle);

    if (object->try_take ())
      {
        loft::boxed_value yes (true);

        return loft::ref<LoftAsyncInfo>::take (
            (LoftAsyncInfo *) loft_operation_new_completed (yes.get ()));
      }
    return detail::take_signal (std::move (object), timeout).steal ();
  }
  awaiter operator co_await () const { return awaiter (start (), false); }

  void *handle;
  Windows::Foundation::TimeSpan timeout;
};

/* Owns a handle, and closes it. */
template <typename Traits>
class handle_type
{
public:
  using type = typename Traits::type;

  handle_type () noexcept = default;
  explicit handle_type (type from) noexcept : m_value (from) {}
  handle_type (handle_type &&other) noexcept : m_value (other.detach ()) {}
  ~handle_type () { close (); }
  handle_type &operator= (handle_type &&other) noexcept
  {
    if (this != &other)
      attach (other.detach ());
    return *this;
  }

  void close () noexcept
  {
    if (*this)
      Traits::close (std::exchange (m_value, Traits::invalid ()));
  }
  explicit operator bool () const noexcept { return m_value != Traits::invalid (); }
  type get () const noexcept { return m_value; }
  type *put () noexcept
  {
    close ();
    return &m_value;
  }
  void attach (type value) noexcept
  {
    close ();
    m_value = value;
  }
  type detach () noexcept { return std::exchange (m_value, Traits::invalid ()); }

  friend void swap (handle_type &a, handle_type &b) noexcept { std::swap (a.m_value, b.m_value); }

private:
  type m_value = Traits::invalid ();
};

struct handle_traits
{
  using type = void *;

  static void close (type value) noexcept { static_cast<detail::waitable *> (value)->unref (); }
  static constexpr type invalid () noexcept { return nullptr; }
};
using handle = handle_type<handle_traits>;

} /* namespace winrt */
