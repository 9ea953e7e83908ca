// SPDX-License-Identifier: Apache-2.0
package org.postern.core.outcome;

/** Whom a failure concerns, and so whom it must not touch. */
public enum BlastRadius {
    /** This recipient of this message. */
    RECIPIENT,
    /** This message, all recipients. */
    MESSAGE,
    /** This session; another one to the same host may do. */
    SESSION,
    /** This host; another one of the route may do. */
    HOST,
    /** All hosts of this domain, and so all mail that waits for it. */
    DOMAIN,
    /** This mechanism on this host; another mechanism may do. */
    MECHANISM,
    /** This credential at this endpoint; it would be refused by the next host as well. */
    CREDENTIAL,
    /** Logins with this credential for a while; not the host, and not the credential itself. */
    LOGIN,
    /** The store that the credential should come from. */
    STORE,
    /** Our own side: configuration, bundles, disk. */
    US;

    /** Whether a fresh answer from where the credential comes from may help. */
    public boolean doubtsCredential() {
        return this == CREDENTIAL || this == LOGIN;
    }

    /** Whether the next host of the route is worth trying in the same attempt. */
    public boolean leavesOtherHosts() {
        return this == SESSION || this == HOST;
    }
}
