/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The lanes of a work queue. They keep the order of the pushes, refuse items once they are closed,
 * hold one reference to the queue's owner for each batch of items, and sweep dead items. */

#include "queue/loft-work-queue-private.h"

#include <pthread.h>

typedef struct
{
  LoftWorkItem item;
  int number;
  gboolean dead;
} TestItem;

static gboolean
is_dead (LoftWorkItem *item)
{
  return ((TestItem *) item)->dead;
}

static const LoftWorkItemClass test_class = { .name = "test", .is_dead = is_dead };

static void
push (LoftWorkQueue *queue,
      LoftLane       lane,
      TestItem      *items,
      int            n)
{
  for (int i = 0; i < n; i++)
    {
      items[i].item.klass = &test_class;
      items[i].number = i;
      g_assert_cmpint (loft_work_queue_push (queue, lane, &items[i].item, LOFT_PUSHER_USER), ==,
                       i == 0 ? LOFT_PUSH_FIRST : LOFT_PUSH_MORE);
    }
}

static void
test_order (void)
{
  LoftWorkQueue queue;
  TestItem items[100] = { 0 }, later = { .item.klass = &test_class, .number = 100 };

  loft_work_queue_init (&queue, NULL);
  push (&queue, LOFT_LANE_NORMAL, items, 100);
  for (int i = 0; i < 50; i++)
    g_assert_cmpint (((TestItem *) loft_work_queue_pop (&queue, LOFT_LANE_NORMAL))->number, ==, i);
  g_assert_cmpint (loft_work_queue_push (&queue, LOFT_LANE_NORMAL, &later.item, LOFT_PUSHER_LOFT),
                   ==, LOFT_PUSH_FIRST);
  for (int i = 50; i < 101; i++)
    g_assert_cmpint (((TestItem *) loft_work_queue_pop (&queue, LOFT_LANE_NORMAL))->number, ==, i);
  g_assert_null (loft_work_queue_pop (&queue, LOFT_LANE_NORMAL));
  g_assert_null (loft_work_queue_pop (&queue, LOFT_LANE_HIGH));
}

/* However many items a batch has, it holds one reference to the owner of the queue. A lane with no
 * items holds none. */
static void
test_owner (void)
{
  GObject *owner = g_object_new (G_TYPE_OBJECT, NULL);
  LoftWorkQueue queue;
  TestItem items[10] = { 0 };

  loft_work_queue_init (&queue, owner);
  push (&queue, LOFT_LANE_LOW, items, 10);
  g_assert_cmpuint (owner->ref_count, ==, 2);
  loft_work_queue_pop (&queue, LOFT_LANE_LOW);
  g_assert_cmpuint (owner->ref_count, ==, 2);
  g_assert_cmpint (loft_work_queue_push (&queue, LOFT_LANE_LOW, &items[0].item, LOFT_PUSHER_LOFT),
                   ==, LOFT_PUSH_FIRST);
  g_assert_cmpuint (owner->ref_count, ==, 3);
  while (loft_work_queue_pop (&queue, LOFT_LANE_LOW) != NULL)
    ;
  g_assert_cmpuint (owner->ref_count, ==, 1);
  g_object_unref (owner);
}

/* Items that the taker appends itself go behind those that others have pushed, and are accepted
 * under the same conditions. */
static void
test_append (void)
{
  GObject *owner = g_object_new (G_TYPE_OBJECT, NULL);
  LoftWorkQueue queue;
  TestItem items[5] = { 0 }, own = { .item.klass = &test_class, .number = 5 },
           late = { .item.klass = &test_class };

  loft_work_queue_init (&queue, owner);
  push (&queue, LOFT_LANE_LOW, items, 5);
  g_assert_true (loft_work_queue_append (&queue, LOFT_LANE_LOW, &own.item, LOFT_PUSHER_USER));
  g_assert_cmpuint (owner->ref_count, ==, 2);
  for (int i = 0; i < 6; i++)
    g_assert_cmpint (((TestItem *) loft_work_queue_pop (&queue, LOFT_LANE_LOW))->number, ==, i);
  g_assert_cmpuint (owner->ref_count, ==, 1);

  /* An appended item also holds the owner when it is alone in its lane. */
  g_assert_true (loft_work_queue_append (&queue, LOFT_LANE_LOW, &own.item, LOFT_PUSHER_USER));
  g_assert_cmpuint (owner->ref_count, ==, 2);
  loft_work_queue_refuse (&queue, LOFT_LANE_LOW, LOFT_INBOX_REFUSES_USERS);
  g_assert_false (loft_work_queue_append (&queue, LOFT_LANE_LOW, &late.item, LOFT_PUSHER_USER));
  g_assert_true (loft_work_queue_append (&queue, LOFT_LANE_LOW, &late.item, LOFT_PUSHER_LOFT));
  g_assert_true (loft_work_queue_pop (&queue, LOFT_LANE_LOW) == &own.item);
  g_assert_true (loft_work_queue_pop (&queue, LOFT_LANE_LOW) == &late.item);
  g_assert_cmpuint (owner->ref_count, ==, 1);
  g_object_unref (owner);
}

static void
test_close (void)
{
  LoftWorkQueue queue;
  TestItem items[3] = { 0 };

  loft_work_queue_init (&queue, NULL);
  push (&queue, LOFT_LANE_HIGH, items, 2);
  loft_work_queue_close (&queue, LOFT_LANE_HIGH);
  loft_work_queue_close (&queue, LOFT_LANE_HIGH);
  g_assert_cmpint (loft_work_queue_push (&queue, LOFT_LANE_HIGH, &items[2].item, LOFT_PUSHER_LOFT),
                   ==, LOFT_PUSH_REFUSED);
  g_assert_true (loft_work_queue_pop (&queue, LOFT_LANE_HIGH) == &items[0].item);
  g_assert_true (loft_work_queue_pop (&queue, LOFT_LANE_HIGH) == &items[1].item);
  g_assert_null (loft_work_queue_pop (&queue, LOFT_LANE_HIGH));
}

/* A lane can be told to refuse items of users first, and then also news. Loft's own items are still
 * accepted until the lane is closed, also behind a batch that was already taken. Items that users
 * had pushed before remain in the lane. */
static void
test_refuse (void)
{
  LoftWorkQueue queue;
  TestItem items[5] = { 0 };

  loft_work_queue_init (&queue, NULL);
  push (&queue, LOFT_LANE_LOW, items, 1);
  loft_work_queue_refuse (&queue, LOFT_LANE_LOW, LOFT_INBOX_REFUSES_USERS);
  g_assert_true (loft_work_queue_has (&queue, LOFT_LANE_LOW));
  g_assert_cmpint (loft_work_queue_push (&queue, LOFT_LANE_LOW, &items[1].item, LOFT_PUSHER_USER),
                   ==, LOFT_PUSH_REFUSED);
  g_assert_cmpint (loft_work_queue_push (&queue, LOFT_LANE_LOW, &items[1].item, LOFT_PUSHER_LOFT),
                   ==, LOFT_PUSH_MORE);
  g_assert_cmpuint (loft_work_queue_fill (&queue, LOFT_LANE_LOW), ==, 2);
  g_assert_false (loft_work_queue_has (&queue, LOFT_LANE_LOW));
  g_assert_cmpint (loft_work_queue_push (&queue, LOFT_LANE_LOW, &items[2].item, LOFT_PUSHER_USER),
                   ==, LOFT_PUSH_REFUSED);
  g_assert_cmpint (loft_work_queue_push (&queue, LOFT_LANE_LOW, &items[2].item, LOFT_PUSHER_LOFT),
                   ==, LOFT_PUSH_FIRST);
  loft_work_queue_refuse (&queue, LOFT_LANE_LOW, LOFT_INBOX_REFUSES_NEWS);
  g_assert_cmpint (loft_work_queue_push (&queue, LOFT_LANE_LOW, &items[3].item, LOFT_PUSHER_NEWS),
                   ==, LOFT_PUSH_REFUSED);
  g_assert_cmpint (loft_work_queue_push (&queue, LOFT_LANE_LOW, &items[3].item, LOFT_PUSHER_LOFT),
                   ==, LOFT_PUSH_MORE);
  loft_work_queue_close (&queue, LOFT_LANE_LOW);
  g_assert_cmpint (loft_work_queue_push (&queue, LOFT_LANE_LOW, &items[4].item, LOFT_PUSHER_LOFT),
                   ==, LOFT_PUSH_REFUSED);
  for (int i = 0; i < 4; i++)
    g_assert_true (loft_work_queue_pop (&queue, LOFT_LANE_LOW) == &items[i].item);
  g_assert_null (loft_work_queue_pop (&queue, LOFT_LANE_LOW));
}

static void
test_sweep (void)
{
  LoftWorkQueue queue;
  TestItem items[200] = { 0 };
  loft_work_queue_init (&queue, NULL);
  push (&queue, LOFT_LANE_NORMAL, items, 200);
  for (int i = 0; i < 200; i++)
    if (i % 3 != 0)
      {
        items[i].dead = TRUE;
        loft_work_queue_note_dead (&queue, LOFT_LANE_NORMAL);
      }
  g_assert_true (loft_work_queue_wants_sweep (&queue, LOFT_LANE_NORMAL));
  loft_work_queue_sweep (&queue, LOFT_LANE_NORMAL);
  g_assert_false (loft_work_queue_wants_sweep (&queue, LOFT_LANE_NORMAL));
  /* The live items come first, then the dead ones, each in their order. */
  for (int i = 0; i < 200; i += 3)
    g_assert_true (loft_work_queue_pop (&queue, LOFT_LANE_NORMAL) == &items[i].item);
  g_assert_true (loft_work_queue_pop_swept (&queue, LOFT_LANE_NORMAL) == &items[1].item);
  for (int i = 2; i < 200; i++)
    if (i % 3 != 0)
      g_assert_true (loft_work_queue_pop (&queue, LOFT_LANE_NORMAL) == &items[i].item);
  g_assert_null (loft_work_queue_pop (&queue, LOFT_LANE_NORMAL));
}

#define PRODUCERS 4
#define EACH      20000

typedef struct
{
  LoftWorkQueue queue;
  TestItem items[PRODUCERS][EACH];
} Flood;

typedef struct
{
  Flood *flood;
  int which;
} Producer;

static void *
produce (void *data)
{
  Producer *producer = data;

  for (int i = 0; i < EACH; i++)
    {
      TestItem *item = &producer->flood->items[producer->which][i];

      item->item.klass = &test_class;
      item->number = producer->which * EACH + i;
      loft_work_queue_push (&producer->flood->queue, LOFT_LANE_NORMAL, &item->item,
                            LOFT_PUSHER_LOFT);
    }
  return NULL;
}

/* While several threads push and one thread takes, no item is lost, and the order of each producer
 * is kept. */
static void
test_many_producers (void)
{
  Flood *flood = g_aligned_alloc0 (1, sizeof (Flood), 64);
  Producer producers[PRODUCERS];
  pthread_t threads[PRODUCERS];
  int next[PRODUCERS] = { 0 };

  loft_work_queue_init (&flood->queue, NULL);
  for (int i = 0; i < PRODUCERS; i++)
    {
      producers[i] = (Producer) { flood, i };
      pthread_create (&threads[i], NULL, produce, &producers[i]);
    }
  for (int taken = 0; taken < PRODUCERS * EACH;)
    {
      TestItem *item = (TestItem *) loft_work_queue_pop (&flood->queue, LOFT_LANE_NORMAL);

      if (item == NULL)
        continue;
      g_assert_cmpint (item->number % EACH, ==, next[item->number / EACH]++);
      taken++;
    }
  for (int i = 0; i < PRODUCERS; i++)
    pthread_join (threads[i], NULL);
  g_aligned_free (flood);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/work-queue/order", test_order);
  g_test_add_func ("/work-queue/owner", test_owner);
  g_test_add_func ("/work-queue/append", test_append);
  g_test_add_func ("/work-queue/close", test_close);
  g_test_add_func ("/work-queue/refuse", test_refuse);
  g_test_add_func ("/work-queue/sweep", test_sweep);
  g_test_add_func ("/work-queue/many-producers", test_many_producers);
  return g_test_run ();
}
