/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* loft::work_settings: what work can have besides its function. */

#pragma once

#include <loft/cpp/async-info.hpp>

namespace loft
{

/* Settings for work that is posted with them. Each function returns the settings, so that one line
 * makes them: work_settings ().priority (LOFT_PRIORITY_LOW).owner (window). Copies are the same
 * settings. */
class work_settings
{
public:
  work_settings () : m_settings (loft_work_settings_new ()) {}
  work_settings (const work_settings &other) noexcept
      : m_settings (loft_work_settings_ref (other.m_settings))
  {
  }
  ~work_settings () { loft_work_settings_unref (m_settings); }
  work_settings &operator= (work_settings other) noexcept
  {
    std::swap (m_settings, other.m_settings);
    return *this;
  }

  LoftWorkSettings *gobj () const noexcept { return m_settings; }

  work_settings &priority (LoftPriority value) noexcept
  {
    loft_work_settings_set_priority (m_settings, value);
    return *this;
  }
  work_settings &options (LoftWorkOptions value) noexcept
  {
    loft_work_settings_set_options (m_settings, value);
    return *this;
  }
  /* The work is cancelled once the owner is gone. */
  work_settings &owner (GObject *value) noexcept
  {
    loft_work_settings_set_owner (m_settings, value);
    return *this;
  }

private:
  LoftWorkSettings *m_settings;
};

} /* namespace loft */
