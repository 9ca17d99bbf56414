/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftTaskGroup: a scope for concurrent work, which ends when all work that was begun in it has
 * ended. */

#include "config.h"

#include "base/loft-guard-private.h"
#include "async/loft-async-base-private.h"
#include "async/loft-async-outcome-private.h"

/**
 * LoftTaskGroup:
 *
 * A scope for work: an action that ends when all of its children have ended.
 *
 * Children are async objects. They are added with [method@Loft.TaskGroup.add], or run on the pool
 * with [method@Loft.TaskGroup.run_async]. A child may add other children. Seal the group with
 * [method@Loft.TaskGroup.seal] when no more children are to come. It ends when it is sealed and no
 * child is left. A group is an action itself, so it can be waited for, continued, given a deadline
 * or put into another group like any other action.
 *
 * The group fails with the error of the first child that failed. With
 * %LOFT_TASK_GROUP_CANCEL_ON_FAILURE that failure cancels the other children. A child that was
 * cancelled does not count as a failure. Cancelling the group cancels its children, and the group
 * ends when they have ended.
 *
 * If the last reference to an unsealed group is dropped, the group is sealed, and ends. Its
 * children hold a reference to it until they have ended. The handlers that were set on the group
 * get a [class@Loft.Action] as their sender in that case, since the group itself is gone.
 *
 * Windows has no such class; Kotlin's `coroutineScope`, Swift's task groups and Java's
 * `StructuredTaskScope` are its models.
 */

struct _LoftTaskGroup
{
  LoftAsyncBase parent_instance;

  /* constant after init */
  LoftTaskGroupFlags flags;

  /* under lock */
  LoftLock lock;
  guint running;
  gboolean sealed;
  gboolean over;
  LoftValueBox *failure; /* the first */
  GHashTable *children; /* those that run: LoftAsyncInfo, only compared, to LoftLink */
};

G_DEFINE_FINAL_TYPE_WITH_CODE (LoftTaskGroup, loft_task_group, LOFT_TYPE_ASYNC_BASE,
                               G_IMPLEMENT_INTERFACE (LOFT_TYPE_ASYNC_ACTION, NULL))

static gboolean
loft_task_group_is_over_locked (LoftTaskGroup *self)
{
  gboolean over = self->sealed && self->running == 0 && !self->over;

  self->over |= over;
  return over;
}

static void
loft_task_group_finish (LoftTaskGroup *self)
{
  if (self->failure != NULL)
    loft_async_base_fail_as (LOFT_ASYNC_BASE (self), self->failure);
  else
    loft_async_base_complete (LOFT_ASYNC_BASE (self));
}

/* Returns links to the children that run. The links are weak, since the producers hold the
 * children. */
static GPtrArray *
loft_task_group_dup_children (LoftTaskGroup *self)
{
  GPtrArray *links = g_ptr_array_new_with_free_func (loft_link_unref);
  GHashTableIter iter;
  gpointer link;

  loft_lock_lock (&self->lock);
  g_hash_table_iter_init (&iter, self->children);
  while (g_hash_table_iter_next (&iter, NULL, &link))
    g_ptr_array_add (links, loft_link_ref (link));
  loft_lock_unlock (&self->lock);
  return links;
}

static void
loft_task_group_cancel_children (LoftTaskGroup *self)
{
  g_autoptr (GPtrArray) links = loft_task_group_dup_children (self);

  for (guint i = 0; i < links->len; i++)
    {
      g_autoptr (LoftAsyncInfo) child = loft_link_dup (links->pdata[i]);

      loft_async_info_cancel_for (child, LOFT_CANCEL_REASON_PROPAGATED);
    }
}

/* Counts one child less, and takes @child (NULL: none) out of the table. @error says how the child
 * failed (NULL: it did not), and is taken. */
static void
loft_task_group_leave (LoftTaskGroup *self,
                       LoftAsyncInfo *child,
                       LoftValueBox  *error)
{
  gboolean first = FALSE, over;
  gpointer link = NULL;

  loft_lock_lock (&self->lock);
  if (error != NULL && self->failure == NULL)
    {
      first = TRUE;
      self->failure = g_steal_pointer (&error);
    }
  if (child != NULL)
    g_hash_table_steal_extended (self->children, child, NULL, &link);
  self->running--;
  over = loft_task_group_is_over_locked (self);
  loft_lock_unlock (&self->lock);

  if (error != NULL) /* the group fails with an earlier one */
    loft_value_box_look_at (error);
  g_clear_pointer (&error, loft_value_box_unref);
  if (first && (self->flags & LOFT_TASK_GROUP_CANCEL_ON_FAILURE) != 0)
    loft_task_group_cancel_children (self);
  if (over)
    loft_task_group_finish (self);
  g_clear_pointer (&link, loft_link_unref);
}

static void
on_child_ended (LoftAsyncInfo   *child,
                LoftAsyncStatus  status,
                gpointer         group)
{
  loft_task_group_leave (group, child,
                         status == LOFT_ASYNC_STATUS_CANCELED
                           ? NULL
                           : loft_outcome_dup_failure (child, status));
}

/* Counts one more child in advance. Returns FALSE if the group has ended. */
static gboolean
loft_task_group_enter (LoftTaskGroup *self)
{
  gboolean open;

  loft_lock_lock (&self->lock);
  open = !self->over;
  self->running += open ? 1 : 0;
  loft_lock_unlock (&self->lock);
  return open;
}

/* Takes a child that loft_task_group_enter () has counted. Returns FALSE if it can't be
 * observed. */
static gboolean
loft_task_group_take (LoftTaskGroup *self,
                      LoftAsyncInfo *child)
{
  LoftLink *link = loft_async_info_dup_link (child);
  g_autoptr (GError) error = NULL;
  gboolean failed, there;

  loft_lock_lock (&self->lock);
  failed = self->failure != NULL;
  there = g_hash_table_contains (self->children, child);
  if (!there)
    g_hash_table_insert (self->children, child, g_steal_pointer (&link));
  loft_lock_unlock (&self->lock);

  if (there)
    {
      loft_link_unref (link);
      loft_task_group_leave (self, NULL, NULL);
      return TRUE;
    }
  if (!loft_async_info_observe (child, on_child_ended, g_object_ref (self), g_object_unref,
                                LOFT_OBSERVER_PASSES_ON, NULL, &error))
    {
      g_warning ("%s: %s", G_STRFUNC, error->message);
      loft_task_group_leave (self, child, NULL);
      return FALSE;
    }
  g_object_ref (child); /* its cancel handler may drop the caller's reference */
  loft_async_base_propagate_cancel (LOFT_ASYNC_BASE (self), child);
  if (failed && (self->flags & LOFT_TASK_GROUP_CANCEL_ON_FAILURE) != 0)
    loft_async_info_cancel (child);
  g_object_unref (child);
  return TRUE;
}

/* Whether one of the children, and therefore the group, can't end. */
static gboolean
loft_task_group_ends_only_after (LoftAsyncBase *base,
                                 gboolean     (*hopeless) (LoftAsyncInfo *info))
{
  g_autoptr (GPtrArray) links = loft_task_group_dup_children (LOFT_TASK_GROUP (base));
  gboolean found = FALSE;

  for (guint i = 0; i < links->len && !found; i++)
    {
      g_autoptr (LoftAsyncInfo) child = loft_link_dup (links->pdata[i]);

      found = child != NULL && hopeless (child);
    }
  return found;
}

/* Nobody can add a child any more, and no child is running, since each would hold the group. */
static void
loft_task_group_dispose (GObject *object)
{
  LoftTaskGroup *self = LOFT_TASK_GROUP (object);
  LoftValueBox *failure = NULL;
  gboolean over;

  loft_lock_lock (&self->lock);
  self->sealed = TRUE;
  over = loft_task_group_is_over_locked (self);
  if (over)
    failure = g_steal_pointer (&self->failure);
  loft_lock_unlock (&self->lock);
  if (over)
    loft_async_base_end_let_go (LOFT_ASYNC_BASE (self),
                                failure != NULL ? LOFT_EVENT_FAIL : LOFT_EVENT_COMPLETE, failure);
  G_OBJECT_CLASS (loft_task_group_parent_class)->dispose (object);
}

static void
loft_task_group_finalize (GObject *object)
{
  LoftTaskGroup *self = LOFT_TASK_GROUP (object);

  g_clear_pointer (&self->failure, loft_value_box_unref);
  g_hash_table_unref (self->children);
  G_OBJECT_CLASS (loft_task_group_parent_class)->finalize (object);
}

static void
loft_task_group_class_init (LoftTaskGroupClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = loft_task_group_dispose;
  G_OBJECT_CLASS (klass)->finalize = loft_task_group_finalize;
  LOFT_ASYNC_BASE_CLASS (klass)->ends_only_after = loft_task_group_ends_only_after;
}

static void
loft_task_group_init (LoftTaskGroup *self)
{
  self->children = g_hash_table_new_full (NULL, NULL, NULL, loft_link_unref);
}

/**
 * loft_task_group_new: (constructor)
 * @flags: what the failure of a child does
 *
 * Creates a group that is open and has no children.
 *
 * Any thread may call.
 *
 * Returns: (transfer full): the group
 */
LoftTaskGroup *
(loft_task_group_new) (LoftTaskGroupFlags flags)
{
  return loft_task_group_new_at (flags, NULL, G_STRFUNC);
}

LoftTaskGroup *
loft_task_group_new_at (LoftTaskGroupFlags flags,
                        const char        *location,
                        const char        *function)
{
  LoftTaskGroup *self = g_object_new (LOFT_TYPE_TASK_GROUP, NULL);

  loft_async_base_init_work (LOFT_ASYNC_BASE (self), LOFT_PHASE_RUNNING, LOFT_LANE_NORMAL,
                             &(LoftCallSite) { location, function });
  self->flags = flags;
  return self;
}

/**
 * loft_task_group_add:
 * @self: a group
 * @child: an async object
 *
 * Adds a child to the group, which then does not end before the child has ended.
 *
 * Any thread may call. A child that is already in the group is not added again. A child that is
 * added after the group was cancelled, or after a failure that cancels the others, is cancelled.
 *
 * Returns: %FALSE if the group has ended, or if @child takes no more observers, which is logged as
 * a warning; @child is left alone then
 */
gboolean
loft_task_group_add (LoftTaskGroup *self,
                     LoftAsyncInfo *child)
{
  gboolean taken;

  g_return_val_if_fail (LOFT_IS_TASK_GROUP (self), FALSE);
  g_return_val_if_fail (LOFT_IS_ASYNC_INFO (child), FALSE);
  g_return_val_if_fail ((gpointer) self != (gpointer) child, FALSE);

  if (!loft_task_group_enter (self))
    return FALSE;
  g_object_ref (self); /* a handler of the child may drop the caller's reference */
  taken = loft_task_group_take (self, child);
  g_object_unref (self);
  return taken;
}

/**
 * loft_task_group_run_async:
 * @self: a group
 * @handler: (scope notified) (closure user_data) (destroy destroy): the work
 * @user_data: the data to pass to @handler
 * @destroy: (nullable): called once with @user_data, at the home of the calling thread, or on the
 *   worker if it has none
 *
 * Runs work on the pool as a child of the group.
 *
 * Any thread may call. If the group has ended, the work never runs, and the returned action is
 * Canceled.
 *
 * Returns: (transfer full): the child's action
 */
LoftAsyncAction *
(loft_task_group_run_async) (LoftTaskGroup  *self,
                             LoftWorkHandler handler,
                             gpointer        user_data,
                             GDestroyNotify  destroy)
{
  return loft_task_group_run_async_at (self, handler, user_data, destroy, NULL, G_STRFUNC);
}

LoftAsyncAction *
loft_task_group_run_async_at (LoftTaskGroup  *self,
                              LoftWorkHandler handler,
                              gpointer        user_data,
                              GDestroyNotify  destroy,
                              const char     *location,
                              const char     *function)
{
  LoftAsyncAction *child;
  LoftAction *refused;

  loft_consume_and_return_val_if_fail (LOFT_IS_TASK_GROUP (self), destroy, user_data, NULL);
  loft_consume_and_return_val_if_fail (handler != NULL, destroy, user_data, NULL);

  if (!loft_task_group_enter (self))
    {
      if (destroy != NULL)
        destroy (user_data);
      refused = loft_action_new_at (location, function);
      loft_async_base_end_canceled (LOFT_ASYNC_BASE (refused), LOFT_CANCEL_REASON_PROPAGATED);
      return LOFT_ASYNC_ACTION (refused);
    }
  child = loft_thread_pool_run_async_at (handler, user_data, destroy, location, function);
  g_object_ref (self);
  loft_task_group_take (self, LOFT_ASYNC_INFO (child));
  g_object_unref (self);
  return child;
}

/**
 * loft_task_group_get_running:
 * @self: a group
 *
 * Gets how many of the group's children have not ended.
 *
 * Any thread may call.
 *
 * Returns: the number
 */
guint
loft_task_group_get_running (LoftTaskGroup *self)
{
  guint running;

  g_return_val_if_fail (LOFT_IS_TASK_GROUP (self), 0);

  loft_lock_lock (&self->lock);
  running = self->running;
  loft_lock_unlock (&self->lock);
  return running;
}

/**
 * loft_task_group_seal:
 * @self: a group
 *
 * Seals the group, so that it ends when no child is left.
 *
 * Any thread may call, any number of times. No more children are to be added from outside the group
 * after that. Children that run may still add others.
 */
void
loft_task_group_seal (LoftTaskGroup *self)
{
  gboolean over;

  g_return_if_fail (LOFT_IS_TASK_GROUP (self));

  loft_lock_lock (&self->lock);
  self->sealed = TRUE;
  over = loft_task_group_is_over_locked (self);
  loft_lock_unlock (&self->lock);
  if (over)
    loft_task_group_finish (self);
}
