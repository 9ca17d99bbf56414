/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Which files of the sets are marked to be moved to the trash. All functions are for the main
 * thread, as the marks are, and take a list of DemoSet. */

#pragma once

#include "demo-set.h"

typedef enum {
  DEMO_MARK_NONE,
  DEMO_MARK_ALL_BUT_NEWEST,
  DEMO_MARK_ALL_BUT_OLDEST,
  DEMO_MARK_IN_FOLDER,
} DemoMarkRule;

typedef struct
{
  guint files;
  guint64 bytes;
  guint whole_sets; /* of which no file would be left */
} DemoMarkCount;

/* Marks by a rule, which takes older marks away. At least one file of each set stays unmarked. With
 * DEMO_MARK_IN_FOLDER, marks are added to those that are there, for what lies in @folder or below
 * it; otherwise @folder is NULL. */
void          demo_marks_set   (GListModel *sets, DemoMarkRule rule, const char *folder);

/* Takes the mark of one file away in each set of which all are marked. */
void          demo_marks_spare (GListModel *sets);

DemoMarkCount demo_marks_count (GListModel *sets);

/* Returns the marked files. (transfer full) */
GPtrArray    *demo_marks_dup_rows (GListModel *sets);
