// SPDX-License-Identifier: Apache-2.0
package org.postern.bench;

/**
 * One kind of load.
 *
 * @param connections sessions that hand mail in at once
 * @param messages how many messages they hand in together
 * @param octets octets of one message
 */
record Case(int connections, int messages, int octets) {}
