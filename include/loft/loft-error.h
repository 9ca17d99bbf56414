/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#if !defined(LOFT_INSIDE) && !defined(LOFT_COMPILATION)
#error "Only <loft/loft.h> can be included directly."
#endif

#include <glib.h>
#include <loft/loft-version-macros.h>

G_BEGIN_DECLS

/**
 * LOFT_ERROR:
 *
 * The error domain of Loft, with codes from [error@Loft.Error].
 */
#define LOFT_ERROR (loft_error_quark ())

/**
 * LoftError:
 * @LOFT_ERROR_ILLEGAL_METHOD_CALL: the object has not ended yet, or was closed
 *   (`E_ILLEGAL_METHOD_CALL`)
 * @LOFT_ERROR_ILLEGAL_STATE_CHANGE: the object was closed before its end, or the dispatcher has a
 *   controller already (`E_ILLEGAL_STATE_CHANGE`)
 * @LOFT_ERROR_ILLEGAL_DELEGATE_ASSIGNMENT: the one completed handler was already set
 *   (`E_ILLEGAL_DELEGATE_ASSIGNMENT`)
 * @LOFT_ERROR_CHANGED_MODE: the thread is in another kind of apartment (`RPC_E_CHANGED_MODE`)
 * @LOFT_ERROR_NOT_INITIALIZED: the thread is in no apartment (`CO_E_NOTINITIALIZED`)
 * @LOFT_ERROR_WRONG_THREAD: the object belongs to another thread (`RPC_E_WRONG_THREAD`)
 * @LOFT_ERROR_BLOCKING_WAIT: this thread has a dispatcher and must not block
 * @LOFT_ERROR_DEADLOCK: only the waiting thread itself could end what it waits for
 * @LOFT_ERROR_DISCONNECTED: the home that should go on, or the object that was waited for, is gone
 *   (`RPC_E_DISCONNECTED`)
 * @LOFT_ERROR_SHUT_DOWN: the dispatcher accepts no more work
 * @LOFT_ERROR_INVALID_ARGUMENT: a value that makes no sense here (`E_INVALIDARG`)
 * @LOFT_ERROR_FAILED: a handler failed without saying why (`E_FAIL`)
 *
 * Errors that can occur at run time.
 */
typedef enum {
  LOFT_ERROR_ILLEGAL_METHOD_CALL,
  LOFT_ERROR_ILLEGAL_STATE_CHANGE,
  LOFT_ERROR_ILLEGAL_DELEGATE_ASSIGNMENT,
  LOFT_ERROR_CHANGED_MODE,
  LOFT_ERROR_NOT_INITIALIZED,
  LOFT_ERROR_WRONG_THREAD,
  LOFT_ERROR_BLOCKING_WAIT,
  LOFT_ERROR_DEADLOCK,
  LOFT_ERROR_DISCONNECTED,
  LOFT_ERROR_SHUT_DOWN,
  LOFT_ERROR_INVALID_ARGUMENT,
  LOFT_ERROR_FAILED,
} LoftError;

LOFT_AVAILABLE_IN_1_0
GQuark loft_error_quark (void);

G_END_DECLS
