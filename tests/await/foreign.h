/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* An object of a class that implements the interface by hand, for the programs that are not in
 * C. */

#pragma once

#include <loft/loft.h>

G_BEGIN_DECLS

LoftAsyncAction *await_foreign_new      (void);
void             await_foreign_complete (LoftAsyncAction *action);

G_END_DECLS
