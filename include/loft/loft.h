/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The one header to include, which declares everything that Loft offers. */

#pragma once

#define LOFT_INSIDE

#include <loft/loft-version.h>
#include <loft/loft-version-macros.h>
#include <loft/loft-types.h>
#include <loft/loft-enums.h>
#include <loft/loft-enum-types.h>
#include <loft/loft-error.h>
#include <loft/loft-agile-object.h>
#include <loft/loft-async-info.h>
#include <loft/loft-async-action.h>
#include <loft/loft-async-operation.h>
#include <loft/loft-async-with-progress.h>
#include <loft/loft-async-base.h>
#include <loft/loft-work-settings.h>
#include <loft/loft-action.h>
#include <loft/loft-operation.h>
#include <loft/loft-continuation.h>
#include <loft/loft-deferral.h>
#include <loft/loft-dispatcher.h>
#include <loft/loft-dispatcher-controller.h>
#include <loft/loft-dispatcher-timer.h>
#include <loft/loft-thread-pool.h>
#include <loft/loft-thread-pool-timer.h>
#include <loft/loft-event-source.h>
#include <loft/loft-compose.h>
#include <loft/loft-task-group.h>
#include <loft/loft-limiter.h>
#include <loft/loft-latest-slot.h>
#include <loft/loft-debouncer.h>
#include <loft/loft-throttler.h>
#include <loft/loft-list-feeder.h>
#include <loft/loft-async-observer.h>
#include <loft/loft-relay.h>
#include <loft/loft-gio.h>
#include <loft/loft-apartment.h>
#include <loft/loft-apartment-context.h>
#include <loft/loft-agile-reference.h>
#include <loft/loft-run-synchronously.h>
#include <loft/loft-coroutine.h>
#include <loft/loft-resumption.h>
#include <loft/loft-call-site.h>
#include <loft/loft-diagnosis.h>
#include <loft/loft-shutdown.h>

#undef LOFT_INSIDE
