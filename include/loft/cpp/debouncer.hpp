/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* loft::debouncer: one call after a burst of triggers. */

#pragma once

#include <loft/cpp/dispatcher.hpp>

namespace loft
{

class debouncer
{
public:
  /* Calls @handler () on the dispatcher's thread once no trigger has come for @quiet. */
  template <typename F>
  debouncer (const dispatcher &home, duration quiet, F handler)
      : m_debouncer (ref<LoftDebouncer>::take (
            loft_debouncer_new (home.gobj (), quiet.count (),
                                LOFT_HPP_HANDLER_ (detail::run_item<F>, handler))))
  {
  }

  LoftDebouncer *gobj () const noexcept { return m_debouncer.get (); }
  bool trigger () const noexcept { return loft_debouncer_trigger (gobj ()); }
  bool trigger_at_once () const noexcept { return loft_debouncer_trigger_at_once (gobj ()); }
  bool is_pending () const noexcept { return loft_debouncer_is_pending (gobj ()); }
  void cancel () const noexcept { loft_debouncer_cancel (gobj ()); }

private:
  ref<LoftDebouncer> m_debouncer;
};

} /* namespace loft */
