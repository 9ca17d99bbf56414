/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* when_all, when_any, with_timeout. */

#pragma once

#include <loft/cpp/async-info.hpp>

#include <concepts>
#include <cstdint>
#include <vector>

namespace loft
{

inline action when_all (const std::vector<async_info> &all, LoftWhenFlags flags = {},
                        call_site where = call_site::here ())
{
  std::vector<LoftAsyncInfo *> infos;

  for (const async_info &one : all)
    infos.push_back (one.info ());
  return action::take (loft_when_all_at (infos.data (), infos.size (), flags,
                                         where.location<action> (), where.function));
}

template <typename... Infos>
  requires (std::derived_from<Infos, async_info> &&...)
action when_all (const Infos &...all)
{
  return when_all (std::vector<async_info>{ async_info (all)... });
}

/* Ends with the index of the first that has ended. */
inline operation<std::int64_t> when_any (const std::vector<async_info> &all,
                                         LoftWhenFlags flags = {},
                                         call_site where = call_site::here ())
{
  std::vector<LoftAsyncInfo *> infos;

  for (const async_info &one : all)
    infos.push_back (one.info ());
  return operation<std::int64_t>::take (
      loft_when_any_at (infos.data (), infos.size (), flags, where.location<action> (),
                        where.function));
}

template <typename... Infos>
  requires (std::derived_from<Infos, async_info> &&...)
operation<std::int64_t> when_any (const Infos &...all)
{
  return when_any (std::vector<async_info>{ async_info (all)... });
}

inline action with_timeout (const action &what, duration time,
                            call_site where = call_site::here ())
{
  return action (ref<LoftAsyncInfo>::take (loft_with_timeout_at (
      what.info (), time.count (), where.location<async_info> (), where.function)));
}
template <typename T>
operation<T> with_timeout (const operation<T> &what, duration time,
                           call_site where = call_site::here ())
{
  return operation<T> (ref<LoftAsyncInfo>::take (loft_with_timeout_at (
      what.info (), time.count (), where.location<async_info> (), where.function)));
}

} /* namespace loft */
