/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* loft::agile_ref: a reference that any thread may hold. */

#pragma once

#include <loft/cpp/error.hpp>
#include <loft/cpp/ref.hpp>

#include <utility>

namespace loft
{

/* A reference that any thread may resolve. */
template <typename T>
class agile_ref
{
public:
  explicit agile_ref (T *object) : m_reference (loft_agile_reference_new (G_OBJECT (object))) {}
  agile_ref (const agile_ref &other) : m_reference (loft_agile_reference_ref (other.m_reference)) {}
  ~agile_ref () { loft_agile_reference_unref (m_reference); }
  agile_ref &operator= (agile_ref other) noexcept
  {
    std::swap (m_reference, other.m_reference);
    return *this;
  }
  /* The object; throws wrong_thread_error away from its home, and disconnected_error once that is
   * gone. */
  ref<T> get () const
  {
    GError *gerror = nullptr;
    gpointer object = loft_agile_reference_resolve (m_reference, &gerror);

    if (!object)
      throw_error (gerror);
    return ref<T>::take (static_cast<T *> (object));
  }

  LoftAgileReference *gobj () const noexcept { return m_reference; }

private:
  LoftAgileReference *m_reference;
};

} /* namespace loft */
