/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* loft::apartment: a thread says what it is, for as long as this lives. */

#pragma once

#include <loft/cpp/error.hpp>

namespace loft
{

class apartment
{
public:
  explicit apartment (LoftApartmentType type)
  {
    GError *gerror = nullptr;

    if (!loft_apartment_init (type, &gerror))
      throw_error (gerror);
  }
  apartment (const apartment &) = delete;
  ~apartment () { loft_apartment_uninit (); }
};

} /* namespace loft */
