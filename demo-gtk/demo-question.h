/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A question in a dialog, whose answers are actions of the window. */

#pragma once

#include <gtk/gtk.h>

typedef struct
{
  const char *label;
  const char *action;    /* NULL: only closes the dialog */
  const char *css_class; /* NULL: none */
} DemoAnswer;

/* Shows the dialog. Escape is no answer. The last answer has the focus. */
void demo_question_present (GtkWindow *parent, const char *title, const char *text,
                            const DemoAnswer *answers, guint n_answers);
