// SPDX-License-Identifier: Apache-2.0
/**
 * What an authentication costs, mechanism by mechanism. {@code ./dev jmh bench.auth.Exchange -prof gc} measures the
 * mechanisms alone, {@code ./dev jmh bench.auth.Session} whole sessions over sockets and TLS.
 */
package org.postern.bench.auth;
