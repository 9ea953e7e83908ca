// SPDX-License-Identifier: Apache-2.0
/**
 * SCRAM (RFC 5802, RFC 7677) with SHA-1, SHA-256 and SHA-512, and with channel binding (RFC 5929, RFC 9266). The password
 * never travels, and the server proves that it knows it.
 */
package org.postern.auth.scram;
