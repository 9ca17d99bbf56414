/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftDispatcher: posts work without an async object. There are three forms: the fast form, the
 * form that replaces the post that waits with the same key, and the form that is refused while too
 * many posts wait. */

#include "config.h"

#include "base/loft-atomic-private.h"
#include "base/loft-guard-private.h"
#include "queue/loft-slab-private.h"
#include "dispatcher/loft-dispatcher-private.h"
#include "dispatcher/loft-home-private.h"

static gboolean
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

/* The fast form. Most posts have no destroy notify, and need no room for one. */

typedef struct
{
  LoftSlabNode node;
  LoftQueueHandler handler;
  gpointer user_data;
  LoftCallSite site;
} LoftPost;

G_STATIC_ASSERT (G_STRUCT_OFFSET (LoftPost, node) == 0);

typedef struct
{
  LoftPost post;
  GDestroyNotify destroy;
} LoftOwningPost;

G_STATIC_ASSERT (G_STRUCT_OFFSET (LoftOwningPost, post) == 0);

static void
loft_post_run (LoftWorkItem   *item,
               LoftDispatcher *dispatcher)
{
  LoftPost *post = (LoftPost *) item;

  post->handler (post->user_data);
  loft_slab_node_free (post);
}

static void
loft_post_drop (LoftWorkItem   *item,
                LoftDispatcher *dispatcher)
{
  loft_slab_node_free (item);
}

static void
loft_owning_post_drop (LoftWorkItem   *item,
                       LoftDispatcher *dispatcher)
{
  LoftOwningPost *owning = (LoftOwningPost *) item;

  owning->destroy (owning->post.user_data);
  loft_slab_node_free (owning);
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
      post = loft_slab_node_new (sizeof (LoftPost));
      post->node.item.klass = &loft_post_class;
      return post;
    }
  owning = loft_slab_node_new (sizeof (LoftOwningPost));
  owning->destroy = destroy;
  owning->post.node.item.klass = &loft_owning_post_class;
  return &owning->post;
}

/**
 * loft_dispatcher_try_enqueue:
 * @self: a dispatcher
 * @priority: the lane
 * @handler: (scope notified) (closure user_data) (destroy destroy): the work
 * @user_data: data for @handler
 * @destroy: (nullable): called once with @user_data, on the dispatcher's thread, whether @handler
 *   ran or not; at once if the post is refused
 *
 * Posts work without making an async object for it.
 *
 * This is the fast form, for work that nobody waits for.
 *
 * Any thread may call. @handler always runs later, on the dispatcher's thread. The posts of one
 * lane run in the order in which they were posted.
 *
 * Answers to `DispatcherQueue.TryEnqueue`.
 *
 * Returns: %FALSE if the dispatcher has shut down, so that the work will not run
 */
gboolean
(loft_dispatcher_try_enqueue) (LoftDispatcher  *self,
                               LoftPriority     priority,
                               LoftQueueHandler handler,
                               gpointer         user_data,
                               GDestroyNotify   destroy)
{
  return loft_dispatcher_try_enqueue_at (self, priority, handler, user_data, destroy, NULL,
                                         G_STRFUNC);
}

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
      loft_dispatcher_check_post (self, priority, handler, user_data, destroy,
                                  "loft_dispatcher_try_enqueue");
      return FALSE;
    }

  post = loft_post_new (destroy);
  post->handler = handler;
  post->user_data = user_data;
  post->site = loft_call_site (location, function);
  if (G_LIKELY (loft_dispatcher_post_users_item (self, loft_lane_from_priority (priority),
                                                 &post->node.item)))
    return TRUE;
  post->node.item.klass->drop (&post->node.item, self);
  return FALSE;
}

/* The form with a key. At most one post waits for each key: a newer post takes the place of the
 * older one in its lane. */

typedef struct
{
  LoftWorkItem item;
  /* constant after init */
  char *key;
  LoftCallSite site;
  /* under the table's lock while it is in the table; then the consumer's */
  LoftQueueHandler handler;
  gpointer user_data;
  GDestroyNotify destroy;
} LoftKeyedPost;

G_STATIC_ASSERT (G_STRUCT_OFFSET (LoftKeyedPost, item) == 0);

/* Takes the post out of the table. From here on no newer post replaces it. */
static void
loft_keyed_post_take_out (LoftKeyedPost  *post,
                          LoftDispatcher *dispatcher)
{
  LoftKeyedPosts *posts = loft_dispatcher_peek_keyed_posts (dispatcher);

  loft_lock_lock (&posts->lock);
  if (g_hash_table_lookup (posts->table, post->key) == post)
    g_hash_table_remove (posts->table, post->key);
  loft_lock_unlock (&posts->lock);
}

static void
loft_keyed_post_free (LoftKeyedPost *post)
{
  if (post->destroy != NULL)
    post->destroy (post->user_data);
  g_free (post->key);
  g_free (post);
}

static void
loft_keyed_post_run (LoftWorkItem   *item,
                     LoftDispatcher *dispatcher)
{
  LoftKeyedPost *post = (LoftKeyedPost *) item;

  loft_keyed_post_take_out (post, dispatcher);
  post->handler (post->user_data);
  loft_keyed_post_free (post);
}

static void
loft_keyed_post_drop (LoftWorkItem   *item,
                      LoftDispatcher *dispatcher)
{
  loft_keyed_post_take_out ((LoftKeyedPost *) item, dispatcher);
  loft_keyed_post_free ((LoftKeyedPost *) item);
}

static void
loft_keyed_post_get_site (LoftWorkItem *item,
                          LoftCallSite *out_site)
{
  *out_site = ((LoftKeyedPost *) item)->site;
}

static const LoftWorkItemClass loft_keyed_post_class = {
  .name = "item",
  .run = loft_keyed_post_run,
  .drop = loft_keyed_post_drop,
  .get_site = loft_keyed_post_get_site,
};

/* If a post waits with this key, puts the new handler and data into it, and returns the old data in
 * @user_data and @destroy, for the caller to release. Returns FALSE if none waits. */
static gboolean
loft_keyed_posts_replace_locked (LoftKeyedPosts   *posts,
                                 const char       *key,
                                 LoftQueueHandler  handler,
                                 gpointer         *user_data,
                                 GDestroyNotify   *destroy)
{
  LoftKeyedPost *waiting = posts->table != NULL ? g_hash_table_lookup (posts->table, key) : NULL;
  LoftKeyedPost old;

  if (waiting == NULL)
    return FALSE;
  old = *waiting;
  waiting->handler = handler;
  waiting->user_data = *user_data;
  waiting->destroy = *destroy;
  *user_data = old.user_data;
  *destroy = old.destroy;
  return TRUE;
}

/* Posts, and adds the post to the table only when it was accepted, because a newer post that
 * replaces it there counts as accepted, too. Returns NULL if the post was accepted. Otherwise
 * returns the post, for the caller to free. */
static LoftKeyedPost *
loft_keyed_posts_add_locked (LoftKeyedPosts *posts,
                             LoftDispatcher *dispatcher,
                             LoftLane        lane,
                             LoftKeyedPost   contents)
{
  LoftKeyedPost *post = g_memdup2 (&contents, sizeof contents);

  post->key = g_strdup (contents.key);
  if (posts->table == NULL)
    posts->table = g_hash_table_new (g_str_hash, g_str_equal);
  /* The post may run at once, on another thread. It leaves the table and is freed only after this
   * lock has been released. */
  if (!loft_dispatcher_post_users_item (dispatcher, lane, &post->item))
    return post;
  g_hash_table_insert (posts->table, post->key, post);
  return NULL;
}

/**
 * loft_dispatcher_enqueue_coalesced:
 * @self: a dispatcher
 * @priority: the lane
 * @key: what the work is about
 * @handler: (scope notified) (closure user_data) (destroy destroy): the work
 * @user_data: data for @handler
 * @destroy: (nullable): called once with @user_data, on the dispatcher's thread, whether @handler
 *   ran or not; at once if the post is refused
 *
 * Posts work, and replaces the work that waits with the same @key, if there is any.
 *
 * Only the newest work with a key counts. It takes the place of the older work in its lane.
 *
 * Any thread may call. @handler always runs later, on the dispatcher's thread. A worker may
 * therefore report as often as it likes, and the dispatcher's thread runs @handler once for all the
 * reports that came before its turn. Windows has no counterpart; libdispatch's data sources are the
 * model.
 *
 * Returns: %FALSE if the dispatcher has shut down, so that the work will not run
 */
gboolean
(loft_dispatcher_enqueue_coalesced) (LoftDispatcher  *self,
                                     LoftPriority     priority,
                                     const char      *key,
                                     LoftQueueHandler handler,
                                     gpointer         user_data,
                                     GDestroyNotify   destroy)
{
  return loft_dispatcher_enqueue_coalesced_at (self, priority, key, handler, user_data, destroy,
                                               NULL, G_STRFUNC);
}

gboolean
loft_dispatcher_enqueue_coalesced_at (LoftDispatcher  *self,
                                      LoftPriority     priority,
                                      const char      *key,
                                      LoftQueueHandler handler,
                                      gpointer         user_data,
                                      GDestroyNotify   destroy,
                                      const char      *location,
                                      const char      *function)
{
  LoftKeyedPost *refused = NULL;
  LoftKeyedPosts *posts;
  gboolean replaced;

  if (!loft_dispatcher_check_post (self, priority, handler, user_data, destroy,
                                   "loft_dispatcher_enqueue_coalesced"))
    return FALSE;
  loft_consume_and_return_val_if_fail (key != NULL, destroy, user_data, FALSE);

  /* Takes a reference before it takes the lock. Otherwise the queue could take the second reference
   * under the lock, and thereby call the toggle notify of a language binding. */
  g_object_ref (self);
  posts = loft_dispatcher_peek_keyed_posts (self);
  loft_lock_lock (&posts->lock);
  replaced = loft_keyed_posts_replace_locked (posts, key, handler, &user_data, &destroy);
  if (!replaced)
    refused = loft_keyed_posts_add_locked (posts, self, loft_lane_from_priority (priority),
                                           (LoftKeyedPost) { { NULL, &loft_keyed_post_class },
                                                             (char *) key,
                                                             loft_call_site (location, function),
                                                             handler,
                                                             user_data,
                                                             destroy });
  loft_lock_unlock (&posts->lock);

  if (replaced)
    loft_home_release (self, destroy, user_data);
  if (refused != NULL)
    loft_keyed_post_free (refused);
  g_object_unref (self);
  return refused == NULL;
}

/* The bounded form. A post is refused while too many bounded posts wait. This is for callers that
 * can wait, skip the post or try again.
 *
 * Bounded posts have a count of their own, because a count of all waiting items would have to be
 * written by every thread that posts to the dispatcher. */

typedef struct
{
  LoftWorkItem item;
  guint *waiting;       /* the dispatcher's count for the lane; atomic */
  LoftQueueHandler handler;
  gpointer user_data;
  GDestroyNotify destroy;
  LoftCallSite site;
} LoftBoundedPost;

G_STATIC_ASSERT (G_STRUCT_OFFSET (LoftBoundedPost, item) == 0);

static void
loft_bounded_post_free (LoftBoundedPost *post)
{
  if (post->destroy != NULL)
    post->destroy (post->user_data);
  g_free (post);
}

/* The post stops counting as a waiting one before its handler runs, because the handler may post
 * again. */
static void
loft_bounded_post_run (LoftWorkItem   *item,
                       LoftDispatcher *dispatcher)
{
  LoftBoundedPost *post = (LoftBoundedPost *) item;

  loft_count_sub (post->waiting, 1); /* a plain counter */
  post->handler (post->user_data);
  loft_bounded_post_free (post);
}

static void
loft_bounded_post_drop (LoftWorkItem   *item,
                        LoftDispatcher *dispatcher)
{
  LoftBoundedPost *post = (LoftBoundedPost *) item;

  loft_count_sub (post->waiting, 1);
  loft_bounded_post_free (post);
}

static void
loft_bounded_post_get_site (LoftWorkItem *item,
                            LoftCallSite *out_site)
{
  *out_site = ((LoftBoundedPost *) item)->site;
}

static const LoftWorkItemClass loft_bounded_post_class = {
  .name = "bounded item",
  .run = loft_bounded_post_run,
  .drop = loft_bounded_post_drop,
  .get_site = loft_bounded_post_get_site,
};

/* Counts one more waiting post. FALSE: @limit posts wait already. */
static gboolean
take_place (guint *waiting,
            guint  limit)
{
  /* Relaxed: only the number counts. The lane hands over the item. */
  guint n = loft_load_relaxed (waiting);

  while (n < limit)
    if (__atomic_compare_exchange_n (waiting, &n, n + 1, TRUE, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
      return TRUE;
  return FALSE;
}

/**
 * loft_dispatcher_try_enqueue_bounded:
 * @self: a dispatcher
 * @priority: the lane
 * @limit: how many posts of this function may wait in that lane; at least 1
 * @handler: (scope notified) (closure user_data) (destroy destroy): the work
 * @user_data: data for @handler
 * @destroy: (nullable): called once with @user_data, on the dispatcher's thread, or on the calling
 *   thread if the post is refused
 * @error: return location for an error
 *
 * Posts work unless @limit posts of this function already wait in the lane.
 *
 * Any thread may call. @handler runs on the dispatcher's thread, in the order of its lane, as with
 * [method@Loft.Dispatcher.try_enqueue]. Only the posts of this function count, from all threads,
 * until they begin to run. Items that other functions posted do not count.
 *
 * Errors: %G_IO_ERROR_WOULD_BLOCK when @limit posts wait already: post again when some have run, or
 * skip this one; %LOFT_ERROR_SHUT_DOWN when the dispatcher takes no more work.
 *
 * Windows' queues have no bound.
 *
 * Returns: whether it was posted; %FALSE with @error set
 */
gboolean
(loft_dispatcher_try_enqueue_bounded) (LoftDispatcher    *self,
                                       LoftPriority       priority,
                                       guint              limit,
                                       LoftQueueHandler   handler,
                                       gpointer           user_data,
                                       GDestroyNotify     destroy,
                                       GError           **error)
{
  return loft_dispatcher_try_enqueue_bounded_at (self, priority, limit, handler, user_data, destroy,
                                                 error, NULL, G_STRFUNC);
}

static gboolean
set_full (LoftDispatcher  *self,
          guint            limit,
          GError         **error)
{
  g_autofree char *where = loft_dispatcher_describe (self);

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK,
               "%u bounded items wait for %s already: post again when some have run, or "
               "skip this one.", limit, where);
  return FALSE;
}

static gboolean
set_shut_down (LoftDispatcher  *self,
               GError         **error)
{
  g_autofree char *where = loft_dispatcher_describe (self);

  g_set_error (error, LOFT_ERROR, LOFT_ERROR_SHUT_DOWN,
               "Nothing can be posted to %s any more: it has shut down.", where);
  return FALSE;
}

gboolean
loft_dispatcher_try_enqueue_bounded_at (LoftDispatcher    *self,
                                        LoftPriority       priority,
                                        guint              limit,
                                        LoftQueueHandler   handler,
                                        gpointer           user_data,
                                        GDestroyNotify     destroy,
                                        GError           **error,
                                        const char        *location,
                                        const char        *function)
{
  LoftBoundedPost *post;
  LoftLane lane;
  guint *waiting;

  loft_consume_and_return_val_if_fail (error == NULL || *error == NULL, destroy, user_data, FALSE);
  loft_consume_and_return_val_if_fail (limit > 0, destroy, user_data, FALSE);
  if (!loft_dispatcher_check_post (self, priority, handler, user_data, destroy,
                                   "loft_dispatcher_try_enqueue_bounded"))
    return FALSE;

  lane = loft_lane_from_priority (priority);
  waiting = &loft_dispatcher_peek_loop (self)->bounded[lane];
  if (!take_place (waiting, limit))
    {
      if (destroy != NULL)
        destroy (user_data);
      return set_full (self, limit, error);
    }

  post = g_new (LoftBoundedPost, 1);
  *post = (LoftBoundedPost) { { .klass = &loft_bounded_post_class },
                              waiting,
                              handler,
                              user_data,
                              destroy,
                              loft_call_site (location, function) };
  if (loft_dispatcher_post_users_item (self, lane, &post->item))
    return TRUE;

  loft_bounded_post_drop (&post->item, self);
  return set_shut_down (self, error);
}
