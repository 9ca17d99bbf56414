/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A value that several threads hold is copied once, is released at its home, and reports an error
 * at which nobody looked. */

#include "test-util.h"
#include "delivery/loft-value-box-private.h"

static int released; /* atomic */
static GThread *released_on;

typedef int Thing;

static Thing *
thing_copy (Thing *thing)
{
  return thing;
}

static void
thing_release (Thing *thing)
{
  released_on = g_thread_self ();
  __atomic_fetch_add (&released, 1, __ATOMIC_ACQ_REL);
}

static GType thing_get_type (void);

G_DEFINE_BOXED_TYPE (Thing, thing, thing_copy, thing_release)

static void *
drop_box (void *box)
{
  loft_value_box_unref (box);
  return NULL;
}

/* Another thread drops the last reference: the value is released on the thread of its home. */
static void
test_at_home (void)
{
  g_auto (GValue) value = G_VALUE_INIT;
  LoftValueBox *box;
  static Thing thing;

  g_value_init (&value, thing_get_type ());
  g_value_set_static_boxed (&value, &thing);
  box = loft_value_box_new (&value, loft_dispatcher_get_default ());
  g_assert_true (g_value_get_boxed (&box->value) == &thing);
  g_assert_null (loft_value_box_peek_error (box));

  loft_value_box_ref (box);
  test_on_thread (drop_box, box);
  g_assert_cmpint (released, ==, 0);
  test_on_thread (drop_box, box);
  g_assert_cmpint (released, ==, 0);
  test_run_until (NULL, &released);
  g_assert_true (released_on == g_thread_self ());
}

static LoftValueBox *
new_error_box (GQuark domain)
{
  return loft_value_box_new_for_error (g_error_new_literal (domain, 1, "broken"),
                                       loft_dispatcher_get_default ());
}

/* An error of Loft or GIO holds no objects, and needs no way home; one of another domain may. */
static void
test_error_home (void)
{
  LoftValueBox *own = new_error_box (LOFT_ERROR);
  LoftValueBox *foreign = new_error_box (g_quark_from_static_string ("some-domain"));

  g_assert_error (loft_value_box_peek_error (own), LOFT_ERROR, 1);
  g_assert_null (own->home);
  g_assert_true (foreign->home == loft_dispatcher_get_default ());
  loft_value_box_unref (own);
  loft_value_box_unref (foreign);
  g_assert_null (loft_value_box_peek_error (NULL));
}

static gboolean
on_unhandled (LoftDispatcher *dispatcher,
              GError         *error,
              const char     *source,
              gpointer        counter)
{
  g_assert_error (error, LOFT_ERROR, 1);
  g_assert_nonnull (strstr (source, "somewhere ()"));
  ++*(int *) counter;
  return TRUE;
}

static void
leave_unhandled (gboolean looks)
{
  LoftCallSite site = { "there.c:7", "somewhere" };
  LoftValueBox *box = new_error_box (LOFT_ERROR);

  loft_value_box_leave_unhandled (box, NULL, &site);
  loft_value_box_leave_unhandled (box, NULL, &site); /* on another branch: it is reported once */
  if (looks)
    loft_value_box_look_at (box);
  loft_value_box_unref (box);
  test_drain (NULL);
}

/* The last reference goes, and nobody has looked at the error: it is reported, once. */
static void
test_unhandled (void)
{
  LoftDispatcher *dispatcher = loft_dispatcher_get_default ();
  int told = 0;
  gulong id = g_signal_connect (dispatcher, "unhandled-error", G_CALLBACK (on_unhandled), &told);

  leave_unhandled (TRUE);
  g_assert_cmpint (told, ==, 0);
  leave_unhandled (FALSE);
  g_assert_cmpint (told, ==, 1);
  g_signal_handler_disconnect (dispatcher, id);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/value-box/at-home", test_at_home);
  g_test_add_func ("/value-box/error-home", test_error_home);
  g_test_add_func ("/value-box/unhandled", test_unhandled);
  return g_test_run ();
}
