/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

/* Whether @call throws an @Error, and no other. */
template <typename Error, typename F>
static bool
throws (F &&call)
{
  try
    {
      call ();
    }
  catch (const Error &)
    {
      return true;
    }
  return false;
}
