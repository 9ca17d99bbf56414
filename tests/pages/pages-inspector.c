/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Compiles the block of docs/inspector.md. */

#include <loft/loft.h>

#include "pages-inspector.h"
