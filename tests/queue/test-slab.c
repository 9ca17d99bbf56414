/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The memory of queue nodes. A node can have any size, and any thread can release it, in any order,
 * also after the thread that made it has ended. Finding leaks is left to valgrind and
 * AddressSanitizer. */

#include "queue/loft-slab-private.h"
#include "test-util.h"

#define N 10000

typedef struct
{
  LoftSlabNode node;
  guint64 values[6];
} Node;

/* Fills a node with its number, so that check_and_free () notices if two nodes share memory. */
static Node *
make (int i)
{
  gsize n = 1 + (gsize) i % G_N_ELEMENTS (((Node *) NULL)->values);
  Node *node = loft_slab_node_new (sizeof (LoftSlabNode) + n * sizeof (guint64));

  g_assert_cmpuint ((guintptr) node % 8, ==, 0);
  for (gsize k = 0; k < n; k++)
    node->values[k] = (guint64) i;
  return node;
}

static void
check_and_free (Node *node,
                int   i)
{
  gsize n = 1 + (gsize) i % G_N_ELEMENTS (node->values);

  for (gsize k = 0; k < n; k++)
    g_assert_cmpuint (node->values[k], ==, (guint64) i);
  loft_slab_node_free (node);
}

static void *
make_all (void *nodes)
{
  for (int i = 0; i < N; i++)
    ((Node **) nodes)[i] = make (i);
  return NULL;
}

static void *
free_all (void *nodes)
{
  for (int i = 0; i < N; i++)
    check_and_free (((Node **) nodes)[i], i);
  return NULL;
}

static void
test_here (void)
{
  Node *nodes[N];

  make_all (nodes);
  for (int i = N - 1; i >= 0; i--)
    check_and_free (nodes[i], i);
  for (int i = 0; i < N; i++)
    check_and_free (make (i), i);
}

/* Another thread can release nodes after the thread that made them has ended. */
static void
test_elsewhere (void)
{
  Node *nodes[N];

  test_on_thread (make_all, nodes);
  test_on_thread (free_all, nodes);
}

/* One thread makes nodes while another thread releases them. */

typedef struct
{
  Node *nodes[N];
  int made; /* atomic */
} Stream;

static void *
release_stream (void *data)
{
  Stream *stream = data;

  for (int i = 0; i < N; i++)
    {
      while (test_get (&stream->made) <= i)
        sched_yield ();
      check_and_free (stream->nodes[i], i);
    }
  return NULL;
}

static void
test_stream (void)
{
  Stream *stream = g_new0 (Stream, 1);
  pthread_t thread;

  pthread_create (&thread, NULL, release_stream, stream);
  for (int i = 0; i < N; i++)
    {
      stream->nodes[i] = make (i);
      test_count (&stream->made);
    }
  pthread_join (thread, NULL);
  g_free (stream);
}

/* A thread may make one more node while it ends. That node is released, too. */

static void make_one_more (gpointer unused);

static GPrivate last_words = G_PRIVATE_INIT (make_one_more);

static void
make_one_more (gpointer unused)
{
  check_and_free (make (1), 1);
}

static void *
make_until_the_end (void *unused)
{
  g_private_set (&last_words, &last_words);
  check_and_free (make (0), 0);
  return NULL;
}

static void
test_last_words (void)
{
  test_on_thread (make_until_the_end, NULL);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/slab/here", test_here);
  g_test_add_func ("/slab/elsewhere", test_elsewhere);
  g_test_add_func ("/slab/stream", test_stream);
  g_test_add_func ("/slab/last-words", test_last_words);
  return g_test_run ();
}
