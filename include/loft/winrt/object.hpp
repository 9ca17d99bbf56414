/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The references of C++/WinRT: IUnknown, IInspectable, com_ptr, weak_ref. Each holds a GObject. */

#pragma once

#include <loft/winrt/error.hpp>

#include <mutex>

namespace winrt
{

template <typename T>
class com_ptr;

namespace detail
{

/* The part of a class made with implements<> that its GObject holds. */
class root
{
public:
  virtual ~root () = default;

  GObject *object () const noexcept { return m_object; }
  virtual bool is_object_agile () const noexcept { return true; }

protected:
  GObject *m_object = nullptr; /* the GObject owns this, not the other way round */

  friend struct instance;
};

/* The instance of the GObject of such a class. */
struct instance
{
  GObject parent;
  root *implementation; /* NULL until its constructor has returned, and after its destructor */

  /* The type that all of them derive from. */
  static GType type ()
  {
    static const GType gtype = [] {
      if (GType known = g_type_from_name ("LoftWinrtObject"))
        return known;

      GTypeInfo info = {};
      info.class_size = sizeof (GObjectClass);
      info.instance_size = sizeof (instance);
      return g_type_register_static (G_TYPE_OBJECT, "LoftWinrtObject", &info,
                                     G_TYPE_FLAG_ABSTRACT);
    }();
    return gtype;
  }

  static root *root_of (GObject *object) noexcept
  {
    return object && G_TYPE_CHECK_INSTANCE_TYPE (object, type ())
               ? reinterpret_cast<instance *> (object)->implementation
               : nullptr;
  }
};

/* Whether a GObject is what a class of winrt:: stands for. Each class adds its own. */
template <typename T>
struct is_a
{
  /* A class of the program: it is found by its C++ type. */
  static bool check (GObject *object) noexcept
  {
    return dynamic_cast<T *> (instance::root_of (object)) != nullptr;
  }
};

/* Reaches into the references below. */
struct access
{
  template <typename T>
  static GObject *object (const T &reference) noexcept
  {
    return reference.m_object.get ();
  }
  template <typename T>
  static T make (loft::ref<GObject> object) noexcept
  {
    T reference{ nullptr };

    reference.set (std::move (object));
    return reference;
  }
  /* Gives the reference up, which is null after that. */
  template <typename T>
  static loft::ref<GObject> steal (T &reference) noexcept
  {
    return std::move (reference.m_object);
  }
  /* The object while its constructor runs, too. */
  template <typename T>
  static com_ptr<T> make_strong (T *pointer) noexcept
  {
    com_ptr<T> strong;

    strong.copy_from (pointer);
    return strong;
  }
};

} /* namespace detail */

namespace Windows::Foundation
{

struct IUnknown;

} /* namespace Windows::Foundation */

namespace detail
{

/* What as<To> () returns: a reference itself, or a com_ptr of a class of the program. */
template <typename To>
using reference_to
    = std::conditional_t<std::is_base_of_v<Windows::Foundation::IUnknown, To>, To, com_ptr<To>>;

} /* namespace detail */

namespace Windows::Foundation
{

/* A reference, or null. Two are equal if they are of the same object. */
struct IUnknown
{
  IUnknown (std::nullptr_t = nullptr) noexcept {}
  IUnknown (void *object, take_ownership_from_abi_t) noexcept
      : m_object (loft::ref<GObject>::take (static_cast<GObject *> (object)))
  {
  }
  explicit operator bool () const noexcept { return (bool) m_object; }

  template <typename To>
  auto try_as () const noexcept
  {
    using Reference = winrt::detail::reference_to<To>;

    if (!m_object || !winrt::detail::is_a<To>::check (m_object.get ()))
      return Reference{ nullptr };
    return winrt::detail::access::make<Reference> (m_object);
  }
  template <typename To>
  bool try_as (To &to) const noexcept
  {
    to = try_as<To> ();
    return (bool) to;
  }
  template <typename To>
  auto as () const
  {
    auto to = try_as<To> ();

    if (m_object && !to)
      throw hresult_no_interface ();
    return to;
  }
  template <typename To>
  void as (To &to) const
  {
    to = as<To> ();
  }

  friend bool operator== (const IUnknown &a, const IUnknown &b) noexcept
  {
    return a.m_object.get () == b.m_object.get ();
  }
  friend bool operator== (const IUnknown &a, std::nullptr_t) noexcept { return !a.m_object; }
  friend bool operator< (const IUnknown &a, const IUnknown &b) noexcept
  {
    return std::less<GObject *>{}(a.m_object.get (), b.m_object.get ());
  }

protected:
  void set (loft::ref<GObject> object) noexcept { m_object = std::move (object); }

  loft::ref<GObject> m_object;

  friend struct winrt::detail::access;
};

struct IInspectable : IUnknown
{
  using IUnknown::IUnknown;
};

struct IAgileObject : IUnknown
{
  using IUnknown::IUnknown;
};

} /* namespace Windows::Foundation */

namespace detail
{

template <>
struct is_a<Windows::Foundation::IUnknown>
{
  static bool check (GObject *) noexcept { return true; }
};
template <>
struct is_a<Windows::Foundation::IInspectable>
{
  static bool check (GObject *) noexcept { return true; }
};
/* As on Windows, all are but those of a class that says non_agile. */
template <>
struct is_a<Windows::Foundation::IAgileObject>
{
  static bool check (GObject *object) noexcept
  {
    root *implementation = instance::root_of (object);
    return !implementation || implementation->is_object_agile ();
  }
};

} /* namespace detail */

/* A strong reference to a class of the program that is made with implements<>. */
template <typename T>
class com_ptr
{
public:
  com_ptr (std::nullptr_t = nullptr) noexcept {}
  com_ptr (const com_ptr &) noexcept = default;
  com_ptr (com_ptr &&other) noexcept
      : m_object (std::move (other.m_object)), m_pointer (std::exchange (other.m_pointer, nullptr))
  {
  }
  com_ptr &operator= (com_ptr other) noexcept
  {
    std::swap (m_object, other.m_object);
    std::swap (m_pointer, other.m_pointer);
    return *this;
  }
  template <typename U>
    requires std::is_convertible_v<U *, T *>
  com_ptr (const com_ptr<U> &other) noexcept
  {
    copy_from (other.get ());
  }
  com_ptr (T *pointer, take_ownership_from_abi_t) noexcept { attach (pointer); }

  explicit operator bool () const noexcept { return (bool) m_object; }
  T *get () const noexcept { return m_pointer; }
  T *operator->() const noexcept { return m_pointer; }
  T &operator* () const noexcept { return *m_pointer; }

  /* Takes a reference of its own to @pointer, which may be null. */
  void copy_from (T *pointer) noexcept
  {
    m_object = loft::ref<GObject>::hold (object_of (pointer));
    m_pointer = pointer;
  }
  /* Takes over a reference that the caller has. */
  void attach (T *pointer) noexcept
  {
    m_object = loft::ref<GObject>::take (object_of (pointer));
    m_pointer = pointer;
  }
  T *detach () noexcept
  {
    (void) m_object.release ();
    return std::exchange (m_pointer, nullptr);
  }
  /* Gives *@to a reference of its own. */
  void copy_to (T **to) const noexcept { *to = com_ptr (*this).detach (); }

  template <typename To>
  auto try_as () const noexcept
  {
    return reference ().template try_as<To> ();
  }
  template <typename To>
  auto as () const
  {
    return reference ().template as<To> ();
  }

  friend bool operator== (const com_ptr &a, const com_ptr &b) noexcept
  {
    return a.m_pointer == b.m_pointer;
  }
  friend bool operator== (const com_ptr &a, std::nullptr_t) noexcept { return !a.m_pointer; }

private:
  static GObject *object_of (T *pointer) noexcept
  {
    return pointer ? static_cast<const detail::root *> (pointer)->object () : nullptr;
  }
  Windows::Foundation::IInspectable reference () const noexcept
  {
    return detail::access::make<Windows::Foundation::IInspectable> (m_object);
  }
  void set (loft::ref<GObject> object) noexcept
  {
    m_pointer = dynamic_cast<T *> (detail::instance::root_of (object.get ()));
    m_object = m_pointer ? std::move (object) : loft::ref<GObject> (); /* null as a whole, or not */
  }

  loft::ref<GObject> m_object;
  T *m_pointer = nullptr;

  friend struct detail::access;
};

/* Of an interface: the reference itself. */
template <typename T>
  requires std::derived_from<T, Windows::Foundation::IUnknown>
class com_ptr<T> : public T
{
public:
  com_ptr (std::nullptr_t = nullptr) noexcept : T (nullptr) {}
  com_ptr (const T &reference) noexcept : T (reference) {}

  const T *operator->() const noexcept { return this; }
  const T &operator* () const noexcept { return *this; }
};

namespace detail
{

template <typename S, typename T>
concept refers_to = std::convertible_to<const S &, reference_to<T>>;

} /* namespace detail */

/* Any reference, but one that does not keep its object alive. Any thread may resolve it. */
template <typename T>
class weak_ref
{
public:
  weak_ref (std::nullptr_t = nullptr) noexcept {}
  /* A template, so that a class may have a weak_ref to itself among its members. */
  template <typename S>
    requires detail::refers_to<S, T>
  weak_ref (const S &reference)
      : weak_ref (detail::access::object (static_cast<const detail::reference_to<T> &> (reference)))
  {
  }
  explicit weak_ref (GObject *object)
  {
    if (!object)
      return;
    m_weak = std::shared_ptr<GWeakRef> (new GWeakRef (), [] (GWeakRef *weak) {
      g_weak_ref_clear (weak);
      delete weak;
    });
    g_weak_ref_init (m_weak.get (), object);
  }

  /* Null when the object is gone. */
  auto get () const noexcept
  {
    using strong = detail::reference_to<T>;

    if (!m_weak)
      return strong{ nullptr };

    auto object = loft::ref<GObject>::take (
        static_cast<GObject *> (g_weak_ref_get (m_weak.get ())));
    return object ? detail::access::make<strong> (std::move (object)) : strong{ nullptr };
  }
  explicit operator bool () const noexcept { return (bool) m_weak; }

private:
  std::shared_ptr<GWeakRef> m_weak;
};

template <typename T>
weak_ref (const T &) -> weak_ref<T>;
template <typename T>
weak_ref (const com_ptr<T> &) -> weak_ref<T>;

template <typename T>
weak_ref<T> make_weak (const T &object)
{
  return weak_ref<T> (object);
}
template <typename T>
weak_ref<T> make_weak (const com_ptr<T> &object)
{
  return weak_ref<T> (object);
}

/* The plain pointers: of a reference, to the GObject. */

template <typename T>
  requires std::derived_from<T, Windows::Foundation::IUnknown>
void *get_abi (const T &reference) noexcept
{
  return detail::access::object (reference);
}
template <typename T>
  requires std::derived_from<T, Windows::Foundation::IUnknown>
void *detach_abi (T &reference) noexcept
{
  void *object = loft::ref<GObject>::hold (detail::access::object (reference)).release ();

  reference = nullptr;
  return object;
}
template <typename T>
  requires std::derived_from<T, Windows::Foundation::IUnknown>
void attach_abi (T &reference, void *object) noexcept
{
  reference = detail::access::make<T> (loft::ref<GObject>::take (static_cast<GObject *> (object)));
}
template <typename T>
  requires std::derived_from<T, Windows::Foundation::IUnknown>
void copy_from_abi (T &reference, void *object) noexcept
{
  reference = detail::access::make<T> (loft::ref<GObject>::hold (static_cast<GObject *> (object)));
}
template <typename T>
  requires std::derived_from<T, Windows::Foundation::IUnknown>
void copy_to_abi (const T &reference, void *&object) noexcept
{
  object = loft::ref<GObject>::hold (detail::access::object (reference)).release ();
}

/* Values as objects. */

namespace detail
{

inline GQuark box_quark () noexcept
{
  return g_quark_from_static_string ("loft-winrt-box");
}

} /* namespace detail */

template <typename T>
Windows::Foundation::IInspectable box_value (const T &value)
{
  if constexpr (std::derived_from<T, Windows::Foundation::IUnknown>)
    return value.template as<Windows::Foundation::IInspectable> ();
  else if constexpr (std::is_convertible_v<T, const wchar_t *>)
    return box_value (hstring (value));
  else
    {
      auto object = loft::ref<GObject>::take (
          static_cast<GObject *> (g_object_new (G_TYPE_OBJECT, nullptr)));

      g_object_set_qdata_full (object.get (), detail::box_quark (),
                               new loft::boxed_value (value), [] (gpointer box) {
                                 delete static_cast<loft::boxed_value *> (box);
                               });
      return detail::access::make<Windows::Foundation::IInspectable> (std::move (object));
    }
}

namespace detail
{

template <typename T>
const GValue *value_in (const Windows::Foundation::IInspectable &object) noexcept
{
  GObject *pointer = access::object (object);
  gpointer data = pointer ? g_object_get_qdata (pointer, box_quark ()) : nullptr;
  auto *box = static_cast<loft::boxed_value *> (data);

  return box && G_VALUE_HOLDS (box->get (), loft::value_traits<T>::type ()) ? box->get () : nullptr;
}

} /* namespace detail */

template <typename T>
T unbox_value (const Windows::Foundation::IInspectable &object)
{
  if constexpr (std::derived_from<T, Windows::Foundation::IUnknown>)
    return object.as<T> ();
  else
    {
      const GValue *value = detail::value_in<T> (object);

      if (!value)
        throw hresult_no_interface ();
      return loft::value_traits<T>::get (value);
    }
}

template <typename T>
T unbox_value_or (const Windows::Foundation::IInspectable &object, const T &otherwise)
{
  const GValue *value = detail::value_in<T> (object);

  return value ? loft::value_traits<T>::get (value) : otherwise;
}

} /* namespace winrt */

/* In a GValue, references are objects. */
template <typename T>
  requires std::derived_from<T, winrt::Windows::Foundation::IUnknown>
struct loft::value_traits<T>
{
  static GType type () { return G_TYPE_OBJECT; }
  static void set (GValue *value, const T &from)
  {
    g_value_set_object (value, winrt::detail::access::object (from));
  }
  static T get (const GValue *value)
  {
    return winrt::detail::access::make<T> (
        loft::ref<GObject>::hold (static_cast<GObject *> (g_value_get_object (value))));
  }
};

template <typename T>
  requires std::derived_from<T, winrt::Windows::Foundation::IUnknown>
struct std::hash<T>
{
  std::size_t operator() (const T &reference) const noexcept
  {
    return std::hash<void *>{}(winrt::get_abi (reference));
  }
};
