/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* winrt::implements<>, the base of classes that implement the interfaces by hand.
 *
 * Such an object has two parts. The GObject is what references count, and what C code sees: its
 * type implements the interfaces of Loft. It owns the C++ object, and deletes it, or hands it to
 * final_release (), when the last reference goes. */

#pragma once

#include <loft/winrt/async.hpp>

namespace winrt
{

/* Marks for the list of interfaces. */
struct non_agile
{
};
struct no_weak_ref
{
};
struct no_module_lock
{
};

namespace Windows::Foundation
{

struct IClosable : IInspectable
{
  using IInspectable::IInspectable;
  void Close () const;
};

struct IStringable : IInspectable
{
  using IInspectable::IInspectable;
  hstring ToString () const;
};

} /* namespace Windows::Foundation */

namespace detail
{

/* How a reference reaches the functions of the class behind it: one such class an interface. */

struct closable_functions
{
  virtual ~closable_functions () = default;
  virtual void abi_close () = 0;
};

struct stringable_functions
{
  virtual ~stringable_functions () = default;
  virtual hstring abi_to_string () = 0;
};

struct info_functions
{
  virtual ~info_functions () = default;
  virtual std::uint32_t abi_id () = 0;
  virtual AsyncStatus abi_status () = 0;
  virtual hresult abi_error_code () = 0;
  virtual void abi_cancel () = 0;
  virtual void abi_close () = 0;
};

struct async_functions
{
  virtual ~async_functions () = default;
  virtual void abi_set_completed (LoftCompletedHandler handler, std::shared_ptr<void> data) = 0;
  virtual void abi_get_results (GValue *value) = 0;
};

struct progress_functions
{
  virtual ~progress_functions () = default;
  virtual GType abi_progress_type () = 0;
  virtual void abi_set_progress (LoftProgressHandler handler, std::shared_ptr<void> data) = 0;
};

/* Runs @call for C code: what it throws becomes an error. */
template <typename F>
gboolean guard (GError **gerror, F &&call) noexcept
{
  try
    {
      call ();
      return TRUE;
    }
  catch (...)
    {
      hresult code = to_hresult ();

      g_propagate_error (gerror, hresult_error (code, from_abi).dup_gerror ());
      return FALSE;
    }
}

template <typename Functions>
Functions &functions_of (gpointer object)
{
  auto *functions
      = dynamic_cast<Functions *> (instance::root_of (static_cast<GObject *> (object)));

  if (!functions)
    throw hresult_no_interface ();
  return *functions;
}

/* The data of a C handler, which is destroyed with the last copy of the delegate that holds it. */
inline std::shared_ptr<void> handler_data (gpointer data, GDestroyNotify destroy)
{
  return { data, [destroy] (gpointer pointer) {
            if (destroy)
              destroy (pointer);
          } };
}

/* Interfaces of C, by the functions above. */

inline void implement_info (gpointer vtable, gpointer)
{
  auto *iface = static_cast<LoftAsyncInfoInterface *> (vtable);

  iface->get_id = [] (LoftAsyncInfo *self) -> guint64 {
    guint64 id = 1;
    guard (nullptr, [&] { id = functions_of<info_functions> (self).abi_id (); });
    return id;
  };
  iface->get_status = [] (LoftAsyncInfo *self) {
    AsyncStatus status = AsyncStatus::Error;
    guard (nullptr, [&] { status = functions_of<info_functions> (self).abi_status (); });
    return (LoftAsyncStatus) status;
  };
  iface->dup_error = [] (LoftAsyncInfo *self) -> GError * {
    hresult code = error_fail;
    GError *gerror = nullptr;

    if (!guard (&gerror, [&] { code = functions_of<info_functions> (self).abi_error_code (); }))
      return gerror;
    return code < 0 ? hresult_error (code, from_abi).dup_gerror () : nullptr;
  };
  iface->cancel = [] (LoftAsyncInfo *self) {
    call_quietly ([&] { functions_of<info_functions> (self).abi_cancel (); });
  };
  iface->close = [] (LoftAsyncInfo *self, GError **gerror) {
    return guard (gerror, [&] { functions_of<info_functions> (self).abi_close (); });
  };
  iface->set_completed = [] (LoftAsyncInfo *self, LoftCompletedHandler handler, gpointer data,
                             GDestroyNotify destroy, GError **gerror) {
    std::shared_ptr<void> kept = handler_data (data, destroy);
    return guard (gerror, [&] {
      functions_of<async_functions> (self).abi_set_completed (handler, std::move (kept));
    });
  };
}

inline void implement_action (gpointer vtable, gpointer)
{
  auto *iface = static_cast<LoftAsyncActionInterface *> (vtable);

  iface->get_results = [] (LoftAsyncAction *self, GError **gerror) {
    return guard (gerror, [&] { functions_of<async_functions> (self).abi_get_results (nullptr); });
  };
}

inline void implement_operation (gpointer vtable, gpointer)
{
  auto *iface = static_cast<LoftAsyncOperationInterface *> (vtable);

  iface->get_results = [] (LoftAsyncOperation *self, GValue *value, GError **gerror) {
    return guard (gerror, [&] { functions_of<async_functions> (self).abi_get_results (value); });
  };
}

inline void implement_progress (gpointer vtable, gpointer)
{
  auto *iface = static_cast<LoftAsyncWithProgressInterface *> (vtable);

  iface->get_progress_type = [] (LoftAsyncWithProgress *self) {
    GType type = G_TYPE_INVALID;
    guard (nullptr, [&] { type = functions_of<progress_functions> (self).abi_progress_type (); });
    return type;
  };
  iface->set_progress = [] (LoftAsyncWithProgress *self, LoftProgressFlags,
                            LoftProgressHandler handler, gpointer data, GDestroyNotify destroy,
                            GError **gerror) {
    std::shared_ptr<void> kept = handler_data (data, destroy);
    return guard (gerror, [&] {
      functions_of<progress_functions> (self).abi_set_progress (handler, std::move (kept));
    });
  };
}

/* The part that makes one interface of @D's functions. Others need none. */
template <typename D, typename I>
struct produce
{
};

template <typename D>
struct produce<D, Windows::Foundation::IClosable> : closable_functions
{
  void abi_close () override { static_cast<D *> (this)->Close (); }
};

template <typename D>
struct produce<D, Windows::Foundation::IStringable> : stringable_functions
{
  hstring abi_to_string () override { return static_cast<D *> (this)->ToString (); }
};

template <typename D>
struct produce<D, Windows::Foundation::IAsyncInfo> : info_functions
{
  std::uint32_t abi_id () override { return static_cast<D *> (this)->Id (); }
  AsyncStatus abi_status () override { return static_cast<D *> (this)->Status (); }
  hresult abi_error_code () override { return static_cast<D *> (this)->ErrorCode (); }
  void abi_cancel () override { static_cast<D *> (this)->Cancel (); }
  void abi_close () override { static_cast<D *> (this)->Close (); }
};

template <typename D, typename I, typename Handler>
struct produce_async : async_functions
{
  void abi_set_completed (LoftCompletedHandler handler, std::shared_ptr<void> data) override
  {
    if (handler)
      static_cast<D *> (this)->Completed (
          Handler ([handler, data = std::move (data)] (const I &sender, AsyncStatus status) {
            handler (sender.info (), (LoftAsyncStatus) status, data.get ());
          }));
    else
      static_cast<D *> (this)->Completed (Handler (nullptr));
  }
  void abi_get_results (GValue *value) override
  {
    if constexpr (std::is_void_v<decltype (static_cast<D *> (this)->GetResults ())>)
      static_cast<D *> (this)->GetResults ();
    else
      {
        auto result = static_cast<D *> (this)->GetResults ();
        using T = decltype (result);

        g_value_init (value, loft::value_traits<T>::type ());
        loft::value_traits<T>::set (value, std::move (result));
      }
  }
};

template <typename D, typename I, typename P, typename Handler, typename ProgressHandler>
struct produce_progress : produce_async<D, I, Handler>, progress_functions
{
  GType abi_progress_type () override { return loft::value_traits<P>::type (); }
  void abi_set_progress (LoftProgressHandler handler, std::shared_ptr<void> data) override
  {
    if (handler)
      static_cast<D *> (this)->Progress (
          ProgressHandler ([handler, data = std::move (data)] (const I &sender, const P &value) {
            loft::boxed_value boxed (value);

            handler (sender.info (), boxed.get (), data.get ());
          }));
    else
      static_cast<D *> (this)->Progress (ProgressHandler (nullptr));
  }
};

template <typename D>
struct produce<D, Windows::Foundation::IAsyncAction>
    : produce_async<D, Windows::Foundation::IAsyncAction,
                    Windows::Foundation::AsyncActionCompletedHandler>
{
};
template <typename D, typename T>
struct produce<D, Windows::Foundation::IAsyncOperation<T>>
    : produce_async<D, Windows::Foundation::IAsyncOperation<T>,
                    Windows::Foundation::AsyncOperationCompletedHandler<T>>
{
};
template <typename D, typename P>
struct produce<D, Windows::Foundation::IAsyncActionWithProgress<P>>
    : produce_progress<D, Windows::Foundation::IAsyncActionWithProgress<P>, P,
                       Windows::Foundation::AsyncActionWithProgressCompletedHandler<P>,
                       Windows::Foundation::AsyncActionProgressHandler<P>>
{
};
template <typename D, typename T, typename P>
struct produce<D, Windows::Foundation::IAsyncOperationWithProgress<T, P>>
    : produce_progress<D, Windows::Foundation::IAsyncOperationWithProgress<T, P>, P,
                       Windows::Foundation::AsyncOperationWithProgressCompletedHandler<T, P>,
                       Windows::Foundation::AsyncOperationProgressHandler<T, P>>
{
};

/* Which interfaces of C a C++ interface is. */
template <typename I>
struct interfaces_of
{
  static void add (GType) {}
};

inline void add_interface (GType type, GType iface, GInterfaceInitFunc init)
{
  const GInterfaceInfo info = { init, nullptr, nullptr };

  if (!g_type_is_a (type, iface))
    g_type_add_interface_static (type, iface, &info);
}

template <typename... Inits>
void add_async (GType type, GType iface, GInterfaceInitFunc init)
{
  add_interface (type, LOFT_TYPE_ASYNC_INFO, implement_info);
  add_interface (type, iface, init);
}

template <>
struct interfaces_of<Windows::Foundation::IAsyncAction>
{
  static void add (GType type) { add_async (type, LOFT_TYPE_ASYNC_ACTION, implement_action); }
};
template <typename T>
struct interfaces_of<Windows::Foundation::IAsyncOperation<T>>
{
  static void add (GType type)
  {
    add_async (type, LOFT_TYPE_ASYNC_OPERATION, implement_operation);
  }
};
template <typename P>
struct interfaces_of<Windows::Foundation::IAsyncActionWithProgress<P>>
{
  static void add (GType type)
  {
    add_async (type, LOFT_TYPE_ASYNC_ACTION, implement_action);
    add_interface (type, LOFT_TYPE_ASYNC_WITH_PROGRESS, implement_progress);
  }
};
template <typename T, typename P>
struct interfaces_of<Windows::Foundation::IAsyncOperationWithProgress<T, P>>
{
  static void add (GType type)
  {
    add_async (type, LOFT_TYPE_ASYNC_OPERATION, implement_operation);
    add_interface (type, LOFT_TYPE_ASYNC_WITH_PROGRESS, implement_progress);
  }
};

template <typename D>
concept has_final_release
    = requires (std::unique_ptr<D> self) { D::final_release (std::move (self)); };

/* The GObject class of @D. */
template <typename D, typename... I>
struct object_class
{
  static GType type ()
  {
    static const GType gtype = register_type ();
    return gtype;
  }

private:
  /* When the last reference goes, and not in finalize (): what runs at the end of a @D may take
   * references to it, as for the sender of an event. From here on the @D holds the GObject. */
  static void dispose (GObject *object)
  {
    root *part = reinterpret_cast<instance *> (object)->implementation;
    auto *implementation = dynamic_cast<D *> (part);

    if (implementation && !implementation->m_holds && g_atomic_int_get (&object->ref_count) == 1)
      {
        g_object_ref (object);
        implementation->m_holds = true;
        call_quietly ([&] { release (std::unique_ptr<D> (implementation)); });
      }
    static_cast<GObjectClass *> (g_type_class_peek_parent (G_OBJECT_GET_CLASS (object)))
        ->dispose (object);
  }

  static void release (std::unique_ptr<D> implementation)
  {
    if constexpr (has_final_release<D>)
      D::final_release (std::move (implementation));
  }

  static GType register_type ()
  {
    std::string name = std::string ("LoftWinrt-") + typeid (D).name ();
    GTypeInfo info = {};

    for (char &c : name)
      if (!g_ascii_isalnum (c) && c != '-' && c != '_')
        c = '+';
    if (g_type_from_name (name.c_str ())) /* of another file of the program */
      name += "+" + std::to_string ((std::uintptr_t) &register_type);
    info.class_size = sizeof (GObjectClass);
    info.class_init = [] (gpointer klass, gpointer) {
      G_OBJECT_CLASS (klass)->dispose = dispose;
    };
    info.instance_size = sizeof (instance);

    GType gtype
        = g_type_register_static (instance::type (), name.c_str (), &info, (GTypeFlags) 0);
    (interfaces_of<I>::add (gtype), ...);
    return gtype;
  }
};

} /* namespace detail */

namespace Windows::Foundation
{

inline void IClosable::Close () const
{
  using winrt::detail::closable_functions;
  GObject *object = m_object.get ();

  if (LOFT_IS_DEFERRAL (object))
    loft_deferral_close (reinterpret_cast<LoftDeferral *> (object));
  else if (LOFT_IS_ASYNC_INFO (object)
           && !dynamic_cast<closable_functions *> (winrt::detail::instance::root_of (object)))
    as<IAsyncInfo> ().Close ();
  else
    winrt::detail::functions_of<closable_functions> (object).abi_close ();
}

inline hstring IStringable::ToString () const
{
  return winrt::detail::functions_of<winrt::detail::stringable_functions> (m_object.get ())
      .abi_to_string ();
}

} /* namespace Windows::Foundation */

namespace detail
{

template <>
struct is_a<Windows::Foundation::IClosable>
{
  static bool check (GObject *object) noexcept
  {
    return dynamic_cast<closable_functions *> (instance::root_of (object))
           || LOFT_IS_ASYNC_INFO (object) || LOFT_IS_DEFERRAL (object);
  }
};
template <>
struct is_a<Windows::Foundation::IStringable>
{
  static bool check (GObject *object) noexcept
  {
    return dynamic_cast<stringable_functions *> (instance::root_of (object)) != nullptr;
  }
};

} /* namespace detail */

/* What a class of the program derives from: struct Page : implements<Page, IInspectable>. Its
 * objects are made with make<> or make_self<>. */
template <typename D, typename... I>
class implements : public detail::root, public detail::produce<D, I>...
{
public:
  using implements_type = implements;

  bool is_object_agile () const noexcept override
  {
    return !(std::is_same_v<I, non_agile> || ...);
  }

  implements (const implements &) = delete;
  implements &operator= (const implements &) = delete;

  /* *this is each of its interfaces. */
  template <typename T>
    requires ((std::same_as<T, I> || ...) || std::same_as<T, Windows::Foundation::IInspectable>
              || std::same_as<T, Windows::Foundation::IUnknown>
              || (std::derived_from<I, T> || ...))
            && std::derived_from<T, Windows::Foundation::IUnknown>
  operator T () const noexcept
  {
    return detail::access::make<T> (loft::ref<GObject>::hold (m_object));
  }

  com_ptr<D> get_strong () const noexcept
  {
    return detail::access::make_strong (
        const_cast<D *> (static_cast<const D *> (this)));
  }
  weak_ref<D> get_weak () const { return weak_ref<D> (m_object); }

protected:
  implements ()
  {
    m_object = static_cast<GObject *> (
        g_object_new (detail::object_class<D, I...>::type (), nullptr));
  }
  /* Whoever has kept a reference until now has one to an object without functions. */
  ~implements () override
  {
    reinterpret_cast<detail::instance *> (m_object)->implementation = nullptr;
    if (m_holds)
      g_object_unref (m_object);
  }

private:
  /* Hands the object, of @D or of a class derived from it, to its GObject, and returns the first
   * reference. */
  template <typename T>
  static com_ptr<T> adopt (std::unique_ptr<T> made)
  {
    com_ptr<T> reference;
    T *self = made.release ();

    self->m_holds = false;
    reinterpret_cast<detail::instance *> (self->m_object)->implementation = self;
    reference.attach (self);
    return reference;
  }

  template <typename T, typename... Args>
  friend com_ptr<T> make_self (Args &&...args);
  template <typename T, typename... Interfaces>
  friend struct detail::object_class;

  bool m_holds = true; /* the GObject: until the constructor has returned, and from dispose () on */
};

template <typename D, typename... Args>
com_ptr<D> make_self (Args &&...args)
{
  return D::implements_type::adopt (std::make_unique<D> (std::forward<Args> (args)...));
}

namespace detail
{

template <typename T>
struct first_interface;
template <typename D, typename First, typename... Rest>
struct first_interface<implements<D, First, Rest...>>
{
  using type = First;
};

} /* namespace detail */

/* Makes an object, and returns its first interface. */
template <typename D, typename... Args>
auto make (Args &&...args)
{
  using First = typename detail::first_interface<typename D::implements_type>::type;

  return static_cast<First> (*make_self<D> (std::forward<Args> (args)...));
}

/* The object behind a reference that was made of a @D. */
template <typename D, typename I>
D *get_self (const I &from) noexcept
{
  return dynamic_cast<D *> (detail::instance::root_of (detail::access::object (from)));
}

} /* namespace winrt */
