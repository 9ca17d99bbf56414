/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A name may hold any byte but a slash and a zero. A line break, or a mark that turns the direction
 * of text, would make a list show another name than the one that is meant. */

#include "demo-name.h"

#include <string.h>

static void
append_char (GString  *text,
             gunichar  c)
{
  if (c == '\\')
    g_string_append (text, "\\\\");
  else if (c == '\n')
    g_string_append (text, "\\n");
  else if (c == '\t')
    g_string_append (text, "\\t");
  else if (c < 0x80 && g_unichar_iscntrl (c))
    g_string_append_printf (text, "\\x%02X", c);
  else if (!g_unichar_isgraph (c) && c != ' ')
    /* Format characters (the marks of direction among them), and spaces that are not the usual. */
    g_string_append_printf (text, c > 0xffff ? "\\U%08X" : "\\u%04X", c);
  else
    g_string_append_unichar (text, c);
}

char *
demo_name_escape (const char *name)
{
  GString *text = g_string_new (NULL);

  while (*name != 0)
    {
      gunichar c = g_utf8_get_char_validated (name, -1);

      if (c == (gunichar) -1 || c == (gunichar) -2)
        {
          g_string_append_printf (text, "\\x%02X", (guchar) *name++);
          continue;
        }
      append_char (text, c);
      name = g_utf8_next_char (name);
    }
  return g_string_free (text, FALSE);
}
