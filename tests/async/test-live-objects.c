/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The async objects that have not ended are listed while somebody observes. */

#include "queue/loft-probe-private.h"
#include "async/loft-live-objects-private.h"

static guint
count (void)
{
  g_autoptr (GArray) list = loft_live_objects_list ();

  return list->len;
}

static void
test_live (void)
{
  LoftAction *before = loft_action_new (), *ends, *dies;

  loft_live_objects_begin ();
  loft_probe_begin ();
  g_assert_cmpuint (count (), ==, 0);
  ends = loft_action_new ();
  dies = loft_action_new ();
  g_assert_cmpuint (count (), ==, 2);
  loft_action_complete (ends);
  g_assert_cmpuint (count (), ==, 1);
  g_object_unref (dies);
  g_assert_cmpuint (count (), ==, 0);
  g_object_unref (before); /* it was never listed, which does no harm */
  loft_probe_end ();
  loft_live_objects_end ();
  g_assert_cmpuint (count (), ==, 0);
  g_object_unref (ends);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/live-objects/live", test_live);
  return g_test_run ();
}
