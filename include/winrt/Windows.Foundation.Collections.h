/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

/* There are no collections: the header is there since each app's pch.h includes it. */
#include <loft/loft-winrt.hpp>
