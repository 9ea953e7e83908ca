// SPDX-License-Identifier: Apache-2.0
/** What a message costs that waits. {@code ./dev jmh bench.waiting} runs it. */
package org.postern.bench.waiting;
