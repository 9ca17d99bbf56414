/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Asks for a file, and writes the sets into it. */

#pragma once

#include "demo-file-actions.h"
#include "demo-progress.h"

/* Writes JSON if the name ends in .json, and text otherwise. */
void demo_export_dialog_present (GtkWindow *parent, GListModel *sets, const DemoProgress *progress,
                                 DemoSayFunc say);
