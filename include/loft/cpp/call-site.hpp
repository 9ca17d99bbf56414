/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Where in the program something is asked for. Messages name it. */

#pragma once

#include <loft/loft.h>

#include <cstddef>
#include <cstdio>
#include <cstring>

namespace loft
{

/* The place of a call: a default argument of the functions that Loft's messages may have to name.
 * std::source_location would do, but clang 14 has none. */
struct call_site
{
  static constexpr call_site here (const char *file = __builtin_FILE (),
                                   int line = __builtin_LINE (),
                                   const char *function = __builtin_FUNCTION ()) noexcept
  {
    return { file, line, function };
  }

  /* "file:line" as Loft takes it, which is kept in the program's own memory. Each lambda has a type
   * of its own, so that the text is made once for each place where one stands. Another call with
   * the same @Place is told by its file alone. */
  template <typename Place>
  const char *location () const noexcept
  {
    static const text first (*this);

    return first.file == file && first.line == line ? first.characters : file;
  }

  const char *file;
  int line;
  const char *function;

private:
  struct text
  {
    explicit text (const call_site &of) noexcept : file (of.file), line (of.line)
    {
      std::size_t length = std::strlen (file);
      const char *end_of_path = file + (length > 100 ? length - 100 : 0);

      std::snprintf (characters, sizeof characters, "%s:%d", end_of_path, line);
    }

    const char *file;
    int line;
    char characters[120];
  };
};

} /* namespace loft */
