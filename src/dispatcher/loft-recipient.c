/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftRecipient: who is called, with what, and where. */

#include "config.h"

#include "dispatcher/loft-recipient-private.h"

void
loft_recipient_init (LoftRecipient  *self,
                     gboolean        agile,
                     GCallback       callback,
                     gpointer        user_data,
                     GDestroyNotify  destroy)
{
  self->home = agile ? NULL : loft_home_hold_current ();
  self->callback = callback;
  self->user_data = user_data;
  self->destroy = destroy;
  self->agile = agile;
}

void
loft_recipient_release_data (LoftRecipient *self)
{
  GDestroyNotify destroy = g_steal_pointer (&self->destroy);

  if (loft_recipient_is_in_mta (self))
    loft_home_release_in_mta (destroy, self->user_data);
  else
    loft_home_release (self->home, destroy, self->user_data);
}

void
loft_recipient_clear (LoftRecipient *self)
{
  loft_recipient_release_data (self);
  loft_home_let_go (g_steal_pointer (&self->home));
}
