/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* How a C++ type goes through a GValue. */

#pragma once

#include <loft/cpp/handler.hpp>
#include <loft/cpp/ref.hpp>

#include <memory>
#include <string>
#include <type_traits>
#include <typeinfo>
#include <utility>

namespace loft
{

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
  static void free (gpointer boxed) noexcept
  {
    delete_callable<std::shared_ptr<T>> (boxed);
  }
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
    if (from.find ('\0') != std::string::npos)
      throw_error (g_error_new_literal (LOFT_ERROR, LOFT_ERROR_INVALID_ARGUMENT,
                                        "The string has a null character inside, where it would "
                                        "be cut; give such bytes a class of their own"));
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
  if (G_VALUE_HOLDS_LONG (number))
    return std::in_range<T> (g_value_get_long (number));
  if (G_VALUE_HOLDS_ULONG (number))
    return std::in_range<T> (g_value_get_ulong (number));
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

} /* namespace loft */
