/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* An object is agile if its class says so, or if its type or an ancestor was named agile. */

#include "test-util.h"

static void
test_marker (void)
{
  g_autoptr (LoftAction) action = loft_action_new_completed ();
  g_autoptr (GObject) plain = g_object_new (G_TYPE_OBJECT, NULL);

  g_assert_true (loft_agile_object_check (G_OBJECT (action)));
  g_assert_false (loft_agile_object_check (plain));
}

/* The name counts for derived types, and for no other type. */
static void
test_named (void)
{
  g_autoptr (GMenuModel) menu = G_MENU_MODEL (g_menu_new ());
  g_autoptr (GCancellable) other = g_cancellable_new ();

  g_assert_false (loft_agile_object_check (G_OBJECT (menu)));
  loft_agile_object_name_type (G_TYPE_MENU_MODEL);
  g_assert_true (loft_agile_object_check (G_OBJECT (menu)));
  g_assert_false (loft_agile_object_check (G_OBJECT (other)));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/agile-object/marker", test_marker);
  g_test_add_func ("/agile-object/named", test_named);
  return g_test_run ();
}
