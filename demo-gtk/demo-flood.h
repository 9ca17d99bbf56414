/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* A flood of short items from two threads, through Loft or through plain GLib. */

#pragma once

#include <loft/loft.h>

/* Where the items go. */
typedef enum {
  DEMO_FLOOD_LOFT_HIGH,
  DEMO_FLOOD_LOFT_NORMAL,
  DEMO_FLOOD_LOFT_LOW,
  DEMO_FLOOD_LOFT_IDLE,
  DEMO_FLOOD_LOFT_ALL,
  DEMO_FLOOD_GLIB_DEFAULT,
  DEMO_FLOOD_GLIB_DEFAULT_IDLE,
  DEMO_N_FLOODS,
} DemoFloodKind;

typedef struct _DemoFlood DemoFlood;

/* Names for the command line and for the list, in the order above; NULL at the end. */
extern const char *const demo_flood_names[];
extern const char *const demo_flood_titles[];

DemoFlood *demo_flood_start (DemoFloodKind kind);

/* Waits for the two threads. Items that are on their way still run. */
void       demo_flood_stop  (DemoFlood *flood);

/* Returns how many items have run. */
guint      demo_flood_get_count (DemoFlood *flood);
