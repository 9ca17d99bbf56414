/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The handlers of an event, in the order in which they were added. */

#pragma once

#include <loft/loft.h>

#include "base/loft-lock-private.h"
#include "dispatcher/loft-recipient-private.h"
#include "delivery/loft-owner-private.h"

typedef struct _LoftListener LoftListener;

/* A weak reference to the event, which all of its handlers share. GLib walks the list of an
 * object's weak references, so one for each handler would be slow. */
typedef struct
{
  gint refs;       /* atomic */
  GWeakRef source;
} LoftEventLink;

struct _LoftListener
{
  gint refs;            /* atomic */
  gint removed;         /* atomic: the handler is called no more */

  /* constant after init */
  LoftRecipient to;
  LoftEventLink *source; /* the event that it is a handler of; a reference */

  /* constant once it was added */
  guint64 token;
  gboolean is_owned;
  LoftOwned owned;      /* with is_owned: its place in its owner's list */

  /* under the event's lock */
  LoftListener *next, *previous;
};

/* The handlers that a raise goes through. Only the reference count ever changes. */
typedef struct
{
  gint refs; /* atomic: one of the list, and one of each raise that is reading it */
  guint n;
  LoftListener *all[]; /* a reference each */
} LoftListenerSnapshot;

typedef struct
{
  /* under the event's lock */
  LoftListener *first;
  LoftListener *last;
  GHashTable *by_token;           /* NULL: none was added yet */
  LoftListenerSnapshot *snapshot; /* NULL: nobody has asked since the last change */
  guint64 last_token;
} LoftListeners;

LoftEventLink *loft_event_link_new   (gpointer source);
LoftEventLink *loft_event_link_ref   (LoftEventLink *self);
void           loft_event_link_unref (LoftEventLink *self);

LoftListener *loft_listener_ref      (LoftListener *self);
void          loft_listener_unref    (gpointer self); /* the last one releases the data at home */

/* Takes @listener, and returns its token. */
guint64       loft_listeners_add     (LoftListeners *self, LoftListener *listener);

/* Removes a listener in constant time. Returns it, with the list's reference, and in @out_old the
 * snapshot that it was part of; the caller unrefs both. NULL: there is no such listener. A call
 * that checks `removed` from here on is skipped. */
LoftListener *loft_listeners_remove  (LoftListeners *self, guint64 token,
                                      LoftListenerSnapshot **out_old);
guint         loft_listeners_count   (LoftListeners *self);

/* Returns a reference to a snapshot of the list, which is made anew only after a change. NULL:
 * there are no handlers. */
LoftListenerSnapshot *loft_listeners_snapshot (LoftListeners *self);
void          loft_listener_snapshot_unref    (LoftListenerSnapshot *snapshot);
