// SPDX-License-Identifier: Apache-2.0
/** Benchmarks of what core's package of this name keeps to itself: {@code ./dev jmh core.session}. */
package org.postern.core.session;
