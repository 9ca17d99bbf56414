/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* LoftGtkErrorBar: a place in a window where errors appear. */

#include <loft-gtk/loft-gtk-error-bar.h>

/**
 * LoftGtkErrorBar:
 *
 * A bar that appears when there is an error to tell, and stays until the user dismisses it.
 *
 * Put it at the top of a window's or a page's content, where it takes no place as long as there is
 * no error. [func@LoftGtk.present_error] finds it there. It looks as the theme lets an info bar
 * look, but uses none of GTK's deprecated classes.
 *
 * ```xml
 * <object class="GtkBox">
 *   <property name="orientation">vertical</property>
 *   <child>
 *     <object class="LoftGtkErrorBar"/>
 *   </child>
 *   …
 * ```
 *
 * If there are several errors, the bar shows the oldest, and tells how many more there are. An
 * error that is equal to the last one is not added again. Escape dismisses the error while the
 * keyboard focus is in the bar.
 *
 * Like every widget, it is used on the thread of GTK only.
 *
 * Since: 1.0
 */

typedef struct
{
  char *title; /* NULL: none */
  char *message;
} LoftGtkErrorText;

struct _LoftGtkErrorBar
{
  GtkWidget parent_instance;

  GQueue errors; /* of LoftGtkErrorText; the head is shown */

  GtkWidget *revealer;
  GtkWidget *title;
  GtkWidget *message;
  GtkWidget *more;
};

enum {
  PROP_N_ERRORS = 1,
  PROP_TITLE,
  PROP_MESSAGE,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (LoftGtkErrorBar, loft_gtk_error_bar, GTK_TYPE_WIDGET)

static void
loft_gtk_error_text_free (gpointer data)
{
  LoftGtkErrorText *text = data;

  g_free (text->title);
  g_free (text->message);
  g_free (text);
}

static gboolean
loft_gtk_error_text_is (const LoftGtkErrorText *text,
                        const char             *title,
                        const char             *message)
{
  return g_strcmp0 (text->title, title) == 0 && strcmp (text->message, message) == 0;
}

/* Shows the oldest error. While the bar closes, it keeps the last text. */
static void
loft_gtk_error_bar_show (LoftGtkErrorBar *self)
{
  LoftGtkErrorText *text = g_queue_peek_head (&self->errors);

  if (text != NULL)
    {
      g_autofree char *more = g_strdup_printf ("+%u", self->errors.length - 1);

      gtk_label_set_label (GTK_LABEL (self->title), text->title != NULL ? text->title : "");
      gtk_widget_set_visible (self->title, text->title != NULL);
      gtk_label_set_label (GTK_LABEL (self->message), text->message);
      gtk_label_set_label (GTK_LABEL (self->more), more);
      gtk_widget_set_visible (self->more, self->errors.length > 1);
    }
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->revealer), text != NULL);
}

static void
loft_gtk_error_bar_notify (LoftGtkErrorBar *self)
{
  g_object_freeze_notify (G_OBJECT (self));
  for (guint i = 1; i < N_PROPS; i++)
    g_object_notify_by_pspec (G_OBJECT (self), properties[i]);
  g_object_thaw_notify (G_OBJECT (self));
}

static gboolean
on_escape (GtkWidget *widget,
           GVariant  *args,
           gpointer   user_data)
{
  LoftGtkErrorBar *self = LOFT_GTK_ERROR_BAR (widget);

  if (self->errors.length == 0)
    return FALSE;
  loft_gtk_error_bar_dismiss (self);
  return TRUE;
}

static GtkWidget *
loft_gtk_error_label_new (void)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR); /* names of files are long */
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_widget_set_focusable (label, FALSE); /* so that Tab comes to the button first */
  return label;
}

static GtkWidget *
loft_gtk_error_bar_new_close_button (LoftGtkErrorBar *self)
{
  GtkWidget *button = gtk_button_new_from_icon_name ("window-close-symbolic");
  g_auto (GStrv) parts = g_strsplit (g_dgettext ("gtk40", "_Close"), "_", 2); /* GTK's own word */
  g_autofree char *word = g_strjoinv ("", parts);

  gtk_widget_add_css_class (button, "close");
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (button, word);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, word,
                                  -1);
  g_signal_connect_swapped (button, "clicked", G_CALLBACK (loft_gtk_error_bar_dismiss), self);
  return button;
}

/* GObject and GtkWidget. */

static void
loft_gtk_error_bar_dispose (GObject *object)
{
  LoftGtkErrorBar *self = LOFT_GTK_ERROR_BAR (object);

  g_clear_pointer (&self->revealer, gtk_widget_unparent);
  G_OBJECT_CLASS (loft_gtk_error_bar_parent_class)->dispose (object);
}

static void
loft_gtk_error_bar_finalize (GObject *object)
{
  LoftGtkErrorBar *self = LOFT_GTK_ERROR_BAR (object);

  g_queue_clear_full (&self->errors, loft_gtk_error_text_free);
  G_OBJECT_CLASS (loft_gtk_error_bar_parent_class)->finalize (object);
}

static void
loft_gtk_error_bar_get_property (GObject    *object,
                                 guint       id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  LoftGtkErrorBar *self = LOFT_GTK_ERROR_BAR (object);

  switch (id)
    {
    case PROP_N_ERRORS:
      g_value_set_uint (value, loft_gtk_error_bar_get_n_errors (self));
      break;
    case PROP_TITLE:
      g_value_set_string (value, loft_gtk_error_bar_get_title (self));
      break;
    case PROP_MESSAGE:
      g_value_set_string (value, loft_gtk_error_bar_get_message (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

#define READABLE (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY)

static void
loft_gtk_error_bar_class_init (LoftGtkErrorBarClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = loft_gtk_error_bar_dispose;
  object_class->finalize = loft_gtk_error_bar_finalize;
  object_class->get_property = loft_gtk_error_bar_get_property;

  /**
   * LoftGtkErrorBar:n-errors: (getter get_n_errors)
   *
   * How many errors were not dismissed yet.
   *
   * Since: 1.0
   */
  properties[PROP_N_ERRORS] = g_param_spec_uint ("n-errors", NULL, NULL, 0, G_MAXUINT, 0,
                                                 READABLE);

  /**
   * LoftGtkErrorBar:title: (getter get_title)
   *
   * What has failed.
   *
   * Since: 1.0
   */
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, READABLE);

  /**
   * LoftGtkErrorBar:message: (getter get_message)
   *
   * Why it has failed.
   *
   * Since: 1.0
   */
  properties[PROP_MESSAGE] = g_param_spec_string ("message", NULL, NULL, NULL, READABLE);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "infobar");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_ALERT);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Escape, 0, on_escape, NULL);
}

static void
loft_gtk_error_bar_init (LoftGtkErrorBar *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *icon = gtk_image_new_from_icon_name ("dialog-error-symbolic");

  g_queue_init (&self->errors);
  self->title = loft_gtk_error_label_new ();
  gtk_widget_add_css_class (self->title, "heading");
  self->message = loft_gtk_error_label_new ();
  self->more = gtk_label_new (NULL);
  gtk_widget_add_css_class (self->more, "numeric");

  gtk_widget_set_hexpand (texts, TRUE);
  gtk_widget_set_valign (texts, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (texts), self->title);
  gtk_box_append (GTK_BOX (texts), self->message);
  gtk_box_append (GTK_BOX (box), icon);
  gtk_box_append (GTK_BOX (box), texts);
  gtk_box_append (GTK_BOX (box), self->more);
  gtk_box_append (GTK_BOX (box), loft_gtk_error_bar_new_close_button (self));

  self->revealer = gtk_revealer_new ();
  gtk_revealer_set_child (GTK_REVEALER (self->revealer), box);
  gtk_widget_set_parent (self->revealer, GTK_WIDGET (self));
  gtk_widget_add_css_class (GTK_WIDGET (self), "error");
}

/**
 * loft_gtk_error_bar_new: (constructor)
 *
 * Creates a bar that shows no error.
 *
 * Returns: (transfer floating): the bar
 *
 * Since: 1.0
 */
GtkWidget *
loft_gtk_error_bar_new (void)
{
  return g_object_new (LOFT_GTK_TYPE_ERROR_BAR, NULL);
}

/**
 * loft_gtk_error_bar_add:
 * @self: an error bar
 * @title: (nullable): what has failed, as a sentence for the user
 * @message: why it has failed
 *
 * Adds an error, and shows it after those that are there already.
 *
 * Since: 1.0
 */
void
loft_gtk_error_bar_add (LoftGtkErrorBar *self,
                        const char      *title,
                        const char      *message)
{
  LoftGtkErrorText *text;

  g_return_if_fail (LOFT_GTK_IS_ERROR_BAR (self));
  g_return_if_fail (message != NULL);

  text = g_queue_peek_tail (&self->errors);
  if (text != NULL && loft_gtk_error_text_is (text, title, message))
    return;
  text = g_new (LoftGtkErrorText, 1);
  text->title = g_strdup (title);
  text->message = g_utf8_make_valid (message, -1);
  g_queue_push_tail (&self->errors, text);
  loft_gtk_error_bar_show (self);
  loft_gtk_error_bar_notify (self);
}

/**
 * loft_gtk_error_bar_dismiss:
 * @self: an error bar
 *
 * Takes away the error that is shown, and shows the next one.
 *
 * If there is no error, nothing happens.
 *
 * Since: 1.0
 */
void
loft_gtk_error_bar_dismiss (LoftGtkErrorBar *self)
{
  LoftGtkErrorText *text;

  g_return_if_fail (LOFT_GTK_IS_ERROR_BAR (self));

  text = g_queue_pop_head (&self->errors);
  if (text == NULL)
    return;
  loft_gtk_error_text_free (text);
  loft_gtk_error_bar_show (self);
  loft_gtk_error_bar_notify (self);
}

/**
 * loft_gtk_error_bar_get_n_errors: (get-property n-errors)
 * @self: an error bar
 *
 * Gets how many errors were not dismissed yet.
 *
 * Returns: the number
 *
 * Since: 1.0
 */
guint
loft_gtk_error_bar_get_n_errors (LoftGtkErrorBar *self)
{
  g_return_val_if_fail (LOFT_GTK_IS_ERROR_BAR (self), 0);

  return self->errors.length;
}

/**
 * loft_gtk_error_bar_get_title: (get-property title)
 * @self: an error bar
 *
 * Gets what has failed.
 *
 * Returns: (transfer none) (nullable): the title of the error that is shown; %NULL if there is no
 *   error, or if it has no title
 *
 * Since: 1.0
 */
const char *
loft_gtk_error_bar_get_title (LoftGtkErrorBar *self)
{
  LoftGtkErrorText *text;

  g_return_val_if_fail (LOFT_GTK_IS_ERROR_BAR (self), NULL);

  text = g_queue_peek_head (&self->errors);
  return text != NULL ? text->title : NULL;
}

/**
 * loft_gtk_error_bar_get_message: (get-property message)
 * @self: an error bar
 *
 * Gets why it has failed.
 *
 * Returns: (transfer none) (nullable): the message of the error that is shown; %NULL if there is no
 *   error
 *
 * Since: 1.0
 */
const char *
loft_gtk_error_bar_get_message (LoftGtkErrorBar *self)
{
  LoftGtkErrorText *text;

  g_return_val_if_fail (LOFT_GTK_IS_ERROR_BAR (self), NULL);

  text = g_queue_peek_head (&self->errors);
  return text != NULL ? text->message : NULL;
}
