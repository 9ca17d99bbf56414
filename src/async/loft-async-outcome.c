/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What an object has ended with, for a handler of its end. The answer is the same if another
 * handler has closed the object in the meantime. */

#include "config.h"

#include "base/loft-thread-private.h"
#include "async/loft-async-outcome-private.h"

static LoftReportFrame *
loft_outcome_find_end (LoftAsyncInfo *sender)
{
  LoftReportFrame *frame = loft_thread_get ()->report;

  while (frame != NULL && frame->info != sender)
    frame = frame->outer;
  return frame != NULL && frame->at_end ? frame : NULL;
}

GError *
loft_outcome_dup_error (LoftAsyncInfo   *sender,
                        LoftAsyncStatus  status)
{
  LoftReportFrame *frame = loft_outcome_find_end (sender);
  GError *error = NULL;

  if (status == LOFT_ASYNC_STATUS_COMPLETED)
    return NULL;
  if (frame != NULL && frame->error != NULL)
    return g_error_copy (frame->error);
  if (status == LOFT_ASYNC_STATUS_CLOSED) /* before this handler was set */
    return g_error_new_literal (LOFT_ERROR, LOFT_ERROR_ILLEGAL_METHOD_CALL,
                                "It was closed before: nothing can wait for it, or go on after it. "
                                "Ask before you close.");
  if (loft_async_info_get_status (sender) != LOFT_ASYNC_STATUS_CLOSED)
    error = loft_async_info_dup_error (sender);
  if (error != NULL)
    return error;
  if (status == LOFT_ASYNC_STATUS_CANCELED)
    return g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "It was cancelled");
  return g_error_new_literal (LOFT_ERROR, LOFT_ERROR_FAILED, "It failed without an error");
}

LoftValueBox *
loft_outcome_dup_box (LoftAsyncInfo *sender)
{
  LoftReportFrame *frame = loft_outcome_find_end (sender);

  return frame != NULL && frame->outcome != NULL ? loft_value_box_ref (frame->outcome) : NULL;
}

LoftValueBox *
loft_outcome_dup_failure (LoftAsyncInfo   *sender,
                          LoftAsyncStatus  status)
{
  LoftValueBox *outcome;

  if (status == LOFT_ASYNC_STATUS_COMPLETED)
    return NULL;

  outcome = loft_outcome_dup_box (sender);
  if (loft_value_box_peek_error (outcome) != NULL)
    return outcome;

  g_clear_pointer (&outcome, loft_value_box_unref);
  return loft_value_box_new_for_error (loft_outcome_dup_error (sender, status), NULL);
}

const GValue *
loft_outcome_peek_result (LoftAsyncInfo *sender)
{
  LoftReportFrame *frame = loft_outcome_find_end (sender);

  return frame != NULL ? frame->result : NULL;
}
