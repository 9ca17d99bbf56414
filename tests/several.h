/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the tests of composed objects share: several actions, errors, and functions that end an
 * action. */

#pragma once

#include "by-hand.h"

static inline void
wait_until_ended (gpointer info)
{
  g_assert_true (loft_async_info_wait_unchecked (info, NULL));
}

static inline void
assert_error (gpointer info,
              GQuark   domain,
              int      code)
{
  g_autoptr (GError) error = loft_async_info_dup_error (info);

  g_assert_error (error, domain, code);
}

static inline GError *
not_found (void)
{
  return g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "not there");
}

static inline void *
complete_it (void *action)
{
  loft_action_complete (action);
  return NULL;
}

static inline void *
cancel_it (void *info)
{
  loft_async_info_cancel (info);
  return NULL;
}

/* Several actions. */

#define N 4

typedef struct
{
  LoftAction *actions[N];
  LoftAsyncInfo *infos[N];
} Several;

static inline void
make_several (Several *several)
{
  for (int i = 0; i < N; i++)
    {
      several->actions[i] = loft_action_new ();
      several->infos[i] = LOFT_ASYNC_INFO (several->actions[i]);
    }
}

/* Does what a producer does that drops one of the actions. */
static inline void
let_go (Several *several,
        int      i)
{
  several->infos[i] = NULL;
  g_clear_object (&several->actions[i]);
}

static inline void
free_several (Several *several)
{
  for (int i = 0; i < N; i++)
    g_clear_object (&several->actions[i]);
}
