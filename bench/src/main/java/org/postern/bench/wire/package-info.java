// SPDX-License-Identifier: Apache-2.0
/**
 * What a message costs between the queue and the socket. {@code ./dev jmh bench.wire} measures transactions, {@code ./dev
 * jmh core.smtp} the inner loops and the TLS handshake, which are not to be had from outside their package.
 */
package org.postern.bench.wire;
