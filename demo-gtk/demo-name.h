/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A file's name as a person can read it. */

#pragma once

#include <glib.h>

/* Returns @name as UTF-8 on one line. Bytes that are not UTF-8 become \xHH, control characters and
 * marks that change the direction of text become \n, \t, \xHH or \uHHHH, and a backslash becomes
 * two, so that different names never look the same. */
char *demo_name_escape (const char *name);
