// SPDX-License-Identifier: Apache-2.0
/** What a store that hangs costs the mail that does not need it. {@code ./dev jmh bench.store} runs it. */
package org.postern.bench.store;
