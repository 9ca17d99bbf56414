/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* An object that knows the thread on which it has to be finalized. Its end is counted. */

#pragma once

#include "second-home.h"

typedef struct
{
  GObject parent_instance;
  GThread *ought_to; /* NULL: any thread */
} Witness;
typedef GObjectClass WitnessClass;

/* atomic */
static int deaths, strays;
static GThread *died_on; /* the thread of the last one */

GType witness_get_type (void);
G_DEFINE_TYPE (Witness, witness, G_TYPE_OBJECT)

static inline void
note_death (GThread *ought_to)
{
  if (ought_to != NULL && ought_to != g_thread_self ())
    test_count (&strays);
  __atomic_store_n (&died_on, g_thread_self (), __ATOMIC_RELEASE);
  test_count (&deaths);
}

static inline void
witness_finalize (GObject *object)
{
  note_death (((Witness *) object)->ought_to);
  G_OBJECT_CLASS (witness_parent_class)->finalize (object);
}

static inline void
witness_class_init (WitnessClass *klass)
{
  klass->finalize = witness_finalize;
}

static inline void
witness_init (Witness *self)
{
}

static inline gpointer
witness_new (GThread *ought_to)
{
  Witness *self = g_object_new (witness_get_type (), NULL);

  self->ought_to = ought_to;
  return self;
}

static inline void
begin (void)
{
  __atomic_store_n (&deaths, 0, __ATOMIC_RELEASE);
  __atomic_store_n (&strays, 0, __ATOMIC_RELEASE);
  __atomic_store_n (&died_on, NULL, __ATOMIC_RELEASE);
}

static inline GThread *
death (void)
{
  return __atomic_load_n (&died_on, __ATOMIC_ACQUIRE);
}

/* Runs the main loop until @n witnesses are finalized, and checks that each was finalized on its
 * thread. */
static inline void
run_until_deaths (int n)
{
  while (test_get (&deaths) < n)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (test_get (&deaths), ==, n);
  g_assert_cmpint (test_get (&strays), ==, 0);
}
