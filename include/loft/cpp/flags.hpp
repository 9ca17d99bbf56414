/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Flags of Loft, which C++ combines without casts. */

#pragma once

#include <loft/loft.h>

#define LOFT_HPP_FLAGS_(type)                               \
  inline constexpr type operator| (type a, type b) noexcept \
  {                                                         \
    return (type) ((unsigned) a | (unsigned) b);            \
  }                                                         \
  inline constexpr type operator& (type a, type b) noexcept \
  {                                                         \
    return (type) ((unsigned) a & (unsigned) b);            \
  }                                                         \
  inline constexpr type &operator|= (type &a, type b) noexcept \
  {                                                         \
    return a = a | b;                                       \
  }                                                         \
  inline type operator~(type a) noexcept                    \
  {                                                         \
    return (type) ~(unsigned) a;                            \
  }                                                         \
  inline constexpr type &operator&= (type &a, type b) noexcept \
  {                                                         \
    return a = a & b;                                       \
  }

LOFT_HPP_FLAGS_ (LoftProgressFlags)
LOFT_HPP_FLAGS_ (LoftWorkOptions)
LOFT_HPP_FLAGS_ (LoftWhenFlags)
LOFT_HPP_FLAGS_ (LoftTaskGroupFlags)
LOFT_HPP_FLAGS_ (LoftRunOptions)
#undef LOFT_HPP_FLAGS_
