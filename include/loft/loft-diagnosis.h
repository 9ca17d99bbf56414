/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(LOFT_INSIDE) && !defined(LOFT_COMPILATION)
#error "Only <loft/loft.h> can be included directly."
#endif

#include <loft/loft-dispatcher.h>

G_BEGIN_DECLS

/**
 * LoftLaneInfo:
 * @priority: the lane's priority; %LOFT_PRIORITY_TIMER for the lane of timers
 * @length: how many items wait, with cancelled ones whose data waits to be released
 * @oldest_wait: how long the oldest of them has waited, in µs; 0 if none waits
 * @oldest_source: (nullable): where it was posted; %NULL if none waits
 * @n_run: how many items of the lane have run since the observation began
 * @longest: how long the slowest of them took, in µs
 * @slowest_source: (nullable): where the slowest was posted; %NULL if none has run
 *
 * The state of a lane of a dispatcher, or of the thread pool, at one moment.
 */
typedef struct
{
  LoftPriority priority;
  guint64      length;
  GTimeSpan    oldest_wait;
  char        *oldest_source;
  guint64      n_run;
  GTimeSpan    longest;
  char        *slowest_source;
} LoftLaneInfo;

/**
 * LoftItemInfo:
 * @what: what it is: the kind of an item, such as `action` or `handler`, or the type of an object
 * @source: where it was asked for, such as `on_clicked () at window.c:120`
 * @state: `waiting`, `running`, `canceling`, or `done`
 * @priority: the lane's priority
 * @time: in µs: for what has not ended, how long it has run or lived; for what has run, the sum
 * @longest: the longest time that one item took, in µs
 * @n_run: how many items have run
 *
 * An item that runs, all items that one place in the program has posted, or an action that has not
 * ended.
 */
typedef struct
{
  char        *what;
  char        *source;
  const char  *state;
  LoftPriority priority;
  GTimeSpan    time;
  GTimeSpan    longest;
  guint64      n_run;
} LoftItemInfo;

#define LOFT_TYPE_LANE_INFO (loft_lane_info_get_type ())
#define LOFT_TYPE_ITEM_INFO (loft_item_info_get_type ())

LOFT_AVAILABLE_IN_1_0
GType         loft_lane_info_get_type (void);
LOFT_AVAILABLE_IN_1_0
LoftLaneInfo *loft_lane_info_copy     (const LoftLaneInfo *self);
LOFT_AVAILABLE_IN_1_0
void          loft_lane_info_free     (LoftLaneInfo *self);

LOFT_AVAILABLE_IN_1_0
GType         loft_item_info_get_type (void);
LOFT_AVAILABLE_IN_1_0
LoftItemInfo *loft_item_info_copy     (const LoftItemInfo *self);
LOFT_AVAILABLE_IN_1_0
void          loft_item_info_free     (LoftItemInfo *self);

LOFT_AVAILABLE_IN_1_0
void       loft_diagnosis_begin            (void);
LOFT_AVAILABLE_IN_1_0
void       loft_diagnosis_end              (void);

LOFT_AVAILABLE_IN_1_0
GPtrArray *loft_diagnosis_list_dispatchers (void);
LOFT_AVAILABLE_IN_1_0
GPtrArray *loft_diagnosis_list_lanes       (LoftDispatcher *dispatcher);
LOFT_AVAILABLE_IN_1_0
GPtrArray *loft_diagnosis_list_running     (LoftDispatcher *dispatcher);
LOFT_AVAILABLE_IN_1_0
GPtrArray *loft_diagnosis_list_slowest     (LoftDispatcher *dispatcher, guint limit);
LOFT_AVAILABLE_IN_1_0
GPtrArray *loft_diagnosis_list_actions     (guint limit);
LOFT_AVAILABLE_IN_1_0
void       loft_diagnosis_get_workers      (guint *out_workers, guint *out_active,
                                            guint *out_blocked, guint *out_limit);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LoftLaneInfo, loft_lane_info_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LoftItemInfo, loft_item_info_free)

G_END_DECLS
