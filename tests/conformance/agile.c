/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* C134 to C146: agile and weak references. */

#include "conformance.h"

static void
assert_no_apartment (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (loft_apartment_query (NULL, NULL, &error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_NOT_INITIALIZED);
}

/* Agile and weak references. */

static GObject *
plain_object (void)
{
  return g_object_new (G_TYPE_OBJECT, NULL);
}

static void *
refer_in_bare_thread (void *unused)
{
  g_autoptr (GObject) object = plain_object (), found = NULL;
  g_autoptr (LoftAgileReference) reference = loft_agile_reference_new (object);

  assert_no_apartment ();
  found = loft_agile_reference_resolve (reference, NULL);
  g_assert_true (found == object);
  return NULL;
}

static void
c134 (void)
{
  test_on_thread (refer_in_bare_thread, NULL);
}

static void
c136 (void)
{
  g_autoptr (GObject) object = plain_object (), first = NULL, second = NULL;
  g_autoptr (LoftAgileReference) reference = loft_agile_reference_new (object);

  first = loft_agile_reference_resolve (reference, NULL);
  second = loft_agile_reference_resolve (reference, NULL);
  g_assert_true (first == object && second == object);
}

typedef struct
{
  GObject *object;
  LoftAgileReference *reference;
} Referred;

static void *
refer (void *data)
{
  Referred *referred = data;

  referred->object = plain_object ();
  referred->reference = loft_agile_reference_new (referred->object);
  return NULL;
}

static void *
resolve_same (void *data)
{
  Referred *referred = data;
  g_autoptr (GObject) found = loft_agile_reference_resolve (referred->reference, NULL);

  g_assert_true (found == referred->object);
  return NULL;
}

static void
c138 (void)
{
  Referred referred = { NULL };

  test_on_thread (refer, &referred);
  test_on_thread (resolve_same, &referred);
  g_object_unref (referred.object);
  loft_agile_reference_unref (referred.reference);
}

static gboolean
resolve_there (LoftAsyncAction *action,
               gpointer         referred,
               GError         **error)
{
  g_assert_true (loft_apartment_is_sta ());
  resolve_same (referred);
  return TRUE;
}

static void
c139 (void)
{
  Referred referred = { G_OBJECT (loft_action_new_completed ()), NULL };
  Home *home = home_new ();
  g_autoptr (LoftAsyncAction) there = NULL;

  referred.reference = loft_agile_reference_new (referred.object);
  test_on_thread (resolve_same, &referred);
  there = loft_dispatcher_run_async (home->dispatcher, 0, resolve_there, &referred, NULL);
  wait_ended (there);
  assert_status (there, COMPLETED);
  g_object_unref (referred.object);
  loft_agile_reference_unref (referred.reference);
  home_free (home);
}

static gboolean
note_call (GObject         *object,
           LoftAsyncAction *action,
           gpointer         out_thread,
           GError         **error)
{
  *(GThread **) out_thread = g_thread_self ();
  return TRUE;
}

static void *
call_through (void *data)
{
  gpointer *both = data;

  loft_async_info_forget (
    LOFT_ASYNC_INFO (loft_agile_reference_run_async (both[0], 0, note_call, both[1], NULL)));
  return NULL;
}

static void
c140 (void)
{
  g_autoptr (GObject) object = plain_object ();
  g_autoptr (LoftAgileReference) reference = loft_agile_reference_new (object);
  GThread *thread = NULL;

  test_on_thread (call_through, (gpointer[]) { reference, &thread });
  g_assert_null (thread);
  test_drain (NULL);
  g_assert_true (thread == g_thread_self ());
}

static void
c141 (void)
{
  g_autoptr (LoftAgileReference) empty = loft_agile_reference_new (NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (loft_agile_reference_resolve (empty, &error));
  g_assert_no_error (error);
}

static void
c143 (void)
{
  g_autoptr (GObject) object = plain_object ();

  g_assert_false (LOFT_IS_AGILE_OBJECT (object));
  g_assert_false (loft_agile_object_check (object));
}

/* The last reference is dropped on another thread. The object is released at its home, and exists
 * until then. */
static void *
let_go_of (void *reference)
{
  loft_agile_reference_unref (reference);
  return NULL;
}

static void
c144 (void)
{
  GObject *object = plain_object (), *found;
  LoftAgileReference *reference = loft_agile_reference_new (object);
  GWeakRef weak;

  g_weak_ref_init (&weak, object);
  g_object_unref (object);
  test_on_thread (let_go_of, reference);
  found = g_weak_ref_get (&weak);
  g_assert_true (found == object);
  g_object_unref (found);
  test_drain (NULL);
  g_assert_null (g_weak_ref_get (&weak));
  g_weak_ref_clear (&weak);
}

static void
c146 (void)
{
  LoftAction *action = loft_action_new ();
  GWeakRef weak;
  GObject *found;

  g_weak_ref_init (&weak, action);
  found = g_weak_ref_get (&weak);
  g_assert_true ((gpointer) found == (gpointer) action);
  g_object_unref (found);
  loft_action_complete (action);
  g_object_unref (action);
  g_assert_null (g_weak_ref_get (&weak));
  g_weak_ref_clear (&weak);
}

static Case cases[] = {
  { "C134", "an agile reference without COM: CO_E_NOTINITIALIZED", "WN roapi", DIFFERS,
    "works: Loft needs no initialization, a bare thread counts as the MTA", c134 },
  { "C135", "a bad option, a missing interface, an object that can't be marshalled", "WN roapi",
    NONE, "no marshalled calls: no options, no interfaces to ask for", NULL },
  { "C136", "resolved in its own apartment: the original, each time", "WN roapi", PASS, NULL,
    c136 },
  { "C138", "from the MTA to the MTA: the original", "WN roapi", PASS, NULL, c138 },
  { "C139", "an agile object: the original anywhere", "WN roapi", PASS, NULL, c139 },
  { "C140", "a call through the reference runs on the STA's thread", "WN roapi", PASS, NULL, c140 },
  { "C141", "an empty reference: null, no error", "CT:agile_ref", PASS, NULL, c141 },
  { "C143", "an object that is not agile says so", "CT:agility", PASS, NULL, c143 },
  { "C144", "a weak reference after the last strong one: null", "CT:agility, CO:weak", PASS, NULL,
    c144 },
  { "C145", "weak references to different dead objects are not equal", "CO:weak comparison", NONE,
    "GWeakRef has no identity to compare", NULL },
  { "C146", "a weak reference to an async object", "CO:weak coroutine", PASS, NULL, c146 },
};

int
main (int   argc,
      char *argv[])
{
  return conformance_main (argc, argv, "agile", cases, G_N_ELEMENTS (cases));
}
