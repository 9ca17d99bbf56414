/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The handlers of an event, in the order in which they were added. */

#pragma once

#include <loft/loft.h>

#include "base/loft-lock-private.h"
#include "dispatcher/loft-recipient-private.h"
#include "delivery/loft-owner-private.h"

typedef struct _LoftListener LoftListener;

/* A way to the event, of which there is one for all its handlers: GLib walks the list of an
 * object's weak references. */
typedef struct
{
  gint refs;       /* atomic */
  GWeakRef source;
} LoftEventLink;

struct _LoftListener
{
  gint refs;            /* atomic */
  gint removed;         /* atomic: it is called no more */

  /* constant after init */
  LoftRecipient to;
  LoftEventLink *source; /* the event that it is a handler of; a reference */

  /* constant once it was added */
  guint64 token;
  gboolean is_owned;
  LoftOwned owned;      /* with is_owned: it dies with its owner */

  /* under the event's lock */
  LoftListener *next, *previous;
};

/* What a raise goes through: never changed, but for the count. */
typedef struct
{
  gint refs; /* atomic: the list's, and of each raise that is reading it */
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
void          loft_listener_unref    (gpointer self); /* the last one lets the data go at home */

/* Takes @listener; gives its token. */
guint64       loft_listeners_add     (LoftListeners *self, LoftListener *listener);

/* In constant time, for the caller to let go of both; NULL: it is not there. From here on it is not
 * called. */
LoftListener *loft_listeners_remove  (LoftListeners *self, guint64 token,
                                      LoftListenerSnapshot **out_old);
guint         loft_listeners_count   (LoftListeners *self);

/* A reference, made anew after a change only; NULL: there are no handlers. */
LoftListenerSnapshot *loft_listeners_snapshot (LoftListeners *self);
void          loft_listener_snapshot_unref    (LoftListenerSnapshot *snapshot);
