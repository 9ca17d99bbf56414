/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* loft::ref: a reference to a GObject. */

#pragma once

#include <loft/loft.h>

#include <utility>

namespace loft
{

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

} /* namespace loft */
