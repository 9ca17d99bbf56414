/* SPDX-FileCopyrightText: 2026 The Loft authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The folders of WPF's tests, with which the sources of the cases begin. */

#pragma once

#define THREADING  "dotnet/wpf-test src/Test/ElementServices/FeatureTests/Untrusted/Threading/"
#define DISPATCHER "dotnet/wpf-test src/Test/ElementServices/FeatureTests/Untrusted/Dispatcher/"
#define UNIT \
  "dotnet/wpf src/Microsoft.DotNet.Wpf/tests/UnitTests/WindowsBase.Tests/System/" \
  "Windows/Threading/"
