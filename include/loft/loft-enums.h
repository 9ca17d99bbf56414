/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(LOFT_INSIDE) && !defined(LOFT_COMPILATION)
#error "Only <loft/loft.h> can be included directly."
#endif

#include <glib.h>

G_BEGIN_DECLS

/**
 * LoftAsyncStatus:
 * @LOFT_ASYNC_STATUS_STARTED: it has neither ended nor been cancelled
 * @LOFT_ASYNC_STATUS_COMPLETED: it succeeded
 * @LOFT_ASYNC_STATUS_CANCELED: it was cancelled; its work may still be running
 * @LOFT_ASYNC_STATUS_ERROR: it failed
 * @LOFT_ASYNC_STATUS_CLOSED: it was closed, and its results are gone
 *
 * The status of an async object.
 *
 * Answers to `Windows.Foundation.AsyncStatus`, with the same numbers.
 */
typedef enum {
  LOFT_ASYNC_STATUS_STARTED = 0,
  LOFT_ASYNC_STATUS_COMPLETED = 1,
  LOFT_ASYNC_STATUS_CANCELED = 2,
  LOFT_ASYNC_STATUS_ERROR = 3,
  LOFT_ASYNC_STATUS_CLOSED = 4,
} LoftAsyncStatus;

/**
 * LoftPriority:
 * @LOFT_PRIORITY_TIMER: below Idle, only for timers: the default priority of a
 *   [class@Loft.DispatcherTimer]
 * @LOFT_PRIORITY_IDLE: when there is nothing else to do (`G_PRIORITY_LOW`)
 * @LOFT_PRIORITY_LOW: after input, resizing and redrawing (`G_PRIORITY_DEFAULT_IDLE`)
 * @LOFT_PRIORITY_NORMAL: beside input (`G_PRIORITY_DEFAULT`)
 * @LOFT_PRIORITY_HIGH: before input (`G_PRIORITY_HIGH`)
 *
 * The lane of a dispatcher in which work waits.
 *
 * These are not GLib's `G_PRIORITY_` numbers. Passing one of those is a critical warning.
 *
 * Answers to `CoreDispatcherPriority`, with the same numbers, and to `DispatcherQueuePriority` and
 * `WorkItemPriority`.
 */
typedef enum {
  LOFT_PRIORITY_TIMER = -3,
  LOFT_PRIORITY_IDLE = -2,
  LOFT_PRIORITY_LOW = -1,
  LOFT_PRIORITY_NORMAL = 0,
  LOFT_PRIORITY_HIGH = 1,
} LoftPriority;

/**
 * LoftCancelReason:
 * @LOFT_CANCEL_REASON_NONE: it was not cancelled
 * @LOFT_CANCEL_REASON_REQUESTED: somebody called `cancel ()` or `abort ()`
 * @LOFT_CANCEL_REASON_BY_WORK: the work itself ended with %G_IO_ERROR_CANCELLED
 * @LOFT_CANCEL_REASON_SHUT_DOWN: its dispatcher accepts no more work
 * @LOFT_CANCEL_REASON_OWNER_GONE: its owner was disposed
 * @LOFT_CANCEL_REASON_TIMED_OUT: its time was up
 * @LOFT_CANCEL_REASON_PROPAGATED: an object that it is part of, follows or continues after was
 *   cancelled
 *
 * Why an async object was cancelled.
 */
typedef enum {
  LOFT_CANCEL_REASON_NONE = 0,
  LOFT_CANCEL_REASON_REQUESTED,
  LOFT_CANCEL_REASON_BY_WORK,
  LOFT_CANCEL_REASON_SHUT_DOWN,
  LOFT_CANCEL_REASON_OWNER_GONE,
  LOFT_CANCEL_REASON_TIMED_OUT,
  LOFT_CANCEL_REASON_PROPAGATED,
} LoftCancelReason;

/**
 * LoftProgressFlags:
 * @LOFT_PROGRESS_ALL: every report is delivered
 * @LOFT_PROGRESS_LATEST: of the reports that wait for the handler's thread only the newest is kept
 *
 * How reports of progress reach their handler.
 */
typedef enum { /*< flags >*/
  LOFT_PROGRESS_ALL = 0,
  LOFT_PROGRESS_LATEST = 1 << 0,
} LoftProgressFlags;

/**
 * LoftWorkOptions:
 * @LOFT_WORK_DEFAULT: share the pool's workers
 * @LOFT_WORK_TIME_SLICED: run on a thread of its own, beside the pool's workers
 *
 * How the thread pool runs an item.
 *
 * Answers to `Windows.System.Threading.WorkItemOptions`.
 */
typedef enum { /*< flags >*/
  LOFT_WORK_DEFAULT = 0,
  LOFT_WORK_TIME_SLICED = 1 << 0,
} LoftWorkOptions;

/**
 * LoftWhenFlags:
 * @LOFT_WHEN_DEFAULT: no item is cancelled
 * @LOFT_WHEN_CANCEL_LOSERS: the other items are cancelled, by when_any when one has ended, by
 *   when_all when one has failed
 * @LOFT_WHEN_PROPAGATE_CANCEL: a cancel of the combined object cancels all items, and the combined
 *   object ends when they have ended
 *
 * What [func@Loft.when_all] and [func@Loft.when_any] do with the items that they wait for.
 */
typedef enum { /*< flags >*/
  LOFT_WHEN_DEFAULT = 0,
  LOFT_WHEN_CANCEL_LOSERS = 1 << 0,
  LOFT_WHEN_PROPAGATE_CANCEL = 1 << 1,
} LoftWhenFlags;

/**
 * LoftTaskGroupFlags:
 * @LOFT_TASK_GROUP_DEFAULT: a child's failure is kept until all have ended
 * @LOFT_TASK_GROUP_CANCEL_ON_FAILURE: a child's failure cancels the others
 *
 * What a [class@Loft.TaskGroup] does when one of its children fails.
 */
typedef enum { /*< flags >*/
  LOFT_TASK_GROUP_DEFAULT = 0,
  LOFT_TASK_GROUP_CANCEL_ON_FAILURE = 1 << 0,
} LoftTaskGroupFlags;

/**
 * LoftProcessEventsOption:
 * @LOFT_PROCESS_EVENTS_ONE_AND_ALL_PENDING: waits until there is an item, and runs all pending
 *   items
 * @LOFT_PROCESS_EVENTS_ONE_IF_PRESENT: runs at most one item, and does not wait
 * @LOFT_PROCESS_EVENTS_UNTIL_QUIT: runs items as they come, until it is told to stop
 * @LOFT_PROCESS_EVENTS_ALL_IF_PRESENT: runs all pending items, and does not wait
 *
 * How much [method@Loft.Dispatcher.process_events] runs.
 *
 * Answers to `CoreProcessEventsOption`, with the same numbers.
 */
typedef enum {
  LOFT_PROCESS_EVENTS_ONE_AND_ALL_PENDING = 0,
  LOFT_PROCESS_EVENTS_ONE_IF_PRESENT = 1,
  LOFT_PROCESS_EVENTS_UNTIL_QUIT = 2,
  LOFT_PROCESS_EVENTS_ALL_IF_PRESENT = 3,
} LoftProcessEventsOption;

/**
 * LoftRunOptions:
 * @LOFT_RUN_DEFAULT: an exit ends this loop
 * @LOFT_RUN_CONTINUE_ON_QUIT: an exit is kept for the loop around this one; this loop is ended only
 *   by its deferral or by the shutdown
 * @LOFT_RUN_QUIT_ONLY_LOCAL_LOOP: an exit ends this loop and no loop around it, which is Loft's
 *   default
 *
 * How [method@Loft.Dispatcher.run_event_loop] ends.
 *
 * Answers to `DispatcherRunOptions`, with the same numbers.
 */
typedef enum { /*< flags >*/
  LOFT_RUN_DEFAULT = 0,
  LOFT_RUN_CONTINUE_ON_QUIT = 1 << 0,
  LOFT_RUN_QUIT_ONLY_LOCAL_LOOP = 1 << 1,
} LoftRunOptions;

/**
 * LoftApartmentType:
 * @LOFT_APARTMENT_STA: a thread with a dispatcher, which runs its work one item at a time and must
 *   not block
 * @LOFT_APARTMENT_MTA: a thread without a dispatcher, which may block
 * @LOFT_APARTMENT_MAIN_STA: the first STA of the process, which is the main thread or, if the main
 *   thread is in the MTA, the first thread that entered an STA
 *
 * The kind of apartment that a thread is in. The numbers are those of `APTTYPE`.
 */
typedef enum {
  LOFT_APARTMENT_STA = 0,
  LOFT_APARTMENT_MTA = 1,
  LOFT_APARTMENT_MAIN_STA = 3,
} LoftApartmentType;

/**
 * LoftApartmentQualifier:
 * @LOFT_APARTMENT_QUALIFIER_NONE: the thread entered its apartment itself, or runs a context
 * @LOFT_APARTMENT_QUALIFIER_IMPLICIT_MTA: the thread is in the MTA only because another thread
 *   keeps the MTA alive
 *
 * How a thread came to its apartment. The numbers are those of `APTTYPEQUALIFIER`.
 */
typedef enum {
  LOFT_APARTMENT_QUALIFIER_NONE = 0,
  LOFT_APARTMENT_QUALIFIER_IMPLICIT_MTA = 1,
} LoftApartmentQualifier;

/**
 * LoftFeederState:
 * @LOFT_FEEDER_OPEN: it takes rows
 * @LOFT_FEEDER_CLOSED: it takes no more rows, and some that it took are not in the list yet
 * @LOFT_FEEDER_COMPLETE: it takes no more rows, and all that it took are in the list
 * @LOFT_FEEDER_FAILED: the same, after an error
 * @LOFT_FEEDER_CANCELED: it takes no more rows, and those that waited were dropped
 *
 * The state of a [class@Loft.ListFeeder], as its home sees it.
 */
typedef enum {
  LOFT_FEEDER_OPEN = 0,
  LOFT_FEEDER_CLOSED,
  LOFT_FEEDER_COMPLETE,
  LOFT_FEEDER_FAILED,
  LOFT_FEEDER_CANCELED,
} LoftFeederState;

G_END_DECLS
