/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The hash of one file, as an operation of the thread pool. */

#pragma once

#include <loft/loft.h>

/* Returns an operation whose value is the SHA-256 of the file as a string. The worker adds to
 * @counter the bytes that it has read (relaxed). @counter must outlive the operation. A cancel ends
 * the operation at the next chunk. */
LoftAsyncOperation *demo_hash_file_async (const char *path, guint64 *counter);
