// SPDX-License-Identifier: Apache-2.0
package org.postern.intake.smtp;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.postern.spi.settings.InvalidValueException;

/**
 * Who may hand in mail for other hosts.
 *
 * @param networks in the order written; none means nobody
 */
record RelayHosts(List<Network> networks) {

    RelayHosts {
        networks = List.copyOf(networks);
    }

    static RelayHosts parse(List<String> words) throws InvalidValueException {
        List<Network> networks = new ArrayList<>();
        for (String word : words) {
            if (!word.isBlank()) {
                networks.add(Network.parse(word.strip()));
            }
        }
        return new RelayHosts(networks);
    }

    boolean include(InetAddress peer) {
        return networks.stream().anyMatch(network -> network.contains(peer));
    }

    /** Whether every stranger may relay. */
    boolean open() {
        return networks.stream().anyMatch(network -> network.prefix() == 0);
    }
}
