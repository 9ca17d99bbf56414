/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Posts of which one waits for each key: a newer one takes the older one's place in its lane. */

#include "config.h"

#include "base/loft-door-private.h"
#include "dispatcher/loft-dispatcher-private.h"

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

/* Out of the table: from here on nobody replaces it. */
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

/* Gives the older one's data to be released, if one waits. */
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

/* Posts, and only then shows it to others: one that has replaced it was told that it runs. NULL: accepted. */
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
  /* Its turn may come at once, but it leaves the table, and is freed, only when this lock is free. */
  if (!loft_dispatcher_post_users_item (dispatcher, lane, &post->item))
    return post;
  g_hash_table_insert (posts->table, post->key, post);
  return NULL;
}

/**
 * loft_dispatcher_enqueue_coalesced:
 * @self: a dispatcher
 * @priority: the lane
 * @key: what it is about
 * @handler: (scope notified) (closure user_data) (destroy destroy): the work
 * @user_data: what to call it with
 * @destroy: (nullable): called once with @user_data: on the dispatcher's thread, run or not; at once when refused
 *
 * Posts work of which only the newest counts: one that waits with the same @key is replaced, and keeps its place in its lane.
 *
 * Any thread may call; @handler always runs later, on the dispatcher's thread. So a worker may report as often as it likes, and
 * the thread comes to it once. Windows has none; libdispatch's data sources are the model.
 *
 * Returns: %FALSE if the dispatcher has shut down, and the work will not run
 */
gboolean
(loft_dispatcher_enqueue_coalesced) (LoftDispatcher  *self,
                                     LoftPriority     priority,
                                     const char      *key,
                                     LoftQueueHandler handler,
                                     gpointer         user_data,
                                     GDestroyNotify   destroy)
{
  return loft_dispatcher_enqueue_coalesced_at (self, priority, key, handler, user_data, destroy, NULL, G_STRFUNC);
}

/**
 * loft_dispatcher_enqueue_coalesced_at: (skip)
 *
 * [method@Loft.Dispatcher.enqueue_coalesced] with the call site, `G_STRLOC` and `G_STRFUNC`, which the macro passes.
 *
 * Returns: as that one
 */
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

  if (!loft_dispatcher_check_post (self, priority, handler, user_data, destroy, "loft_dispatcher_enqueue_coalesced"))
    return FALSE;
  loft_consume_and_return_val_if_fail (key != NULL, destroy, user_data, FALSE);

  g_object_ref (self); /* not under the lock, where the queue would take the one that a binding toggles on */
  posts = loft_dispatcher_peek_keyed_posts (self);
  loft_lock_lock (&posts->lock);
  replaced = loft_keyed_posts_replace_locked (posts, key, handler, &user_data, &destroy);
  if (!replaced)
    refused = loft_keyed_posts_add_locked (posts, self, loft_lane_from_priority (priority),
                                           (LoftKeyedPost) { { NULL, &loft_keyed_post_class }, (char *) key, { location, function },
                                                             handler, user_data, destroy });
  loft_lock_unlock (&posts->lock);

  if (replaced)
    loft_home_release (self, destroy, user_data);
  if (refused != NULL)
    loft_keyed_post_free (refused);
  g_object_unref (self);
  return refused == NULL;
}
