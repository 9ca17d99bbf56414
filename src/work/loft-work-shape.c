/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The classes of posted work: which interfaces callers see. Each adds one interface to its parent, since gjs finds only one
 * interface's methods in a class that introspection does not know. */

#include "config.h"

#include "work/loft-work-private.h"

#define LOFT_DECLARE_SHAPE(Name, name)               \
  typedef LoftWork Name;                             \
  typedef LoftWorkClass Name##Class;                 \
  GType name##_get_type (void);                      \
  static void name##_class_init (Name##Class *klass) \
  {                                                  \
    LOFT_TSAN_RELEASE (klass);                       \
  }                                                  \
  static void name##_init (Name *self)               \
  {                                                  \
  }

LOFT_DECLARE_SHAPE (LoftWorkAction, loft_work_action)
LOFT_DECLARE_SHAPE (LoftWorkOperation, loft_work_operation)
LOFT_DECLARE_SHAPE (LoftWorkActionWithProgress, loft_work_action_with_progress)
LOFT_DECLARE_SHAPE (LoftWorkOperationWithProgress, loft_work_operation_with_progress)
LOFT_DECLARE_SHAPE (LoftWorkTry, loft_work_try)

G_DEFINE_TYPE_WITH_CODE (LoftWorkAction, loft_work_action, LOFT_TYPE_WORK,
                         G_IMPLEMENT_INTERFACE (LOFT_TYPE_ASYNC_ACTION, NULL))
G_DEFINE_TYPE_WITH_CODE (LoftWorkOperation, loft_work_operation, LOFT_TYPE_WORK,
                         G_IMPLEMENT_INTERFACE (LOFT_TYPE_ASYNC_OPERATION, NULL))
G_DEFINE_TYPE_WITH_CODE (LoftWorkActionWithProgress, loft_work_action_with_progress, loft_work_action_get_type (),
                         G_IMPLEMENT_INTERFACE (LOFT_TYPE_ASYNC_WITH_PROGRESS, NULL))
G_DEFINE_TYPE_WITH_CODE (LoftWorkOperationWithProgress, loft_work_operation_with_progress, loft_work_operation_get_type (),
                         G_IMPLEMENT_INTERFACE (LOFT_TYPE_ASYNC_WITH_PROGRESS, NULL))
/* The operation that the poster gets, and the action that the handler gets. */
G_DEFINE_TYPE_WITH_CODE (LoftWorkTry, loft_work_try, loft_work_action_get_type (),
                         G_IMPLEMENT_INTERFACE (LOFT_TYPE_ASYNC_OPERATION, NULL))

GType
loft_work_get_shape (const LoftWorkRequest *request)
{
  gboolean reports = (request->flags & LOFT_WORK_REPORTS) != 0;

  if (request->kind == LOFT_WORK_TRY || request->kind == LOFT_WORK_TRY_IDLE)
    return loft_work_try_get_type ();
  if ((request->flags & LOFT_WORK_GIVES_VALUE) != 0)
    return reports ? loft_work_operation_with_progress_get_type () : loft_work_operation_get_type ();
  return reports ? loft_work_action_with_progress_get_type () : loft_work_action_get_type ();
}
