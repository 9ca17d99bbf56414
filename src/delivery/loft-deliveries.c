/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftDeliveries: counts the deliveries that are on their way from one object to each home, and
 * keeps them in order.
 *
 * A dispatcher's lane keeps the order of the deliveries to that dispatcher. The MTA has no lane, so
 * deliveries to it wait in the outbox, which one thread at a time empties (`draining`): the thread
 * that reports progress or ends the object, if it is in the MTA itself, and otherwise a worker of
 * the pool. Deliveries that arrive in the meantime are queued behind the others. A thread that is
 * about to block while it empties an outbox hands the outbox over to a worker.
 *
 * Reports race with the end. The end is announced under the deliveries' lock, before the first
 * handler of the end is delivered. A report is posted under the same lock, and only while the end
 * is not announced. No report therefore comes after the completed handler. */

#include "config.h"

#include "base/loft-atomic-private.h"
#include "base/loft-thread-private.h"
#include "pool/loft-pool-private.h"
#include "pool/loft-trampoline-private.h"
#include "delivery/loft-deliveries-private.h"

static void
loft_deliveries_sent_locked (LoftDeliveries *deliveries,
                             LoftDispatcher *home)
{
  LoftInFlight *flight = &deliveries->in_flight;

  loft_lock_assert_held (&deliveries->lock);
  /* Acquire: the thread that removed the last delivery has read the home before the home changes
   * here. A count of zero stays zero while the lock is held. */
  if (flight->next == NULL && loft_load_acquire (&flight->count) == 0)
    flight->home = home;
  while (flight->home != home && flight->next != NULL)
    flight = flight->next;
  if (flight->home != home)
    {
      flight->next = g_new0 (LoftInFlight, 1);
      flight = flight->next;
      flight->home = home;
    }
  loft_count_add (&flight->count, 1);
}

/* Returns the entry to free after the lock is released, or NULL. */
static LoftInFlight *
loft_deliveries_arrived_locked (LoftDeliveries *deliveries,
                                LoftDispatcher *home)
{
  LoftInFlight **link = &deliveries->in_flight.next;
  LoftInFlight *freed;

  loft_lock_assert_held (&deliveries->lock);
  if (deliveries->in_flight.home == home)
    {
      /* Release: the same order as in loft_deliveries_arrived (), where other threads decrement
       * this count without the lock. The lock orders the decrement that is made here in any
       * case. */
      __atomic_fetch_sub (&deliveries->in_flight.count, 1, __ATOMIC_RELEASE);
      return NULL;
    }
  while ((*link)->home != home)
    link = &(*link)->next;
  if (--(*link)->count > 0)
    return NULL;
  freed = *link;
  *link = freed->next;
  return freed;
}

void
loft_deliveries_sent (LoftDeliveries *deliveries,
                      LoftDispatcher *home)
{
  if (deliveries == NULL)
    return;
  loft_lock_lock (&deliveries->lock);
  loft_deliveries_sent_locked (deliveries, home);
  loft_lock_unlock (&deliveries->lock);
}

void
loft_deliveries_arrived (LoftDeliveries *deliveries,
                         LoftDispatcher *home)
{
  LoftInFlight *freed;

  if (deliveries == NULL)
    return;
  /* Relaxed: the home is only compared. If this delivery is counted in the first entry, that
   * entry's home cannot change. If it is counted in the list, the first entry's home cannot become
   * `home`, because it changes only while the list is empty.
   *
   * Release: pairs with the acquires in loft_deliveries_sent_locked () and
   * loft_deliveries_has_in_flight (). A thread that sees the count fall to zero also sees what the
   * handlers wrote. */
  if (G_LIKELY (loft_load_relaxed (&deliveries->in_flight.home) == home))
    {
      __atomic_fetch_sub (&deliveries->in_flight.count, 1, __ATOMIC_RELEASE);
      return;
    }
  loft_lock_lock (&deliveries->lock);
  freed = loft_deliveries_arrived_locked (deliveries, home);
  loft_lock_unlock (&deliveries->lock);
  g_free (freed);
}

gboolean
loft_deliveries_has_in_flight (LoftDeliveries *deliveries,
                               LoftDispatcher *home)
{
  gboolean found = FALSE;

  loft_lock_lock (&deliveries->lock);
  if (home == NULL)
    found = deliveries->draining;
  else
    /* Acquire: pairs with the release in loft_deliveries_arrived (). If nothing is on its way, the
     * caller calls its handler at once, and that handler sees what the earlier ones wrote. */
    for (LoftInFlight *flight = &deliveries->in_flight; flight != NULL; flight = flight->next)
      found |= flight->home == home && loft_load_acquire (&flight->count) > 0;
  loft_lock_unlock (&deliveries->lock);
  return found;
}

void
loft_deliveries_clear (LoftDeliveries *deliveries)
{
  /* Each delivery holds its sender, of which this struct is a part, so none can be left. */
  g_assert (deliveries->in_flight.count == 0 && deliveries->in_flight.next == NULL &&
            deliveries->outbox_first == NULL);
  g_clear_pointer (&deliveries->progress, loft_handler_leave_slot);
}

/* Handlers that may be removed while they are on their way. */

void
loft_deliveries_note_removable (LoftDeliveries *deliveries,
                                LoftHandler    *handler)
{
  loft_lock_lock (&deliveries->lock);
  handler->previous = NULL;
  handler->next = deliveries->removable;
  if (handler->next != NULL)
    handler->next->previous = handler;
  deliveries->removable = handler;
  loft_lock_unlock (&deliveries->lock);
}

void
loft_deliveries_forget_removable (LoftDeliveries *deliveries,
                                  LoftHandler    *handler)
{
  loft_lock_lock (&deliveries->lock);
  *(handler->previous != NULL ? &handler->previous->next : &deliveries->removable) = handler->next;
  if (handler->next != NULL)
    handler->next->previous = handler->previous;
  handler->next = handler->previous = NULL;
  handler->removable = FALSE;
  loft_lock_unlock (&deliveries->lock);
}

gboolean
loft_deliveries_disarm (LoftDeliveries *deliveries,
                        guint64         id)
{
  LoftHandler *handler;
  LoftDispatcher *home = NULL;
  gboolean here;

  loft_lock_lock (&deliveries->lock);
  handler = deliveries->removable;
  while (handler != NULL && handler->id != id)
    handler = handler->next;
  if (handler != NULL)
    home = loft_home_hold (handler->to.home);
  loft_lock_unlock (&deliveries->lock);

  /* On the thread of its home, the handler cannot run and be freed between the unlock and here,
   * because it would have to run on this very thread.
   *
   * Relaxed: only the thread of a removable handler's home, which is this thread, writes and reads
   * the handler's flag. */
  here = handler != NULL && home != NULL && loft_home_is_here (home);
  if (here)
    here = !loft_exchange_relaxed (&handler->disconnected, TRUE);
  loft_home_let_go (home);
  return here;
}

/* Once the end is announced and the last report has arrived, the progress handler is not needed any
 * more. */
static LoftHandler *
loft_deliveries_take_idle_progress_locked (LoftDeliveries *deliveries)
{
  loft_lock_assert_held (&deliveries->lock);
  return deliveries->announced && deliveries->reports == 0 ? g_steal_pointer (&deliveries->progress)
                                                           : NULL;
}

LoftHandler *
loft_deliveries_announce (LoftDeliveries *deliveries)
{
  LoftHandler *idle;

  loft_lock_lock (&deliveries->lock);
  deliveries->announced = TRUE;
  idle = loft_deliveries_take_idle_progress_locked (deliveries);
  loft_lock_unlock (&deliveries->lock);
  return idle;
}

LoftHandler *
loft_deliveries_set_progress (LoftDeliveries *deliveries,
                              gboolean        ended,
                              LoftHandler    *handler)
{
  LoftHandler *old = handler;

  loft_lock_lock (&deliveries->lock);
  if (!(ended || deliveries->announced) || deliveries->reports > 0)
    {
      old = deliveries->progress;
      deliveries->progress = handler;
    }
  loft_lock_unlock (&deliveries->lock);
  return old;
}

LoftHandler *
loft_deliveries_dup_progress (LoftDeliveries *deliveries,
                              gboolean       *out_in_time)
{
  LoftHandler *handler;

  loft_lock_lock (&deliveries->lock);
  *out_in_time = !deliveries->announced;
  handler = deliveries->announced ? NULL : deliveries->progress;
  if (handler != NULL)
    loft_handler_ref (handler);
  loft_lock_unlock (&deliveries->lock);
  return handler;
}

LoftHandler *
loft_deliveries_dup_callee (LoftDeliveries *deliveries)
{
  LoftHandler *handler;

  loft_lock_lock (&deliveries->lock);
  handler = deliveries->progress;
  if (handler != NULL)
    {
      loft_handler_ref (handler);
      loft_refs_take (&handler->data_refs); /* the slot has a reference to the data */
    }
  loft_lock_unlock (&deliveries->lock);
  return handler;
}

void
loft_deliveries_report_arrived (LoftDeliveries *deliveries)
{
  LoftHandler *idle;

  loft_lock_lock (&deliveries->lock);
  deliveries->reports--;
  idle = loft_deliveries_take_idle_progress_locked (deliveries);
  loft_lock_unlock (&deliveries->lock);
  loft_handler_leave_slot (idle);
}

/* The outbox to the MTA. */

/* Takes the next item. NULL: there is none, and this thread no longer empties the outbox. */
static LoftWorkItem *
loft_deliveries_take (LoftDeliveries *deliveries)
{
  LoftWorkItem *item;

  loft_lock_lock (&deliveries->lock);
  item = deliveries->outbox_first;
  if (item != NULL)
    deliveries->outbox_first = item->next;
  else
    deliveries->draining = FALSE;
  if (deliveries->outbox_first == NULL)
    deliveries->outbox_last = NULL;
  loft_lock_unlock (&deliveries->lock);
  return item;
}

/* Empties the outbox on this thread, which must see to it. */
static void
loft_deliveries_drain_here (LoftDeliveries *deliveries)
{
  LoftDrainFrame frame;
  LoftWorkItem *item;

  loft_deliveries_enter (&frame, deliveries);
  while (!frame.handed_over && (item = loft_deliveries_take (deliveries)) != NULL)
    item->klass->run (item, NULL);
  loft_deliveries_leave (&frame);
}

static void
loft_drain_run (gpointer data)
{
  LoftDeliveries *deliveries = data;
  GObject *owner = deliveries->owner;

  loft_deliveries_drain_here (deliveries);
  g_object_unref (owner);
}

/* The item holds the owner, and so the deliveries. */
static LoftWorkItem *
loft_drain_new (LoftDeliveries *deliveries,
                GDestroyNotify  run)
{
  g_object_ref (deliveries->owner);
  return loft_call_item_new (run, deliveries);
}

void
loft_deliveries_drain (LoftDeliveries *deliveries)
{
  if (loft_thread_runs_mta ())
    loft_trampoline_run (LOFT_TRAMPOLINE_DELIVERIES, loft_drain_new (deliveries, loft_drain_run));
  else
    loft_pool_post_item (loft_drain_new (deliveries, loft_drain_run));
}

void
loft_deliveries_drain_elsewhere (LoftDeliveries *deliveries)
{
  loft_pool_post_item (loft_drain_new (deliveries, loft_drain_run));
}

void
loft_deliveries_hand_over (LoftDrainFrame *frame)
{
  LoftDeliveries *deliveries = frame->deliveries;
  gboolean more;

  if (frame->handed_over)
    return;
  frame->handed_over = TRUE;
  loft_lock_lock (&deliveries->lock);
  more = deliveries->outbox_first != NULL;
  deliveries->draining = more;
  loft_lock_unlock (&deliveries->lock);
  if (more)
    loft_deliveries_drain_elsewhere (deliveries);
}

static void
loft_deliveries_hand_over_all (LoftThread *thread)
{
  for (LoftDrainFrame *frame = thread->drain; frame != NULL; frame = frame->outer)
    loft_deliveries_hand_over (frame);
}

void
loft_deliveries_enter (LoftDrainFrame *frame,
                       LoftDeliveries *deliveries)
{
  LoftThread *thread = loft_thread_get ();

  loft_thread_add_hand_over_func (loft_deliveries_hand_over_all);
  *frame = (LoftDrainFrame) { .outer = thread->drain, .deliveries = deliveries };
  thread->drain = frame;
}

void
loft_deliveries_leave (LoftDrainFrame *frame)
{
  loft_thread_get ()->drain = frame->outer;
}

/* Returns whether no thread is emptying the outbox yet, so that the caller must see to it. */
static gboolean
loft_deliveries_append_locked (LoftDeliveries *deliveries,
                               LoftWorkItem   *item)
{
  gboolean first = !deliveries->draining;

  loft_lock_assert_held (&deliveries->lock);
  item->next = NULL;
  if (deliveries->outbox_last != NULL)
    deliveries->outbox_last->next = item;
  else
    deliveries->outbox_first = item;
  deliveries->outbox_last = item;
  deliveries->draining = TRUE;
  return first;
}

gboolean
loft_deliveries_append (LoftDeliveries *deliveries,
                        LoftWorkItem   *item)
{
  gboolean first;

  loft_lock_lock (&deliveries->lock);
  first = loft_deliveries_append_locked (deliveries, item);
  loft_lock_unlock (&deliveries->lock);
  return first;
}

/* Reports. */

LoftDeliveryFate
loft_deliveries_post_report (LoftDeliveries *deliveries,
                             LoftDispatcher *home,
                             LoftLane        lane,
                             LoftWorkItem   *item)
{
  LoftDeliveryFate fate = LOFT_DELIVERY_POSTED;
  LoftInFlight *freed = NULL;

  loft_lock_lock (&deliveries->lock);
  if (deliveries->announced)
    fate = LOFT_DELIVERY_TOO_LATE;
  else
    {
      deliveries->reports++;
      loft_deliveries_sent_locked (deliveries, home);
      if (!loft_dispatcher_post_news (home, lane, item))
        {
          deliveries->reports--;
          freed = loft_deliveries_arrived_locked (deliveries, home);
          fate = LOFT_DELIVERY_HOME_GONE;
        }
    }
  loft_lock_unlock (&deliveries->lock);
  g_free (freed);
  return fate;
}

LoftDeliveryFate
loft_deliveries_post_report_to_mta (LoftDeliveries *deliveries,
                                    LoftWorkItem   *item)
{
  LoftDeliveryFate fate = LOFT_DELIVERY_POSTED;

  loft_lock_lock (&deliveries->lock);
  if (deliveries->announced)
    fate = LOFT_DELIVERY_TOO_LATE;
  else
    {
      deliveries->reports++;
      loft_deliveries_sent_locked (deliveries, NULL);
      if (loft_deliveries_append_locked (deliveries, item))
        fate = LOFT_DELIVERY_FIRST;
    }
  loft_lock_unlock (&deliveries->lock);
  return fate;
}

/* Runs only the thread's own report on this thread. Deliveries that were added in the meantime go
 * to the pool, so that the reporting thread can go on. */
static void
loft_report_drain_run (gpointer data)
{
  LoftDeliveries *deliveries = data;
  GObject *owner = deliveries->owner;
  LoftDrainFrame frame;
  LoftWorkItem *item;

  loft_deliveries_enter (&frame, deliveries);
  item = loft_deliveries_take (deliveries);
  item->klass->run (item, NULL);
  loft_deliveries_leave (&frame);
  loft_deliveries_hand_over (&frame);
  g_object_unref (owner);
}

void
loft_deliveries_drain_report (LoftDeliveries *deliveries)
{
  if (loft_thread_runs_mta ())
    loft_trampoline_run (LOFT_TRAMPOLINE_DELIVERIES,
                         loft_drain_new (deliveries, loft_report_drain_run));
  else
    loft_deliveries_drain_elsewhere (deliveries);
}
