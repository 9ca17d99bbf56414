/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#include "foreign.h"

#include "../test-util.h"
#include "../by-hand.h"

LoftAsyncAction *
await_foreign_new (void)
{
  return g_object_new (test_foreign_get_type (), NULL);
}

void
await_foreign_complete (LoftAsyncAction *action)
{
  test_foreign_complete (TEST_FOREIGN (action));
}
