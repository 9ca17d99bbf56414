/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* loft::task_group: work that ends together. */

#pragma once

#include <loft/cpp/flags.hpp>
#include <loft/cpp/work.hpp>

namespace loft
{

/* A group is an action itself, which ends when it is sealed and all its children have ended. */
class task_group : public action
{
public:
  explicit task_group (LoftTaskGroupFlags flags = (LoftTaskGroupFlags) 0,
                       call_site where = call_site::here ())
      : action (ref<LoftAsyncInfo>::take ((LoftAsyncInfo *) loft_task_group_new_at (
            flags, where.location<task_group> (), where.function)))
  {
  }

  LoftTaskGroup *group () const noexcept { return (LoftTaskGroup *) info (); }
  unsigned running () const noexcept { return loft_task_group_get_running (group ()); }

  /* False: the group has ended. */
  bool add (const async_info &child) const noexcept
  {
    return loft_task_group_add (group (), child.info ());
  }

  /* Runs work on the pool as a child. */
  template <typename F>
  action run_async (F handler, call_site where = call_site::here ()) const
  {
    return action::take (loft_task_group_run_async_at (
        group (), LOFT_HPP_HANDLER_AT_ (detail::run_action<F>, handler, where)));
  }

  /* No child comes after this. */
  void seal () const noexcept { loft_task_group_seal (group ()); }
};

} /* namespace loft */
