// SPDX-License-Identifier: Apache-2.0
package org.postern.core.route;

import java.net.InetAddress;
import java.util.List;

/**
 * Asks the domain name system. Names are A-labels without trailing dot.
 *
 * <p>Threading: safe for many threads; blocks up to the resolver's own deadline.
 */
public interface MxLookup {

    /** The mail exchangers of a domain, CNAMEs followed. */
    MxAnswer mailExchangers(String domain) throws InterruptedException;

    /** The addresses of a host, CNAMEs followed; IPv6 ones after the others, and only if wanted. */
    AddressAnswer addresses(String host, boolean ipv6) throws InterruptedException;

    /**
     * What this machine itself says about a host, such as in {@code /etc/hosts}, without asking anybody.
     *
     * @return its addresses, or none where it says nothing
     */
    default List<InetAddress> known(String host, boolean ipv6) {
        return List.of();
    }

    /**
     * One MX record.
     *
     * @param preference lower is better
     * @param host lower case, without trailing dot; empty for the root
     */
    record MailExchanger(int preference, String host) {}

    /** The answer about mail exchangers. */
    sealed interface MxAnswer {

        /**
         * There are some.
         *
         * @param exchangers in no order
         */
        record Exchangers(List<MailExchanger> exchangers) implements MxAnswer {

            /** Copies the list. */
            public Exchangers {
                exchangers = List.copyOf(exchangers);
            }
        }

        /** The name exists and has none: the domain itself is the exchanger. */
        record NoExchanger() implements MxAnswer {}

        /** The name does not exist. */
        record NoSuchName() implements MxAnswer {}

        /**
         * No usable answer.
         *
         * @param reason one line for people
         */
        record Failed(String reason) implements MxAnswer {}
    }

    /** The answer about addresses. */
    sealed interface AddressAnswer {

        /**
         * There are some.
         *
         * @param addresses never empty
         */
        record Addresses(List<InetAddress> addresses) implements AddressAnswer {

            /** Copies the list. */
            public Addresses {
                addresses = List.copyOf(addresses);
            }
        }

        /** The name does not exist, or has no address. */
        record NoAddress() implements AddressAnswer {}

        /**
         * No usable answer.
         *
         * @param reason one line for people
         */
        record Failed(String reason) implements AddressAnswer {}
    }
}
