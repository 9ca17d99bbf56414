/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* winrt::hstring, an immutable string of wchar_t, and its way from and to UTF-8. */

#pragma once

#include <loft/loft.hpp>

#include <algorithm>
#include <cwchar>
#include <functional>
#include <ostream>

namespace winrt
{

/* Returns UTF-8. What is no character becomes U+FFFD. */
inline std::string to_string (std::wstring_view from)
{
  std::string text;

  for (wchar_t c : from)
    {
      char bytes[6];
      gunichar character = (gunichar) c;

      if (!g_unichar_validate (character))
        character = 0xfffd;
      text.append (bytes, (std::size_t) g_unichar_to_utf8 (character, bytes));
    }
  return text;
}

/* Shared by all copies, as a string of Windows is. */
class hstring
{
public:
  using value_type = wchar_t;
  using size_type = std::uint32_t;
  using const_reference = const wchar_t &;
  using const_pointer = const wchar_t *;
  using const_iterator = const wchar_t *;
  using const_reverse_iterator = std::reverse_iterator<const_iterator>;

  hstring () noexcept = default;
  hstring (std::nullptr_t) = delete;
  hstring (std::initializer_list<wchar_t> from) : hstring (from.begin (), (size_type) from.size ())
  {
  }
  hstring (const wchar_t *from) : hstring (std::wstring_view (from)) {}
  hstring (const wchar_t *from, size_type length) : hstring (std::wstring_view (from, length)) {}
  explicit hstring (std::wstring_view from)
      : m_text (from.empty () ? nullptr : std::make_shared<const std::wstring> (from))
  {
  }
  explicit hstring (const std::wstring &from) : hstring (std::wstring_view (from)) {}
  hstring &operator= (std::nullptr_t) = delete;
  hstring &operator= (const wchar_t *from) { return *this = hstring (from); }

  operator std::wstring_view () const noexcept { return view (); }

  const wchar_t *c_str () const noexcept { return m_text ? m_text->c_str () : L""; }
  const wchar_t *data () const noexcept { return c_str (); }
  size_type size () const noexcept { return m_text ? (size_type) m_text->size () : 0; }
  bool empty () const noexcept { return !m_text; }
  void clear () noexcept { m_text.reset (); }
  const wchar_t &operator[] (size_type at) const noexcept { return c_str ()[at]; }
  const wchar_t &front () const noexcept { return c_str ()[0]; }
  const wchar_t &back () const noexcept { return c_str ()[size () - 1]; }

  const_iterator begin () const noexcept { return c_str (); }
  const_iterator end () const noexcept { return c_str () + size (); }
  const_iterator cbegin () const noexcept { return begin (); }
  const_iterator cend () const noexcept { return end (); }
  const_reverse_iterator rbegin () const noexcept { return const_reverse_iterator (end ()); }
  const_reverse_iterator rend () const noexcept { return const_reverse_iterator (begin ()); }

  bool starts_with (std::wstring_view part) const noexcept { return view ().starts_with (part); }
  bool ends_with (std::wstring_view part) const noexcept { return view ().ends_with (part); }

  friend void swap (hstring &a, hstring &b) noexcept { std::swap (a.m_text, b.m_text); }

  friend bool operator== (const hstring &a, const hstring &b) noexcept
  {
    return a.view () == b.view ();
  }
  friend bool operator== (const hstring &a, std::wstring_view b) noexcept { return a.view () == b; }
  friend bool operator== (const hstring &a, const std::wstring &b) noexcept
  {
    return a.view () == b;
  }
  friend bool operator== (const hstring &a, const wchar_t *b) noexcept { return a.view () == b; }
  friend auto operator<=> (const hstring &a, const hstring &b) noexcept
  {
    return a.view () <=> b.view ();
  }
  friend auto operator<=> (const hstring &a, std::wstring_view b) noexcept
  {
    return a.view () <=> b;
  }
  friend auto operator<=> (const hstring &a, const wchar_t *b) noexcept
  {
    return a.view () <=> std::wstring_view (b);
  }

  friend hstring operator+ (const hstring &a, const hstring &b)
  {
    return concatenate (a.view (), b.view ());
  }
  friend hstring operator+ (const hstring &a, std::wstring_view b)
  {
    return concatenate (a.view (), b);
  }
  friend hstring operator+ (std::wstring_view a, const hstring &b)
  {
    return concatenate (a, b.view ());
  }
  friend hstring operator+ (const hstring &a, const std::wstring &b)
  {
    return concatenate (a.view (), b);
  }
  friend hstring operator+ (const std::wstring &a, const hstring &b)
  {
    return concatenate (a, b.view ());
  }
  friend hstring operator+ (const hstring &a, const wchar_t *b)
  {
    return concatenate (a.view (), b);
  }
  friend hstring operator+ (const wchar_t *a, const hstring &b)
  {
    return concatenate (a, b.view ());
  }
  friend hstring operator+ (const hstring &a, wchar_t b)
  {
    return concatenate (a.view (), std::wstring_view (&b, 1));
  }
  friend hstring operator+ (wchar_t a, const hstring &b)
  {
    return concatenate (std::wstring_view (&a, 1), b.view ());
  }

  friend std::wostream &operator<< (std::wostream &stream, const hstring &text)
  {
    return stream << text.view ();
  }

private:
  std::wstring_view view () const noexcept
  {
    return m_text ? std::wstring_view (*m_text) : std::wstring_view ();
  }

  static hstring concatenate (std::wstring_view a, std::wstring_view b)
  {
    std::wstring both;

    both.reserve (a.size () + b.size ());
    both.append (a).append (b);
    return hstring (std::wstring_view (both));
  }

  std::shared_ptr<const std::wstring> m_text; /* empty for the empty string */
};

/* Each byte that is no UTF-8 becomes U+FFFD. */
inline hstring to_hstring (std::string_view from)
{
  std::wstring text;

  while (!from.empty ())
    {
      gunichar character = g_utf8_get_char_validated (from.data (), (gssize) from.size ());
      bool valid = character != (gunichar) -1 && character != (gunichar) -2;

      if (from.front () == '\0')
        {
          character = 0;
          valid = true;
        }
      text.push_back ((wchar_t) (valid ? character : 0xfffd));
      from.remove_prefix (!valid || !character
                              ? 1
                              : (std::size_t) g_unichar_to_utf8 (character, nullptr));
    }
  return hstring (std::wstring_view (text));
}
inline hstring to_hstring (const char *from)
{
  return to_hstring (std::string_view (from));
}
inline hstring to_hstring (const std::string &from)
{
  return to_hstring (std::string_view (from));
}
inline hstring to_hstring (const hstring &from)
{
  return from;
}
inline hstring to_hstring (bool value)
{
  return value ? L"true" : L"false";
}
inline hstring to_hstring (wchar_t value)
{
  return hstring (&value, 1);
}
template <typename T>
  requires std::is_arithmetic_v<T>
hstring to_hstring (T value)
{
  if constexpr (std::is_floating_point_v<T>)
    {
      char digits[G_ASCII_DTOSTR_BUF_SIZE];

      return to_hstring (g_ascii_dtostr (digits, sizeof digits, (double) value));
    }
  else
    return hstring (std::to_wstring (value));
}

} /* namespace winrt */

template <>
struct std::hash<winrt::hstring>
{
  std::size_t operator() (const winrt::hstring &text) const noexcept
  {
    return std::hash<std::wstring_view>{}(text);
  }
};

/* In a GValue it keeps all of its characters, and is a string to whoever asks for one. */
template <>
struct loft::value_traits<winrt::hstring>
{
  static GType type ()
  {
    static const GType gtype = register_type ();
    return gtype;
  }
  static void set (GValue *value, const winrt::hstring &from)
  {
    g_value_take_boxed (value, new winrt::hstring (from));
  }
  static winrt::hstring get (const GValue *value)
  {
    auto *text = static_cast<winrt::hstring *> (g_value_get_boxed (value));
    return text ? *text : winrt::hstring ();
  }

private:
  static gpointer copy (gpointer from)
  {
    return new winrt::hstring (*static_cast<winrt::hstring *> (from));
  }
  static void free (gpointer text) { delete static_cast<winrt::hstring *> (text); }
  static void to_text (const GValue *from, GValue *to)
  {
    g_value_set_string (to, winrt::to_string (get (from)).c_str ());
  }
  static void from_text (const GValue *from, GValue *to)
  {
    const char *text = g_value_get_string (from);
    set (to, winrt::to_hstring (text ? text : ""));
  }
  static GType register_type ()
  {
    if (GType known = g_type_from_name ("LoftWinrtHstring"))
      return known;

    GType gtype = g_boxed_type_register_static ("LoftWinrtHstring", copy, free);
    g_value_register_transform_func (gtype, G_TYPE_STRING, to_text);
    g_value_register_transform_func (G_TYPE_STRING, gtype, from_text);
    return gtype;
  }
};
