/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftPacedCall: the frame of a debouncer and of a throttler. */

#include "config.h"

#include "base/loft-atomic-private.h"
#include "compose/loft-paced-call-private.h"

LoftPacedCall *
loft_paced_call_new (LoftDispatcher   *dispatcher,
                     GTimeSpan         interval,
                     LoftQueueHandler  handler,
                     gpointer          user_data,
                     GDestroyNotify    destroy)
{
  LoftPacedCall *self = g_new0 (LoftPacedCall, 1);

  self->refs = 1;
  self->interval = interval;
  self->to = (LoftRecipient) { .home = loft_home_hold (dispatcher),
                               .callback = G_CALLBACK (handler),
                               .user_data = user_data,
                               .destroy = destroy };
  return self;
}

void
loft_paced_call_unref (gpointer data)
{
  LoftPacedCall *self = data;

  if (!loft_refs_drop (&self->refs))
    return;
  loft_recipient_clear (&self->to);
  g_free (self);
}

void
loft_paced_call_run (LoftPacedCall *self)
{
  loft_refs_take (&self->refs);
  ((LoftQueueHandler) self->to.callback) (self->to.user_data);
  loft_paced_call_unref (self);
}

static void
on_tick_dropped (gpointer  data,
                 GClosure *closure)
{
  loft_paced_call_unref (data);
}

LoftDispatcherTimer *
loft_paced_call_create_timer (LoftPacedCall *self,
                              GTimeSpan      interval,
                              GCallback      on_tick)
{
  LoftDispatcherTimer *timer = loft_dispatcher_create_timer (self->to.home);

  loft_dispatcher_timer_set_interval (timer, interval);
  loft_dispatcher_timer_set_is_repeating (timer, FALSE);
  loft_dispatcher_timer_set_priority (timer, LOFT_PRIORITY_NORMAL);
  loft_refs_take (&self->refs);
  g_signal_connect_data (timer, "tick", on_tick, self, on_tick_dropped, 0);
  return timer;
}

void
loft_paced_call_clear_timer (LoftPacedCall        *self,
                             LoftDispatcherTimer **timer)
{
  if (*timer == NULL)
    return;
  loft_dispatcher_timer_stop (*timer);
  g_signal_handlers_disconnect_by_data (*timer, self);
  g_clear_object (timer);
}
