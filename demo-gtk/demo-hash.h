/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The hash of one file, as an operation of the thread pool. */

#pragma once

#include <loft/loft.h>

/* The operation brings the SHA-256 of the file as a string. @counter: bytes read so far, counted up
 * by the worker while it reads (relaxed); it must outlive the operation. A cancel ends it at the
 * next chunk. */
LoftAsyncOperation *demo_hash_file_async (const char *path, guint64 *counter);
