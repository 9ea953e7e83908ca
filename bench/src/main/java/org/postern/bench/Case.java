// SPDX-License-Identifier: Apache-2.0
package org.postern.bench;

/**
 * One kind of load.
 *
 * @param connections sessions that hand mail in at once
 * @param messages how many messages they hand in together
 * @param octets octets of one message
 * @param perSecond how many messages are due in a second; 0 for as many as the relay accepts
 * @param domains how many domains the recipients are in, in turn
 */
record Case(int connections, int messages, int octets, int perSecond, int domains) {

    /** As fast as the relay accepts, all to one domain. */
    Case(int connections, int messages, int octets) {
        this(connections, messages, octets, 0, 1);
    }

    /** The same, but so many messages, as fast as the relay accepts. */
    Case atOnce(int count) {
        return new Case(connections, count, octets, 0, domains);
    }
}
