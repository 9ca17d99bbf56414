/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the programs in languages with one thread need from other threads. It has a GIR of its own,
 * which is not installed. */

#pragma once

#include <loft/loft.h>

G_BEGIN_DECLS

void              await_elsewhere_complete (LoftAction *action);
void              await_elsewhere_cancel   (LoftAsyncInfo *info);
LoftAsyncInfo    *await_elsewhere_delay    (LoftDispatcher *dispatcher);
LoftAsyncAction  *await_elsewhere_get      (LoftAsyncInfo *info);
LoftAsyncInfo    *await_foreign_new_info   (void);
void              await_foreign_end        (LoftAsyncInfo *info);
void              await_foreign_use_slot   (LoftAsyncInfo *info);

G_END_DECLS
