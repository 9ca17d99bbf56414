/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftValueBox: keeps a value that several threads share: a result, a report or an error. The value
 * is copied once, when it is put into the box. Any thread may drop the last reference to the box;
 * the value is released at its home. */

#include "config.h"

#include "base/loft-atomic-private.h"
#include "delivery/loft-value-box-private.h"

static LoftValueBox *
loft_value_box_new_empty (GType           type,
                          LoftDispatcher *home)
{
  LoftValueBox *box = g_new0 (LoftValueBox, 1);

  box->refs = 1;
  g_value_init (&box->value, type);
  box->home = home != NULL ? g_object_ref (home) : NULL;
  return box;
}

LoftValueBox *
loft_value_box_new (const GValue   *value,
                    LoftDispatcher *home)
{
  LoftValueBox *box = loft_value_box_new_empty (G_VALUE_TYPE (value), home);

  g_value_copy (value, &box->value);
  return box;
}

/* Only an error of an extended domain may hold objects. The errors of LOFT_ERROR and G_IO_ERROR
 * hold none. */
static gboolean
needs_home (const GError *error)
{
  return error->domain != LOFT_ERROR && error->domain != G_IO_ERROR;
}

LoftValueBox *
loft_value_box_new_for_error (GError         *error,
                              LoftDispatcher *home)
{
  LoftValueBox *box = loft_value_box_new_empty (G_TYPE_ERROR, needs_home (error) ? home : NULL);

  g_value_take_boxed (&box->value, error);
  return box;
}

const GError *
loft_value_box_peek_error (LoftValueBox *box)
{
  return box != NULL && G_VALUE_HOLDS (&box->value, G_TYPE_ERROR) ? g_value_get_boxed (&box->value)
                                                                  : NULL;
}

LoftValueBox *
loft_value_box_ref (LoftValueBox *box)
{
  loft_refs_take (&box->refs);
  return box;
}

/* Unhandled errors. */

struct _LoftUnhandled
{
  LoftDispatcher *home; /* strong; NULL: the default one */
  char *source;
};

static void
loft_unhandled_free (LoftUnhandled *unhandled)
{
  g_clear_object (&unhandled->home);
  g_free (unhandled->source);
  g_free (unhandled);
}

void
loft_value_box_look_at (LoftValueBox *box)
{
  /* Relaxed: it is read only by the thread that drops the last reference, after all others have
   * dropped theirs. */
  loft_store_relaxed (&box->looked_at, TRUE);
}

void
loft_value_box_leave_unhandled (LoftValueBox       *box,
                                LoftDispatcher     *home,
                                const LoftCallSite *site)
{
  LoftUnhandled *unhandled = g_new (LoftUnhandled, 1), *expected = NULL;

  *unhandled = (LoftUnhandled) { home != NULL ? g_object_ref (home) : NULL,
                                 loft_call_site_to_string (site) };
  /* Release: pairs with the acquire of the thread that drops the last reference and reads it. The
   * first call counts, because the later objects have the error from that one. */
  if (!__atomic_compare_exchange_n (&box->unhandled, &expected, unhandled, FALSE, __ATOMIC_RELEASE,
                                    __ATOMIC_RELAXED))
    loft_unhandled_free (unhandled);
}

/* The last reference is gone. */
static void
loft_value_box_report (LoftValueBox *box)
{
  LoftUnhandled *unhandled = box->unhandled;
  const GError *error = loft_value_box_peek_error (box);

  if (!box->looked_at && error != NULL)
    loft_dispatcher_report_unhandled (unhandled->home, g_error_copy (error),
                                      g_steal_pointer (&unhandled->source));
  loft_unhandled_free (unhandled);
}

static void
loft_value_box_free (gpointer data)
{
  LoftValueBox *box = data;

  g_value_unset (&box->value);
  g_free (box);
}

void
loft_value_box_unref (LoftValueBox *box)
{
  LoftDispatcher *home;

  /* Release: this thread has finished with the value before it drops its reference. Acquire: all
   * other threads have finished with the value before it is freed. */
  if (!loft_refs_drop (&box->refs))
    return;
  if (G_UNLIKELY (box->unhandled != NULL))
    loft_value_box_report (box);
  home = g_steal_pointer (&box->home);
  loft_home_release (home, loft_value_box_free, box);
  g_clear_object (&home);
}
