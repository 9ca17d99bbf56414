/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(LOFT_INSIDE) && !defined(LOFT_COMPILATION)
#error "Only <loft/loft.h> can be included directly."
#endif

#include <loft/loft-action.h>
#include <loft/loft-async-action.h>
#include <loft/loft-async-operation.h>
#include <loft/loft-operation.h>
#include <loft/loft-task-group.h>
#include <loft/loft-types.h>
#include <loft/loft-version-macros.h>
#include <loft/loft-work-settings.h>

G_BEGIN_DECLS

/* Coroutines are for C. A function that stops in its middle can't be bound by introspection. The
 * languages that use introspection have their own ways to await. */
#ifndef __GI_SCANNER__

typedef struct _LoftCoroutine LoftCoroutine;

/**
 * LoftCoroutineStep:
 * @LOFT_COROUTINE_SUSPENDED: the coroutine waits, and a later call of the function goes on
 * @LOFT_COROUTINE_DONE: the coroutine has succeeded
 * @LOFT_COROUTINE_FAILED: an await has failed, and the catch block runs if there is one
 * @LOFT_COROUTINE_UNCAUGHT: the coroutine ends with its error
 *
 * Tells how a call of a coroutine function ended.
 *
 * The macros return the right value.
 */
typedef enum {
  LOFT_COROUTINE_SUSPENDED,
  LOFT_COROUTINE_DONE,
  LOFT_COROUTINE_FAILED,
  LOFT_COROUTINE_UNCAUGHT,
} LoftCoroutineStep;

typedef LoftCoroutineStep (*LoftCoroutineFunc) (LoftCoroutine *self, gpointer frame);

/* Something that can be awaited. The functions below make one, and LOFT_AWAIT makes one from an
 * async object. */
typedef enum {
  LOFT_AWAITABLE_INFO,
  LOFT_AWAITABLE_AGILE,
  LOFT_AWAITABLE_BACKGROUND,
  LOFT_AWAITABLE_FOREGROUND,
} LoftAwaitableKind;

typedef struct
{
  LoftAwaitableKind kind;
  LoftPriority priority;
  gpointer object; /* a reference; a dispatcher is not held */
} LoftAwaitable;

LOFT_AVAILABLE_IN_1_0
LoftAwaitable loft_resume_background  (void);
LOFT_AVAILABLE_IN_1_0
LoftAwaitable loft_resume_foreground  (LoftDispatcher *dispatcher, LoftPriority priority);
LOFT_AVAILABLE_IN_1_0
LoftAwaitable loft_resume_after       (GTimeSpan span);
LOFT_AVAILABLE_IN_1_0
LoftAwaitable loft_resume_on_fd       (int fd, GIOCondition condition, GTimeSpan timeout);
LOFT_AVAILABLE_IN_1_0
LoftAwaitable loft_resume_agile       (LoftAsyncInfo *info);

LOFT_AVAILABLE_IN_1_0
LoftAsyncAction    *loft_coroutine_start                (LoftCoroutineFunc func, gpointer frame,
                                                         GDestroyNotify free_frame)
                                                        G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAsyncOperation *loft_coroutine_start_operation      (GType value_type, LoftCoroutineFunc func,
                                                         gpointer frame, GDestroyNotify free_frame)
                                                        G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAsyncAction    *loft_coroutine_start_full           (LoftWorkSettings *settings,
                                                         LoftCoroutineFunc func, gpointer frame,
                                                         GDestroyNotify free_frame)
                                                        G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAsyncOperation *loft_coroutine_start_operation_full (LoftWorkSettings *settings,
                                                         GType value_type, LoftCoroutineFunc func,
                                                         gpointer frame, GDestroyNotify free_frame)
                                                        G_GNUC_WARN_UNUSED_RESULT;

/* To be called inside the function. */
LOFT_AVAILABLE_IN_1_0
LoftAsyncBase      *loft_coroutine_get_async_base       (LoftCoroutine *self);
LOFT_AVAILABLE_IN_1_0
void                loft_coroutine_propagate_cancel     (LoftCoroutine *self, gboolean propagate);
LOFT_AVAILABLE_IN_1_0
const GError       *loft_coroutine_get_error            (LoftCoroutine *self);
LOFT_AVAILABLE_IN_1_0
LoftCoroutineStep   loft_coroutine_fail                 (LoftCoroutine *self, GError *error);
LOFT_AVAILABLE_IN_1_0
LoftCoroutineStep   loft_coroutine_rethrow              (LoftCoroutine *self);
LOFT_AVAILABLE_IN_1_0
LoftCoroutineStep   loft_coroutine_return_boolean       (LoftCoroutine *self, gboolean value);
LOFT_AVAILABLE_IN_1_0
LoftCoroutineStep   loft_coroutine_return_int64         (LoftCoroutine *self, gint64 value);
LOFT_AVAILABLE_IN_1_0
LoftCoroutineStep   loft_coroutine_return_double        (LoftCoroutine *self, double value);
LOFT_AVAILABLE_IN_1_0
LoftCoroutineStep   loft_coroutine_return_string        (LoftCoroutine *self, const char *value);
LOFT_AVAILABLE_IN_1_0
LoftCoroutineStep   loft_coroutine_return_object        (LoftCoroutine *self, gpointer value);
LOFT_AVAILABLE_IN_1_0
LoftCoroutineStep   loft_coroutine_return_value         (LoftCoroutine *self, const GValue *value);

/* Only the macros call these. */
LOFT_AVAILABLE_IN_1_0
LoftAsyncAction    *loft_coroutine_start_at             (LoftCoroutineFunc func, gpointer frame,
                                                         GDestroyNotify free_frame,
                                                         const char *location,
                                                         const char *function)
                                                        G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAsyncOperation *loft_coroutine_start_operation_at   (GType value_type, LoftCoroutineFunc func,
                                                         gpointer frame, GDestroyNotify free_frame,
                                                         const char *location,
                                                         const char *function)
                                                        G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAsyncAction    *loft_coroutine_start_full_at        (LoftWorkSettings *settings,
                                                         LoftCoroutineFunc func, gpointer frame,
                                                         GDestroyNotify free_frame,
                                                         const char *location,
                                                         const char *function)
                                                        G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
LoftAsyncOperation *loft_coroutine_start_operation_full_at (LoftWorkSettings *settings,
                                                            GType value_type,
                                                            LoftCoroutineFunc func,
                                                            gpointer frame,
                                                            GDestroyNotify free_frame,
                                                            const char *location,
                                                            const char *function)
                                                           G_GNUC_WARN_UNUSED_RESULT;
LOFT_AVAILABLE_IN_1_0
guint64             loft_coroutine_get_point            (LoftCoroutine *self);
LOFT_AVAILABLE_IN_1_0
gboolean            loft_coroutine_await_at             (LoftCoroutine *self, guint64 point,
                                                         LoftAwaitable awaitable,
                                                         const char *location);
LOFT_AVAILABLE_IN_1_0
gboolean            loft_coroutine_take                 (LoftCoroutine *self);
LOFT_AVAILABLE_IN_1_0
gboolean            loft_coroutine_take_outcome         (LoftCoroutine *self,
                                                         gboolean *out_success);
LOFT_AVAILABLE_IN_1_0
gboolean            loft_coroutine_take_boolean         (LoftCoroutine *self, gboolean *out_value);
LOFT_AVAILABLE_IN_1_0
gboolean            loft_coroutine_take_int64           (LoftCoroutine *self, gint64 *out_value);
LOFT_AVAILABLE_IN_1_0
gboolean            loft_coroutine_take_double          (LoftCoroutine *self, double *out_value);
LOFT_AVAILABLE_IN_1_0
gboolean            loft_coroutine_take_string          (LoftCoroutine *self, char **out_value);
LOFT_AVAILABLE_IN_1_0
gboolean            loft_coroutine_take_object          (LoftCoroutine *self, gpointer out_value);
LOFT_AVAILABLE_IN_1_0
gboolean            loft_coroutine_take_value           (LoftCoroutine *self, GValue *out_value);

#define loft_coroutine_start(func, frame, free_frame) \
  loft_coroutine_start_at ((func), (frame), (free_frame), G_STRLOC, G_STRFUNC)
#define loft_coroutine_start_operation(value_type, func, frame, free_frame) \
  loft_coroutine_start_operation_at ((value_type), (func), (frame), (free_frame), G_STRLOC, \
                                     G_STRFUNC)
#define loft_coroutine_start_full(settings, func, frame, free_frame) \
  loft_coroutine_start_full_at ((settings), (func), (frame), (free_frame), G_STRLOC, G_STRFUNC)
#define loft_coroutine_start_operation_full(settings, value_type, func, frame, free_frame) \
  loft_coroutine_start_operation_full_at ((settings), (value_type), (func), (frame), \
                                          (free_frame), G_STRLOC, G_STRFUNC)

/* The macros. A coroutine function is a switch over the points at which it may go on. Each
 * LOFT_AWAIT is a case of this switch. */

/* The point of an await is made from its line. It is too large for an int. So the compiler refuses
 * an await inside a switch of the function's own, which would otherwise become a case of that
 * switch. */
#define LOFT_COROUTINE_POINT_ (((guint64) 1 << 40) + __LINE__)
#define LOFT_COROUTINE_POINT_BEGIN_ ((guint64) 1 << 41)
#define LOFT_COROUTINE_POINT_CATCH_ (((guint64) 1 << 41) + 1)

#if defined(__clang__)
#define LOFT_COROUTINE_CHECKS_                            \
  _Pragma ("clang diagnostic push")                       \
  _Pragma ("clang diagnostic error \"-Wswitch\"")         \
  _Pragma ("clang diagnostic error \"-Wuninitialized\"")  \
  _Pragma ("clang diagnostic error \"-Wsometimes-uninitialized\"") \
  _Pragma ("clang diagnostic error \"-Wconditional-uninitialized\"")
#define LOFT_COROUTINE_END_CHECKS_ _Pragma ("clang diagnostic pop")
#elif defined(__GNUC__)
#define LOFT_COROUTINE_CHECKS_                            \
  _Pragma ("GCC diagnostic push")                         \
  _Pragma ("GCC diagnostic error \"-Woverflow\"")         \
  _Pragma ("GCC diagnostic error \"-Wswitch-outside-range\"") \
  _Pragma ("GCC diagnostic error \"-Wjump-misses-init\"")
#define LOFT_COROUTINE_END_CHECKS_ _Pragma ("GCC diagnostic pop")
#else
#define LOFT_COROUTINE_CHECKS_
#define LOFT_COROUTINE_END_CHECKS_
#endif

#define LOFT_COROUTINE_ASSERT_(co)                                       \
  _Static_assert (_Generic ((co), LoftCoroutine *: 1, default: 0),       \
                  "the first argument is the LoftCoroutine that the function was called with")

/**
 * LOFT_COROUTINE_BEGIN:
 * @co: the coroutine
 *
 * Begins the part of a coroutine function in which it can await.
 *
 * Local variables that are set before this macro are set anew by each call of the function.
 */
#define LOFT_COROUTINE_BEGIN(co)              \
  LOFT_COROUTINE_ASSERT_ (co);                \
  LOFT_COROUTINE_CHECKS_                      \
  switch (loft_coroutine_get_point (co))      \
    {                                         \
    case LOFT_COROUTINE_POINT_BEGIN_:

/**
 * LOFT_COROUTINE_CATCH:
 * @co: the coroutine
 *
 * Begins the block that runs when an await has failed.
 *
 * If the code before the block reaches this macro, the coroutine ends with success. The block may
 * await, too. If the block reaches its end, it has handled the error, and the coroutine ends with
 * success.
 */
#define LOFT_COROUTINE_CATCH(co)              \
      return LOFT_COROUTINE_DONE;             \
    case LOFT_COROUTINE_POINT_CATCH_:;        \
      LOFT_COROUTINE_ASSERT_ (co)

/**
 * LOFT_COROUTINE_END:
 * @co: the coroutine
 *
 * Ends a coroutine function, and is its last statement.
 */
#define LOFT_COROUTINE_END(co)                \
      break;                                  \
    default:                                  \
      return LOFT_COROUTINE_UNCAUGHT;         \
    }                                         \
  LOFT_COROUTINE_END_CHECKS_                  \
  return LOFT_COROUTINE_DONE

/**
 * LOFT_COROUTINE_RETURN:
 * @co: the coroutine
 *
 * Ends the coroutine of an action with success.
 *
 * The coroutine of an operation returns its value with
 * `return loft_coroutine_return_int64 (co, value)` or with the function for another type.
 */
#define LOFT_COROUTINE_RETURN(co) return LOFT_COROUTINE_DONE

static inline LoftAwaitable
loft_awaitable_info_ (gpointer info)
{
  LoftAwaitable self = { LOFT_AWAITABLE_INFO, LOFT_PRIORITY_NORMAL, info };

  return self;
}

static inline LoftAwaitable
loft_awaitable_self_ (LoftAwaitable self)
{
  return self;
}

#define LOFT_COROUTINE_AWAITABLE_(what)           \
  _Generic ((what),                               \
            LoftAwaitable: loft_awaitable_self_,  \
            LoftAsyncInfo *: loft_awaitable_info_, \
            LoftAsyncAction *: loft_awaitable_info_, \
            LoftAsyncOperation *: loft_awaitable_info_, \
            LoftAsyncBase *: loft_awaitable_info_, \
            LoftAction *: loft_awaitable_info_,   \
            LoftOperation *: loft_awaitable_info_, \
            LoftTaskGroup *: loft_awaitable_info_) (what)

#define LOFT_COROUTINE_AWAIT_(co, what, take)                                          \
  do                                                                                   \
    {                                                                                  \
      LOFT_COROUTINE_ASSERT_ (co);                                                     \
      if (loft_coroutine_await_at ((co), LOFT_COROUTINE_POINT_,                        \
                                   LOFT_COROUTINE_AWAITABLE_ (what), G_STRLOC))        \
        return LOFT_COROUTINE_SUSPENDED;                                               \
      G_GNUC_FALLTHROUGH;                                                              \
    case LOFT_COROUTINE_POINT_:                                                        \
      if (!(take))                                                                     \
        return LOFT_COROUTINE_FAILED;                                                  \
    }                                                                                  \
  while (0)

/**
 * LOFT_AWAIT:
 * @co: the coroutine
 * @what: (transfer full): an async object, or the value of one of the `loft_resume_…` functions
 *
 * Waits until @what has ended, without blocking the thread.
 *
 * The coroutine then goes on at the home that it had at the await. If @what fails, the catch block
 * runs. If there is no catch block, the coroutine ends with the error.
 */
#define LOFT_AWAIT(co, what) LOFT_COROUTINE_AWAIT_ (co, what, loft_coroutine_take (co))

/**
 * LOFT_AWAIT_OUTCOME:
 * @co: the coroutine
 * @success: (out): a gboolean that outlives the await; set to whether @what has succeeded
 * @what: (transfer full): as for LOFT_AWAIT
 *
 * Waits until @what has ended, and goes on after the await even if @what has failed.
 *
 * loft_coroutine_get_error() returns the error.
 */
#define LOFT_AWAIT_OUTCOME(co, success, what) \
  LOFT_COROUTINE_AWAIT_ (co, what, loft_coroutine_take_outcome ((co), &(success)))

/* The forms that store the value. The variable has to outlive the await: it is in the frame, or
 * global. */
#define LOFT_AWAIT_BOOLEAN(co, variable, what) \
  LOFT_COROUTINE_AWAIT_ (co, what, loft_coroutine_take_boolean ((co), &(variable)))
#define LOFT_AWAIT_INT64(co, variable, what) \
  LOFT_COROUTINE_AWAIT_ (co, what, loft_coroutine_take_int64 ((co), &(variable)))
#define LOFT_AWAIT_DOUBLE(co, variable, what) \
  LOFT_COROUTINE_AWAIT_ (co, what, loft_coroutine_take_double ((co), &(variable)))
#define LOFT_AWAIT_STRING(co, variable, what) \
  LOFT_COROUTINE_AWAIT_ (co, what, loft_coroutine_take_string ((co), &(variable)))
#define LOFT_AWAIT_OBJECT(co, variable, what) \
  LOFT_COROUTINE_AWAIT_ (co, what, loft_coroutine_take_object ((co), &(variable)))
#define LOFT_AWAIT_VALUE(co, variable, what) \
  LOFT_COROUTINE_AWAIT_ (co, what, loft_coroutine_take_value ((co), &(variable)))

#endif

G_END_DECLS
