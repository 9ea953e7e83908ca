// SPDX-License-Identifier: Apache-2.0
package org.postern.bench;

/**
 * What a load asks of the configuration of a relay.
 *
 * @param connections how many sessions may be open to the peer; 0 for what is the relay's own or its administrator's choice
 * @param domains how many domains of recipients are written there, each with an account; 0 for none, and one account
 * @param accounts how many accounts they have, in turn
 */
record Demand(int connections, int domains, int accounts) {

    /** Nothing in particular. */
    static final Demand USUAL = new Demand(0, 0, 1);
}
