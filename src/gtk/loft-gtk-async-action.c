/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftGtkAsyncAction: a GAction that starts work.
 *
 * Whether it runs is what its observer says: there is no second record of that which could differ.
 * The action holds the work until its end, because the observer does not. */

#include <loft-gtk/loft-gtk-async-action.h>
#include <loft-gtk/loft-gtk-present-error.h>

/**
 * LoftGtkAsyncAction:
 *
 * An action of a window or an application that starts work, and can cancel it.
 *
 * Where a button, a menu item or a key activates it, its handler starts work and returns the async
 * object of it. While the work runs, the action is disabled, so that it does not run twice, and a
 * second action is enabled that cancels it. That one has the same name with `-cancel` behind it.
 *
 * ```c
 * static LoftAsyncInfo *
 * start_to_copy (LoftGtkAsyncAction *action, GVariant *parameter, gpointer window)
 * {
 *   return LOFT_ASYNC_INFO (loft_thread_pool_run_with_progress_async (G_TYPE_DOUBLE, copy,
 *                                                                     NULL, NULL));
 * }
 *
 * g_autoptr (LoftGtkAsyncAction) action = loft_gtk_async_action_new ("copy", NULL, start_to_copy,
 *                                                                    window, NULL);
 *
 * loft_gtk_async_action_set_widget (action, GTK_WIDGET (window));
 * loft_gtk_async_action_set_error_title (action, _("The files were not copied"));
 * loft_gtk_async_action_add_to_map (action, G_ACTION_MAP (window));
 * gtk_actionable_set_action_name (GTK_ACTIONABLE (start), "win.copy");
 * gtk_actionable_set_action_name (GTK_ACTIONABLE (stop), "win.copy-cancel");
 * loft_gtk_progress_bar_bind (bar, loft_gtk_async_action_get_observer (action));
 * ```
 *
 * The observer of [method@LoftGtk.AsyncAction.get_observer] shows the work that was started last.
 *
 * The work is cancelled when the action is finalized. If the action has a widget
 * ([property@LoftGtk.AsyncAction:widget]), the work is also cancelled when that widget leaves its
 * window or is destroyed. After the latter, the action starts nothing any more.
 *
 * The action has no state. To be used on the thread of GTK.
 *
 * Since: 1.0
 */

struct _LoftGtkAsyncAction
{
  GObject parent_instance;

  /* constant after init */
  char *name;
  GVariantType *parameter_type; /* NULL: it takes none */
  LoftGtkStartHandler start;
  gpointer user_data;
  GDestroyNotify destroy;       /* NULL: none */
  LoftAsyncObserver *observer;  /* strong */
  GSimpleAction *cancel;        /* strong; NULL: made without loft_gtk_async_action_new () */

  LoftAsyncInfo *work;          /* that runs; strong */
  gboolean is_starting;         /* the handler is being called */
  gboolean can_start;
  gboolean is_enabled;          /* as it was last notified */
  gboolean is_running;          /* as it was last notified */

  GtkWidget *widget;            /* weak */
  gboolean is_widget_gone;      /* there was one */
  char *error_title;            /* NULL: errors are not presented */
};

enum {
  PROP_CAN_START = 1,
  PROP_IS_RUNNING,
  PROP_OBSERVER,
  PROP_CANCEL_ACTION,
  PROP_WIDGET,
  PROP_ERROR_TITLE,
  N_PROPS,

  /* those of GAction */
  PROP_NAME = N_PROPS,
  PROP_PARAMETER_TYPE,
  PROP_ENABLED,
  PROP_STATE_TYPE,
  PROP_STATE,
};

static GParamSpec *properties[N_PROPS];

static void loft_gtk_async_action_init_action (GActionInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (LoftGtkAsyncAction, loft_gtk_async_action, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_ACTION,
                                                      loft_gtk_async_action_init_action))

/* What the observer says. */

/* Tells who looks at the two actions what has changed. The caller holds @self. The notifies of
 * @self are frozen until the other action has changed: the two are never enabled at once. */
static void
loft_gtk_async_action_update (LoftGtkAsyncAction *self)
{
  gboolean is_running = loft_gtk_async_action_is_running (self);
  gboolean is_enabled = g_action_get_enabled (G_ACTION (self));
  gboolean was_enabled = self->is_enabled, was_running = self->is_running;

  self->is_enabled = is_enabled;
  self->is_running = is_running;
  g_object_freeze_notify (G_OBJECT (self));
  if (is_enabled != was_enabled)
    g_object_notify (G_OBJECT (self), "enabled");
  if (is_running != was_running)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_IS_RUNNING]);
  if (self->cancel != NULL)
    g_simple_action_set_enabled (self->cancel,
                                 is_running && loft_async_observer_get_status (self->observer) !=
                                                 LOFT_ASYNC_STATUS_CANCELED);
  g_object_thaw_notify (G_OBJECT (self));
}

static void
loft_gtk_async_action_present (LoftGtkAsyncAction *self)
{
  const GError *error = loft_async_observer_get_error (self->observer);

  if (error != NULL && self->error_title != NULL && self->widget != NULL)
    {
      g_autoptr (GError) copy = g_error_copy (error); /* a presenter may start the work again */
      g_autofree char *title = g_strdup (self->error_title);

      loft_gtk_present_error (self->widget, title, copy);
    }
}

static void
loft_gtk_async_action_follow (LoftGtkAsyncAction *self)
{
  g_autoptr (LoftAsyncInfo) ended = NULL;

  g_object_ref (self);
  if (self->work != NULL && loft_async_observer_is_done (self->observer))
    ended = g_steal_pointer (&self->work);
  loft_gtk_async_action_update (self);
  if (ended != NULL)
    loft_gtk_async_action_present (self);
  g_object_unref (self);
}

static void
on_cancel_activated (GSimpleAction      *cancel,
                     GVariant           *parameter,
                     LoftGtkAsyncAction *self)
{
  loft_async_observer_cancel (self->observer);
}

/* The widget. */

static void
loft_gtk_async_action_leave_widget (LoftGtkAsyncAction *self)
{
  if (self->widget == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->widget, self);
  g_clear_weak_pointer (&self->widget);
}

static void
on_root_changed (GtkWidget          *widget,
                 GParamSpec         *property,
                 LoftGtkAsyncAction *self)
{
  if (gtk_widget_get_root (widget) == NULL)
    loft_async_observer_cancel (self->observer);
}

static void
on_widget_destroyed (GtkWidget          *widget,
                     LoftGtkAsyncAction *self)
{
  g_object_ref (self);
  loft_gtk_async_action_leave_widget (self);
  self->is_widget_gone = TRUE;
  loft_async_observer_cancel (self->observer);
  loft_gtk_async_action_update (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_WIDGET]);
  g_object_unref (self);
}

/* GAction. */

static const char *
loft_gtk_async_action_get_name (GAction *action)
{
  return LOFT_GTK_ASYNC_ACTION (action)->name;
}

static const GVariantType *
loft_gtk_async_action_get_parameter_type (GAction *action)
{
  return LOFT_GTK_ASYNC_ACTION (action)->parameter_type;
}

static const GVariantType *
loft_gtk_async_action_get_state_type (GAction *action)
{
  return NULL;
}

static GVariant *
loft_gtk_async_action_get_state (GAction *action)
{
  return NULL;
}

static void
loft_gtk_async_action_change_state (GAction  *action,
                                    GVariant *value)
{
  g_critical ("The action %s has no state to change", LOFT_GTK_ASYNC_ACTION (action)->name);
}

static gboolean
loft_gtk_async_action_get_enabled (GAction *action)
{
  LoftGtkAsyncAction *self = LOFT_GTK_ASYNC_ACTION (action);

  return self->can_start && !self->is_widget_gone && !self->is_starting &&
         !loft_gtk_async_action_is_running (self);
}

static void
loft_gtk_async_action_activate (GAction  *action,
                                GVariant *parameter)
{
  LoftGtkAsyncAction *self = LOFT_GTK_ASYNC_ACTION (action);
  LoftAsyncInfo *work;

  g_return_if_fail (self->start != NULL);
  g_return_if_fail (self->parameter_type == NULL
                      ? parameter == NULL
                      : parameter != NULL &&
                          g_variant_is_of_type (parameter, self->parameter_type));

  if (!loft_gtk_async_action_get_enabled (action))
    return;

  g_object_ref (self); /* the handler may close the window that has the action */
  if (parameter != NULL)
    g_variant_ref_sink (parameter);
  self->is_starting = TRUE;
  loft_gtk_async_action_update (self);
  work = self->start (self, parameter, self->user_data);
  self->is_starting = FALSE;
  if (work != NULL && !LOFT_IS_ASYNC_INFO (work))
    g_critical ("The handler of the action %s has returned what is no LoftAsyncInfo", self->name);
  else if (work != NULL)
    {
      g_set_object (&self->work, work);
      loft_async_observer_set_action (self->observer, work);
      if (self->is_widget_gone)
        loft_async_observer_cancel (self->observer);
      g_object_unref (work);
    }
  loft_gtk_async_action_follow (self); /* the observer says nothing if it has this work already */
  g_clear_pointer (&parameter, g_variant_unref);
  g_object_unref (self);
}

static void
loft_gtk_async_action_init_action (GActionInterface *iface)
{
  iface->get_name = loft_gtk_async_action_get_name;
  iface->get_parameter_type = loft_gtk_async_action_get_parameter_type;
  iface->get_state_type = loft_gtk_async_action_get_state_type;
  iface->get_state_hint = loft_gtk_async_action_get_state;
  iface->get_enabled = loft_gtk_async_action_get_enabled;
  iface->get_state = loft_gtk_async_action_get_state;
  iface->change_state = loft_gtk_async_action_change_state;
  iface->activate = loft_gtk_async_action_activate;
}

/* GObject. */

static void
loft_gtk_async_action_dispose (GObject *object)
{
  LoftGtkAsyncAction *self = LOFT_GTK_ASYNC_ACTION (object);
  g_autoptr (LoftAsyncInfo) work = g_steal_pointer (&self->work);

  loft_gtk_async_action_leave_widget (self);
  g_signal_handlers_disconnect_by_data (self->observer, self);
  if (self->cancel != NULL)
    g_simple_action_set_enabled (self->cancel, FALSE);
  if (work != NULL)
    loft_async_info_cancel (work);
  G_OBJECT_CLASS (loft_gtk_async_action_parent_class)->dispose (object);
}

static void
loft_gtk_async_action_finalize (GObject *object)
{
  LoftGtkAsyncAction *self = LOFT_GTK_ASYNC_ACTION (object);

  if (self->destroy != NULL)
    self->destroy (self->user_data);
  g_object_unref (self->observer);
  g_clear_object (&self->cancel);
  g_clear_pointer (&self->parameter_type, g_variant_type_free);
  g_free (self->error_title);
  g_free (self->name);
  G_OBJECT_CLASS (loft_gtk_async_action_parent_class)->finalize (object);
}

static void
loft_gtk_async_action_get_property (GObject    *object,
                                    guint       id,
                                    GValue     *value,
                                    GParamSpec *pspec)
{
  LoftGtkAsyncAction *self = LOFT_GTK_ASYNC_ACTION (object);

  switch (id)
    {
    case PROP_CAN_START:
      g_value_set_boolean (value, self->can_start);
      break;
    case PROP_IS_RUNNING:
      g_value_set_boolean (value, loft_gtk_async_action_is_running (self));
      break;
    case PROP_OBSERVER:
      g_value_set_object (value, self->observer);
      break;
    case PROP_CANCEL_ACTION:
      g_value_set_object (value, self->cancel);
      break;
    case PROP_WIDGET:
      g_value_set_object (value, self->widget);
      break;
    case PROP_ERROR_TITLE:
      g_value_set_string (value, self->error_title);
      break;
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_PARAMETER_TYPE:
      g_value_set_boxed (value, self->parameter_type);
      break;
    case PROP_ENABLED:
      g_value_set_boolean (value, loft_gtk_async_action_get_enabled (G_ACTION (self)));
      break;
    case PROP_STATE_TYPE: /* there is none */
    case PROP_STATE:
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
loft_gtk_async_action_set_property (GObject      *object,
                                    guint         id,
                                    const GValue *value,
                                    GParamSpec   *pspec)
{
  LoftGtkAsyncAction *self = LOFT_GTK_ASYNC_ACTION (object);

  switch (id)
    {
    case PROP_CAN_START:
      loft_gtk_async_action_set_can_start (self, g_value_get_boolean (value));
      break;
    case PROP_WIDGET:
      loft_gtk_async_action_set_widget (self, g_value_get_object (value));
      break;
    case PROP_ERROR_TITLE:
      loft_gtk_async_action_set_error_title (self, g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

#define READABLE (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY)
#define SETTABLE (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY)

static void
loft_gtk_async_action_class_init (LoftGtkAsyncActionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = loft_gtk_async_action_dispose;
  object_class->finalize = loft_gtk_async_action_finalize;
  object_class->get_property = loft_gtk_async_action_get_property;
  object_class->set_property = loft_gtk_async_action_set_property;

  /**
   * LoftGtkAsyncAction:can-start: (getter get_can_start) (setter set_can_start)
   *
   * Whether the work may be started, as far as the program is concerned.
   *
   * The action is enabled if this is %TRUE and the work does not run.
   *
   * Since: 1.0
   */
  properties[PROP_CAN_START] = g_param_spec_boolean ("can-start", NULL, NULL, TRUE, SETTABLE);

  /**
   * LoftGtkAsyncAction:is-running: (getter is_running)
   *
   * Whether the work runs. Work that is cancelled runs until it has ended.
   *
   * Since: 1.0
   */
  properties[PROP_IS_RUNNING] = g_param_spec_boolean ("is-running", NULL, NULL, FALSE, READABLE);

  /**
   * LoftGtkAsyncAction:observer: (getter get_observer)
   *
   * Shows the work that was started last.
   *
   * Since: 1.0
   */
  properties[PROP_OBSERVER] = g_param_spec_object ("observer", NULL, NULL,
                                                   LOFT_TYPE_ASYNC_OBSERVER, READABLE);

  /**
   * LoftGtkAsyncAction:cancel-action: (getter get_cancel_action)
   *
   * The action that cancels the work.
   *
   * Since: 1.0
   */
  properties[PROP_CANCEL_ACTION] = g_param_spec_object ("cancel-action", NULL, NULL,
                                                        G_TYPE_ACTION, READABLE);

  /**
   * LoftGtkAsyncAction:widget: (getter get_widget) (setter set_widget)
   *
   * The widget to which the work belongs.
   *
   * Since: 1.0
   */
  properties[PROP_WIDGET] = g_param_spec_object ("widget", NULL, NULL, GTK_TYPE_WIDGET, SETTABLE);

  /**
   * LoftGtkAsyncAction:error-title: (getter get_error_title) (setter set_error_title)
   *
   * What the user is told if the work fails.
   *
   * Since: 1.0
   */
  properties[PROP_ERROR_TITLE] = g_param_spec_string ("error-title", NULL, NULL, NULL, SETTABLE);

  g_object_class_install_properties (object_class, N_PROPS, properties);
  g_object_class_override_property (object_class, PROP_NAME, "name");
  g_object_class_override_property (object_class, PROP_PARAMETER_TYPE, "parameter-type");
  g_object_class_override_property (object_class, PROP_ENABLED, "enabled");
  g_object_class_override_property (object_class, PROP_STATE_TYPE, "state-type");
  g_object_class_override_property (object_class, PROP_STATE, "state");
}

static void
loft_gtk_async_action_init (LoftGtkAsyncAction *self)
{
  self->can_start = TRUE;
  self->is_enabled = TRUE;
  self->observer = loft_async_observer_new (NULL);
  g_signal_connect_swapped (self->observer, "notify",
                            G_CALLBACK (loft_gtk_async_action_follow), self);
}

/**
 * loft_gtk_async_action_new: (constructor)
 * @name: the name of the action, without a prefix; see g_action_name_is_valid()
 * @parameter_type: (nullable): the type of the parameter; %NULL if the action takes none
 * @start: (scope notified) (closure user_data) (destroy destroy): starts the work
 * @user_data: what is passed to @start
 * @destroy: (nullable): releases @user_data, when the action is finalized
 *
 * Creates an action that starts work.
 *
 * Returns: (transfer full): the action
 *
 * Since: 1.0
 */
LoftGtkAsyncAction *
loft_gtk_async_action_new (const char          *name,
                           const GVariantType  *parameter_type,
                           LoftGtkStartHandler  start,
                           gpointer             user_data,
                           GDestroyNotify       destroy)
{
  LoftGtkAsyncAction *self;
  g_autofree char *cancel_name = NULL;

  g_return_val_if_fail (name != NULL && g_action_name_is_valid (name), NULL);
  g_return_val_if_fail (start != NULL, NULL);

  self = g_object_new (LOFT_GTK_TYPE_ASYNC_ACTION, NULL);
  cancel_name = g_strconcat (name, "-cancel", NULL);
  self->name = g_strdup (name);
  self->parameter_type = parameter_type != NULL ? g_variant_type_copy (parameter_type) : NULL;
  self->start = start;
  self->user_data = user_data;
  self->destroy = destroy;
  self->cancel = g_simple_action_new (cancel_name, NULL);
  g_simple_action_set_enabled (self->cancel, FALSE);
  g_signal_connect_object (self->cancel, "activate", G_CALLBACK (on_cancel_activated), self, 0);
  return self;
}

/**
 * loft_gtk_async_action_add_to_map:
 * @self: an action
 * @map: a window, an application or a group of actions
 *
 * Adds the action and the one that cancels it to a map.
 *
 * Since: 1.0
 */
void
loft_gtk_async_action_add_to_map (LoftGtkAsyncAction *self,
                                  GActionMap         *map)
{
  g_return_if_fail (LOFT_GTK_IS_ASYNC_ACTION (self));
  g_return_if_fail (G_IS_ACTION_MAP (map));
  g_return_if_fail (self->cancel != NULL);

  g_action_map_add_action (map, G_ACTION (self));
  g_action_map_add_action (map, G_ACTION (self->cancel));
}

/**
 * loft_gtk_async_action_get_observer: (get-property observer)
 * @self: an action
 *
 * Gets the observer of the work that was started last.
 *
 * It is the same observer for the life of the action, so that widgets can be bound to it before
 * anything is started. If it is made to observe another object, the action takes that for its work.
 *
 * Returns: (transfer none): the observer
 *
 * Since: 1.0
 */
LoftAsyncObserver *
loft_gtk_async_action_get_observer (LoftGtkAsyncAction *self)
{
  g_return_val_if_fail (LOFT_GTK_IS_ASYNC_ACTION (self), NULL);

  return self->observer;
}

/**
 * loft_gtk_async_action_get_cancel_action: (get-property cancel-action)
 * @self: an action
 *
 * Gets the action that cancels the work.
 *
 * It is enabled while the work runs and is not cancelled yet.
 *
 * Returns: (transfer none): the action
 *
 * Since: 1.0
 */
GAction *
loft_gtk_async_action_get_cancel_action (LoftGtkAsyncAction *self)
{
  g_return_val_if_fail (LOFT_GTK_IS_ASYNC_ACTION (self), NULL);

  return (GAction *) self->cancel;
}

/**
 * loft_gtk_async_action_is_running: (get-property is-running)
 * @self: an action
 *
 * Returns whether the work runs.
 *
 * Returns: whether it was started, and has not ended
 *
 * Since: 1.0
 */
gboolean
loft_gtk_async_action_is_running (LoftGtkAsyncAction *self)
{
  g_autoptr (LoftAsyncInfo) work = NULL;

  g_return_val_if_fail (LOFT_GTK_IS_ASYNC_ACTION (self), FALSE);

  work = loft_async_observer_dup_action (self->observer);
  return work != NULL && !loft_async_observer_is_done (self->observer);
}

/**
 * loft_gtk_async_action_get_can_start: (get-property can-start)
 * @self: an action
 *
 * Gets whether the work may be started, as far as the program is concerned.
 *
 * Returns: what was set
 *
 * Since: 1.0
 */
gboolean
loft_gtk_async_action_get_can_start (LoftGtkAsyncAction *self)
{
  g_return_val_if_fail (LOFT_GTK_IS_ASYNC_ACTION (self), FALSE);

  return self->can_start;
}

/**
 * loft_gtk_async_action_set_can_start: (set-property can-start)
 * @self: an action
 * @can_start: whether the work may be started
 *
 * Sets whether the work may be started, for instance because there is something to work on.
 *
 * Work that runs goes on.
 *
 * Since: 1.0
 */
void
loft_gtk_async_action_set_can_start (LoftGtkAsyncAction *self,
                                     gboolean            can_start)
{
  g_return_if_fail (LOFT_GTK_IS_ASYNC_ACTION (self));

  can_start = !!can_start;
  if (self->can_start == can_start)
    return;
  self->can_start = can_start;
  g_object_ref (self);
  loft_gtk_async_action_update (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CAN_START]);
  g_object_unref (self);
}

/**
 * loft_gtk_async_action_get_widget: (get-property widget)
 * @self: an action
 *
 * Gets the widget to which the work belongs.
 *
 * Returns: (transfer none) (nullable): the widget; %NULL if there is none, or if it was destroyed
 *
 * Since: 1.0
 */
GtkWidget *
loft_gtk_async_action_get_widget (LoftGtkAsyncAction *self)
{
  g_return_val_if_fail (LOFT_GTK_IS_ASYNC_ACTION (self), NULL);

  return self->widget;
}

/**
 * loft_gtk_async_action_set_widget: (set-property widget)
 * @self: an action
 * @widget: (nullable): a widget, which may be a window; %NULL for none
 *
 * Sets the widget to which the work belongs.
 *
 * The work is cancelled when @widget leaves its window, and when it is destroyed. After the latter
 * the action is disabled, until it is given another widget. Errors are presented at @widget. The
 * action does not hold it.
 *
 * Since: 1.0
 */
void
loft_gtk_async_action_set_widget (LoftGtkAsyncAction *self,
                                  GtkWidget          *widget)
{
  g_return_if_fail (LOFT_GTK_IS_ASYNC_ACTION (self));
  g_return_if_fail (widget == NULL || GTK_IS_WIDGET (widget));

  if (self->widget == widget && !self->is_widget_gone)
    return;
  loft_gtk_async_action_leave_widget (self);
  g_set_weak_pointer (&self->widget, widget);
  self->is_widget_gone = FALSE;
  if (widget != NULL)
    {
      g_signal_connect (widget, "notify::root", G_CALLBACK (on_root_changed), self);
      g_signal_connect (widget, "destroy", G_CALLBACK (on_widget_destroyed), self);
    }
  g_object_ref (self);
  loft_gtk_async_action_update (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_WIDGET]);
  g_object_unref (self);
}

/**
 * loft_gtk_async_action_get_error_title: (get-property error-title)
 * @self: an action
 *
 * Gets what the user is told if the work fails.
 *
 * Returns: (transfer none) (nullable): the title; %NULL if errors are not presented
 *
 * Since: 1.0
 */
const char *
loft_gtk_async_action_get_error_title (LoftGtkAsyncAction *self)
{
  g_return_val_if_fail (LOFT_GTK_IS_ASYNC_ACTION (self), NULL);

  return self->error_title;
}

/**
 * loft_gtk_async_action_set_error_title: (set-property error-title)
 * @self: an action
 * @title: (nullable): what has failed, as a sentence for the user; %NULL to present no errors
 *
 * Sets what the user is told if the work fails.
 *
 * The error is presented at the widget of the action, as [func@LoftGtk.present_error] does. Without
 * a widget, errors are not presented. They are in [property@LoftGtk.AsyncAction:observer] in any
 * case.
 *
 * Since: 1.0
 */
void
loft_gtk_async_action_set_error_title (LoftGtkAsyncAction *self,
                                       const char         *title)
{
  char *copy;

  g_return_if_fail (LOFT_GTK_IS_ASYNC_ACTION (self));

  if (g_strcmp0 (self->error_title, title) == 0)
    return;
  copy = g_strdup (title);
  g_free (self->error_title);
  self->error_title = copy;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ERROR_TITLE]);
}
