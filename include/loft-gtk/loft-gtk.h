/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <gtk/gtk.h>
#include <loft/loft.h>

#define LOFT_GTK_INSIDE
#include <loft-gtk/loft-gtk-binding.h>
#include <loft-gtk/loft-gtk-async-action.h>
#include <loft-gtk/loft-gtk-error-bar.h>
#include <loft-gtk/loft-gtk-present-error.h>
#include <loft-gtk/loft-gtk-filter-model.h>
#include <loft-gtk/loft-gtk-search.h>
#include <loft-gtk/loft-gtk-frame-budget.h>
#include <loft-gtk/loft-gtk-scope.h>
#undef LOFT_GTK_INSIDE
