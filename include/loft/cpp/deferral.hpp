/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* loft::deferral: keeps something open until it is completed. */

#pragma once

#include <loft/cpp/handler.hpp>
#include <loft/cpp/ref.hpp>

namespace loft
{

/* What somebody waits for. A deferral that is let go of counts as completed. */
class deferral
{
public:
  explicit deferral (ref<LoftDeferral> from) noexcept : m_deferral (std::move (from)) {}

  /* Makes one of your own, which calls @handler () when it is completed. */
  template <typename F>
    requires std::is_invocable_v<F &>
  explicit deferral (F handler, call_site where = call_site::here ())
      : m_deferral (ref<LoftDeferral>::take (
            loft_deferral_new_at (LOFT_HPP_HANDLER_AT_ (detail::run_item<F>, handler, where))))
  {
  }

  LoftDeferral *gobj () const noexcept { return m_deferral.get (); }
  explicit operator bool () const noexcept { return (bool) m_deferral; }
  bool is_complete () const noexcept { return loft_deferral_is_complete (gobj ()); }

  /* Completes it; throws if it is completed already. */
  void complete () const
  {
    GError *gerror = nullptr;

    if (!loft_deferral_complete (gobj (), &gerror))
      throw_error (gerror);
  }

private:
  ref<LoftDeferral> m_deferral;
};

} /* namespace loft */
