// SPDX-License-Identifier: Apache-2.0
package org.postern.intake.smtp;

import java.net.InetAddress;

/** A peer's address as others may read it. */
final class PeerAddress {

    private PeerAddress() {}

    /** The address without a zone, which means something on this machine only. */
    static String text(InetAddress peer) {
        String address = peer.getHostAddress();
        int zone = address.indexOf('%');
        return zone < 0 ? address : address.substring(0, zone);
    }
}
