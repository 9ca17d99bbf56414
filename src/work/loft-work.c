/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftWork: posted work. It waits in a lane or in the pool, runs once, and ends the action that its
 * poster holds.
 *
 * If a run and a cancel race, the step that begins the work decides which of them wins. Work that
 * is cancelled while it waits in a dispatcher's lane ends at once, and its data is released when
 * its turn comes. When work has run, its data is released before the end is announced, so code that
 * sees the end also sees that the data is gone. */

#include "config.h"

#include "base/loft-atomic-private.h"
#include "base/loft-thread-private.h"
#include "loop/loft-loop-private.h"
#include "dispatcher/loft-dispatcher-private.h"
#include "work/loft-work-private.h"

G_DEFINE_ABSTRACT_TYPE (LoftWork, loft_work, LOFT_TYPE_ASYNC_BASE)

static LoftWork *
loft_work_from_item (LoftWorkItem *item)
{
  return (LoftWork *) ((char *) item - G_STRUCT_OFFSET (LoftWork, item));
}

/* The call of the handler. */

typedef struct
{
  gboolean success;
  GError *error;
  LoftValueBox *box;     /* the result, also of a try form that goes on with `inner` */
  LoftAsyncInfo *inner;  /* the object with which the work goes on */
} LoftVerdict;

static void
loft_work_call_operation (LoftWork       *self,
                          LoftDispatcher *dispatcher,
                          LoftRunFrame   *frame,
                          LoftVerdict    *verdict)
{
  LoftDispatcher *home = loft_async_base_peek_creator_home (LOFT_ASYNC_BASE (self));
  GValue result = G_VALUE_INIT;
  GType type, progress_type;

  loft_async_base_get_types (LOFT_ASYNC_BASE (self), &type, &progress_type);
  g_value_init (&result, type);
  verdict->success = ((LoftOperationHandler) self->handler) (LOFT_ASYNC_OPERATION (self), &result,
                                                             self->user_data, &verdict->error);
  if (verdict->success && frame->work == NULL)
    {
      verdict->success = loft_async_base_fit_value (LOFT_ASYNC_BASE (self), type, &result,
                                                    &verdict->error);
      if (home == NULL && dispatcher != NULL && loft_home_matters_for (type))
        home = dispatcher;
      if (verdict->success)
        verdict->box = loft_value_box_new (&result, home);
    }
  if (G_IS_VALUE (&result))
    g_value_unset (&result);
}

static void
loft_work_call_try (LoftWork    *self,
                    gboolean     success,
                    LoftVerdict *verdict)
{
  GValue ran = G_VALUE_INIT;

  verdict->success = success;
  if (!success)
    return;
  g_value_init (&ran, G_TYPE_BOOLEAN);
  g_value_set_boolean (&ran, TRUE);
  verdict->box = loft_value_box_new (&ran, NULL);
}

/* The handler has set the object that the work goes on with, and takes @work. If the handler has
 * succeeded, what it returned does not count. But a try form has run, and says so at its end. */
static void
loft_work_go_on_with (LoftWork      *self,
                      LoftAsyncInfo *work,
                      LoftVerdict   *verdict)
{
  if (verdict->error != NULL || verdict->inner != NULL || !verdict->success)
    {
      g_object_unref (work);
      return;
    }
  if (self->kind == LOFT_WORK_OPERATION)
    g_clear_pointer (&verdict->box, loft_value_box_unref);
  verdict->inner = work;
}

static void
loft_work_call (LoftWork       *self,
                LoftDispatcher *dispatcher,
                LoftVerdict    *verdict)
{
  LoftThread *thread = loft_thread_get ();
  LoftRunFrame frame = { thread->run, (LoftAsyncInfo *) self, TRUE, NULL };
  LoftAsyncAction *action = (LoftAsyncAction *) self;

  thread->run = &frame;
  switch ((LoftWorkKind) self->kind)
    {
    case LOFT_WORK_ACTION:
      verdict->success = ((LoftWorkHandler) self->handler) (action, self->user_data,
                                                            &verdict->error);
      break;
    case LOFT_WORK_IDLE:
      verdict->success = ((LoftIdleHandler) self->handler) (action, dispatcher, self->user_data,
                                                            &verdict->error);
      break;
    case LOFT_WORK_OPERATION:
      loft_work_call_operation (self, dispatcher, &frame, verdict);
      break;
    case LOFT_WORK_TRY:
      loft_work_call_try (self,
                          ((LoftWorkHandler) self->handler) (action, self->user_data,
                                                             &verdict->error),
                          verdict);
      break;
    case LOFT_WORK_TRY_IDLE:
      loft_work_call_try (self,
                          ((LoftIdleHandler) self->handler) (action, dispatcher, self->user_data,
                                                             &verdict->error),
                          verdict);
      break;
    case LOFT_WORK_NESTED:
      verdict->inner = ((LoftNestedHandler) self->handler) (action, self->user_data,
                                                            &verdict->error);
      break;
    case LOFT_N_WORK_KINDS:
    default:
      g_assert_not_reached ();
    }
  thread->run = frame.outer;
  if (frame.work != NULL)
    loft_work_go_on_with (self, frame.work, verdict);
  if (dispatcher == NULL)
    loft_stop_if_over ();
}

/* Releases the data of the work, once. The first node of the work that comes up does it, or a move
 * to another lane that came too late for all nodes. */
static void
loft_work_release_data (LoftWork *self)
{
  GDestroyNotify destroy;

  /* Relaxed: a notify that was taken stays taken, and nothing is read because of it. */
  if (loft_load_relaxed (&self->destroy) == NULL)
    return;
  /* Acquire and release: a node that comes up and a move that was refused may run on two
   * threads. */
  destroy = loft_exchange_acq_rel (&self->destroy, NULL);

  if ((self->flags & LOFT_WORK_ON_POOL) != 0)
    loft_async_base_release_at_home ((LoftAsyncBase *) self, self->target, destroy,
                                     self->user_data);
  else if (destroy != NULL)
    destroy (self->user_data);
}

/* Nested work. The data that its inner action uses stays until that action has ended. */
typedef struct
{
  LoftWork *work;       /* strong */
  LoftDispatcher *home; /* held; NULL: the MTA */
} LoftNested;

static LoftNested *
loft_nested_new (LoftWork *work)
{
  LoftNested *nested = g_new (LoftNested, 1);

  *nested = (LoftNested) { g_object_ref (work), loft_home_hold (work->target) };
  return nested;
}

static void
loft_nested_release (gpointer data)
{
  LoftNested *nested = data;

  /* Acquire and release: see loft_work_release_data (). */
  loft_async_base_release_at_home ((LoftAsyncBase *) nested->work, nested->home,
                                   loft_exchange_acq_rel (&nested->work->destroy, NULL),
                                   nested->work->user_data);
  g_object_unref (nested->work);
  loft_home_let_go (nested->home);
  g_free (nested);
}

/* Runs the handler of a work that has begun, and ends the work. */
static void
loft_work_run_begun (LoftWork       *self,
                     LoftDispatcher *dispatcher)
{
  LoftAsyncBase *base = (LoftAsyncBase *) self;
  LoftVerdict verdict = { FALSE };
  GObject *owner = NULL;

  if (G_UNLIKELY ((self->flags & LOFT_WORK_OWNED) != 0))
    {
      owner = loft_async_base_dup_owner (base); /* held while the work runs */
      if (owner == NULL)
        {
          loft_work_release_data (self);
          loft_async_base_end_canceled (base, LOFT_CANCEL_REASON_OWNER_GONE);
          return;
        }
    }

  loft_work_call (self, dispatcher, &verdict);
  if (verdict.inner == NULL || verdict.error != NULL)
    loft_work_release_data (self);
  if (!verdict.success)
    loft_async_base_set_error_home (base, (self->flags & LOFT_WORK_ON_POOL) != 0 ? self->target
                                                                                 : dispatcher);
  if (verdict.inner != NULL && verdict.error == NULL)
    loft_async_base_follow (base, verdict.inner, verdict.box, loft_nested_release,
                            loft_nested_new (self));
  else
    loft_async_base_end_by_handler (base, verdict.success, verdict.error, verdict.box);
  g_clear_object (&verdict.inner);
  g_clear_object (&owner);
}

/* One of the work's nodes has come up. Only the node of the current generation runs the work. Any
 * node releases the data of a work that was cancelled. */
static void
loft_work_run_node (LoftWork       *self,
                    guint32         generation,
                    LoftDispatcher *dispatcher)
{
  LoftAsyncBase *base = (LoftAsyncBase *) self;

  /* Relaxed: a move that happens at this moment may lose against the old node. The new node then
   * finds that the work has begun. */
  if (loft_load_relaxed (&self->generation) == generation && loft_async_base_begin (base))
    {
      self->begun = TRUE;
      loft_work_run_begun (self, dispatcher);
    }
  else if (!self->begun && loft_phase_has_ended (loft_async_base_get_phase (base)))
    loft_work_release_data (self);
  g_object_unref (self);
}

static void
loft_work_item_run (LoftWorkItem   *item,
                    LoftDispatcher *dispatcher)
{
  loft_work_run_node (loft_work_from_item (item), 0, dispatcher);
}

static void
loft_work_item_drop (LoftWorkItem   *item,
                     LoftDispatcher *dispatcher)
{
  loft_work_drop (loft_work_from_item (item));
}

static gboolean
loft_work_item_is_dead (LoftWorkItem *item)
{
  return loft_phase_has_ended (
    loft_async_base_get_phase ((LoftAsyncBase *) loft_work_from_item (item)));
}

static void
loft_work_item_get_site (LoftWorkItem *item,
                         LoftCallSite *out_site)
{
  *out_site = loft_async_base_get_core ((LoftAsyncBase *) loft_work_from_item (item))->site;
}

static const LoftWorkItemClass loft_work_item_class = {
  .name = "action",
  .run = loft_work_item_run,
  .drop = loft_work_item_drop,
  .is_dead = loft_work_item_is_dead,
  .get_site = loft_work_item_get_site,
};

/* Returns the class of the work's companion, or NULL if it has none. It does not return the
 * companion, because another thread may be taking that away. */
static const LoftWorkCompanionClass *
loft_work_get_companion_class (LoftWork *self)
{
  LoftAsyncCore *core;
  LoftWorkCompanion *companion;
  const LoftWorkCompanionClass *klass;

  if (G_LIKELY ((self->flags & LOFT_WORK_ACCOMPANIED) == 0))
    return NULL;
  core = loft_async_base_get_core ((LoftAsyncBase *) self);
  loft_lock_lock (&core->lock);
  companion = core->extra != NULL ? core->extra->companion : NULL;
  klass = companion != NULL ? companion->klass : NULL;
  loft_lock_unlock (&core->lock);
  return klass;
}

/* The class. */

static void
loft_work_queued_canceled_locked (LoftAsyncBase *base)
{
  LoftWork *self = LOFT_WORK (base);
  LoftAsyncCore *core = loft_async_base_get_core (base);

  if ((self->flags & LOFT_WORK_ON_POOL) != 0 ||
      ((self->flags & LOFT_WORK_ACCOMPANIED) != 0 && core->extra->companion != NULL))
    return; /* it is not in a lane, or not yet */
  /* The work's node is still in the lane, and it cannot leave the lane before the object's lock is
   * released. So the dispatcher still exists. */
  loft_loop_note_dead (loft_dispatcher_peek_loop (self->target),
                       LOFT_WORD_LANE (loft_async_core_get_word_locked (core)));
}

/* The work was cancelled, or somebody else has ended it, before its turn. Its node comes up later,
 * and only releases the data. */
static void
loft_work_ended_unrun (LoftAsyncBase *base)
{
  LoftWork *self = LOFT_WORK (base);
  const LoftWorkCompanionClass *companion = loft_work_get_companion_class (self);

  if (companion != NULL)
    companion->ended_unrun (self);
  if ((self->flags & LOFT_WORK_ON_POOL) != 0) /* a worker may take the node much later */
    loft_work_release_data (self);
}

static LoftDispatcher *
loft_work_peek_runner (LoftAsyncBase *base)
{
  LoftWork *self = LOFT_WORK (base);

  return (self->flags & LOFT_WORK_ON_POOL) != 0 ? NULL : self->target;
}

/* Asks the companion of a work that waits, for example for a place among other work. */
static gboolean
loft_work_ends_only_after (LoftAsyncBase *base,
                           gboolean     (*hopeless) (LoftAsyncInfo *info))
{
  LoftWork *self = LOFT_WORK (base);
  const LoftWorkCompanionClass *companion = loft_work_get_companion_class (self);

  return companion != NULL && companion->holds_up != NULL &&
         loft_async_base_get_phase (base) == LOFT_PHASE_QUEUED &&
         companion->holds_up (self, hopeless);
}

static void
loft_work_finalize (GObject *object)
{
  LoftWork *self = LOFT_WORK (object);
  const LoftWorkCompanionClass *companion = loft_work_get_companion_class (self);

  if (companion != NULL && companion->finalized != NULL)
    companion->finalized (self);
  if ((self->flags & LOFT_WORK_ON_POOL) != 0)
    loft_home_let_go (self->target);
  G_OBJECT_CLASS (loft_work_parent_class)->finalize (object);
}

static void
loft_work_class_init (LoftWorkClass *klass)
{
  LoftAsyncBaseClass *base_class = LOFT_ASYNC_BASE_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = loft_work_finalize;
  base_class->ended_unrun = loft_work_ended_unrun;
  base_class->queued_canceled_locked = loft_work_queued_canceled_locked;
  base_class->peek_runner = loft_work_peek_runner;
  base_class->ends_only_after = loft_work_ends_only_after;
}

static void
loft_work_init (LoftWork *self)
{
}

/* The classes of posted work. They differ in the interfaces that callers see. Each class adds only
 * one interface to its parent, because in a class that introspection does not know, gjs finds the
 * methods of only one interface. */

#define LOFT_DECLARE_SHAPE(Name, name)               \
  typedef LoftWork Name;                             \
  typedef LoftWorkClass Name##Class;                 \
  GType name##_get_type (void);                      \
  static void name##_class_init (Name##Class *klass) \
  {                                                  \
    LOFT_TSAN_RELEASE (klass);                       \
  }                                                  \
  static void name##_init (Name *self)               \
  {                                                  \
  }

LOFT_DECLARE_SHAPE (LoftWorkAction, loft_work_action)
LOFT_DECLARE_SHAPE (LoftWorkOperation, loft_work_operation)
LOFT_DECLARE_SHAPE (LoftWorkActionWithProgress, loft_work_action_with_progress)
LOFT_DECLARE_SHAPE (LoftWorkOperationWithProgress, loft_work_operation_with_progress)
LOFT_DECLARE_SHAPE (LoftWorkTry, loft_work_try)

G_DEFINE_TYPE_WITH_CODE (LoftWorkAction, loft_work_action, LOFT_TYPE_WORK,
                         G_IMPLEMENT_INTERFACE (LOFT_TYPE_ASYNC_ACTION, NULL))
G_DEFINE_TYPE_WITH_CODE (LoftWorkOperation, loft_work_operation, LOFT_TYPE_WORK,
                         G_IMPLEMENT_INTERFACE (LOFT_TYPE_ASYNC_OPERATION, NULL))
G_DEFINE_TYPE_WITH_CODE (LoftWorkActionWithProgress, loft_work_action_with_progress,
                         loft_work_action_get_type (),
                         G_IMPLEMENT_INTERFACE (LOFT_TYPE_ASYNC_WITH_PROGRESS, NULL))
G_DEFINE_TYPE_WITH_CODE (LoftWorkOperationWithProgress, loft_work_operation_with_progress,
                         loft_work_operation_get_type (),
                         G_IMPLEMENT_INTERFACE (LOFT_TYPE_ASYNC_WITH_PROGRESS, NULL))
/* One object is both the operation that the poster receives and the action that the handler
 * receives. */
G_DEFINE_TYPE_WITH_CODE (LoftWorkTry, loft_work_try, loft_work_action_get_type (),
                         G_IMPLEMENT_INTERFACE (LOFT_TYPE_ASYNC_OPERATION, NULL))

/* Returns the class with the interfaces that the caller is promised. */
static GType
loft_work_get_shape (const LoftWorkRequest *request)
{
  gboolean reports = (request->flags & LOFT_WORK_REPORTS) != 0;

  if (request->kind == LOFT_WORK_TRY || request->kind == LOFT_WORK_TRY_IDLE)
    return loft_work_try_get_type ();
  if ((request->flags & LOFT_WORK_GIVES_VALUE) != 0)
    return reports ? loft_work_operation_with_progress_get_type ()
                   : loft_work_operation_get_type ();
  return reports ? loft_work_action_with_progress_get_type () : loft_work_action_get_type ();
}

/* The creation of a work. */

void
loft_work_request_reject (const LoftWorkRequest *request,
                          int                    priority,
                          LoftPriority           lowest,
                          const char            *function)
{
  if (request->handler == NULL)
    g_critical ("%s: the handler is NULL", function);
  else if ((request->flags & LOFT_WORK_GIVES_VALUE) != 0 && !G_TYPE_IS_VALUE (request->value_type))
    g_critical ("%s: the value type is no type that a GValue holds", function);
  else if ((request->flags & LOFT_WORK_REPORTS) != 0 && !G_TYPE_IS_VALUE (request->progress_type))
    g_critical ("%s: the progress type is no type that a GValue holds", function);
  else
    loft_priority_check (priority, lowest, function);

  if (request->destroy != NULL)
    request->destroy (request->user_data);
}

LoftWork *
loft_work_new (const LoftWorkRequest *request)
{
  LoftWork *self = g_object_new (loft_work_get_shape (request), NULL);
  LoftAsyncBase *base = (LoftAsyncBase *) self;

  loft_async_base_init_work (base, LOFT_PHASE_QUEUED, request->lane, &request->site);
  self->item.klass = &loft_work_item_class;
  self->target = request->target;
  self->handler = request->handler;
  self->user_data = request->user_data;
  self->destroy = request->destroy;
  self->kind = (guint8) request->kind;
  self->flags = (guint8) request->flags;
  if (request->value_type != G_TYPE_INVALID)
    loft_async_base_set_value_type (base, request->value_type);
  if (request->progress_type != G_TYPE_INVALID)
    loft_async_base_set_progress_type (base, request->progress_type);
  return self;
}

void
loft_work_run (LoftWork       *self,
               LoftDispatcher *dispatcher)
{
  loft_work_run_node (self, 0, dispatcher);
}

/* Ends a work that has not run: Canceled, SHUT_DOWN, or for a try form Completed with FALSE. */
static void
loft_work_end_unrun (LoftWork *self)
{
  LoftAsyncBase *base = (LoftAsyncBase *) self;

  if (self->kind == LOFT_WORK_TRY || self->kind == LOFT_WORK_TRY_IDLE)
    {
      GValue ran = G_VALUE_INIT;

      g_value_init (&ran, G_TYPE_BOOLEAN);
      loft_async_base_complete_with_value (base, &ran);
    }
  else
    loft_async_base_end_canceled (base, LOFT_CANCEL_REASON_SHUT_DOWN);
}

void
loft_work_refuse (LoftWork *self)
{
  GDestroyNotify destroy = g_steal_pointer (&self->destroy);

  loft_work_end_unrun (self);
  if (destroy != NULL)
    destroy (self->user_data);
}

void
loft_work_drop (LoftWork *self)
{
  loft_work_release_data (self);
  loft_work_end_unrun (self);
  g_object_unref (self);
}

gboolean
loft_work_waits_on (LoftWork       *self,
                    LoftDispatcher *dispatcher)
{
  return (self->flags & LOFT_WORK_ON_POOL) == 0 && self->target == dispatcher &&
         loft_async_base_get_phase ((LoftAsyncBase *) self) == LOFT_PHASE_QUEUED;
}

LoftWorkCompanion *
loft_work_get_companion (LoftWork *self)
{
  LoftAsyncCore *core = loft_async_base_get_core ((LoftAsyncBase *) self);
  LoftWorkCompanion *companion;

  loft_lock_lock (&core->lock);
  companion = core->extra != NULL ? core->extra->companion : NULL;
  loft_lock_unlock (&core->lock);
  return companion;
}

void
loft_work_set_companion (LoftWork          *self,
                         LoftWorkCompanion *companion)
{
  LoftAsyncCore *core = loft_async_base_get_core ((LoftAsyncBase *) self);

  loft_lock_lock (&core->lock);
  loft_async_base_extra_locked ((LoftAsyncBase *) self)->companion = companion;
  loft_lock_unlock (&core->lock);
}

LoftWorkCompanion *
loft_work_steal_companion (LoftWork *self)
{
  LoftAsyncCore *core = loft_async_base_get_core ((LoftAsyncBase *) self);
  LoftWorkCompanion *companion;

  loft_lock_lock (&core->lock);
  companion = core->extra != NULL ? g_steal_pointer (&core->extra->companion) : NULL;
  loft_lock_unlock (&core->lock);
  return companion;
}

/* Moving posted work to another lane. A second node goes into the new lane, and the old node no
 * longer does anything.
 *
 * The old node is not taken out of its lane, because only the consumer of the lane may do that. So
 * each node has a generation, and only the newest node runs the work. The other nodes find that the
 * work has begun or ended, or that they are not the newest. */

/* A second node, in the lane that the work was moved to. */
typedef struct
{
  LoftWorkItem item;
  LoftWork *work; /* strong */
  guint32 generation;
} LoftMovedNode;

G_STATIC_ASSERT (G_STRUCT_OFFSET (LoftMovedNode, item) == 0);

static void
loft_moved_node_run (LoftWorkItem   *item,
                     LoftDispatcher *dispatcher)
{
  LoftMovedNode *node = (LoftMovedNode *) item;

  loft_work_run_node (node->work, node->generation, dispatcher);
  g_free (node);
}

static void
loft_moved_node_drop (LoftWorkItem   *item,
                      LoftDispatcher *dispatcher)
{
  LoftMovedNode *node = (LoftMovedNode *) item;

  loft_work_drop (node->work);
  g_free (node);
}

static gboolean
loft_moved_node_is_dead (LoftWorkItem *item)
{
  return loft_phase_has_ended (
    loft_async_base_get_phase ((LoftAsyncBase *) ((LoftMovedNode *) item)->work));
}

static void
loft_moved_node_get_site (LoftWorkItem *item,
                          LoftCallSite *out_site)
{
  *out_site = loft_async_base_get_core ((LoftAsyncBase *) ((LoftMovedNode *) item)->work)->site;
}

static const LoftWorkItemClass loft_moved_node_class = {
  .name = "moved action",
  .run = loft_moved_node_run,
  .drop = loft_moved_node_drop,
  .is_dead = loft_moved_node_is_dead,
  .get_site = loft_moved_node_get_site,
};

/* Stores the new lane, which deliveries and counters use. Returns FALSE if the work does not wait
 * any more. */
static gboolean
loft_work_set_lane (LoftWork *self,
                    LoftLane  lane)
{
  LoftAsyncCore *core = loft_async_base_get_core ((LoftAsyncBase *) self);
  guint32 word;
  gboolean waits;

  loft_lock_lock (&core->lock);
  word = loft_async_core_get_word_locked (core);
  waits = LOFT_WORD_PHASE (word) == LOFT_PHASE_QUEUED;
  /* Relaxed: the lock orders the change. It is made with an atomic exclusive or, because other
   * threads may set flags in the same word without the lock. */
  if (waits)
    __atomic_fetch_xor (&core->lock.word,
                        ((guint32) LOFT_WORD_LANE (word) ^ (guint32) lane) << LOFT_WORD_LANE_SHIFT,
                        __ATOMIC_RELAXED);
  loft_lock_unlock (&core->lock);
  return waits;
}

gboolean
loft_work_move (LoftWork *self,
                LoftLane  lane)
{
  LoftMovedNode *node;

  if (loft_loop_is_closed (loft_dispatcher_peek_loop (self->target)) ||
      !loft_work_set_lane (self, lane))
    return FALSE;
  if ((self->flags & LOFT_WORK_ACCOMPANIED) != 0 && loft_work_get_companion (self) != NULL)
    return TRUE; /* it is not in a lane yet, and will go to the new one */

  node = g_new0 (LoftMovedNode, 1);
  node->item.klass = &loft_moved_node_class;
  node->work = g_object_ref (self);
  /* Relaxed: the post comes after this, so the thread that takes the new node from its lane also
   * sees the new number. For an old node see loft_work_run_node (). */
  node->generation = __atomic_add_fetch (&self->generation, 1, __ATOMIC_RELAXED);
  if (loft_dispatcher_post_item (self->target, lane, &node->item))
    return TRUE;

  /* The dispatcher closed at this moment, and its last round may have skipped the old node. So that
   * the work is not lost, it is ended here, unless it has begun. Its data is released on this
   * thread, because its home is gone. */
  g_free (node);
  if (loft_async_base_begin ((LoftAsyncBase *) self))
    {
      loft_dispatcher_count_undelivered (self->target);
      loft_work_release_data (self);
      loft_work_end_unrun (self);
    }
  g_object_unref (self);
  return FALSE;
}
