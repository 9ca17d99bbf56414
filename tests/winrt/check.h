// SPDX-FileCopyrightText: 2026 The Loft authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// What the pages check themselves with.

#pragma once

#include <cstdio>
#include <cstdlib>

#define CHECK(condition)                                                                           \
    do                                                                                             \
    {                                                                                              \
        bool const holds = static_cast<bool>(condition);                                           \
        if (!holds)                                                                                \
        {                                                                                          \
            std::fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                   \
            std::_Exit(1);                                                                         \
        }                                                                                          \
    } while (false)
