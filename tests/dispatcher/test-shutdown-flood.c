/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Workers report progress faster than the handlers of the reports run. Their dispatcher can be shut
 * down all the same, whatever values they report. */

#include "controlled.h"

#define WORKERS 2

typedef struct
{
  GType type; /* of the values that are reported */
  int stop;   /* atomic */
  int heard;  /* atomic */
  LoftAsyncAction *works[WORKERS];
} Flood;

static void
set_value (GValue *value,
           int     number)
{
  if (G_VALUE_HOLDS_INT (value))
    g_value_set_int (value, number);
  else
    g_value_take_object (value, g_object_new (G_VALUE_TYPE (value), NULL));
}

static gboolean
report_until_stopped (LoftAsyncAction *action,
                      gpointer         user_data,
                      GError         **error)
{
  Flood *flood = user_data;
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, flood->type);
  for (int i = 0; !test_get (&flood->stop); i++)
    {
      set_value (&value, i);
      loft_async_base_report_progress (LOFT_ASYNC_BASE (action), &value);
    }
  return TRUE;
}

static void
run_slowly (LoftAsyncInfo *sender,
            const GValue  *progress,
            gpointer       user_data)
{
  test_count (&((Flood *) user_data)->heard);
  for (volatile int i = 0; i < 200; i++)
    ;
}

static gboolean
begin_flood (LoftAsyncAction *action,
             gpointer         user_data,
             GError         **error)
{
  Flood *flood = user_data;

  for (int i = 0; i < WORKERS; i++)
    {
      flood->works[i] = loft_thread_pool_run_with_progress_async (flood->type, report_until_stopped,
                                                                  flood, NULL);
      if (!loft_async_with_progress_set_progress (LOFT_ASYNC_WITH_PROGRESS (flood->works[i]), 0,
                                                  run_slowly, flood, NULL, error))
        return FALSE;
    }
  return TRUE;
}

static void
end_beside_flood (GType type)
{
  g_autoptr (LoftAsyncAction) begun = NULL;
  Flood flood = { .type = type };
  Controlled c;

  controlled_start (&c);
  begun = loft_dispatcher_run_async (c.dispatcher, 0, begin_flood, &flood, NULL);
  g_assert_true (loft_async_info_wait_unchecked (LOFT_ASYNC_INFO (begun), NULL));
  while (test_get (&flood.heard) < 10000)
    sched_yield (); /* many more of them wait */
  controlled_end (&c);
  __atomic_store_n (&flood.stop, TRUE, __ATOMIC_RELEASE);
  for (int i = 0; i < WORKERS; i++)
    {
      g_assert_true (loft_async_info_wait_unchecked (LOFT_ASYNC_INFO (flood.works[i]), NULL));
      g_object_unref (flood.works[i]);
    }
  controlled_free (&c);
}

static void
test_plain_values (void)
{
  end_beside_flood (G_TYPE_INT);
}

/* Objects that are reported have to be released where their handler runs, which is more work for a
 * thread that already has enough. */
static void
test_objects (void)
{
  end_beside_flood (G_TYPE_OBJECT);
}

/* Both workers log that reports were lost, and GLib's log writer puts the time of day into a buffer
 * that all threads share. So the messages are dropped. */
static void
say_nothing (const char     *domain,
             GLogLevelFlags  level,
             const char     *message,
             gpointer        user_data)
{
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_handler ("Loft", G_LOG_LEVEL_MESSAGE, say_nothing, NULL);
  g_test_add_func ("/shutdown-flood/plain-values", test_plain_values);
  g_test_add_func ("/shutdown-flood/objects", test_objects);
  return g_test_run ();
}
