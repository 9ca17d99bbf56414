/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* libuv: a list under a mutex and uv_async_send (), which is how its users post; uv_queue_work
 * (). */

#include "bench.h"

#include <stdlib.h>
#include <uv.h>

typedef struct _Node Node;

struct _Node
{
  BenchItem *item;
  BenchFunc func;
  Node *next;
  void *home; /* where it is done after that; NULL: nowhere */
};

typedef struct
{
  uv_loop_t loop;
  uv_async_t async;
  uv_mutex_t mutex;
  /* under mutex */
  Node *first;
  Node *last;
} UvLoop;

static void
push (UvLoop    *loop,
      BenchItem *item,
      BenchFunc  func,
      void      *home)
{
  Node *node = malloc (sizeof *node);
  int was_empty;

  *node = (Node) { item, func, NULL, home };
  uv_mutex_lock (&loop->mutex);
  was_empty = loop->first == NULL;
  if (was_empty)
    loop->first = node;
  else
    loop->last->next = node;
  loop->last = node;
  uv_mutex_unlock (&loop->mutex);
  if (was_empty)
    uv_async_send (&loop->async);
}

static void
on_async (uv_async_t *async)
{
  UvLoop *loop = async->data;
  Node *node;

  uv_mutex_lock (&loop->mutex);
  node = loop->first;
  loop->first = NULL;
  uv_mutex_unlock (&loop->mutex);
  while (node != NULL)
    {
      Node *next = node->next;

      node->func (node->item);
      if (node->home != NULL)
        push (node->home, node->item, node->item->done, NULL);
      free (node);
      node = next;
    }
}

static void *
loop_new (void)
{
  UvLoop *loop = calloc (1, sizeof *loop);

  uv_loop_init (&loop->loop);
  uv_async_init (&loop->loop, &loop->async, on_async);
  uv_mutex_init (&loop->mutex);
  loop->async.data = loop;
  return loop;
}

static void
loop_run (void *loop)
{
  uv_run (&((UvLoop *) loop)->loop, UV_RUN_DEFAULT);
}

static void
loop_quit (void *loop)
{
  uv_stop (&((UvLoop *) loop)->loop);
}

static void
loop_free (void *data)
{
  UvLoop *loop = data;

  uv_close ((uv_handle_t *) &loop->async, NULL);
  uv_run (&loop->loop, UV_RUN_DEFAULT);
  uv_loop_close (&loop->loop);
  uv_mutex_destroy (&loop->mutex);
  free (loop);
}

static void
post (void      *loop,
      BenchItem *item)
{
  push (loop, item, item->run, NULL);
}

static void
post_back (void      *there,
           void      *home,
           BenchItem *item)
{
  push (there, item, item->run, home);
}

static void
run_work (uv_work_t *work)
{
  BenchItem *item = work->data;

  item->run (item);
}

static void
after_work (uv_work_t *work,
            int        status)
{
  free (work);
}

static void
after_work_done (uv_work_t *work,
                 int        status)
{
  BenchItem *item = work->data;

  free (work);
  item->done (item);
}

static void
submit_with (void            *home,
             BenchItem       *item,
             uv_after_work_cb after)
{
  uv_work_t *work = malloc (sizeof *work);

  work->data = item;
  uv_queue_work (&((UvLoop *) home)->loop, work, run_work, after);
}

static void
submit (void      *home,
        BenchItem *item)
{
  submit_with (home, item, after_work);
}

static void
submit_back (void      *home,
             BenchItem *item)
{
  submit_with (home, item, after_work_done);
}

const BenchContender bench_contender = {
  .loop_new = loop_new,
  .loop_run = loop_run,
  .loop_quit = loop_quit,
  .loop_free = loop_free,
  .post = post,
  .post_back = post_back,
  .submit = submit,
  .submit_back = submit_back,
};
