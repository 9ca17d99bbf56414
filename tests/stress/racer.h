/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the tests of races share. Two threads start together, 100,000 times, and each round checks
 * what must hold, whichever of them wins. LOFT_TEST_RACES sets another number of rounds. */

#pragma once

#include "../test-util.h"

static int rounds = 100000;

/* Two threads wait for each other before each round. They spin, because a sleep would decide the
 * race. */

typedef void (*RaceFunc) (gpointer data);

typedef struct
{
  RaceFunc func;
  gpointer data;
  int round;  /* atomic: which round may run */
  int done;   /* atomic: which round the racer has finished */
} Racer;

static inline void
racer_wait_for (int *value,
                int  wanted)
{
  int spins = 0;

  while (__atomic_load_n (value, __ATOMIC_ACQUIRE) != wanted)
    if (++spins > 1000)
      sched_yield ();
}

static inline void *
racer_main (void *data)
{
  Racer *racer = data;

  for (int i = 1; i <= rounds; i++)
    {
      racer_wait_for (&racer->round, i);
      racer->func (racer->data);
      __atomic_store_n (&racer->done, i, __ATOMIC_RELEASE);
    }
  return NULL;
}

static inline void
racer_start (Racer    *racer,
             int       round,
             gpointer  data)
{
  racer->data = data;
  __atomic_store_n (&racer->round, round, __ATOMIC_RELEASE);
}

static inline void
racer_finish (Racer *racer,
              int    round)
{
  racer_wait_for (&racer->done, round);
}

/* Loft logs what is lost, and here that would be a hundred thousand messages. So they are
 * dropped. */
static inline void
racer_say_nothing (const char     *domain,
                   GLogLevelFlags  level,
                   const char     *message,
                   gpointer        user_data)
{
}

static inline void
racer_init (int   *argc,
            char ***argv)
{
  g_test_init (argc, argv, NULL);
  g_log_set_handler ("Loft", G_LOG_LEVEL_MESSAGE, racer_say_nothing, NULL);
  if (g_getenv ("LOFT_TEST_RACES") != NULL)
    rounds = atoi (g_getenv ("LOFT_TEST_RACES"));
}
