/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A class that implements the interface by hand, with one completed slot and nothing else: what others may write. */

#pragma once

#include "test-util.h"

#define TEST_TYPE_FOREIGN (test_foreign_get_type ())
G_DECLARE_FINAL_TYPE (TestForeign, test_foreign, TEST, FOREIGN, GObject)

struct _TestForeign
{
  GObject parent_instance;
  LoftAsyncStatus status;
  LoftCompletedHandler handler;
  gpointer user_data;
  GDestroyNotify destroy;
};

static guint64
test_foreign_get_id (LoftAsyncInfo *info)
{
  return 7;
}

static LoftAsyncStatus
test_foreign_get_status (LoftAsyncInfo *info)
{
  return __atomic_load_n (&TEST_FOREIGN (info)->status, __ATOMIC_ACQUIRE);
}

static GError *
test_foreign_dup_error (LoftAsyncInfo *info)
{
  return NULL;
}

static void
test_foreign_cancel (LoftAsyncInfo *info)
{
}

static gboolean
test_foreign_close (LoftAsyncInfo *info,
                    GError       **error)
{
  return TRUE;
}

static gboolean
test_foreign_set_completed (LoftAsyncInfo        *info,
                            LoftCompletedHandler  handler,
                            gpointer              user_data,
                            GDestroyNotify        destroy,
                            GError              **error)
{
  TestForeign *self = TEST_FOREIGN (info);

  if (self->handler != NULL)
    {
      g_set_error_literal (error, LOFT_ERROR, LOFT_ERROR_ILLEGAL_DELEGATE_ASSIGNMENT, "used");
      if (destroy != NULL)
        destroy (user_data);
      return FALSE;
    }
  self->user_data = user_data;
  self->destroy = destroy;
  __atomic_store_n (&self->handler, handler, __ATOMIC_RELEASE); /* last: a test waits for it */
  return TRUE;
}

static void
test_foreign_info_init (LoftAsyncInfoInterface *iface)
{
  iface->get_id = test_foreign_get_id;
  iface->get_status = test_foreign_get_status;
  iface->dup_error = test_foreign_dup_error;
  iface->cancel = test_foreign_cancel;
  iface->close = test_foreign_close;
  iface->set_completed = test_foreign_set_completed;
}

static void
test_foreign_action_init (LoftAsyncActionInterface *iface)
{
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestForeign, test_foreign, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (LOFT_TYPE_ASYNC_INFO, test_foreign_info_init)
                               G_IMPLEMENT_INTERFACE (LOFT_TYPE_ASYNC_ACTION, test_foreign_action_init))

static void
test_foreign_class_init (TestForeignClass *klass)
{
}

static void
test_foreign_init (TestForeign *self)
{
}

static inline void
test_foreign_complete (TestForeign *self)
{
  __atomic_store_n (&self->status, LOFT_ASYNC_STATUS_COMPLETED, __ATOMIC_RELEASE);
  self->handler (LOFT_ASYNC_INFO (self), LOFT_ASYNC_STATUS_COMPLETED, self->user_data);
  if (self->destroy != NULL)
    self->destroy (self->user_data);
}
