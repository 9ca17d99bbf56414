/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftAgileReference: a reference that any thread may hold and drop, to an object that only its
 * home may touch. */

#include "controlled.h"
#include "witness.h"

static void
test_at_home (void)
{
  g_autoptr (GObject) object = witness_new (NULL);
  g_autoptr (LoftAgileReference) reference = loft_agile_reference_new (object);
  g_autoptr (LoftAgileReference) empty = loft_agile_reference_new (NULL);
  g_autoptr (GObject) first = NULL, second = NULL;
  g_autoptr (GError) error = NULL;

  first = loft_agile_reference_resolve (reference, &error);
  second = loft_agile_reference_resolve (reference, &error);
  g_assert_true (first == object && second == object);
  g_assert_null (loft_agile_reference_resolve (empty, &error));
  g_assert_no_error (error);
}

static void *
resolve_elsewhere (void *reference)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (loft_agile_reference_resolve (reference, &error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_WRONG_THREAD);
  g_assert_nonnull (strstr (error->message, "dispatcher \"main\""));
  g_assert_nonnull (strstr (error->message, "the MTA"));
  g_assert_nonnull (strstr (error->message, "Witness"));
  return NULL;
}

static void *
resolve_agile (void *reference)
{
  g_autoptr (GObject) object = loft_agile_reference_resolve (reference, NULL);

  g_assert_nonnull (object);
  return NULL;
}

/* Elsewhere the reference refuses to return its object, unless the object is agile. An object is
 * agile if its class has the marker interface, or if somebody has named its type. */
typedef GObject Named;
typedef GObjectClass NamedClass;
GType named_get_type (void);
G_DEFINE_TYPE (Named, named, G_TYPE_OBJECT)
static void named_class_init (NamedClass *klass) { }
static void named_init (Named *self) { }

static void
test_elsewhere (void)
{
  g_autoptr (GObject) object = witness_new (NULL);
  g_autoptr (LoftAgileReference) reference = loft_agile_reference_new (object);
  g_autoptr (LoftAgileReference)
    to_agile = loft_agile_reference_new (G_OBJECT (loft_dispatcher_get_default ()));
  g_autoptr (GObject) named = g_object_new (named_get_type (), NULL);
  g_autoptr (LoftAgileReference) to_named = NULL;

  test_on_thread (resolve_elsewhere, reference);
  test_on_thread (resolve_agile, to_agile);
  g_assert_false (loft_agile_object_check (named));
  loft_agile_object_name_type (named_get_type ());
  g_assert_true (loft_agile_object_check (named));
  to_named = loft_agile_reference_new (named);
  test_on_thread (resolve_agile, to_named);
}

static gboolean
call_object (GObject         *object,
             LoftAsyncAction *action,
             gpointer         user_data,
             GError         **error)
{
  g_assert_true (((Witness *) object)->ought_to == g_thread_self ());
  g_assert_true (LOFT_IS_ASYNC_ACTION (action));
  test_count (user_data);
  return TRUE;
}

typedef struct
{
  LoftAgileReference *reference;
  LoftAsyncAction *action;
  int called, released;
} Proxy;

static void *
call_elsewhere (void *data)
{
  Proxy *proxy = data;

  proxy->action = loft_agile_reference_run_async (proxy->reference, LOFT_PRIORITY_HIGH, call_object,
                                                  &proxy->called, NULL);
  return NULL;
}

/* A call through the reference runs at the object's home, even if the caller drops the reference at
 * once. */
static void
test_proxy_call (void)
{
  GObject *object = witness_new (g_thread_self ());
  Proxy proxy = { loft_agile_reference_new (object) };

  begin ();
  g_object_unref (object);
  test_on_thread (call_elsewhere, &proxy);
  loft_agile_reference_unref (proxy.reference);
  g_assert_cmpint (proxy.called, ==, 0);
  test_run_until_ended (NULL, proxy.action);
  g_assert_cmpint (proxy.called, ==, 1);
  assert_status (proxy.action, COMPLETED);
  g_object_unref (proxy.action);
  run_until_deaths (1);
}

static void *
make_in_mta (void *out_reference)
{
  g_autoptr (GObject) object = witness_new (NULL);
  g_autoptr (GObject) again = NULL;

  *(LoftAgileReference **) out_reference = loft_agile_reference_new (object);
  again = loft_agile_reference_resolve (*(LoftAgileReference **) out_reference, NULL);
  g_assert_true (again == object);
  return NULL;
}

static gboolean
call_in_mta (GObject         *object,
             LoftAsyncAction *action,
             gpointer         counter,
             GError         **error)
{
  g_assert_false (loft_apartment_is_sta ());
  test_count (counter);
  return TRUE;
}

/* An object of the MTA can be used by any thread of the MTA, and is freed there. */
static void
test_of_the_mta (void)
{
  LoftAgileReference *reference = NULL;
  g_autoptr (LoftAsyncAction) action = NULL;
  g_autoptr (GError) error = NULL;
  int called = 0;

  begin ();
  test_on_thread (make_in_mta, &reference);
  g_assert_null (loft_agile_reference_resolve (reference, &error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_WRONG_THREAD);
  action = loft_agile_reference_run_async (reference, LOFT_PRIORITY_IDLE, call_in_mta, &called,
                                           NULL);
  g_assert_true (loft_async_info_wait_unchecked (LOFT_ASYNC_INFO (action), NULL));
  loft_agile_reference_unref (reference);
  while (test_get (&deaths) == 0)
    /* The call's data holds the reference until it is released at its home. */
    g_main_context_iteration (NULL, FALSE);
  g_assert_true (death () != g_thread_self ());
}

static gboolean
make_there (LoftAsyncAction *action,
            gpointer         out_reference,
            GError         **error)
{
  g_autoptr (GObject) object = witness_new (g_thread_self ());

  *(LoftAgileReference **) out_reference = loft_agile_reference_new (object);
  return TRUE;
}

/* If the object's home is gone, calls fail with DISCONNECTED. The object is then freed on the
 * thread that drops the reference. Loft counts and logs that. */
static void
test_home_gone (void)
{
  g_autoptr (LoftAsyncAction) made = NULL, action = NULL;
  g_autoptr (GError) error = NULL;
  LoftAgileReference *reference = NULL;
  int released = 0;
  guint64 before;
  Controlled c;

  begin ();
  controlled_start (&c);
  made = loft_dispatcher_run_async (c.dispatcher, 0, make_there, &reference, NULL);
  g_assert_true (loft_async_info_wait_unchecked (LOFT_ASYNC_INFO (made), NULL));
  controlled_end (&c);
  controlled_wait_until_gone (&c); /* before the reference is used */
  action = loft_agile_reference_run_async (reference, 0, call_object, &released, test_count);
  g_assert_cmpint (test_get (&released), ==, 1);
  g_assert_true (loft_async_info_wait_unchecked (LOFT_ASYNC_INFO (action), NULL));
  error = loft_async_info_dup_error (LOFT_ASYNC_INFO (action));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_DISCONNECTED);
  g_clear_error (&error);
  g_assert_null (loft_agile_reference_resolve (reference, &error));
  g_assert_error (error, LOFT_ERROR, LOFT_ERROR_DISCONNECTED);

  before = loft_dispatcher_get_undelivered (c.dispatcher);
  g_assert_cmpint (deaths, ==, 0);
  loft_agile_reference_unref (reference);
  g_assert_cmpint (deaths, ==, 1);
  g_assert_cmpuint (loft_dispatcher_get_undelivered (c.dispatcher), ==, before + 1);
  controlled_free (&c);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/agile-reference/at-home", test_at_home);
  g_test_add_func ("/agile-reference/elsewhere", test_elsewhere);
  g_test_add_func ("/agile-reference/proxy-call", test_proxy_call);
  g_test_add_func ("/agile-reference/of-the-mta", test_of_the_mta);
  g_test_add_func ("/agile-reference/home-gone", test_home_gone);
  return g_test_run ();
}
