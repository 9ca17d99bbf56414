/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The spelling of C++/WinRT: coroutine files of UWP and WinUI apps compile against this header, or
 * against those in winrt/, which are named as Windows names them. <loft/winrt/options.hpp> has the
 * macros for Windows' own answer where Loft differs on purpose. */

#pragma once

#include <loft/winrt/core.hpp>
#include <loft/winrt/handle.hpp>
#include <loft/winrt/threading.hpp>
