/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Posts without an object: the fast form. */

#include "config.h"

#include "queue/loft-node-private.h"
#include "dispatcher/loft-dispatcher-private.h"

gboolean
loft_dispatcher_check_post (LoftDispatcher   *self,
                            int               priority,
                            LoftQueueHandler  handler,
                            gpointer          user_data,
                            GDestroyNotify    destroy,
                            const char       *function)
{
  if (!LOFT_IS_DISPATCHER (self))
    g_critical ("%s: that is no LoftDispatcher", function);
  else if (handler == NULL)
    g_critical ("%s: the handler is NULL", function);
  else if (loft_priority_check (priority, LOFT_PRIORITY_IDLE, function))
    return TRUE;

  if (destroy != NULL)
    destroy (user_data);
  return FALSE;
}

/* A post without an object; most have data that nobody needs to release, and are the smaller for it. */

typedef struct
{
  LoftNode node;
  LoftQueueHandler handler;
  gpointer user_data;
  LoftCallSite site;
} LoftPost;

typedef struct
{
  LoftPost post;
  GDestroyNotify destroy;
} LoftOwningPost;

static void
loft_post_run (LoftWorkItem   *item,
               LoftDispatcher *dispatcher)
{
  LoftPost *post = (LoftPost *) item;

  post->handler (post->user_data);
  loft_node_free (post);
}

static void
loft_post_drop (LoftWorkItem   *item,
                LoftDispatcher *dispatcher)
{
  loft_node_free (item);
}

static void
loft_owning_post_drop (LoftWorkItem   *item,
                       LoftDispatcher *dispatcher)
{
  LoftOwningPost *owning = (LoftOwningPost *) item;

  owning->destroy (owning->post.user_data);
  loft_node_free (owning);
}

static void
loft_owning_post_run (LoftWorkItem   *item,
                      LoftDispatcher *dispatcher)
{
  LoftPost *post = (LoftPost *) item;

  post->handler (post->user_data);
  loft_owning_post_drop (item, dispatcher);
}

static void
loft_post_get_site (LoftWorkItem *item,
                    LoftCallSite *out_site)
{
  *out_site = ((LoftPost *) item)->site;
}

static const LoftWorkItemClass loft_post_class = {
  .name = "item",
  .run = loft_post_run,
  .drop = loft_post_drop,
  .get_site = loft_post_get_site,
};

static const LoftWorkItemClass loft_owning_post_class = {
  .name = "item",
  .run = loft_owning_post_run,
  .drop = loft_owning_post_drop,
  .get_site = loft_post_get_site,
};

static LoftPost *
loft_post_new (GDestroyNotify destroy)
{
  LoftOwningPost *owning;
  LoftPost *post;

  if (G_LIKELY (destroy == NULL))
    {
      post = loft_node_new (sizeof (LoftPost));
      post->node.item.klass = &loft_post_class;
      return post;
    }
  owning = loft_node_new (sizeof (LoftOwningPost));
  owning->destroy = destroy;
  owning->post.node.item.klass = &loft_owning_post_class;
  return &owning->post;
}

/**
 * loft_dispatcher_try_enqueue:
 * @self: a dispatcher
 * @priority: the lane
 * @handler: (scope notified) (closure user_data) (destroy destroy): the work
 * @user_data: what to call it with
 * @destroy: (nullable): called once with @user_data: on the dispatcher's thread, run or not; at once when refused
 *
 * Posts work that nobody waits for: the fast form, which makes no object.
 *
 * Any thread may call; @handler always runs later, on the dispatcher's thread, in the order of the posts of its lane.
 *
 * Answers to `DispatcherQueue.TryEnqueue`.
 *
 * Returns: %FALSE if the dispatcher has shut down, and the work will not run
 */
gboolean
(loft_dispatcher_try_enqueue) (LoftDispatcher  *self,
                               LoftPriority     priority,
                               LoftQueueHandler handler,
                               gpointer         user_data,
                               GDestroyNotify   destroy)
{
  return loft_dispatcher_try_enqueue_at (self, priority, handler, user_data, destroy, NULL, G_STRFUNC);
}

/**
 * loft_dispatcher_try_enqueue_at: (skip)
 *
 * [method@Loft.Dispatcher.try_enqueue] with the call site, `G_STRLOC` and `G_STRFUNC`, which the macro passes.
 *
 * Returns: as that one
 */
gboolean
loft_dispatcher_try_enqueue_at (LoftDispatcher  *self,
                                LoftPriority     priority,
                                LoftQueueHandler handler,
                                gpointer         user_data,
                                GDestroyNotify   destroy,
                                const char      *location,
                                const char      *function)
{
  LoftPost *post;

  if (!LOFT_IS_DISPATCHER (self) || handler == NULL || !loft_priority_is_valid (priority))
    {
      loft_dispatcher_check_post (self, priority, handler, user_data, destroy, "loft_dispatcher_try_enqueue");
      return FALSE;
    }

  post = loft_post_new (destroy);
  post->handler = handler;
  post->user_data = user_data;
  post->site.location = location;
  post->site.function = function;
  if (G_LIKELY (loft_dispatcher_post_users_item (self, loft_lane_from_priority (priority), &post->node.item)))
    return TRUE;
  post->node.item.klass->drop (&post->node.item, self);
  return FALSE;
}
