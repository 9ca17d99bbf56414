/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* loft::latest_slot: of the work that is started here, only the newest counts. */

#pragma once

#include <loft/cpp/dispatcher.hpp>

namespace loft
{

class latest_slot
{
public:
  explicit latest_slot (const dispatcher &home)
      : m_slot (ref<LoftLatestSlot>::take (loft_latest_slot_new (home.gobj ())))
  {
  }

  LoftLatestSlot *gobj () const noexcept { return m_slot.get (); }

  /* Cancels what is in the slot, and puts @info there. @handler is called as a completed handler
   * is, if @info is still the newest then. To be called on the dispatcher's thread. */
  template <typename Info, typename F>
    requires std::is_base_of_v<async_info, Info>
  bool start (const Info &info, F handler) const
  {
    return loft_latest_slot_start (
        gobj (), info.info (), LOFT_HPP_HANDLER_ ((detail::call_completed<Info, F>), handler));
  }

  /* The same with a progress handler, handler (P), which is not called for what is not the newest
   * any more. */
  template <typename P, typename Info, typename F, typename G>
    requires std::is_base_of_v<async_info, Info>
  bool start (const Info &info, F handler, G on_progress,
              LoftProgressFlags flags = LOFT_PROGRESS_ALL) const
  {
    return loft_latest_slot_start_with_progress (
        gobj (), info.info (), LOFT_HPP_HANDLER_ ((detail::call_completed<Info, F>), handler),
        flags, LOFT_HPP_HANDLER_ ((detail::call_progress<P, G>), on_progress));
  }

  async_info current () const
  {
    return async_info (ref<LoftAsyncInfo>::take (loft_latest_slot_dup_current (gobj ())));
  }
  void clear () const noexcept { loft_latest_slot_clear (gobj ()); }

private:
  ref<LoftLatestSlot> m_slot;
};

} /* namespace loft */
