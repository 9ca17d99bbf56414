/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a scan has found, as text and as JSON. */

#pragma once

#include "demo-progress.h"
#include "demo-set.h"

/* Returns one paragraph for each set, which begins with a line about it and has a line for each
 * file, and a last line with the sums. Names are escaped as by demo_name_escape (). @sets is a list
 * of DemoSet. Main thread only, as the list is. */
char *demo_export_text (GListModel *sets, const DemoProgress *progress);

/* Returns the same as one JSON object. The members of a file are "path", or "pathBase64" if the
 * path is not UTF-8, "modified" in seconds since 1970, "reference", and "names" with its other
 * names. Sizes are in bytes. */
char *demo_export_json (GListModel *sets, const DemoProgress *progress);
