// SPDX-License-Identifier: Apache-2.0
package org.postern.intake.smtp;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postern.spi.settings.InvalidValueException;

/**
 * An address, or all addresses that begin alike.
 *
 * @param first the first address; all bits behind the prefix are 0
 * @param prefix how many bits count
 */
record Network(InetAddress first, int prefix) {

    private static final Pattern FORM = Pattern.compile("([^/]+)(?:/(\\d{1,3}))?");
    private static final Pattern OCTETS = Pattern.compile("\\d{1,3}(?:\\.\\d{1,3}){3}");

    static Network parse(String written) throws InvalidValueException {
        Matcher matcher = FORM.matcher(written);
        if (!matcher.matches()) {
            throw notANetwork(written);
        }
        InetAddress address = literal(matcher.group(1), written);
        int bits = address.getAddress().length * Byte.SIZE;
        int prefix = matcher.group(2) == null ? bits : Integer.parseInt(matcher.group(2));
        if (prefix > bits) {
            throw new InvalidValueException("has '" + written + "', whose prefix is longer than " + bits + " bits");
        }
        Network network = new Network(masked(address, prefix), prefix);
        // A network written by way of one of its hosts may well be a slip, and this list is what keeps strangers out.
        if (!network.first.equals(address)) {
            throw new InvalidValueException("has '" + written + "'; write '" + network + "' if that network is meant");
        }
        return network;
    }

    // Names are refused before InetAddress sees them: it would ask the DNS.
    private static InetAddress literal(String text, String written) throws InvalidValueException {
        if (!OCTETS.matcher(text).matches() && (text.indexOf(':') < 0 || text.indexOf('%') >= 0)) {
            throw notANetwork(written);
        }
        for (String octet : text.indexOf(':') < 0 ? text.split("\\.") : new String[0]) {
            if (Integer.parseInt(octet) > 255) {
                throw notANetwork(written);
            }
        }
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException notALiteral) {
            throw notANetwork(written);
        }
    }

    private static InvalidValueException notANetwork(String written) {
        return new InvalidValueException("has '" + written
                + "', which is neither an IP address nor a network such as 192.0.2.0/24 or 2001:db8::/32");
    }

    private static InetAddress masked(InetAddress address, int prefix) {
        byte[] octets = address.getAddress();
        for (int bit = prefix; bit < octets.length * Byte.SIZE; bit++) {
            octets[bit / Byte.SIZE] &= (byte) ~(0x80 >>> (bit % Byte.SIZE));
        }
        try {
            return InetAddress.getByAddress(octets);
        } catch (UnknownHostException wrongLength) {
            throw new IllegalStateException(wrongLength);
        }
    }

    boolean contains(InetAddress address) {
        return sameFamily(address) && masked(address, prefix).equals(first);
    }

    private boolean sameFamily(InetAddress address) {
        return (address instanceof Inet4Address) == (first instanceof Inet4Address);
    }

    @Override
    public String toString() {
        return first.getHostAddress() + "/" + prefix;
    }
}
