/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftRows: the rows of a list model, in the order in which they were added or in a sorted order.
 *
 * It has no lock. Only the thread that is the model's home may use it. */

#pragma once

#include "dispatcher/loft-recipient-private.h"

typedef struct
{
  gpointer *rows;  /* GObjects, a reference each */
  guint n;
  guint allocated;
  LoftRecipient by; /* the compare function and its data; no callback: not sorted */
} LoftRows;

/* What has changed, in the terms of GListModel::items-changed. */
typedef struct
{
  guint position, removed, added;
} LoftRowsChange;

typedef void (*LoftRowsChanged) (gpointer user_data, LoftRowsChange change);

/* Adds @n rows, whose references are taken; @n is at least 1. Unsorted rows go to the end. For
 * sorted rows, @rows is sorted first, and rows that compare equal stay in the order in which they
 * came. @changed is called after each change that it reports. Rows that go to the same place are
 * one change. Rows that go to a few places are a change for each place. Rows that go to many places
 * are a single change, which covers everything from the first place to the last. */
void     loft_rows_add    (LoftRows *self, gpointer *rows, guint n, LoftRowsChanged changed,
                           gpointer user_data);

/* Sets how the rows are sorted, and sorts those that are there. Takes @by. Returns whether any row
 * may have moved. */
gboolean loft_rows_sort   (LoftRows *self, LoftRecipient by);

/* Takes all rows out. Returns how many there were. The caller passes @out_rows to
 * loft_rows_let_go (). */
guint    loft_rows_take   (LoftRows *self, gpointer **out_rows);

/* Unrefs @n rows at @home, and frees the array. Any thread may call. Few rows are released at once
 * if this thread is at home. Otherwise they are released there later, some in each turn, because
 * the release of a million rows takes longer than a frame. If the home has ended, they are released
 * on this thread. */
void     loft_rows_let_go (gpointer *rows, guint n, LoftDispatcher *home);

void     loft_rows_clear  (LoftRows *self, LoftDispatcher *home);
