// SPDX-License-Identifier: Apache-2.0
package org.postern.core.route;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import org.xbill.DNS.Address;

/** Addresses as people write them: {@code 192.0.2.1}, {@code 2001:db8::1}, {@code [192.0.2.1]}, {@code [IPv6:2001:db8::1]}. */
final class AddressLiteral {

    private static final String TAG = "ipv6:";

    private AddressLiteral() {}

    /** The address, or nothing where the text is something else. Asks nobody. */
    static Optional<InetAddress> parse(String text) {
        String inner = text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
        if (!mayBeAddress(inner)) {
            return Optional.empty();
        }
        boolean tagged = inner.toLowerCase(Locale.ROOT).startsWith(TAG);
        byte[] v4 = tagged ? null : Address.toByteArray(inner, Address.IPv4);
        byte[] octets =
                v4 != null ? v4 : Address.toByteArray(tagged ? inner.substring(TAG.length()) : inner, Address.IPv6);
        return octets == null ? Optional.empty() : Optional.of(of(octets));
    }

    // Nearly all texts are names, and this is asked of each several times.
    private static boolean mayBeAddress(String text) {
        return text.indexOf(':') >= 0 || (!text.isEmpty() && Character.isDigit(text.charAt(text.length() - 1)));
    }

    private static InetAddress of(byte[] octets) {
        try {
            return InetAddress.getByAddress(octets);
        } catch (UnknownHostException wrongLength) {
            throw new IllegalStateException(wrongLength);
        }
    }
}
