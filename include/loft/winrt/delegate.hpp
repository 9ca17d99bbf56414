/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* winrt::delegate, a function that is shared by all copies, and winrt::event. */

#pragma once

#include <loft/winrt/object.hpp>

namespace winrt
{

namespace detail
{

/* The function object behind a delegate. */
template <typename... Args>
struct invoker
{
  virtual ~invoker () = default;
  virtual void invoke (const Args &...args) = 0;
};

template <typename F, typename... Args>
struct function_invoker final : invoker<Args...>
{
  explicit function_invoker (F from) : function (std::move (from)) {}
  void invoke (const Args &...args) override { (void) function (args...); }

  F function;
};

} /* namespace detail */

/* What all delegates share. They compare by the function that they hold, and may be null. */
template <typename... Args>
class delegate_base
{
public:
  delegate_base (std::nullptr_t = nullptr) noexcept {}

  template <typename F>
    requires (std::invocable<F &, const Args &...>
              && !std::derived_from<std::remove_cvref_t<F>, delegate_base>)
  delegate_base (F function)
      : m_invoker (
          std::make_shared<detail::function_invoker<F, Args...>> (std::move (function)))
  {
  }

  /* A member of an object that the caller keeps alive. */
  template <typename O, typename M>
    requires std::is_member_function_pointer_v<M>
  delegate_base (O *object, M method)
      : delegate_base (
          [object, method] (const Args &...args) { (void) (object->*method) (args...); })
  {
  }

  /* A member, or a function, of an object that the delegate keeps alive. */
  template <typename O, typename M>
  delegate_base (com_ptr<O> &&object, M method)
      : delegate_base (of_strong (std::move (object), std::move (method)))
  {
  }
  template <typename O, typename M>
  delegate_base (std::shared_ptr<O> &&object, M method)
      : delegate_base (of_strong (std::move (object), std::move (method)))
  {
  }

  /* One that is skipped when the object is gone. */
  template <typename O, typename M>
  delegate_base (weak_ref<O> &&object, M method)
      : delegate_base (of_weak ([weak = std::move (object)] { return weak.get (); },
                                std::move (method)))
  {
  }
  template <typename O, typename M>
  delegate_base (std::weak_ptr<O> &&object, M method)
      : delegate_base (of_weak ([weak = std::move (object)] { return weak.lock (); },
                                std::move (method)))
  {
  }

  explicit operator bool () const noexcept { return (bool) m_invoker; }
  void operator() (const Args &...args) const
  {
    if (!m_invoker)
      throw hresult_error (detail::error_pointer, L"The delegate is null");
    m_invoker->invoke (args...);
  }

  /* The function, for whoever keeps it without keeping it alive. */
  const std::shared_ptr<detail::invoker<Args...>> &function () const noexcept { return m_invoker; }
  void function (std::shared_ptr<detail::invoker<Args...>> to) noexcept
  {
    m_invoker = std::move (to);
  }

  friend bool operator== (const delegate_base &a, const delegate_base &b) noexcept
  {
    return a.m_invoker == b.m_invoker;
  }
  friend bool operator== (const delegate_base &a, std::nullptr_t) noexcept { return !a.m_invoker; }

private:
  template <typename P, typename M>
  static void call (P &object, M &method, const Args &...args)
  {
    if constexpr (std::is_member_function_pointer_v<M>)
      (void) ((*object).*method) (args...);
    else
      (void) method (args...);
  }
  template <typename P, typename M>
  static auto of_strong (P object, M method)
  {
    return [object = std::move (object), method = std::move (method)] (
               const Args &...args) mutable { call (object, method, args...); };
  }
  template <typename L, typename M>
  static auto of_weak (L lock, M method)
  {
    return [lock = std::move (lock), method = std::move (method)] (const Args &...args) mutable {
      if (auto object = lock ())
        call (object, method, args...);
    };
  }

  std::shared_ptr<detail::invoker<Args...>> m_invoker;
};

template <typename... Args>
struct delegate : delegate_base<Args...>
{
  using delegate_base<Args...>::delegate_base;
};

/* A delegate of a name of its own. */
#define LOFT_WINRT_DELEGATE_(name, ...)                \
  struct name : winrt::delegate_base<__VA_ARGS__>      \
  {                                                    \
    using winrt::delegate_base<__VA_ARGS__>::delegate_base; \
  }

namespace Windows::Foundation
{

template <typename T>
struct EventHandler : delegate_base<IInspectable, T>
{
  using delegate_base<IInspectable, T>::delegate_base;
};

template <typename Sender, typename T>
struct TypedEventHandler : delegate_base<Sender, T>
{
  using delegate_base<Sender, T>::delegate_base;
};

} /* namespace Windows::Foundation */

struct event_token
{
  std::int64_t value = 0;

  explicit operator bool () const noexcept { return value != 0; }
  friend bool operator== (const event_token &, const event_token &) noexcept = default;
};

struct auto_revoke_t
{
};
inline constexpr auto_revoke_t auto_revoke{};

/* Takes a handler away when it is destroyed. */
class event_revoker
{
public:
  event_revoker () noexcept = default;
  explicit event_revoker (std::function<void ()> from) : m_revoke (std::move (from)) {}
  event_revoker (event_revoker &&other) noexcept : m_revoke (std::exchange (other.m_revoke, {})) {}
  ~event_revoker () { revoke (); }
  event_revoker &operator= (event_revoker &&other) noexcept
  {
    if (this != &other)
      {
        revoke ();
        m_revoke = std::exchange (other.m_revoke, {});
      }
    return *this;
  }

  void revoke () noexcept
  {
    if (auto call = std::exchange (m_revoke, {}))
      call ();
  }
  explicit operator bool () const noexcept { return (bool) m_revoke; }

private:
  std::function<void ()> m_revoke;
};

/* Handlers that are called in the order in which they were added, on the thread that raises. */
template <typename Delegate>
class event
{
public:
  using delegate_type = Delegate;

  event () = default;
  event (const event &) = delete;
  event &operator= (const event &) = delete;

  explicit operator bool () const noexcept
  {
    std::lock_guard lock (m_mutex);
    return m_handlers && !m_handlers->empty ();
  }

  event_token add (const Delegate &handler)
  {
    if (!handler)
      throw hresult_invalid_argument (L"The handler is null");

    std::lock_guard lock (m_mutex);
    auto handlers = std::make_shared<list> (m_handlers ? *m_handlers : list ());
    event_token token{ ++m_last };

    handlers->push_back ({ token, handler });
    m_handlers = std::move (handlers);
    return token;
  }

  /* A token that is not known does nothing. */
  void remove (event_token token)
  {
    std::shared_ptr<const list> old; /* let go without the lock, since it calls destructors */
    std::lock_guard lock (m_mutex);

    if (!m_handlers)
      return;

    auto handlers = std::make_shared<list> (*m_handlers);
    std::erase_if (*handlers, [&] (const entry &each) { return each.token == token; });
    old = std::exchange (m_handlers, std::move (handlers));
  }

  void clear ()
  {
    std::shared_ptr<const list> old;
    std::lock_guard lock (m_mutex);

    old = std::exchange (m_handlers, nullptr);
  }

  /* Calls those that are there now. What a handler throws is ignored, but one whose object is
   * disconnected is taken away. */
  template <typename... Args>
  void operator() (const Args &...args)
  {
    std::shared_ptr<const list> handlers;

    {
      std::lock_guard lock (m_mutex);
      handlers = m_handlers;
    }
    if (!handlers)
      return;
    for (const entry &each : *handlers)
      if (!call (each.handler, args...))
        remove (each.token);
  }

private:
  struct entry
  {
    event_token token;
    Delegate handler;
  };
  using list = std::vector<entry>;

  template <typename... Args>
  static bool call (const Delegate &handler, const Args &...args) noexcept
  {
    try
      {
        handler (args...);
        return true;
      }
    catch (...)
      {
        hresult code = to_hresult ();

        return code != detail::error_disconnected && code != detail::error_server_unavailable
               && code != detail::error_cannot_execute;
      }
  }

  mutable std::mutex m_mutex;
  std::shared_ptr<const list> m_handlers; /* under m_mutex; a list is not changed once it is here */
  std::int64_t m_last = 0;                /* under m_mutex */
};

} /* namespace winrt */
