/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Where Loft differs from Windows on purpose, each of these macros asks for Windows' answer. They
 * are defined, if at all, before the first header of Loft, and alike in all files of a program.
 *
 * LOFT_WINRT_AS_WINDOWS                 all of those below
 * LOFT_WINRT_HANDLERS_AGILE             a Completed handler runs on the thread that ends the object
 *                                       (Loft: at the home of the thread that set it); one that is
 *                                       set after a cancel is called at once; Progress handlers of
 *                                       coroutines run on the thread that reports
 * LOFT_WINRT_WAITS_TAKE_SLOT            get (), wait_for () and co_await of what has not ended use
 *                                       the Completed slot up (Loft: they do not)
 * LOFT_WINRT_BLOCKS_ANYWHERE            get () and wait_for () block on a thread with a dispatcher
 *                                       (Loft: they are refused)
 * LOFT_WINRT_RESUMES_ON_POOL            resume_after and resume_on_signal go on on the thread pool
 *                                       (Loft: they come home)
 * LOFT_WINRT_TERMINATES                 an exception that leaves a fire_and_forget ends the program
 *                                       (Loft: it goes to LoftDispatcher::unhandled-error)
 * LOFT_WINRT_CLOSES_QUIETLY             Close does nothing, as Close of Windows' coroutines (Loft:
 *                                       it releases the results, and before the end it throws
 *                                       hresult_illegal_state_change)
 * LOFT_WINRT_CLOSED_DISPATCHER_COMPLETES
 *                                       RunAsync of a CoreDispatcher that has shut down returns a
 *                                       Completed action, though nothing ran (Loft: Canceled)
 * LOFT_WINRT_UNINITIALIZED_IS_MTA       the main thread counts as a thread of the MTA until it
 *                                       calls init_apartment (Loft: it has the default dispatcher)
 */

#pragma once

#ifdef LOFT_WINRT_AS_WINDOWS
#ifndef LOFT_WINRT_HANDLERS_AGILE
#define LOFT_WINRT_HANDLERS_AGILE
#endif
#ifndef LOFT_WINRT_WAITS_TAKE_SLOT
#define LOFT_WINRT_WAITS_TAKE_SLOT
#endif
#ifndef LOFT_WINRT_BLOCKS_ANYWHERE
#define LOFT_WINRT_BLOCKS_ANYWHERE
#endif
#ifndef LOFT_WINRT_RESUMES_ON_POOL
#define LOFT_WINRT_RESUMES_ON_POOL
#endif
#ifndef LOFT_WINRT_TERMINATES
#define LOFT_WINRT_TERMINATES
#endif
#ifndef LOFT_WINRT_CLOSES_QUIETLY
#define LOFT_WINRT_CLOSES_QUIETLY
#endif
#ifndef LOFT_WINRT_CLOSED_DISPATCHER_COMPLETES
#define LOFT_WINRT_CLOSED_DISPATCHER_COMPLETES
#endif
#ifndef LOFT_WINRT_UNINITIALIZED_IS_MTA
#define LOFT_WINRT_UNINITIALIZED_IS_MTA
#endif
#endif
