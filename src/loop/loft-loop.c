/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftLoop: a dispatcher's loop. This file does the posting and waking, what is due later, what
 * runs in a slice, and the end. The GSources in loft-loop-source.c decide when the loop runs. */

#include "config.h"

#include "base/loft-atomic-private.h"
#include "loop/loft-loop-private.h"

#include <pthread.h>

void
loft_loop_unref (LoftLoop *loop)
{
  /* Acquire and release: the thread that frees the loop has seen what all others did with it. */
  if (!loft_refs_drop (&loop->refs))
    return;
  if (loft_probe_is_on ())
    loft_probe_forget (&loop->queue);
  loft_timer_heap_clear (&loop->timers);
  loft_frame_times_clear (&loop->frame_times);
  g_aligned_free (loop);
}

static void
loft_loop_wake (LoftLoop *loop)
{
  /* The flag is read first, because the exchange would write to a cache line that all posters
   * share. Sequentially consistent: this is the poster's half of the wake-up (loft-loop-source.c).
   * With a weaker order the flag could be read before the item or the timer is visible, and the
   * loop would sleep although something waits. */
  if (loft_load_seq_cst (&loop->asleep) && loft_exchange_seq_cst (&loop->asleep, 0))
    g_main_context_wakeup (loop->context);
}

/* Returns whether an item of this loop is running on this thread, with no item of another loop and
 * no handler nested inside it.
 *
 * The thread's pthread_t is used as a number. POSIX allows a pthread_t to be a struct, so this
 * binds Loft to platforms on which it is an integer or a pointer, as it is on Linux, the BSDs and
 * macOS. */
static gboolean
loft_loop_is_taken_here (LoftLoop *loop)
{
  LoftDispatchFrame *frame;

  /* Relaxed: see loft_loop_set_taker (). */
  if (loft_load_relaxed (&loop->taker) != (guintptr) pthread_self ())
    return FALSE;
  frame = loft_thread_get ()->dispatch;
  return frame != NULL && frame->loop == loop && frame->takes;
}

gboolean
loft_loop_post (LoftLoop     *loop,
                LoftLane      lane,
                LoftWorkItem *item,
                LoftPusher    pusher)
{
  if (loft_loop_is_taken_here (loop))
    {
      if (!loft_work_queue_append (&loop->queue, lane, item, pusher))
        return FALSE;
    }
  else if (loft_work_queue_push (&loop->queue, lane, item, pusher) == LOFT_PUSH_REFUSED)
    return FALSE;
  /* The loop is also woken from its own thread: if this is the prepare () of another source, GLib
   * may be about to poll. */
  loft_loop_wake (loop);
  return TRUE;
}

void
loft_loop_note_dead (LoftLoop *loop,
                     LoftLane  lane)
{
  loft_work_queue_note_dead (&loop->queue, lane);
}

/* What is due later. */

static LoftLoopTimer *
loft_loop_pop_timer_until (LoftLoop *loop,
                           gint64    now)
{
  LoftTimerEntry *entry, *next;

  loft_lock_lock (&loop->timers_lock);
  entry = loft_timer_heap_pop_due (&loop->timers, now);
  next = loft_timer_heap_peek (&loop->timers);
  /* Sequentially consistent: as all writes of `next_due`. This one never makes the time earlier,
   * so nobody has to be woken. */
  loft_store_seq_cst (&loop->next_due, next != NULL ? next->due : LOFT_NO_TIMER);
  loft_lock_unlock (&loop->timers_lock);
  return (LoftLoopTimer *) entry;
}

void
loft_loop_dispatch_later (LoftLoop *loop)
{
  gint64 now = loft_clock_now ();
  LoftLoopTimer *timer;

  /* Only what is due by now: a timer that is set in the meantime is handled in the next turn. */
  while ((timer = loft_loop_pop_timer_until (loop, now)) != NULL)
    timer->due (timer);
}

LoftSetTimer
loft_loop_set_timer (LoftLoop      *loop,
                     LoftLoopTimer *timer,
                     gint64         due)
{
  gboolean first = FALSE, stopped, moved = FALSE;
  LoftTimerEntry *next;

  loft_lock_lock (&loop->timers_lock);
  stopped = loop->timers_stopped;
  if (!stopped)
    {
      moved = loft_timer_heap_remove (&loop->timers, &timer->entry);
      timer->entry.due = due;
      loft_timer_heap_insert (&loop->timers, &timer->entry);
      next = loft_timer_heap_peek (&loop->timers);
      first = next == &timer->entry;
      /* Sequentially consistent: this store and the read of `asleep` in loft_loop_wake () are one
       * side of the Dekker pair of `next_due`. */
      loft_store_seq_cst (&loop->next_due, next->due);
    }
  loft_lock_unlock (&loop->timers_lock);
  if (first)
    loft_loop_wake (loop);
  return stopped ? LOFT_TIMER_REFUSED : moved ? LOFT_TIMER_MOVED : LOFT_TIMER_ADDED;
}

gboolean
loft_loop_add_timer (LoftLoop      *loop,
                     LoftLoopTimer *timer,
                     gint64         due)
{
  return loft_loop_set_timer (loop, timer, due) != LOFT_TIMER_REFUSED;
}

gboolean
loft_loop_remove_timer (LoftLoop      *loop,
                        LoftLoopTimer *timer)
{
  LoftTimerEntry *next;
  gboolean removed;

  loft_lock_lock (&loop->timers_lock);
  removed = loft_timer_heap_remove (&loop->timers, &timer->entry);
  next = loft_timer_heap_peek (&loop->timers);
  /* Sequentially consistent: as all writes of `next_due`. A loop that still sees the earlier time
   * only wakes up for nothing. */
  loft_store_seq_cst (&loop->next_due, next != NULL ? next->due : LOFT_NO_TIMER);
  loft_lock_unlock (&loop->timers_lock);
  return removed;
}

LoftLoopTimer *
loft_loop_pop_timer (LoftLoop *loop)
{
  return loft_loop_pop_timer_until (loop, G_MAXINT64 - 1);
}

/* Items that wait, for the owner thread. */

gboolean
loft_loop_has_any (LoftLoop *loop)
{
  for (int which = LOFT_LANE_LOWEST; which < LOFT_N_LANES; which++)
    if (loft_loop_lane_has (loop, which))
      return TRUE;
  return FALSE;
}

gsize
loft_loop_count (LoftLoop *loop)
{
  gsize n = 0;

  for (int which = LOFT_LANE_LOWEST; which < LOFT_N_LANES; which++)
    {
      loft_work_queue_fill (&loop->queue, which);
      n += loop->queue.lanes[which].length;
    }
  return n;
}

void
loft_loop_note_all (LoftLoop *loop)
{
  /* The caller owns the context, as the thread does that runs it. ThreadSanitizer does not see how
   * one owner follows the other. */
  LOFT_TSAN_ACQUIRE (loop);
  loft_work_queue_note_all (&loop->queue);
  LOFT_TSAN_RELEASE (loop);
}

gboolean
loft_loop_has_above (LoftLoop *loop,
                     LoftLane  lane,
                     gboolean  or_equal)
{
  for (int which = or_equal ? lane : lane + 1; which < LOFT_N_LANES; which++)
    if (loft_loop_lane_has (loop, which))
      return TRUE;
  return FALSE;
}

/* Settings. Relaxed: they are plain values, and nothing else follows from them. */

gint64
loft_loop_get_slice (LoftLoop *loop)
{
  return loft_load_relaxed (&loop->slice);
}

void
loft_loop_set_slice (LoftLoop *loop,
                     gint64    slice)
{
  loft_store_relaxed (&loop->slice, slice);
}

int
loft_loop_get_share (LoftLoop *loop)
{
  return loft_load_relaxed (&loop->share);
}

void
loft_loop_set_share (LoftLoop *loop,
                     int       share)
{
  loft_store_relaxed (&loop->share, share);
}

gint64
loft_loop_get_wait_limit (LoftLoop *loop)
{
  return loft_load_relaxed (&loop->wait_limit);
}

void
loft_loop_set_wait_limit (LoftLoop *loop,
                          gint64    limit)
{
  loft_store_relaxed (&loop->wait_limit, limit);
}

void
loft_loop_set_frame_due (LoftLoop     *loop,
                         gconstpointer clock,
                         gint64        due)
{
  loft_frame_times_set (&loop->frame_times, clock, due, loft_clock_now ());
}

/* What runs in a slice, and in which order.
 *
 * After each item the best lane goes next, and the time is checked: an item may take any time, and
 * a slice that is over must end now. A lane is overdue if it has waited for longer than the limit.
 * An overdue lane takes turns with High, item by item, and all other lanes stand back. So it makes
 * progress even under a flood of High items. It has the first turn, because one High item may be
 * all that there is time for in a slice.
 *
 * Cancelled items that were swept out of a lane are released one after each item that runs, and
 * when there is nothing else to run. Their release may take any time, too. */

/* Returns the lowest lane that has waited for longer than the limit, or -1. It considers only lanes
 * that have waited since before the last call of loft_loop_note_waiting (). */
static int
loft_loop_find_overdue (LoftLoop *loop,
                        gint64    now)
{
  gint64 limit = loft_load_relaxed (&loop->wait_limit);

  if (limit <= 0)
    return -1;
  for (int which = LOFT_LANE_LOWEST; which < LOFT_LANE_HIGH; which++)
    {
      LoftWorkLane *lane = &loop->queue.lanes[which];

      if (lane->waiting_since != 0 && now - lane->waiting_since >= limit &&
          loft_loop_lane_has (loop, which))
        return which;
    }
  return -1;
}

/* Notes since when each lane waits. Returns the time at which the first of them has waited long
 * enough, or 0 if no lane waits or there is no limit. */
gint64
loft_loop_note_waiting (LoftLoop *loop)
{
  gint64 limit = loft_load_relaxed (&loop->wait_limit);
  gint64 deadline = 0;

  for (int which = LOFT_LANE_LOWEST; which < LOFT_LANE_HIGH; which++)
    {
      LoftWorkLane *lane = &loop->queue.lanes[which];

      if (!loft_loop_lane_has (loop, which))
        {
          lane->waiting_since = 0;
          continue;
        }
      if (lane->waiting_since == 0)
        lane->waiting_since = loft_clock_now ();
      if (limit > 0 && (deadline == 0 || loft_clock_after (lane->waiting_since, limit) < deadline))
        deadline = loft_clock_after (lane->waiting_since, limit);
    }
  return deadline;
}

/* Measures the dispatcher's share at the beginning of a turn: how much time it is due for the time
 * that others took. The dispatcher is never due for less than MIN_GRANT, however short its slice
 * is. It would otherwise not stand aside for the others at all. */
#define MIN_GRANT (4 * G_TIME_SPAN_MILLISECOND)
#define MAX_GRANT (100 * G_TIME_SPAN_MILLISECOND)

void
loft_loop_look_at_share (LoftLoop *loop)
{
  gint64 share = loft_load_relaxed (&loop->share);
  gint64 slice = loft_load_relaxed (&loop->slice);
  gint64 now, due;

  if (!loft_loop_has_any (loop))
    {
      loop->waits_since = 0;
      loop->share_due = FALSE;
      return;
    }
  now = loft_clock_now ();
  if (loop->waits_since == 0)
    loop->waits_since = now;
  due = MIN (now - loop->waits_since, G_TIME_SPAN_MINUTE) * share / (1000 - share);
  if (due < MAX (slice, MIN_GRANT))
    return;
  loop->share_due = TRUE;
  loop->grant = MAX (slice, MIN (due, MAX_GRANT));
  loop->paused = FALSE;
  loop->consumed = 0;
}

/* Removes and returns the next item of the best lane from @lowest up. */
static LoftWorkItem *
loft_loop_pop_best (LoftLoop *loop,
                    LoftLane  lowest,
                    LoftLane *out_lane)
{
  for (int which = LOFT_LANE_HIGH; which >= (int) lowest; which--)
    {
      LoftWorkItem *item = loft_loop_lane_has (loop, which)
                             ? loft_work_queue_pop (&loop->queue, which)
                             : NULL;

      if (item != NULL)
        {
          *out_lane = which;
          return item;
        }
    }
  return NULL;
}

/* Removes and returns the next item of High and @overdue, in turns. */
static LoftWorkItem *
loft_loop_pop_in_turns (LoftLoop *loop,
                        LoftLane  overdue,
                        gboolean *overdue_turn,
                        LoftLane *out_lane)
{
  LoftWorkItem *item;

  *overdue_turn = !*overdue_turn;
  *out_lane = *overdue_turn ? overdue : LOFT_LANE_HIGH;
  item = loft_work_queue_pop (&loop->queue, *out_lane);
  if (item != NULL)
    return item;
  *out_lane = *overdue_turn ? LOFT_LANE_HIGH : overdue;
  return loft_work_queue_pop (&loop->queue, *out_lane);
}

/* If a burst of items went on while the loop ran it, the items come from another processor, and the
 * next ones are probably on their way. To wait a moment for them takes less time than to return to
 * the loop, perhaps to sleep, and to be woken. To look too often would take the inbox away from the
 * threads that post. */
#define BURST  16 /* items in one slice, some of which came to a lane that had been emptied in it */
#define LOOKS  40
#define PAUSES 16 /* pauses between two looks: about half a µs */

typedef struct
{
  guint lanes[LOFT_N_LANES];
} LoftBatches;

static LoftBatches
loft_loop_count_batches (LoftLoop *loop)
{
  LoftBatches batches;

  for (int which = LOFT_LANE_LOWEST; which < LOFT_N_LANES; which++)
    batches.lanes[which] = loop->queue.lanes[which].batches;
  return batches;
}

static gboolean
loft_loop_went_on (LoftLoop    *loop,
                   LoftBatches *since)
{
  for (int which = LOFT_LANE_LOWEST; which < LOFT_N_LANES; which++)
    if (loop->queue.lanes[which].batches - since->lanes[which] >= 2)
      return TRUE;
  return FALSE;
}

static LoftWorkItem *
loft_loop_linger (LoftLoop *loop,
                  LoftLane  lowest,
                  LoftLane *out_lane)
{
  LoftWorkItem *item = NULL;

  for (guint i = 0; i < LOOKS && item == NULL; i++)
    {
      for (guint k = 0; k < PAUSES; k++)
        loft_pause ();
      item = loft_loop_pop_best (loop, lowest, out_lane);
    }
  return item;
}

static void
loft_loop_run_item (LoftLoop     *loop,
                    LoftLane      lane,
                    LoftWorkItem *item)
{
  loop->queue.lanes[lane].waiting_since = 0;
  if (loft_probe_is_on ())
    loft_probe_run (&loop->queue, lane, item, loop->dispatcher);
  else
    item->klass->run (item, loop->dispatcher);
  if (G_UNLIKELY (loop->queue.lanes[lane].swept_first != NULL))
    {
      item = loft_work_queue_pop_swept (&loop->queue, lane);
      item->klass->run (item, loop->dispatcher); /* begins nothing: it releases the item's data */
    }
}

/* Returns whether the frame ends when the running item returns. */
gboolean
loft_loop_frame_is_done (LoftLoopFrame *frame)
{
  if (frame->quota == 0)
    return TRUE;
  if (frame->deferral != NULL && !loft_deferral_state_is_complete (frame->deferral))
    return FALSE;
  /* A frame that does not listen to exits ends with its deferral. */
  return frame->listens || frame->processes ? frame->left : frame->deferral != NULL;
}

/* Returns the frame that turns the loop directly around this dispatch, and not in somebody else's
 * loop that a handler runs; or NULL. */
static LoftLoopFrame *
loft_loop_peek_turner (LoftLoop *loop)
{
  LoftLoopFrame *frame = loop->frames;

  return G_UNLIKELY (frame != NULL) && frame->depth + 1 == g_main_depth () ? frame : NULL;
}

/* Called once a slice, because a thread that cancels writes to a cache line that all posters
 * write. */
static void
loft_loop_sweep (LoftLoop *loop,
                 LoftLane  lowest)
{
  for (int which = lowest; which < LOFT_N_LANES; which++)
    if (G_UNLIKELY (loft_work_queue_wants_sweep (&loop->queue, which)))
      loft_work_queue_sweep (&loop->queue, which);
}

static LoftDispatchFrame
loft_loop_make_frame (LoftLoop          *loop,
                      LoftDispatchFrame *outer)
{
  return (LoftDispatchFrame) {
    .outer = outer,
    .loop = loop,
    .context = loop->is_default ? NULL : loop->context,
    .dispatcher = loop->dispatcher,
    .home = loop->is_found ? loop->dispatcher : NULL,
    .takes = TRUE,
    .slice_end = G_MAXINT64,
  };
}

/* Stores the thread that takes the items, as a number: see loft_loop_is_taken_here (). Relaxed: a
 * thread only compares the value with its own id, which it wrote itself. */
static void
loft_loop_set_taker (LoftLoop *loop,
                     guintptr  taker)
{
  loft_store_relaxed (&loop->taker, taker);
}

/* While a slice runs, nobody needs to wake the loop. Returns when the next timer is due, for
 * loft_loop_end_awake (). Sequentially consistent: a thread that writes an earlier time after this
 * read finds the loop awake and does not wake it, and loft_loop_end_awake () sees that time. */
static gint64
loft_loop_begin_awake (LoftLoop *loop)
{
  loft_store_seq_cst (&loop->asleep, 0);
  return loft_load_seq_cst (&loop->next_due);
}

/* From here on a post wakes the loop again. Posts that were made in the meantime have woken nobody,
 * and some of their items may be left. If this turn was made inside a poll that was about to begin,
 * that poll must not sleep while they wait. Sequentially consistent: this is the loop's half of the
 * wake-up (loft-loop-source.c). */
static void
loft_loop_end_awake (LoftLoop *loop,
                     gint64    due_before)
{
  loft_store_seq_cst (&loop->asleep, 1);
  if (loft_loop_has_any (loop) || loft_load_seq_cst (&loop->next_due) < due_before)
    loft_loop_wake (loop);
}

/* A slice ends before a frame is due. The slices that no frame may put off are those that make up
 * for the time that others took, and those of a lane that has waited for too long. */
static gint64
loft_loop_find_slice_end (LoftLoop *loop,
                          gint64    start,
                          gint64    slice,
                          int       overdue)
{
  gint64 end = loft_clock_after (start, slice - loop->consumed);

  if (G_LIKELY (loop->frame_times.n == 0) || loop->grant != 0 || overdue >= 0)
    return end;
  return MIN (end, loft_frame_times_find_next (&loop->frame_times, start));
}

/* Runs items of @lowest and better lanes until there are none, or the slice is used up. */
static void
loft_loop_run_slice (LoftLoop *loop,
                     LoftLane  lowest)
{
  LoftThread *thread = loft_thread_get ();
  LoftDispatchFrame frame = loft_loop_make_frame (loop, thread->dispatch);
  LoftLoopFrame *turner = loft_loop_peek_turner (loop);
  gint64 slice = MAX (loft_load_relaxed (&loop->slice), loop->grant);
  LoftWatch watch = loft_watch_start (slice);
  gint64 start = watch.now;
  int overdue = loft_loop_find_overdue (loop, start);
  gboolean overdue_turn = FALSE;
  LoftWorkItem *item;
  LoftLane lane;
  LoftBatches batches = loft_loop_count_batches (loop);
  guintptr outer_taker = loop->taker;
  gint64 due_before = loft_loop_begin_awake (loop);
  guint n = 0;

  frame.slice_end = loft_loop_find_slice_end (loop, start, slice, overdue);
  loop->share_due = FALSE;
  loop->grant = 0;
  loop->waits_since = start; /* for a loop that an item may run */
  thread->dispatch = &frame;
  loft_loop_set_taker (loop, (guintptr) pthread_self ());
  loft_loop_sweep (loop, lowest);
  do
    {
      item = overdue >= 0 ? loft_loop_pop_in_turns (loop, (LoftLane) overdue, &overdue_turn, &lane)
                          : loft_loop_pop_best (loop, lowest, &lane);
      if (item == NULL && n >= BURST && turner == NULL && overdue < 0 &&
          loft_loop_went_on (loop, &batches))
        item = loft_loop_linger (loop, lowest, &lane);
      if (item == NULL)
        break;
      n++;
      frame.priority = loft_lane_to_priority (lane);
      if (G_UNLIKELY (turner != NULL) && turner->quota != G_MAXSIZE)
        turner->quota--;
      loft_loop_run_item (loop, lane, item);
    }
  while (loft_watch_look (&watch) < frame.slice_end &&
         (turner == NULL || !loft_loop_frame_is_done (turner)));
  thread->dispatch = frame.outer;
  loft_loop_set_taker (loop, outer_taker);
  loft_loop_end_awake (loop, due_before);

  watch.now = loft_clock_now ();
  loop->consumed += watch.now - start;
  loop->waits_since = loft_loop_has_any (loop) ? watch.now : 0;
  if (loop->consumed >= slice || watch.now >= frame.slice_end)
    {
      loop->paused = TRUE;
      loop->paused_turns = 0;
    }
}

/* Work runs with its context as the thread-default context. So the dispatcher is the thread's home
 * even on a thread that iterates a context without having pushed it. */
static gboolean
loft_loop_enter (LoftLoop *loop)
{
  GMainContext *wanted = loop->is_default ? NULL : loop->context;

  if (G_LIKELY (g_main_context_get_thread_default () == wanted))
    return FALSE;
  g_main_context_push_thread_default (loop->context);
  return TRUE;
}

void
loft_loop_dispatch_lane (LoftLoop *loop,
                         LoftLane  lowest)
{
  LoftDispatcher *dispatcher = loop->dispatcher;
  LoftLoopFrame *turner = loft_loop_peek_turner (loop);
  gboolean entered;

  if (!loft_loop_has_any (loop) || (turner != NULL && loft_loop_frame_is_done (turner)))
    /* An earlier source of this turn has run the items, or as many as may run in this turn. */
    return;

  /* Items hold the dispatcher. The last item must not drop the last reference while this function
   * runs. */
  if (!loop->immortal)
    g_object_ref (dispatcher);
  entered = loft_loop_enter (loop);
  loft_loop_run_slice (loop, lowest);
  if (entered)
    g_main_context_pop_thread_default (loop->context);
  if (G_UNLIKELY (loop->at_rest != NULL))
    loft_loop_when_at_rest (loop, loop->at_rest);
  if (!loop->immortal)
    g_object_unref (dispatcher);
}

void
loft_loop_when_at_rest (LoftLoop *loop,
                        void    (*func) (LoftDispatcher *dispatcher))
{
  gboolean runs = loft_loop_peek_frame (loop) != NULL;

  loop->at_rest = runs ? func : NULL;
  if (!runs)
    func (loop->dispatcher);
}

void
loft_loop_enter_handler (LoftLoop          *loop,
                         LoftDispatchFrame *frame,
                         LoftLane           lane)
{
  LoftThread *thread = loft_thread_get ();
  LoftDispatchFrame *around = loft_loop_peek_frame (loop);

  *frame = loft_loop_make_frame (loop, thread->dispatch);
  frame->home = NULL; /* the thread may only be the one that would run the context next */
  frame->takes = FALSE;
  frame->priority = loft_lane_to_priority (lane);
  if (around != NULL)
    frame->slice_end = around->slice_end;
  thread->dispatch = frame;
}

void
loft_loop_leave_handler (LoftLoop          *loop,
                         LoftDispatchFrame *frame)
{
  loft_thread_get ()->dispatch = frame->outer;
  if (G_UNLIKELY (loop->at_rest != NULL))
    loft_loop_when_at_rest (loop, loop->at_rest);
}

/* Runs @n items, however long it takes. */
static void
loft_loop_run_round (LoftLoop *loop,
                     gsize     n)
{
  LoftThread *thread = loft_thread_get ();
  LoftDispatchFrame frame = loft_loop_make_frame (loop, thread->dispatch);
  gboolean entered = loft_loop_enter (loop);
  guintptr outer_taker = loop->taker;
  LoftWorkItem *item;
  LoftLane lane;

  thread->dispatch = &frame;
  loft_loop_set_taker (loop, (guintptr) pthread_self ());
  for (; n > 0 && (item = loft_loop_pop_best (loop, LOFT_LANE_LOWEST, &lane)) != NULL; n--)
    {
      frame.priority = loft_lane_to_priority (lane);
      if (loft_probe_is_on ())
        loft_probe_run (&loop->queue, lane, item, loop->dispatcher);
      else
        item->klass->run (item, loop->dispatcher);
    }
  thread->dispatch = frame.outer;
  loft_loop_set_taker (loop, outer_taker);
  if (entered)
    g_main_context_pop_thread_default (loop->context);
}

LoftWorkItem *
loft_loop_pop_any (LoftLoop *loop)
{
  LoftLane lane;
  LoftWorkItem *item = loft_loop_pop_best (loop, LOFT_LANE_LOWEST, &lane);

  if (item != NULL && loft_probe_is_on ())
    loft_probe_note_gone (item);
  return item;
}

/* Returns the innermost slice of this loop that is running on this thread, or NULL. */
LoftDispatchFrame *
loft_loop_peek_frame (LoftLoop *loop)
{
  LoftDispatchFrame *frame = loft_thread_get ()->dispatch;

  while (frame != NULL && frame->loop != loop)
    frame = frame->outer;
  return frame;
}

/* The end. */

/* At the end: in how many rounds deliveries that arrived in the meantime are run before deliveries
 * are refused, too. Handlers that go on for ever by setting new handlers must not keep a program
 * from ending. */
#define MAX_ROUNDS 64

/* A round of up to this many items is not yet treated as a flood. */
#define CALM 1000

/* This many rounds may be longer than that. */
#define MAX_LONG_ROUNDS 3

gboolean
loft_loop_is_closed (LoftLoop *loop)
{
  /* Acquire: pairs with the release in loft_loop_close (). A thread that sees the flag also sees
   * what was done before the loop was closed. Whether a post is accepted is decided by the
   * inbox. */
  return loft_load_acquire (&loop->closed);
}

gboolean
loft_loop_refuses (LoftLoop *loop)
{
  /* Acquire: pairs with the release in loft_loop_refuse (). A thread that learns of the shutdown
   * here also sees what the handlers of ::shutdown-starting wrote. */
  return loft_load_acquire (&loop->refuses);
}

void
loft_loop_refuse (LoftLoop *loop)
{
  loft_store_release (&loop->refuses, 1); /* Release: see loft_loop_refuses (). */
  for (int which = LOFT_LANE_LOWEST; which < LOFT_N_LANES; which++)
    loft_work_queue_refuse (&loop->queue, which, LOFT_INBOX_REFUSES_USERS);
}

/* No timer is added from here on. The timers in the heap stay for loft_loop_pop_timer. */
static void
loft_loop_refuse_timers (LoftLoop *loop)
{
  loft_lock_lock (&loop->timers_lock);
  loop->timers_stopped = TRUE;
  loft_lock_unlock (&loop->timers_lock);
}

void
loft_loop_close (LoftLoop *loop)
{
  loft_loop_refuse_timers (loop);
  loft_store_release (&loop->closed, 1); /* Release: see loft_loop_is_closed (). */
  for (int which = LOFT_LANE_LOWEST; which < LOFT_N_LANES; which++)
    loft_work_queue_close (&loop->queue, which);
}

void
loft_loop_foreach_left (LoftLoop *loop,
                        void    (*func) (LoftWorkItem *item, gpointer data),
                        gpointer  data)
{
  g_autoptr (GPtrArray) later = g_ptr_array_new ();

  for (int which = LOFT_LANE_HIGH; which >= LOFT_LANE_LOWEST; which--)
    {
      loft_work_queue_fill (&loop->queue, which);
      for (LoftWorkItem *item = loop->queue.lanes[which].first; item != NULL; item = item->next)
        func (item, data);
    }
  loft_lock_lock (&loop->timers_lock);
  for (gsize i = 0; i < loop->timers.length; i++)
    g_ptr_array_add (later, ((LoftLoopTimer *) loop->timers.entries[i])->item);
  loft_lock_unlock (&loop->timers_lock);
  for (guint i = 0; i < later->len; i++)
    func (later->pdata[i], data);
}

void
loft_loop_stop_timers (LoftLoop *loop)
{
  LoftLoopTimer *timer;

  loft_loop_dispatch_later (loop); /* the timers that were due already */
  loft_loop_refuse_timers (loop);
  while ((timer = loft_loop_pop_timer (loop)) != NULL)
    timer->stop (timer);
}

/* Each round runs the items that arrived during the round before. If a worker reports as fast as
 * the reports run, or faster, there would always be another round. So once a long round is more
 * than twice as long as the one before, or more than MAX_LONG_ROUNDS rounds were long, reports and
 * events are refused. Deliveries that somebody waits for are still accepted. */
void
loft_loop_run_rounds (LoftLoop *loop)
{
  gsize before = G_MAXSIZE, n;
  guint long_rounds = 0;

  for (guint round = 0; round < MAX_ROUNDS && (n = loft_loop_count (loop)) > 0; round++)
    {
      long_rounds += n > CALM ? 1 : 0;
      if (n > CALM && (n / 2 > before || long_rounds > MAX_LONG_ROUNDS))
        for (int which = LOFT_LANE_LOWEST; which < LOFT_N_LANES; which++)
          loft_work_queue_refuse (&loop->queue, which, LOFT_INBOX_REFUSES_NEWS);
      loft_loop_run_round (loop, n);
      before = n;
    }
}

void
loft_loop_run_rest (LoftLoop *loop)
{
  gsize n;

  loft_loop_run_rounds (loop);
  loft_loop_close (loop);
  while ((n = loft_loop_count (loop)) > 0)
    loft_loop_run_round (loop, n);
}
