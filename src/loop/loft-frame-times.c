/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftFrameTimes: when the next frame of each frame clock is due. */

#include "config.h"

#include "base/loft-clock-private.h"
#include "loop/loft-frame-times-private.h"

void
loft_frame_times_clear (LoftFrameTimes *self)
{
  g_clear_pointer (&self->times, g_free);
  self->n = self->size = 0;
}

static void
loft_frame_times_remove (LoftFrameTimes *self,
                         guint           i)
{
  self->times[i] = self->times[--self->n];
}

static void
loft_frame_times_add (LoftFrameTimes *self,
                      LoftFrameTime   time)
{
  if (self->n == self->size)
    {
      self->size = MAX (4, self->size * 2);
      self->times = g_renew (LoftFrameTime, self->times, self->size);
    }
  self->times[self->n++] = time;
}

void
loft_frame_times_set (LoftFrameTimes *self,
                      gconstpointer   clock,
                      gint64          due,
                      gint64          now)
{
  for (guint i = 0; i < self->n; i++)
    if (self->times[i].clock == clock)
      {
        loft_frame_times_remove (self, i);
        break;
      }
  if (due > now)
    loft_frame_times_add (self, (LoftFrameTime) { clock, due });
}

gint64
loft_frame_times_find_next (LoftFrameTimes *self,
                            gint64          now)
{
  gint64 next = G_MAXINT64;

  for (guint i = 0; i < self->n; i++)
    if (self->times[i].due > now)
      next = MIN (next, self->times[i].due);
  return next;
}

gint64
loft_frame_times_held_until (LoftFrameTimes *self,
                             gint64          now)
{
  gint64 until = 0;

  for (guint i = 0; i < self->n;)
    {
      gint64 end = loft_clock_after (self->times[i].due, LOFT_FRAME_GRACE);

      if (end <= now)
        {
          loft_frame_times_remove (self, i);
          continue;
        }
      if (self->times[i].due <= now)
        until = MAX (until, end);
      i++;
    }
  return until;
}
