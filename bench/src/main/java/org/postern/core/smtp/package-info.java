// SPDX-License-Identifier: Apache-2.0
/** Benchmarks of what core's package of this name keeps to itself: {@code ./dev jmh core.smtp}. */
package org.postern.core.smtp;
