/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The floor: GMainContexts with one bare source each, a flag and a wakeup. They take one item at a
 * time, so they run only the cases with one trip at a time and the wake. And a GObject that has
 * nothing but six fields. */

#include "glib-loop.h"

#include <glib-object.h>

typedef struct
{
  GlibLoop loop;
  GSource *source;
} BareLoop;

typedef struct
{
  GSource source;
  BenchItem *item; /* atomic: the item to run; NULL: none */
  BareLoop *home;  /* where it is done after that; NULL: nowhere */
  gboolean comes_back;
} BareSource;

static gboolean
bare_prepare (GSource *source,
              gint    *timeout)
{
  *timeout = -1;
  return __atomic_load_n (&((BareSource *) source)->item, __ATOMIC_ACQUIRE) != NULL;
}

static gboolean
bare_check (GSource *source)
{
  return __atomic_load_n (&((BareSource *) source)->item, __ATOMIC_ACQUIRE) != NULL;
}

static void
hand_over (BareLoop  *loop,
           BenchItem *item,
           BareLoop  *home,
           gboolean   comes_back)
{
  BareSource *bare = (BareSource *) loop->source;

  bare->home = home;
  bare->comes_back = comes_back;
  __atomic_store_n (&bare->item, item, __ATOMIC_RELEASE);
  g_main_context_wakeup (loop->loop.context);
}

static gboolean
bare_dispatch (GSource    *source,
               GSourceFunc unused,
               gpointer    data)
{
  BareSource *bare = (BareSource *) source;
  BenchItem *item = bare->item;
  BareLoop *home = bare->home;
  gboolean comes_back = bare->comes_back;

  __atomic_store_n (&bare->item, NULL, __ATOMIC_RELEASE);
  if (comes_back)
    item->done (item);
  else
    item->run (item);
  if (home != NULL)
    hand_over (home, item, NULL, TRUE);
  return G_SOURCE_CONTINUE;
}

static GSourceFuncs bare_funcs = { bare_prepare, bare_check, bare_dispatch, NULL, NULL, NULL };

static void *
loop_new (void)
{
  BareLoop *loop = g_new0 (BareLoop, 1);

  glib_loop_init (&loop->loop);
  loop->source = g_source_new (&bare_funcs, sizeof (BareSource));
  g_source_attach (loop->source, loop->loop.context);
  return loop;
}

static void
loop_free (void *data)
{
  BareLoop *loop = data;

  g_source_destroy (loop->source);
  g_source_unref (loop->source);
  glib_loop_clear (&loop->loop);
  g_free (loop);
}

static void
post (void      *loop,
      BenchItem *item)
{
  hand_over (loop, item, NULL, FALSE);
}

static void
post_back (void      *there,
           void      *home,
           BenchItem *item)
{
  hand_over (there, item, home, FALSE);
}

typedef struct
{
  GObject parent_instance;
  gpointer fields[6];
} BareObject;

typedef GObjectClass BareObjectClass;

GType bare_object_get_type (void);
G_DEFINE_FINAL_TYPE (BareObject, bare_object, G_TYPE_OBJECT)

static void
bare_object_class_init (BareObjectClass *klass)
{
}

static void
bare_object_init (BareObject *self)
{
}

static void
make_and_drop (void)
{
  GObject *object = g_object_new (bare_object_get_type (), NULL);

  g_object_ref (object);
  g_object_unref (object);
  g_object_unref (object);
}

const BenchContender bench_contender = {
  .loop_new = loop_new,
  .loop_run = glib_loop_run,
  .loop_quit = glib_loop_quit,
  .loop_free = loop_free,
  .post = post,
  .post_back = post_back,
  .object = make_and_drop,
};
