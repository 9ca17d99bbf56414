/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* loft::dispatcher_controller: gives a thread a dispatcher, and ends it. */

#pragma once

#include <loft/cpp/dispatcher.hpp>

#include <string>

namespace loft
{

class dispatcher_controller
{
public:
  /* Starts a thread that has a dispatcher. */
  static dispatcher_controller create_on_dedicated_thread (const std::string &name)
  {
    GError *gerror = nullptr;
    auto *made = loft_dispatcher_controller_new_on_dedicated_thread (name.c_str (), &gerror);

    if (!made)
      throw_error (gerror);
    return dispatcher_controller (made);
  }

  static dispatcher_controller create_on_current_thread ()
  {
    GError *gerror = nullptr;
    auto *made = loft_dispatcher_controller_new_on_current_thread (&gerror);

    if (!made)
      throw_error (gerror);
    return dispatcher_controller (made);
  }

  LoftDispatcherController *gobj () const noexcept { return m_controller.get (); }

  loft::dispatcher dispatcher () const noexcept
  {
    return loft::dispatcher (
        ref<LoftDispatcher>::hold (loft_dispatcher_controller_get_dispatcher (gobj ())));
  }

  /* Runs what was posted, and then ends the dispatcher. */
  action shutdown_async (call_site where = call_site::here ()) const
  {
    return action::take (loft_dispatcher_controller_shutdown_async_at (
        gobj (), where.location<dispatcher_controller> (), where.function));
  }

  /* The same, and blocks until it is done. */
  void shutdown () const
  {
    GError *gerror = nullptr;

    if (!loft_dispatcher_controller_shutdown (gobj (), &gerror))
      throw_error (gerror);
  }

private:
  explicit dispatcher_controller (LoftDispatcherController *made) noexcept
      : m_controller (ref<LoftDispatcherController>::take (made))
  {
  }

  ref<LoftDispatcherController> m_controller;
};

} /* namespace loft */
