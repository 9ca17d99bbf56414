/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The test program of docs/testing.md, as the page has it. */

#include "testing-snippets.h"
