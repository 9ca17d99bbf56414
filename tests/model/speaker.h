/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* An object with properties and signals, as a worker may have one. */

#pragma once

#include "../test-util.h"

#define TEST_TYPE_SPEAKER (test_speaker_get_type ())
G_DECLARE_FINAL_TYPE (TestSpeaker, test_speaker, TEST, SPEAKER, GObject)

struct _TestSpeaker
{
  GObject parent_instance;
  int number;
  char *text;
  GObject *thing;
};

G_DEFINE_FINAL_TYPE (TestSpeaker, test_speaker, G_TYPE_OBJECT)

enum {
  SPEAKER_NUMBER = 1,
  SPEAKER_TEXT,
  SPEAKER_THING,
};

static void
test_speaker_get_property (GObject    *object,
                           guint       id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  TestSpeaker *self = TEST_SPEAKER (object);

  if (id == SPEAKER_NUMBER)
    g_value_set_int (value, self->number);
  else if (id == SPEAKER_TEXT)
    g_value_set_string (value, self->text);
  else
    g_value_set_object (value, self->thing);
}

static void
test_speaker_set_property (GObject      *object,
                           guint         id,
                           const GValue *value,
                           GParamSpec   *pspec)
{
  TestSpeaker *self = TEST_SPEAKER (object);

  if (id == SPEAKER_NUMBER)
    self->number = g_value_get_int (value);
  else if (id == SPEAKER_TEXT)
    {
      g_free (self->text);
      self->text = g_value_dup_string (value);
    }
  else
    g_set_object (&self->thing, g_value_get_object (value));
}

static void
test_speaker_finalize (GObject *object)
{
  TestSpeaker *self = TEST_SPEAKER (object);

  g_free (self->text);
  g_clear_object (&self->thing);
  G_OBJECT_CLASS (test_speaker_parent_class)->finalize (object);
}

static void
test_speaker_class_init (TestSpeakerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = test_speaker_get_property;
  object_class->set_property = test_speaker_set_property;
  object_class->finalize = test_speaker_finalize;
  g_object_class_install_property (object_class, SPEAKER_NUMBER,
                                   g_param_spec_int ("number", NULL, NULL, 0, G_MAXINT, 0,
                                                     G_PARAM_READWRITE));
  g_object_class_install_property (object_class, SPEAKER_TEXT,
                                   g_param_spec_string ("text", NULL, NULL, NULL,
                                                        G_PARAM_READWRITE));
  g_object_class_install_property (object_class, SPEAKER_THING,
                                   g_param_spec_object ("thing", NULL, NULL, G_TYPE_OBJECT,
                                                        G_PARAM_READWRITE));
  g_signal_new ("said", TEST_TYPE_SPEAKER, G_SIGNAL_RUN_LAST | G_SIGNAL_DETAILED, 0, NULL, NULL,
                NULL, G_TYPE_NONE, 2, G_TYPE_INT, G_TYPE_STRING);
  g_signal_new ("asked", TEST_TYPE_SPEAKER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_INT, 0);
  g_signal_new ("pointed", TEST_TYPE_SPEAKER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                1, G_TYPE_POINTER);
}

static void
test_speaker_init (TestSpeaker *self)
{
}
