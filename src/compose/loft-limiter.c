/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftLimiter: the object around places on the pool, and its posting forms. What waits and runs is in loft-places.c. */

#include "config.h"

#include "base/loft-door-private.h"
#include "work/loft-work-settings-private.h"
#include "compose/loft-places-private.h"

/**
 * LoftLimiter:
 *
 * Runs work on the pool, at most so many pieces at once.
 *
 * They begin in the order in which they came. With a limit of 1 it is a serial sequence: each begins when the one before has
 * ended, and sees all that it did, on whichever thread. Work that waits when the limiter is let go still has its turn. Any thread may call
 * its methods. Waiting in such work, with get, for work that comes behind it is %LOFT_ERROR_DEADLOCK.
 *
 * Windows has none; libdispatch's serial queues and .NET's `SemaphoreSlim` around `Task.Run` are its models.
 */

struct _LoftLimiter
{
  GObject parent_instance;

  /* constant after init */
  guint limit;
  LoftPlaces *places; /* a reference */
};

G_DEFINE_FINAL_TYPE_WITH_CODE (LoftLimiter, loft_limiter, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (LOFT_TYPE_AGILE_OBJECT, NULL))

static void
loft_limiter_constructed (GObject *object)
{
  LoftLimiter *self = LOFT_LIMITER (object);

  self->places = loft_places_new (self->limit);
  G_OBJECT_CLASS (loft_limiter_parent_class)->constructed (object);
}

static void
loft_limiter_finalize (GObject *object)
{
  loft_places_unref (LOFT_LIMITER (object)->places);
  G_OBJECT_CLASS (loft_limiter_parent_class)->finalize (object);
}

static void
loft_limiter_get_property (GObject    *object,
                           guint       id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  g_value_set_uint (value, LOFT_LIMITER (object)->limit);
}

static void
loft_limiter_set_property (GObject      *object,
                           guint         id,
                           const GValue *value,
                           GParamSpec   *pspec)
{
  LOFT_LIMITER (object)->limit = g_value_get_uint (value);
}

static void
loft_limiter_class_init (LoftLimiterClass *klass)
{
  G_OBJECT_CLASS (klass)->constructed = loft_limiter_constructed;
  G_OBJECT_CLASS (klass)->finalize = loft_limiter_finalize;
  G_OBJECT_CLASS (klass)->get_property = loft_limiter_get_property;
  G_OBJECT_CLASS (klass)->set_property = loft_limiter_set_property;

  /**
   * LoftLimiter:limit:
   *
   * How many pieces of work it runs at once.
   */
  g_object_class_install_property (G_OBJECT_CLASS (klass), 1,
                                   g_param_spec_uint ("limit", NULL, NULL, 1, G_MAXUINT, 1,
                                                      G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS));
}

static void
loft_limiter_init (LoftLimiter *self)
{
}

/**
 * loft_limiter_new: (constructor)
 * @limit: how many at once, at least 1
 *
 * Makes a limiter.
 *
 * Any thread may call.
 *
 * Returns: (transfer full): the limiter
 */
LoftLimiter *
loft_limiter_new (guint limit)
{
  g_return_val_if_fail (limit > 0, NULL);

  return g_object_new (LOFT_TYPE_LIMITER, "limit", limit, NULL);
}

/**
 * loft_limiter_new_serial: (constructor)
 *
 * Makes a serial sequence: one at a time, in the order in which they came.
 *
 * Any thread may call.
 *
 * Returns: (transfer full): a limiter of 1
 */
LoftLimiter *
loft_limiter_new_serial (void)
{
  return loft_limiter_new (1);
}

/**
 * loft_limiter_get_limit: (get-property limit)
 * @self: a limiter
 *
 * Gives how many pieces of work it runs at once.
 *
 * Any thread may call.
 *
 * Returns: the limit
 */
guint
loft_limiter_get_limit (LoftLimiter *self)
{
  g_return_val_if_fail (LOFT_IS_LIMITER (self), 0);

  return self->limit;
}

/**
 * loft_limiter_run_async:
 * @self: a limiter
 * @handler: (scope notified) (closure user_data) (destroy destroy): the work
 * @user_data: what to call it with
 * @destroy: (nullable): called once with @user_data, at the home of the calling thread, or on the worker if it has none
 *
 * Runs work on the pool when a place is free.
 *
 * Any thread may call. Cancelled before its turn, it never runs. See [func@Loft.thread_pool_run_async].
 *
 * Returns: (transfer full): the action
 */
LoftAsyncAction *
(loft_limiter_run_async) (LoftLimiter    *self,
                          LoftWorkHandler handler,
                          gpointer        user_data,
                          GDestroyNotify  destroy)
{
  return loft_limiter_run_async_at (self, handler, user_data, destroy, NULL, G_STRFUNC);
}

/**
 * loft_limiter_run_async_at: (skip)
 *
 * [method@Loft.Limiter.run_async] with the call site, `G_STRLOC` and `G_STRFUNC`, which the macro passes.
 *
 * Returns: as that one
 */
LoftAsyncAction *
loft_limiter_run_async_at (LoftLimiter    *self,
                           LoftWorkHandler handler,
                           gpointer        user_data,
                           GDestroyNotify  destroy,
                           const char     *location,
                           const char     *function)
{
  LoftWorkRequest request = {
    .kind = LOFT_WORK_ACTION,
    .lane = LOFT_LANE_NORMAL,
    .handler = G_CALLBACK (handler),
    .user_data = user_data,
    .destroy = destroy,
    .site = { location, function },
  };

  loft_consume_and_return_val_if_fail (LOFT_IS_LIMITER (self), destroy, user_data, NULL);
  loft_consume_and_return_val_if_fail (handler != NULL, destroy, user_data, NULL);

  return (LoftAsyncAction *) loft_places_post (self->places, &request);
}

/**
 * loft_limiter_run_operation_async:
 * @self: a limiter
 * @value_type: the type of the result
 * @handler: (scope notified) (closure user_data) (destroy destroy): the work
 * @user_data: what to call it with
 * @destroy: (nullable): called once with @user_data, at the home of the calling thread, or on the worker if it has none
 *
 * Runs work that brings a value on the pool when a place is free.
 *
 * Any thread may call. Cancelled before its turn, it never runs. See [func@Loft.thread_pool_run_operation_async].
 *
 * Returns: (transfer full): the operation
 */
LoftAsyncOperation *
(loft_limiter_run_operation_async) (LoftLimiter         *self,
                                    GType                value_type,
                                    LoftOperationHandler handler,
                                    gpointer             user_data,
                                    GDestroyNotify       destroy)
{
  return loft_limiter_run_operation_async_at (self, value_type, handler, user_data, destroy, NULL, G_STRFUNC);
}

/**
 * loft_limiter_run_operation_async_at: (skip)
 *
 * [method@Loft.Limiter.run_operation_async] with the call site, `G_STRLOC` and `G_STRFUNC`, which the macro passes.
 *
 * Returns: as that one
 */
LoftAsyncOperation *
loft_limiter_run_operation_async_at (LoftLimiter         *self,
                                     GType                value_type,
                                     LoftOperationHandler handler,
                                     gpointer             user_data,
                                     GDestroyNotify       destroy,
                                     const char          *location,
                                     const char          *function)
{
  LoftWorkRequest request = {
    .kind = LOFT_WORK_OPERATION,
    .flags = LOFT_WORK_GIVES_VALUE,
    .lane = LOFT_LANE_NORMAL,
    .value_type = value_type,
    .handler = G_CALLBACK (handler),
    .user_data = user_data,
    .destroy = destroy,
    .site = { location, function },
  };

  loft_consume_and_return_val_if_fail (LOFT_IS_LIMITER (self), destroy, user_data, NULL);
  loft_consume_and_return_val_if_fail (G_TYPE_IS_VALUE (value_type), destroy, user_data, NULL);
  loft_consume_and_return_val_if_fail (handler != NULL, destroy, user_data, NULL);

  return (LoftAsyncOperation *) loft_places_post (self->places, &request);
}

/**
 * loft_limiter_run_nested_async:
 * @self: a limiter
 * @handler: (scope notified) (closure user_data) (destroy destroy): begins the work, and returns an object that ends with it
 * @user_data: what to call it with
 * @destroy: (nullable): called once with @user_data, at the home of the calling thread, or on the worker if it has none
 *
 * Begins asynchronous work on the pool when a place is free, and keeps the place until that has ended.
 *
 * Any thread may call. Cancelled before its turn, it never runs. What @handler returns must not wait for a place of the same limiter:
 * when all places are held so, none of it ends. Waiting for it is %LOFT_ERROR_DEADLOCK then.
 *
 * Returns: (transfer full): an action that ends as the inner one does
 */
LoftAsyncAction *
(loft_limiter_run_nested_async) (LoftLimiter      *self,
                                 LoftNestedHandler handler,
                                 gpointer          user_data,
                                 GDestroyNotify    destroy)
{
  return loft_limiter_run_nested_async_at (self, handler, user_data, destroy, NULL, G_STRFUNC);
}

/**
 * loft_limiter_run_nested_async_at: (skip)
 *
 * [method@Loft.Limiter.run_nested_async] with the call site, `G_STRLOC` and `G_STRFUNC`, which the macro passes.
 *
 * Returns: as that one
 */
LoftAsyncAction *
loft_limiter_run_nested_async_at (LoftLimiter      *self,
                                  LoftNestedHandler handler,
                                  gpointer          user_data,
                                  GDestroyNotify    destroy,
                                  const char       *location,
                                  const char       *function)
{
  LoftWorkRequest request = {
    .kind = LOFT_WORK_NESTED,
    .lane = LOFT_LANE_NORMAL,
    .handler = G_CALLBACK (handler),
    .user_data = user_data,
    .destroy = destroy,
    .site = { location, function },
  };

  loft_consume_and_return_val_if_fail (LOFT_IS_LIMITER (self), destroy, user_data, NULL);
  loft_consume_and_return_val_if_fail (handler != NULL, destroy, user_data, NULL);

  return (LoftAsyncAction *) loft_places_post (self->places, &request);
}

/**
 * loft_limiter_run_full_async:
 * @self: a limiter
 * @settings: (nullable): how to start it; %NULL: as [method@Loft.Limiter.run_async] does
 * @handler: (scope notified) (closure user_data) (destroy destroy): the work
 * @user_data: what to call it with
 * @destroy: (nullable): called once with @user_data, at the poster's home, or on the worker if it has none
 *
 * Runs work on a worker thread when a place is free, with any settings.
 *
 * As [method@Loft.Limiter.run_async]; of what waits, work of a higher priority has the next place. What is returned
 * reports if the settings say so. Work whose owner is gone has ended, Canceled, with the reason
 * %LOFT_CANCEL_REASON_OWNER_GONE.
 *
 * Returns: (transfer full): the work's action; %NULL if an argument is wrong
 */
LoftAsyncAction *
(loft_limiter_run_full_async) (LoftLimiter      *self,
                               LoftWorkSettings *settings,
                               LoftWorkHandler   handler,
                               gpointer          user_data,
                               GDestroyNotify    destroy)
{
  return loft_limiter_run_full_async_at (self, settings, handler, user_data, destroy, NULL, G_STRFUNC);
}

/**
 * loft_limiter_run_full_async_at: (skip)
 *
 * [method@Loft.Limiter.run_full_async] with the call site, `G_STRLOC` and `G_STRFUNC`, which the macro passes.
 *
 * Returns: as that one
 */
LoftAsyncAction *
loft_limiter_run_full_async_at (LoftLimiter      *self,
                                LoftWorkSettings *settings,
                                LoftWorkHandler   handler,
                                gpointer          user_data,
                                GDestroyNotify    destroy,
                                const char       *location,
                                const char       *function)
{
  LoftFullRequest full = {
    .request = {
      .kind = LOFT_WORK_ACTION,
      .lane = LOFT_LANE_NORMAL,
      .handler = G_CALLBACK (handler),
      .user_data = user_data,
      .destroy = destroy,
      .site = { location, function },
    },
  };

  loft_consume_and_return_val_if_fail (LOFT_IS_LIMITER (self), destroy, user_data, NULL);
  loft_consume_and_return_val_if_fail (handler != NULL, destroy, user_data, NULL);
  loft_consume_and_return_val_if_fail (loft_work_settings_get_priority (settings) >= LOFT_PRIORITY_LOW, destroy,
                                       user_data, NULL);

  loft_work_settings_fill (settings, &full);
  full.request.lane = loft_lane_from_priority (loft_work_settings_get_priority (settings));
  return (LoftAsyncAction *) loft_places_post (self->places, &full.request);
}

/**
 * loft_limiter_run_operation_full_async:
 * @self: a limiter
 * @settings: (nullable): how to start it; %NULL: as [method@Loft.Limiter.run_operation_async] does
 * @value_type: the type of the result
 * @handler: (scope notified) (closure user_data) (destroy destroy): the work
 * @user_data: what to call it with
 * @destroy: (nullable): called once with @user_data, at the poster's home, or on the worker if it has none
 *
 * Runs work that brings a value on a worker thread when a place is free, with any settings.
 *
 * As [method@Loft.Limiter.run_operation_async] and [method@Loft.Limiter.run_full_async].
 *
 * Returns: (transfer full): the work's operation; %NULL if an argument is wrong
 */
LoftAsyncOperation *
(loft_limiter_run_operation_full_async) (LoftLimiter          *self,
                                         LoftWorkSettings     *settings,
                                         GType                 value_type,
                                         LoftOperationHandler  handler,
                                         gpointer              user_data,
                                         GDestroyNotify        destroy)
{
  return loft_limiter_run_operation_full_async_at (self, settings, value_type, handler, user_data, destroy, NULL,
                                                   G_STRFUNC);
}

/**
 * loft_limiter_run_operation_full_async_at: (skip)
 *
 * [method@Loft.Limiter.run_operation_full_async] with the call site, `G_STRLOC` and `G_STRFUNC`, which the macro
 * passes.
 *
 * Returns: as that one
 */
LoftAsyncOperation *
loft_limiter_run_operation_full_async_at (LoftLimiter          *self,
                                          LoftWorkSettings     *settings,
                                          GType                 value_type,
                                          LoftOperationHandler  handler,
                                          gpointer              user_data,
                                          GDestroyNotify        destroy,
                                          const char           *location,
                                          const char           *function)
{
  LoftFullRequest full = {
    .request = {
      .kind = LOFT_WORK_OPERATION,
      .flags = LOFT_WORK_GIVES_VALUE,
      .lane = LOFT_LANE_NORMAL,
      .value_type = value_type,
      .handler = G_CALLBACK (handler),
      .user_data = user_data,
      .destroy = destroy,
      .site = { location, function },
    },
  };

  loft_consume_and_return_val_if_fail (LOFT_IS_LIMITER (self), destroy, user_data, NULL);
  loft_consume_and_return_val_if_fail (G_TYPE_IS_VALUE (value_type), destroy, user_data, NULL);
  loft_consume_and_return_val_if_fail (handler != NULL, destroy, user_data, NULL);
  loft_consume_and_return_val_if_fail (loft_work_settings_get_priority (settings) >= LOFT_PRIORITY_LOW, destroy,
                                       user_data, NULL);

  loft_work_settings_fill (settings, &full);
  full.request.lane = loft_lane_from_priority (loft_work_settings_get_priority (settings));
  return (LoftAsyncOperation *) loft_places_post (self->places, &full.request);
}
