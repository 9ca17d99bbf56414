/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the demo writes of its finds: as text for people, and as JSON for programs. */

#include "test-util.h"

#include "../../demo-gtk/demo-export.h"

static const DemoProgress progress = { .files = 7, .bytes = 70, .sets = 1, .duplicates = 1,
                                       .wasted = 10, .problems = 2 };

/* A set of a file with two names, whose path is no UTF-8, and of one of reference. */
static GListModel *
make_sets (void)
{
  DemoFile plain = { .path = (char *) "/a/caf\xe9", .size = 10, .modified = 5000000000 };
  DemoFile kept = { .path = (char *) "/b/\"quoted\"\n\\", .size = 10, .reference = TRUE };
  g_autoptr (GPtrArray) files = g_ptr_array_new ();
  g_autoptr (DemoSet) set = NULL;
  GListStore *sets = g_list_store_new (DEMO_TYPE_SET);

  plain.more_paths = g_ptr_array_new ();
  g_ptr_array_add (plain.more_paths, (char *) "/a/other");
  g_ptr_array_add (files, &plain);
  g_ptr_array_add (files, &kept);
  set = demo_set_new (files, 1);
  g_list_store_append (sets, set);
  g_ptr_array_unref (plain.more_paths);
  return G_LIST_MODEL (sets);
}

static void
test_text (void)
{
  g_autoptr (GListModel) sets = make_sets ();
  g_autofree char *text = demo_export_text (sets, &progress);

  g_assert_cmpstr (text, ==,
                   "2 files of 10 bytes, 10 wasted:\n"
                   "  /b/\"quoted\"\\n\\\\ (reference)\n"
                   "  /a/caf\\xE9\n"
                   "    also named /a/other\n"
                   "\n"
                   "7 files, 70 bytes, 1 duplicates in 1 sets, 10 bytes wasted, 2 problems\n");
}

static void
test_json (void)
{
  g_autoptr (GListModel) sets = make_sets ();
  g_autofree char *json = demo_export_json (sets, &progress);

  g_assert_cmpstr (json, ==,
                   "{\n  \"sets\": [\n"
                   "    {\"size\": 10, \"wasted\": 10, \"files\": [\n"
                   "      {\"path\": \"/b/\\\"quoted\\\"\\u000a\\\\\", \"modified\": 0, "
                   "\"reference\": true, \"names\": []},\n"
                   "      {\"pathBase64\": \"L2EvY2Fm6Q==\", \"modified\": 5, "
                   "\"reference\": false, \"names\": [{\"path\": \"/a/other\"}]}\n"
                   "    ]}\n  ],\n  \"files\": 7,\n  \"bytes\": 70,\n  \"duplicates\": 1,\n"
                   "  \"wasted\": 10,\n  \"problems\": 2\n}\n");
}

static void
test_nothing (void)
{
  g_autoptr (GListStore) sets = g_list_store_new (DEMO_TYPE_SET);
  const DemoProgress none = { 0 };
  g_autofree char *text = demo_export_text (G_LIST_MODEL (sets), &none);
  g_autofree char *json = demo_export_json (G_LIST_MODEL (sets), &none);

  g_assert_cmpstr (text, ==,
                   "0 files, 0 bytes, 0 duplicates in 0 sets, 0 bytes wasted, 0 problems\n");
  g_assert_nonnull (strstr (json, "\"sets\": [\n  ]"));
}

/* A file that is gone leaves its set, whose head counts anew. */
static void
test_remove_file (void)
{
  g_autoptr (GListModel) sets = make_sets ();
  g_autoptr (DemoSet) set = g_list_model_get_item (sets, 0);
  g_autoptr (DemoRow) head = NULL;

  demo_row_set_marked (demo_set_get_file (set, 0), TRUE);
  g_assert_false (demo_row_is_marked (demo_set_get_file (set, 0))); /* it is a reference */
  demo_set_remove_file (set, demo_set_get_file (set, 1));
  g_assert_cmpuint (demo_set_get_n_files (set), ==, 1);
  g_assert_cmpuint (demo_set_get_wasted (set), ==, 0);
  head = g_list_model_get_item (G_LIST_MODEL (set), 0);
  g_assert_cmpuint (demo_row_get_wasted (head), ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/demo-export/text", test_text);
  g_test_add_func ("/demo-export/json", test_json);
  g_test_add_func ("/demo-export/nothing", test_nothing);
  g_test_add_func ("/demo-export/remove-file", test_remove_file);
  return g_test_run ();
}
