/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A class that implements the interfaces by hand, as another library may do. It has one completed
 * slot and one progress handler. */

#pragma once

#include "test-util.h"

#define TEST_TYPE_FOREIGN (test_foreign_get_type ())
G_DECLARE_FINAL_TYPE (TestForeign, test_foreign, TEST, FOREIGN, GObject)

struct _TestForeign
{
  GObject parent_instance;
  LoftAsyncStatus status;
  gboolean ends_when_set; /* inside the call that sets its handler */
  LoftCompletedHandler handler;
  gpointer user_data;
  GDestroyNotify destroy;
  LoftProgressHandler progress;
  gpointer progress_data;
  GDestroyNotify progress_destroy;
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

static inline void
test_foreign_complete (TestForeign *self)
{
  __atomic_store_n (&self->status, LOFT_ASYNC_STATUS_COMPLETED, __ATOMIC_RELEASE);
  self->handler (LOFT_ASYNC_INFO (self), LOFT_ASYNC_STATUS_COMPLETED, self->user_data);
  if (self->destroy != NULL)
    g_steal_pointer (&self->destroy) (self->user_data);
}

/* Releases the handler's data without a call of the handler. */
static inline void
test_foreign_let_go (TestForeign *self)
{
  GDestroyNotify destroy = g_steal_pointer (&self->destroy);

  if (destroy != NULL)
    destroy (self->user_data);
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
  __atomic_store_n (&self->handler, handler, __ATOMIC_RELEASE); /* last: tests wait for it */
  if (self->ends_when_set)
    test_foreign_complete (self);
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

/* Fails before the object has completed, as Windows' own objects do. Callers do not depend on
 * that. */
static gboolean
test_foreign_get_results (LoftAsyncAction *action,
                          GError         **error)
{
  if (test_foreign_get_status (LOFT_ASYNC_INFO (action)) == LOFT_ASYNC_STATUS_COMPLETED)
    return TRUE;
  g_set_error_literal (error, LOFT_ERROR, LOFT_ERROR_ILLEGAL_METHOD_CALL, "not now");
  return FALSE;
}

static void
test_foreign_action_init (LoftAsyncActionInterface *iface)
{
  iface->get_results = test_foreign_get_results;
}

static GType
test_foreign_get_progress_type (LoftAsyncWithProgress *info)
{
  return G_TYPE_INT;
}

static gboolean
test_foreign_set_progress (LoftAsyncWithProgress *info,
                           LoftProgressFlags      flags,
                           LoftProgressHandler    handler,
                           gpointer               user_data,
                           GDestroyNotify         destroy,
                           GError               **error)
{
  TestForeign *self = TEST_FOREIGN (info);

  if (self->progress_destroy != NULL)
    self->progress_destroy (self->progress_data);
  self->progress = handler;
  self->progress_data = user_data;
  self->progress_destroy = destroy;
  return TRUE;
}

static void
test_foreign_progress_init (LoftAsyncWithProgressInterface *iface)
{
  iface->get_progress_type = test_foreign_get_progress_type;
  iface->set_progress = test_foreign_set_progress;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestForeign, test_foreign, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (LOFT_TYPE_ASYNC_INFO, test_foreign_info_init)
                               G_IMPLEMENT_INTERFACE (LOFT_TYPE_ASYNC_ACTION,
                                                      test_foreign_action_init)
                               G_IMPLEMENT_INTERFACE (LOFT_TYPE_ASYNC_WITH_PROGRESS,
                                                      test_foreign_progress_init))

static void
test_foreign_finalize (GObject *object)
{
  TestForeign *self = TEST_FOREIGN (object);

  if (self->progress_destroy != NULL)
    self->progress_destroy (self->progress_data);
  if (self->destroy != NULL) /* it never ended */
    self->destroy (self->user_data);
  G_OBJECT_CLASS (test_foreign_parent_class)->finalize (object);
}

static void
test_foreign_class_init (TestForeignClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_foreign_finalize;
}

static void
test_foreign_init (TestForeign *self)
{
}

static inline void
test_foreign_report (TestForeign *self,
                     int          number)
{
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_INT);
  g_value_set_int (&value, number);
  self->progress (LOFT_ASYNC_INFO (self), &value, self->progress_data);
}
