// SPDX-License-Identifier: Apache-2.0
package org.postern.core.route;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.postern.spi.mail.RoutingDomain;

/** Hosts that are never connected to: those that an operator names, and addresses that are no host's. */
final class ProhibitedHosts {

    private static final int EVERYONE = 0xff;

    private final Set<String> names = new HashSet<>();
    private final List<Block> blocks = new ArrayList<>();

    /** An entry that reads as neither address nor block is taken for a name. */
    ProhibitedHosts(List<String> entries) {
        for (String entry : entries) {
            Optional<Block> block = Block.parse(entry.strip());
            block.ifPresentOrElse(
                    blocks::add, () -> names.add(RoutingDomain.of(entry.strip()).name()));
        }
    }

    /** Why the host is not connected to, if it is not. */
    Optional<String> forbids(String host) {
        return names.contains(host.toLowerCase(Locale.ROOT))
                ? Optional.of(host + " is prohibited by Prohibited_Hosts")
                : Optional.empty();
    }

    /** Why the address is not connected to, if it is not. */
    Optional<String> forbids(InetAddress address) {
        if (isNoHost(address)) {
            return Optional.of(address.getHostAddress() + " is not the address of a host");
        }
        return blocks.stream().anyMatch(block -> block.contains(address))
                ? Optional.of(address.getHostAddress() + " is prohibited by Prohibited_Hosts")
                : Optional.empty();
    }

    /** {@code 0.0.0.0/8} reaches this very machine on common systems, whatever it listens on. */
    private static boolean isNoHost(InetAddress address) {
        byte[] octets = address.getAddress();
        boolean v4 = octets.length == 4;
        return address.isAnyLocalAddress()
                || address.isMulticastAddress()
                || v4 && (octets[0] == 0 || (octets[0] & EVERYONE) >= 240);
    }

    private record Block(byte[] network, int bits) {

        static Optional<Block> parse(String text) {
            int slash = text.indexOf('/');
            Optional<InetAddress> address = AddressLiteral.parse(slash < 0 ? text : text.substring(0, slash));
            if (address.isEmpty()) {
                return Optional.empty();
            }
            byte[] octets = address.get().getAddress();
            int all = octets.length * Byte.SIZE;
            int bits = slash < 0 ? all : bits(text.substring(slash + 1), all);
            return bits < 0 ? Optional.empty() : Optional.of(new Block(octets, bits));
        }

        boolean contains(InetAddress address) {
            byte[] octets = address.getAddress();
            if (octets.length != network.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                if (((octets[bit / Byte.SIZE] ^ network[bit / Byte.SIZE]) >> (Byte.SIZE - 1 - bit % Byte.SIZE) & 1)
                        != 0) {
                    return false;
                }
            }
            return true;
        }

        private static int bits(String text, int most) {
            try {
                int bits = Integer.parseInt(text);
                return bits <= most ? bits : -1;
            } catch (NumberFormatException notANumber) {
                return -1;
            }
        }
    }
}
