/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftLoopSource: the GSources by which a dispatcher lives in a GMainContext. There is one for each
 * lane, one for what is due later, and the fence.
 *
 *   priority                      source         ready when
 *   G_PRIORITY_HIGH (-100)        High lane      it has items, and the dispatcher does not stand
 *                                                aside; or its share of the time is due; or a lane
 *                                                has waited for too long
 *   G_PRIORITY_HIGH               later          something is due: it goes to its lane
 *   G_PRIORITY_DEFAULT (0)        Normal lane    it has items, and the dispatcher does not stand
 *                                                aside
 *   G_PRIORITY_HIGH_IDLE + 21     fence          nothing above is ready: just below GDK's redraw
 *   G_PRIORITY_DEFAULT_IDLE (200) Low lane       as Normal, unless a frame is due
 *   G_PRIORITY_LOW (300)          Idle lane      as Low
 *   G_PRIORITY_LOW + 1            timer lane     as Low: ticks that were given no priority of
 *                                                their own
 *
 * Slice and fence. `consumed` is the time that items took since the loop last came down to the
 * fence. When it reaches the slice, the dispatcher stands aside with all its lanes (`paused`),
 * until the fence is dispatched, 32 turns have gone by, or its share is due. One turn would not be
 * enough: GLib dispatches one priority level a turn, and while a pointer moves the free turn always
 * goes to the input, never to the redraw. The whole dispatcher stands aside and not a single lane,
 * because two flooded lanes would otherwise relieve each other.
 *
 * Share. A redraw that is always late would keep the loop above the fence, and above Low and Idle,
 * for ever. So the loop measures the time that others take while something waits here. The
 * dispatcher's share is a quarter of the whole time, that is, a third of the time that the others
 * take. When this share has grown to a slice, the dispatcher is due, whatever else is ready, and
 * has that much time, up to 100 ms.
 *
 * Frames. If a frame clock has told when its next frame is due, a slice ends before that time, and
 * Low, Idle and the timer lane wait from then on until the clock tells of the frame after that one.
 * If it does not, they wait for LOFT_FRAME_GRACE and no longer. The share and the bounded wait come
 * before frames: a window that is always late, or that never draws, does not hold anything for
 * ever. High and Normal are not held, because they come before a redraw in GLib's order.
 *
 * The wake-up. A loop that may sleep has said so (`asleep`), and a post that finds it asleep wakes
 * it. A turn sets `asleep` when it begins. Only a wake and a slice that runs clear the flag, and a
 * slice checks the lanes once more at its end. Even if the context has been checked, or has
 * finished a turn, a thread may still be about to sleep: a program may do both inside a poll
 * function of its own. The two sides are a Dekker pair: the poster writes the lane and then reads
 * `asleep`, and the loop writes `asleep` and then reads the lanes. All of these accesses are
 * sequentially consistent, so at least one of the two sees the other. */

#include "config.h"

#include "base/loft-atomic-private.h"
#include "base/loft-thread-private.h"
#include "loop/loft-loop-private.h"

#define DEFAULT_SLICE      (4 * G_TIME_SPAN_MILLISECOND)
#define DEFAULT_WAIT_LIMIT (1 * G_TIME_SPAN_SECOND)
#define DEFAULT_SHARE      250
#define MAX_PAUSED_TURNS   32
#define FENCE_PRIORITY     (G_PRIORITY_HIGH_IDLE + 21)

typedef struct
{
  GSource source;
  LoftLoop *loop; /* a reference */
  LoftSourceKind kind;
} LoftLoopSource;

G_STATIC_ASSERT (G_STRUCT_OFFSET (LoftLoopSource, source) == 0);

static void
set_timeout_until (gint  *timeout,
                   gint64 deadline,
                   gint64 now)
{
  gint64 ms = deadline <= now ? 0 : (deadline - now + 999) / 1000;

  *timeout = (gint) MIN (ms, G_MAXINT);
}

/* When another thread runs the context, the context no longer belongs to the thread that pushed it
 * and does not end with that thread. Relaxed: the value is only compared, and the thread that ends
 * the dispatcher owns the context, too. */
static void
loft_loop_note_runner (LoftLoop *loop)
{
  gpointer pushed_on = loft_load_relaxed (&loop->pushed_on);

  if (G_UNLIKELY (pushed_on != NULL && pushed_on != loft_thread_get ()))
    loft_store_relaxed (&loop->pushed_on, NULL);
}

/* Begins a turn of the loop. High is the first of the dispatcher's sources that is prepared. */
static void
loft_loop_begin_turn (LoftLoop *loop)
{
  if (loop->peeking)
    return; /* this is no turn of the loop: a handler calls is_idle */
  /* Sequentially consistent: the loop's half of the wake-up, see above. The sources read the lanes
   * and `next_due` after this. */
  loft_store_seq_cst (&loop->asleep, 1);
  if (loop->is_default)
    loft_thread_note_default_runner ();
  else
    loft_loop_note_runner (loop);
  if (G_UNLIKELY (loft_thread_has_put_off ()))
    /* A handler runs a loop of its own. What the thread has put off behind it must not wait for
     * that loop. */
    loft_thread_hand_over ();
  loft_loop_note_waiting (loop);
  loft_loop_look_at_share (loop);
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
  /* Sequentially consistent: read after `asleep` was written in loft_loop_begin_turn (). See
   * `next_due`. */
  gint64 due = loft_load_seq_cst (&loop->next_due);
  gint64 now;

  if (due == LOFT_NO_TIMER)
    return FALSE;
  now = loft_clock_now ();
  if (timeout != NULL)
    set_timeout_until (timeout, due, now);
  return due <= now;
}

/* Returns whether a lane has waited for longer than the limit. @timeout is as in
 * loft_loop_source_is_ready (). */
static gboolean
loft_loop_is_overdue (LoftLoop *loop,
                      gint     *timeout)
{
  gint64 deadline = loft_loop_note_waiting (loop), now;

  if (deadline == 0)
    return FALSE;
  now = loft_clock_now ();
  if (timeout != NULL)
    set_timeout_until (timeout, deadline, now);
  return now >= deadline;
}

/* Returns whether the lanes below the redraw wait for a frame that is due. A call of process_events
 * runs what waits now, and does not wait for a frame. @timeout is as in
 * loft_loop_source_is_ready (). */
static gboolean
loft_loop_waits_for_frame (LoftLoop *loop,
                           gint     *timeout)
{
  gint64 now, until;

  if (G_LIKELY (loop->frame_times.n == 0) || (loop->frames != NULL && loop->frames->processes != 0))
    return FALSE;
  now = loft_clock_now ();
  until = loft_frame_times_held_until (&loop->frame_times, now);
  if (until == 0)
    return FALSE;
  if (timeout != NULL)
    set_timeout_until (timeout, until, now);
  return TRUE;
}

/* Returns whether a source has something to do. Sets @timeout to how many ms the loop may sleep;
 * it is NULL when checking. */
static gboolean
loft_loop_source_is_ready (LoftLoop      *loop,
                           LoftSourceKind kind,
                           gint          *timeout)
{
  if (loop->peeking && kind != LOFT_SOURCE_LATER)
    return FALSE; /* is_idle asks only for the other sources */
  if (G_UNLIKELY (loop->frames != NULL) && kind < LOFT_SOURCE_FENCE &&
      loop->frames->depth == g_main_depth () && loft_loop_frame_is_done (loop->frames))
    return FALSE;
  switch (kind)
    {
    case LOFT_SOURCE_LATER:
      return loft_loop_later_is_due (loop, timeout);

    case LOFT_SOURCE_FENCE:
      if (timeout == NULL)
        return loop->paused;
      if (loop->paused)
        *timeout = 0; /* asked again when it is known which other sources are ready */
      return FALSE;

    case LOFT_SOURCE_HIGH:
      return !loop->paused && (loft_loop_lane_has (loop, LOFT_LANE_HIGH) || loop->share_due ||
                               loft_loop_is_overdue (loop, timeout));

    case LOFT_SOURCE_NORMAL:
      return !loop->paused && loft_loop_lane_has (loop, LOFT_LANE_NORMAL);

    case LOFT_SOURCE_LOW:
    case LOFT_SOURCE_IDLE:
    case LOFT_SOURCE_TIMER:
      return !loop->paused && loft_loop_lane_has (loop, (LoftLane) kind) &&
             !loft_loop_waits_for_frame (loop, timeout);

    case LOFT_N_SOURCES:
    default:
      g_assert_not_reached ();
    }
}

/* The three callbacks begin and end with these functions, which announce to ThreadSanitizer what
 * the context's lock does: each callback sees what the one before it wrote, perhaps on another
 * thread. */

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
  if (self->kind == LOFT_SOURCE_HIGH)
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

  if (self->kind == LOFT_SOURCE_FENCE && !loop->paused)
    loop->consumed = 0; /* checked only when nothing above is ready: the loop has come down */
  ready = loft_loop_source_is_ready (loop, self->kind, NULL);
  loft_loop_source_leave (self);
  return ready;
}

static gboolean
loft_loop_source_dispatch (GSource     *source,
                           GSourceFunc  callback,
                           gpointer     user_data)
{
  LoftLoopSource *self = loft_loop_source_enter (source);
  LoftLoop *loop = self->loop;

  /* A handler may drop the dispatcher, which destroys the sources. The context holds this source
   * until this function returns. */
  switch (self->kind)
    {
    case LOFT_SOURCE_FENCE:
      loop->paused = FALSE;
      loop->consumed = 0;
      break;
    case LOFT_SOURCE_LATER:
      loft_loop_dispatch_later (loop);
      break;
    case LOFT_SOURCE_TIMER:
    case LOFT_SOURCE_IDLE:
    case LOFT_SOURCE_LOW:
    case LOFT_SOURCE_NORMAL:
      loft_loop_dispatch_lane (loop, (LoftLane) self->kind);
      break;

    case LOFT_SOURCE_HIGH:
      loft_loop_dispatch_lane (loop, loop->share_due ? LOFT_LANE_LOWEST : LOFT_LANE_HIGH);
      break;
    case LOFT_N_SOURCES:
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
  LoftSourceKind kind;
  int priority;
  const char *name;
} source_table[] = {
  /* High is first, because it begins the turn. */
  { LOFT_SOURCE_HIGH, G_PRIORITY_HIGH, "Loft High lane" },
  { LOFT_SOURCE_LATER, G_PRIORITY_HIGH, "Loft delayed work" },
  { LOFT_SOURCE_NORMAL, G_PRIORITY_DEFAULT, "Loft Normal lane" },
  { LOFT_SOURCE_FENCE, FENCE_PRIORITY, "Loft fence" },
  { LOFT_SOURCE_LOW, G_PRIORITY_DEFAULT_IDLE, "Loft Low lane" },
  { LOFT_SOURCE_IDLE, G_PRIORITY_LOW, "Loft Idle lane" },
  { LOFT_SOURCE_TIMER, G_PRIORITY_LOW + 1, "Loft timer lane" },
};

LoftLoop *
loft_loop_new (GMainContext   *context,
               LoftDispatcher *dispatcher)
{
  LoftLoop *loop = g_aligned_alloc0 (1, sizeof (LoftLoop), 64);

  loop->refs = 1;
  loop->context = context;
  loop->dispatcher = dispatcher;
  loop->is_default = context == g_main_context_default ();
  loop->slice = DEFAULT_SLICE;
  loop->wait_limit = DEFAULT_WAIT_LIMIT;
  loop->share = DEFAULT_SHARE;
  loop->next_due = LOFT_NO_TIMER;
  loft_work_queue_init (&loop->queue, G_OBJECT (dispatcher));

  for (guint i = 0; i < G_N_ELEMENTS (source_table); i++)
    {
      GSource *source = g_source_new (&loft_loop_source_funcs, sizeof (LoftLoopSource));

      ((LoftLoopSource *) source)->loop = loop;
      ((LoftLoopSource *) source)->kind = source_table[i].kind;
      loft_refs_take (&loop->refs);
      g_source_set_priority (source, source_table[i].priority);
      g_source_set_static_name (source, source_table[i].name);
      g_source_set_can_recurse (source, TRUE);
      LOFT_TSAN_RELEASE (source);
      g_source_attach (source, context);
      loop->sources[source_table[i].kind] = source;
    }
  return loop;
}

void
loft_loop_make_immortal (LoftLoop *loop)
{
  loop->immortal = TRUE;
  loop->queue.owner = NULL;
}

/* The dispatcher is finalized. The lanes are empty, because items hold the dispatcher. */
void
loft_loop_destroy (LoftLoop *loop)
{
  for (guint i = 0; i < LOFT_N_SOURCES; i++)
    {
      g_source_destroy (loop->sources[i]);
      g_clear_pointer (&loop->sources[i], g_source_unref);
    }
  loft_loop_unref (loop);
}

/* Polls the context once without dispatching. Returns whether any source at Low's priority or above
 * is ready. */
static gboolean
loft_loop_context_has_ready (LoftLoop *loop)
{
  GPollFD few[16];
  g_autofree GPollFD *many = NULL;
  GPollFD *fds = few;
  gint priority, timeout, size = G_N_ELEMENTS (few), n;

  g_main_context_prepare (loop->context, &priority);
  while ((n = g_main_context_query (loop->context, G_PRIORITY_DEFAULT_IDLE, &timeout, fds, size)) >
         size)
    {
      size = n;
      g_free (many);
      fds = many = g_new (GPollFD, size);
    }
  if (n > 0)
    g_main_context_get_poll_func (loop->context) (fds, (guint) n, 0);
  if (!g_main_context_check (loop->context, G_PRIORITY_DEFAULT_IDLE, fds, n))
    return FALSE;
  /* This second call reports the priority of the sources that are ready. It also drops the
   * references on the sources that check lined up for a dispatch that will not come. A dispatch
   * that is in progress would forget to drop them. */
  return g_main_context_prepare (loop->context, &priority) && priority <= G_PRIORITY_DEFAULT_IDLE;
}

gboolean
loft_loop_is_idle (LoftLoop *loop)
{
  gboolean ready;

  if (loft_loop_has_above (loop, LOFT_LANE_IDLE, TRUE))
    return FALSE;
  loop->peeking = TRUE;
  ready = loft_loop_context_has_ready (loop);
  loop->peeking = FALSE;
  return !ready;
}
