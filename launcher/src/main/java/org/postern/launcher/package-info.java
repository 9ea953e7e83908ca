// SPDX-License-Identifier: Apache-2.0
/** The command line: verbs, their exit codes, and what they print. */
package org.postern.launcher;
