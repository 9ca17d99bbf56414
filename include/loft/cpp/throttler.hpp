/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* loft::throttler: at most one call in each interval. */

#pragma once

#include <loft/cpp/dispatcher.hpp>

namespace loft
{

class throttler
{
public:
  /* Calls @handler () on the dispatcher's thread, at most once in each @interval. */
  template <typename F>
  throttler (const dispatcher &home, duration interval, F handler)
      : m_throttler (ref<LoftThrottler>::take (
            loft_throttler_new (home.gobj (), interval.count (),
                                LOFT_HPP_HANDLER_ (detail::run_item<F>, handler))))
  {
  }

  LoftThrottler *gobj () const noexcept { return m_throttler.get (); }
  bool trigger () const noexcept { return loft_throttler_trigger (gobj ()); }
  bool is_pending () const noexcept { return loft_throttler_is_pending (gobj ()); }
  void cancel () const noexcept { loft_throttler_cancel (gobj ()); }

private:
  ref<LoftThrottler> m_throttler;
};

} /* namespace loft */
