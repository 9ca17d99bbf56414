/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* winrt::init_apartment, apartment_context and agile_ref. */

#pragma once

#include <loft/winrt/coroutine.hpp>
#include <loft/winrt/implements.hpp>

namespace winrt
{

enum class apartment_type : std::int32_t
{
  multi_threaded = 0,
  single_threaded = 2,
};

namespace detail
{

/* Whether this thread is in the MTA only because LOFT_WINRT_UNINITIALIZED_IS_MTA was asked for. */
inline bool &is_in_mta_by_default () noexcept
{
  static thread_local bool value = false;
  return value;
}

#ifdef LOFT_WINRT_UNINITIALIZED_IS_MTA
inline const bool main_thread_has_entered = [] {
  is_in_mta_by_default () = loft_apartment_init (LOFT_APARTMENT_MTA, nullptr);
  return true;
}();
#endif

} /* namespace detail */

/* Enters an apartment. Each call needs its uninit_apartment (). */
inline void init_apartment (apartment_type type = apartment_type::multi_threaded)
{
  GError *gerror = nullptr;

  if (std::exchange (detail::is_in_mta_by_default (), false))
    loft_apartment_uninit ();
  if (!loft_apartment_init (type == apartment_type::multi_threaded ? LOFT_APARTMENT_MTA
                                                                   : LOFT_APARTMENT_STA,
                            &gerror))
    detail::throw_gerror (gerror);
}

inline void uninit_apartment () noexcept
{
  loft_apartment_uninit ();
}

inline bool is_sta_thread () noexcept
{
  return loft_apartment_is_sta ();
}

namespace impl
{

using winrt::is_sta_thread;

} /* namespace impl */

inline void clear_factory_cache () noexcept
{
}

/* The place of the thread that made it, to which co_await goes back. */
class apartment_context
{
public:
  apartment_context () : m_context (std::in_place) {}
  apartment_context (std::nullptr_t) noexcept {}
  apartment_context (const apartment_context &) = default;
  apartment_context (apartment_context &&other) noexcept
      : m_context (std::exchange (other.m_context, std::nullopt))
  {
  }
  apartment_context &operator= (const apartment_context &) = default;
  apartment_context &operator= (apartment_context &&other) noexcept
  {
    if (this != &other)
      m_context = std::exchange (other.m_context, std::nullopt);
    return *this;
  }

  explicit operator bool () const noexcept { return m_context.has_value (); }

  auto operator co_await () const
  {
    if (!m_context)
      throw hresult_illegal_method_call (L"The apartment_context is empty: it was made of nullptr, "
                                         L"or moved from");
    return detail::translated<loft::detail::context_awaiter> (
        loft::ref<LoftDispatcher>::hold (m_context->home ()));
  }

private:
  std::optional<loft::apartment_context> m_context;
};

/* A reference that any thread may hold. get () gives the object, or throws for one that is marked
 * as non_agile on any thread but its own. */
template <typename T>
class agile_ref
{
public:
  agile_ref (std::nullptr_t = nullptr) noexcept {}
  template <typename S>
    requires detail::refers_to<S, T>
  agile_ref (const S &object)
  {
    const detail::reference_to<T> &reference = object; /* *this becomes a temporary one */
    GObject *pointer = detail::access::object (reference);
    detail::root *implementation = detail::instance::root_of (pointer);

    if (!pointer)
      return;
    if (implementation && !implementation->is_object_agile ())
      m_reference = std::shared_ptr<LoftAgileReference> (loft_agile_reference_new (pointer),
                                                         loft_agile_reference_unref);
    else
      m_object = loft::ref<GObject>::hold (pointer);
  }

  explicit operator bool () const noexcept { return m_object || m_reference; }

  auto get () const
  {
    using strong = detail::reference_to<T>;
    GError *gerror = nullptr;

    if (!m_reference)
      return m_object ? detail::access::make<strong> (m_object) : strong{ nullptr };

    auto object = loft::ref<GObject>::take (
        loft_agile_reference_resolve (m_reference.get (), &gerror));
    if (!object)
      detail::throw_gerror (gerror);
    return detail::access::make<strong> (std::move (object));
  }

private:
  loft::ref<GObject> m_object;                     /* of an agile object */
  std::shared_ptr<LoftAgileReference> m_reference; /* of another */
};

template <typename T>
agile_ref (const T &) -> agile_ref<T>;
template <typename T>
agile_ref (const com_ptr<T> &) -> agile_ref<T>;

template <typename T>
  requires std::derived_from<T, Windows::Foundation::IUnknown>
agile_ref<T> make_agile (const T &object)
{
  return agile_ref<T> (object);
}
template <typename T>
agile_ref<T> make_agile (const com_ptr<T> &object)
{
  return agile_ref<T> (object);
}

} /* namespace winrt */
