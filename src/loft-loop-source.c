/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* One GSource per lane, one for what is due later, and the fence: how a dispatcher lives in a GMainContext.
 *
 *   priority                      source         ready when
 *   G_PRIORITY_HIGH (-100)        High lane      it has items, and the dispatcher does not stand aside
 *   G_PRIORITY_HIGH               later          something is due: it goes to its lane
 *   G_PRIORITY_DEFAULT (0)        Normal lane    as High; or a lower lane has waited for longer than the limit
 *   G_PRIORITY_HIGH_IDLE + 21     fence          nothing above is ready: just below GDK's redraw
 *   G_PRIORITY_DEFAULT_IDLE (200) Low lane       as High
 *   G_PRIORITY_LOW (300)          Idle lane      as High
 *
 * Slice and fence. `consumed` is the time that items took since the loop last came down to the fence. When it reaches
 * the slice, the dispatcher stands aside with all its lanes (`paused`), until the fence is dispatched, or 32 turns have
 * gone by. One turn would not do: GLib dispatches one priority level a turn, and with a pointer that moves the free turn
 * always goes to the input, never to the redraw. It is the dispatcher that stands aside and not a lane, else two flooded
 * lanes would relieve each other.
 *
 * The wake-up. A loop that may sleep has said so (`asleep`), and a post that finds it asleep wakes it. The two sides are
 * a Dekker pair: the poster writes the lane and then reads `asleep`, the loop writes `asleep` and then reads the lanes,
 * all of it sequentially consistent; so at least one of them sees the other. */

#include "config.h"

#include "loft-loop-source-private.h"
#include "loft-clock-private.h"
#include "loft-home-private.h"

#define DEFAULT_SLICE      (4 * G_TIME_SPAN_MILLISECOND)
#define DEFAULT_WAIT_LIMIT (1 * G_TIME_SPAN_SECOND)
#define MAX_PAUSED_TURNS   32
#define MAX_STRIDE         16 /* items between two looks at the clock */
#define FENCE_PRIORITY     (G_PRIORITY_HIGH_IDLE + 21)
#define NO_TIMER           G_MAXINT64

typedef enum {
  SOURCE_IDLE = LOFT_LANE_IDLE,
  SOURCE_LOW = LOFT_LANE_LOW,
  SOURCE_NORMAL = LOFT_LANE_NORMAL,
  SOURCE_HIGH = LOFT_LANE_HIGH,
  SOURCE_FENCE,
  SOURCE_LATER,
  N_SOURCES,
} SourceKind;

typedef struct
{
  GSource source;
  LoftLoop *loop; /* a reference */
  SourceKind kind;
} LoftLoopSource;

struct _LoftLoop
{
  /* constant after init */
  GMainContext *context;       /* unowned: the dispatcher holds it, and who posts holds the dispatcher */
  LoftDispatcher *dispatcher;  /* unowned: items hold it */
  gboolean immortal;
  gboolean is_default;
  GSource *sources[N_SOURCES]; /* until loft_loop_destroy */

  /* atomic */
  gint refs;
  gint closed;
  gint64 slice;      /* plain values, µs */
  gint64 wait_limit;
  gint64 next_due;   /* of the heap, written under lock; NO_TIMER */

  /* atomic: see above */
  gint asleep __attribute__ ((aligned (64)));

  /* lanes: see there */
  LoftWorkQueue queue;

  /* owner thread only: whichever runs the context */
  gint64 consumed;
  gboolean paused;
  guint paused_turns;
  guint stride;

  /* under lock */
  LoftLock timers_lock;
  LoftTimerHeap timers;
};

static void
loft_loop_unref (LoftLoop *loop)
{
  /* Acquire and release: whoever frees it has seen what all others did with it. */
  if (__atomic_fetch_sub (&loop->refs, 1, __ATOMIC_ACQ_REL) != 1)
    return;
  loft_timer_heap_clear (&loop->timers);
  g_aligned_free (loop);
}

static void
loft_loop_wake (LoftLoop *loop)
{
  /* The read first: the exchange would write a cache line that all posters share. */
  if (__atomic_load_n (&loop->asleep, __ATOMIC_SEQ_CST) && __atomic_exchange_n (&loop->asleep, 0, __ATOMIC_SEQ_CST))
    g_main_context_wakeup (loop->context);
}

static gboolean
loft_loop_lane_has (LoftLoop *loop,
                    LoftLane  which)
{
  LoftWorkLane *lane = &loop->queue.lanes[which];

  return lane->first != NULL || loft_work_lane_has (lane);
}

/* The lowest lane that has waited for longer than the limit, or -1. Of lanes that wait since before the last look. */
static int
loft_loop_find_overdue (LoftLoop *loop,
                        gint64    now)
{
  gint64 limit = __atomic_load_n (&loop->wait_limit, __ATOMIC_RELAXED);

  if (limit <= 0)
    return -1;
  for (int which = LOFT_LANE_IDLE; which < LOFT_LANE_HIGH; which++)
    {
      LoftWorkLane *lane = &loop->queue.lanes[which];

      if (lane->waiting_since != 0 && now - lane->waiting_since >= limit && loft_loop_lane_has (loop, which))
        return which;
    }
  return -1;
}

/* Notes since when each lane waits, and gives when the first of them has waited long enough; 0: none waits. */
static gint64
loft_loop_note_waiting (LoftLoop *loop)
{
  gint64 limit = __atomic_load_n (&loop->wait_limit, __ATOMIC_RELAXED);
  gint64 deadline = 0;

  for (int which = LOFT_LANE_IDLE; which < LOFT_LANE_HIGH; which++)
    {
      LoftWorkLane *lane = &loop->queue.lanes[which];

      if (!loft_loop_lane_has (loop, which))
        {
          lane->waiting_since = 0;
          continue;
        }
      if (lane->waiting_since == 0)
        lane->waiting_since = loft_clock_now ();
      if (limit > 0 && (deadline == 0 || lane->waiting_since + limit < deadline))
        deadline = lane->waiting_since + limit;
    }
  return deadline;
}

static void
set_timeout_until (gint  *timeout,
                   gint64 deadline,
                   gint64 now)
{
  gint64 ms = deadline <= now ? 0 : (deadline - now + 999) / 1000;

  *timeout = (gint) MIN (ms, G_MAXINT);
}

/* A turn of the loop begins: High is the first of our sources that is asked. */
static void
loft_loop_begin_turn (LoftLoop *loop)
{
  __atomic_store_n (&loop->asleep, 1, __ATOMIC_SEQ_CST);
  if (loop->is_default)
    loft_home_note_default_runner ();
  loft_loop_note_waiting (loop);
  if (loop->paused && ++loop->paused_turns > MAX_PAUSED_TURNS)
    {
      loop->paused = FALSE;
      loop->consumed = 0;
    }
}

static gboolean
loft_loop_later_is_due (LoftLoop *loop,
                        gint     *timeout)
{
  gint64 due = __atomic_load_n (&loop->next_due, __ATOMIC_SEQ_CST);
  gint64 now;

  if (due == NO_TIMER)
    return FALSE;
  now = loft_clock_now ();
  if (timeout != NULL)
    set_timeout_until (timeout, due, now);
  return due <= now;
}

/* Whether a source has something to do; @timeout (NULL when checking): until when the loop may sleep. */
static gboolean
loft_loop_source_is_ready (LoftLoop   *loop,
                           SourceKind  kind,
                           gint       *timeout)
{
  switch (kind)
    {
    case SOURCE_LATER:
      return loft_loop_later_is_due (loop, timeout);

    case SOURCE_FENCE:
      if (timeout == NULL)
        return loop->paused;
      if (loop->paused)
        *timeout = 0; /* to be asked again when it is known what else is ready */
      return FALSE;

    case SOURCE_NORMAL:
      if (loop->paused)
        return FALSE;
      if (loft_loop_lane_has (loop, LOFT_LANE_NORMAL))
        return TRUE;
      if (loft_loop_lane_has (loop, LOFT_LANE_LOW) || loft_loop_lane_has (loop, LOFT_LANE_IDLE))
        {
          gint64 deadline = loft_loop_note_waiting (loop);
          gint64 now;

          if (deadline == 0)
            return FALSE;
          now = loft_clock_now ();
          if (timeout != NULL)
            set_timeout_until (timeout, deadline, now);
          return now >= deadline;
        }
      return FALSE;

    case SOURCE_HIGH:
    case SOURCE_LOW:
    case SOURCE_IDLE:
      return !loop->paused && loft_loop_lane_has (loop, (LoftLane) kind);

    case N_SOURCES:
    default:
      g_assert_not_reached ();
    }
}

/* The three callbacks begin and end with these. They announce to ThreadSanitizer what the context's lock does: each sees
 * what the one before it, maybe on another thread, wrote. */

static LoftLoopSource *
loft_loop_source_enter (GSource *source)
{
  LoftLoopSource *self = (LoftLoopSource *) source;

  LOFT_TSAN_ACQUIRE (source);
  LOFT_TSAN_ACQUIRE (self->loop);
  return self;
}

static void
loft_loop_source_leave (LoftLoopSource *self)
{
  LOFT_TSAN_RELEASE (self->loop);
  LOFT_TSAN_RELEASE (&self->source);
}

static gboolean
loft_loop_source_prepare (GSource *source,
                          gint    *timeout)
{
  LoftLoopSource *self = loft_loop_source_enter (source);
  LoftLoop *loop = self->loop;
  gboolean ready;

  *timeout = -1;
  if (self->kind == SOURCE_HIGH)
    loft_loop_begin_turn (loop);
  ready = loft_loop_source_is_ready (loop, self->kind, timeout);
  loft_loop_source_leave (self);
  return ready;
}

static gboolean
loft_loop_source_check (GSource *source)
{
  LoftLoopSource *self = loft_loop_source_enter (source);
  LoftLoop *loop = self->loop;
  gboolean ready;

  if (self->kind == SOURCE_HIGH)
    {
      /* Awake. A post that still sees it asleep wakes it once for nothing. */
      __atomic_store_n (&loop->asleep, 0, __ATOMIC_RELAXED);
    }
  else if (self->kind == SOURCE_FENCE && !loop->paused)
    loop->consumed = 0; /* asked only when nothing above is ready: the loop has come down */
  ready = loft_loop_source_is_ready (loop, self->kind, NULL);
  loft_loop_source_leave (self);
  return ready;
}

/* The next item of a slice: the best lane goes first; with an overdue lane, that one after High. */
static LoftWorkItem *
loft_loop_pop_best (LoftLoop *loop,
                    LoftLane  lowest,
                    int       overdue,
                    LoftLane *out_lane)
{
  for (int which = LOFT_LANE_HIGH; which >= LOFT_LANE_IDLE; which--)
    {
      LoftWorkItem *item;

      if (which != LOFT_LANE_HIGH && overdue >= 0 ? which != overdue : which < (int) lowest)
        continue;
      item = loft_work_queue_pop (&loop->queue, which);
      if (item != NULL)
        {
          *out_lane = which;
          return item;
        }
    }
  return NULL;
}

/* Releases the cancelled items of a lane that is full of them. */
static void
loft_loop_sweep (LoftLoop *loop,
                 LoftLane  lane)
{
  LoftWorkItem *dead = loft_work_queue_sweep (&loop->queue, lane);

  while (dead != NULL)
    {
      LoftWorkItem *next = dead->next;

      dead->klass->run (dead, loop->dispatcher); /* begins nothing: releases its data */
      dead = next;
    }
}

/* Looks at the clock less often while items are short, so that the overrun stays a small part of the slice. */
static void
loft_loop_adapt_stride (LoftLoop *loop,
                        gint64    elapsed,
                        gint64    slice)
{
  if (elapsed * 32 < slice)
    loop->stride = MIN (loop->stride * 2, MAX_STRIDE);
  else if (elapsed * 8 > slice)
    loop->stride = 1;
}

/* Runs items of @lowest and better until there are none, or the slice is used up. */
static void
loft_loop_run_slice (LoftLoop *loop,
                     LoftLane  lowest)
{
  LoftThreadState *thread = loft_thread_state_get ();
  LoftDispatchFrame frame = { .outer = thread->dispatch, .loop = loop, .dispatcher = loop->dispatcher };
  gint64 slice = __atomic_load_n (&loop->slice, __ATOMIC_RELAXED);
  gint64 start = loft_clock_now (), last = start;
  int overdue = loft_loop_find_overdue (loop, start);
  LoftWorkItem *item;
  LoftLane lane;
  guint n = 0;

  frame.slice_end = start + slice - loop->consumed;
  thread->dispatch = &frame;
  while ((item = loft_loop_pop_best (loop, lowest, overdue, &lane)) != NULL)
    {
      frame.priority = loft_lane_to_priority (lane);
      loop->queue.lanes[lane].waiting_since = 0;
      item->klass->run (item, loop->dispatcher);
      if (G_UNLIKELY (loft_work_queue_wants_sweep (&loop->queue, lane)))
        loft_loop_sweep (loop, lane);
      if (++n >= loop->stride)
        {
          gint64 now = loft_clock_now ();

          loft_loop_adapt_stride (loop, now - last, slice);
          last = now;
          n = 0;
          if (now >= frame.slice_end)
            break;
        }
    }
  thread->dispatch = frame.outer;

  loop->consumed += loft_clock_now () - start;
  if (loop->consumed >= slice)
    {
      loop->paused = TRUE;
      loop->paused_turns = 0;
    }
}

/* Work runs with its context as the thread's default, so that home is here also on a thread that iterates a context
 * without having pushed it. */
static gboolean
loft_loop_enter (LoftLoop *loop)
{
  GMainContext *wanted = loop->is_default ? NULL : loop->context;

  if (G_LIKELY (g_main_context_get_thread_default () == wanted))
    return FALSE;
  g_main_context_push_thread_default (loop->context);
  return TRUE;
}

static void
loft_loop_dispatch_lane (LoftLoop *loop,
                         LoftLane  lowest)
{
  LoftDispatcher *dispatcher = loop->dispatcher;
  gboolean entered, has = FALSE;

  for (int which = LOFT_LANE_IDLE; which < LOFT_N_LANES; which++)
    has |= loft_loop_lane_has (loop, which);
  if (!has)
    return; /* an earlier source of this turn ran it */

  /* Items hold the dispatcher; the last of them must not take it away from under us. */
  if (!loop->immortal)
    g_object_ref (dispatcher);
  entered = loft_loop_enter (loop);
  loft_loop_run_slice (loop, lowest);
  if (entered)
    g_main_context_pop_thread_default (loop->context);
  if (!loop->immortal)
    g_object_unref (dispatcher);
}

static LoftLoopTimer *
loft_loop_pop_timer_until (LoftLoop *loop,
                           gint64    now)
{
  LoftTimerEntry *entry, *next;

  loft_lock_lock (&loop->timers_lock);
  entry = loft_timer_heap_pop_due (&loop->timers, now);
  next = loft_timer_heap_peek (&loop->timers);
  __atomic_store_n (&loop->next_due, next != NULL ? next->due : NO_TIMER, __ATOMIC_SEQ_CST);
  loft_lock_unlock (&loop->timers_lock);
  return (LoftLoopTimer *) entry;
}

static void
loft_loop_dispatch_later (LoftLoop *loop)
{
  gint64 now = loft_clock_now ();
  LoftLoopTimer *timer;

  /* Until now, and not beyond: what is set meanwhile has its turn in the next one. */
  while ((timer = loft_loop_pop_timer_until (loop, now)) != NULL)
    timer->due (timer);
}

static gboolean
loft_loop_source_dispatch (GSource     *source,
                           GSourceFunc  callback,
                           gpointer     user_data)
{
  LoftLoopSource *self = loft_loop_source_enter (source);
  LoftLoop *loop = self->loop;

  /* A handler may let the dispatcher go, which destroys the sources; the context holds this one until we return. */
  switch (self->kind)
    {
    case SOURCE_FENCE:
      loop->paused = FALSE;
      loop->consumed = 0;
      break;
    case SOURCE_LATER:
      loft_loop_dispatch_later (loop);
      break;
    case SOURCE_IDLE:
    case SOURCE_LOW:
    case SOURCE_NORMAL:
    case SOURCE_HIGH:
      loft_loop_dispatch_lane (loop, (LoftLane) self->kind);
      break;
    case N_SOURCES:
    default:
      g_assert_not_reached ();
    }
  loft_loop_source_leave (self);
  return G_SOURCE_CONTINUE;
}

static void
loft_loop_source_finalize (GSource *source)
{
  loft_loop_unref (loft_loop_source_enter (source)->loop);
}

static GSourceFuncs loft_loop_source_funcs = {
  .prepare = loft_loop_source_prepare,
  .check = loft_loop_source_check,
  .dispatch = loft_loop_source_dispatch,
  .finalize = loft_loop_source_finalize,
};

static const struct
{
  SourceKind kind;
  int priority;
  const char *name;
} source_table[] = {
  /* High first: it begins the turn. */
  { SOURCE_HIGH, G_PRIORITY_HIGH, "Loft High lane" },
  { SOURCE_LATER, G_PRIORITY_HIGH, "Loft delayed work" },
  { SOURCE_NORMAL, G_PRIORITY_DEFAULT, "Loft Normal lane" },
  { SOURCE_FENCE, FENCE_PRIORITY, "Loft fence" },
  { SOURCE_LOW, G_PRIORITY_DEFAULT_IDLE, "Loft Low lane" },
  { SOURCE_IDLE, G_PRIORITY_LOW, "Loft Idle lane" },
};

LoftLoop *
loft_loop_new (GMainContext   *context,
               LoftDispatcher *dispatcher,
               gboolean        immortal)
{
  LoftLoop *loop = g_aligned_alloc0 (1, sizeof (LoftLoop), 64);

  loop->refs = 1;
  loop->context = context;
  loop->dispatcher = dispatcher;
  loop->immortal = immortal;
  loop->is_default = context == g_main_context_default ();
  loop->slice = DEFAULT_SLICE;
  loop->wait_limit = DEFAULT_WAIT_LIMIT;
  loop->next_due = NO_TIMER;
  loop->stride = 1;
  loft_work_queue_init (&loop->queue, immortal ? NULL : G_OBJECT (dispatcher));

  for (guint i = 0; i < G_N_ELEMENTS (source_table); i++)
    {
      GSource *source = g_source_new (&loft_loop_source_funcs, sizeof (LoftLoopSource));

      ((LoftLoopSource *) source)->loop = loop;
      ((LoftLoopSource *) source)->kind = source_table[i].kind;
      __atomic_fetch_add (&loop->refs, 1, __ATOMIC_RELAXED);
      g_source_set_priority (source, source_table[i].priority);
      g_source_set_static_name (source, source_table[i].name);
      g_source_set_can_recurse (source, TRUE);
      LOFT_TSAN_RELEASE (source);
      g_source_attach (source, context);
      loop->sources[source_table[i].kind] = source;
    }
  return loop;
}

/* The dispatcher dies: the lanes are empty, since items hold it. */
void
loft_loop_destroy (LoftLoop *loop)
{
  for (guint i = 0; i < N_SOURCES; i++)
    {
      g_source_destroy (loop->sources[i]);
      g_clear_pointer (&loop->sources[i], g_source_unref);
    }
  loft_loop_unref (loop);
}

gboolean
loft_loop_post (LoftLoop     *loop,
                LoftLane      lane,
                LoftWorkItem *item)
{
  if (loft_work_queue_push (&loop->queue, lane, item) == LOFT_PUSH_REFUSED)
    return FALSE;
  loft_loop_wake (loop);
  return TRUE;
}

void
loft_loop_note_dead (LoftLoop *loop,
                     LoftLane  lane)
{
  loft_work_queue_note_dead (&loop->queue, lane);
}

gboolean
loft_loop_add_timer (LoftLoop      *loop,
                     LoftLoopTimer *timer,
                     gint64         due)
{
  gboolean first, closed;

  timer->entry.due = due;
  loft_lock_lock (&loop->timers_lock);
  closed = loft_loop_is_closed (loop);
  if (!closed)
    loft_timer_heap_insert (&loop->timers, &timer->entry);
  first = !closed && loft_timer_heap_peek (&loop->timers) == &timer->entry;
  if (first)
    __atomic_store_n (&loop->next_due, due, __ATOMIC_SEQ_CST);
  loft_lock_unlock (&loop->timers_lock);
  if (first)
    loft_loop_wake (loop);
  return !closed;
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
  __atomic_store_n (&loop->next_due, next != NULL ? next->due : NO_TIMER, __ATOMIC_SEQ_CST);
  loft_lock_unlock (&loop->timers_lock);
  return removed;
}

gboolean
loft_loop_is_closed (LoftLoop *loop)
{
  return __atomic_load_n (&loop->closed, __ATOMIC_ACQUIRE);
}

gint64
loft_loop_get_slice (LoftLoop *loop)
{
  return __atomic_load_n (&loop->slice, __ATOMIC_RELAXED);
}

void
loft_loop_set_slice (LoftLoop *loop,
                     gint64    slice)
{
  __atomic_store_n (&loop->slice, slice, __ATOMIC_RELAXED);
}

gint64
loft_loop_get_wait_limit (LoftLoop *loop)
{
  return __atomic_load_n (&loop->wait_limit, __ATOMIC_RELAXED);
}

void
loft_loop_set_wait_limit (LoftLoop *loop,
                          gint64    limit)
{
  __atomic_store_n (&loop->wait_limit, limit, __ATOMIC_RELAXED);
}

/* The innermost slice of this loop that is running on this thread. */
LoftDispatchFrame *
loft_loop_peek_frame (LoftLoop *loop)
{
  LoftDispatchFrame *frame = loft_thread_state_get ()->dispatch;

  while (frame != NULL && frame->loop != loop)
    frame = frame->outer;
  return frame;
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

/* One poll of the context, without dispatching: whether any source at Low's priority or above is ready. */
static gboolean
loft_loop_context_has_ready (LoftLoop *loop)
{
  GPollFD few[16];
  g_autofree GPollFD *many = NULL;
  GPollFD *fds = few;
  gint priority, timeout, size = G_N_ELEMENTS (few), n;

  g_main_context_prepare (loop->context, &priority);
  priority = MIN (priority, G_PRIORITY_DEFAULT_IDLE);
  while ((n = g_main_context_query (loop->context, priority, &timeout, fds, size)) > size)
    {
      size = n;
      g_free (many);
      fds = many = g_new (GPollFD, size);
    }
  if (n > 0)
    g_main_context_get_poll_func (loop->context) (fds, (guint) n, 0);
  return g_main_context_check (loop->context, priority, fds, n);
}

gboolean
loft_loop_is_idle (LoftLoop *loop)
{
  return !loft_loop_has_above (loop, LOFT_LANE_IDLE, TRUE) && !loft_loop_context_has_ready (loop);
}

void
loft_loop_close (LoftLoop *loop)
{
  loft_lock_lock (&loop->timers_lock); /* no timer is added from here on */
  __atomic_store_n (&loop->closed, 1, __ATOMIC_RELEASE);
  loft_lock_unlock (&loop->timers_lock);
  for (int which = LOFT_LANE_IDLE; which < LOFT_N_LANES; which++)
    loft_work_queue_close (&loop->queue, which);
}

LoftWorkItem *
loft_loop_pop_any (LoftLoop *loop)
{
  LoftLane lane;

  return loft_loop_pop_best (loop, LOFT_LANE_IDLE, -1, &lane);
}

void
loft_loop_run_all (LoftLoop *loop)
{
  LoftThreadState *thread = loft_thread_state_get ();
  LoftDispatchFrame frame = { .outer = thread->dispatch, .loop = loop, .dispatcher = loop->dispatcher,
                              .slice_end = G_MAXINT64 };
  gboolean entered = loft_loop_enter (loop);
  LoftWorkItem *item;
  LoftLane lane;

  thread->dispatch = &frame;
  while ((item = loft_loop_pop_best (loop, LOFT_LANE_IDLE, -1, &lane)) != NULL)
    {
      frame.priority = loft_lane_to_priority (lane);
      item->klass->run (item, loop->dispatcher);
    }
  thread->dispatch = frame.outer;
  if (entered)
    g_main_context_pop_thread_default (loop->context);
}

LoftLoopTimer *
loft_loop_pop_timer (LoftLoop *loop)
{
  return loft_loop_pop_timer_until (loop, G_MAXINT64 - 1);
}
