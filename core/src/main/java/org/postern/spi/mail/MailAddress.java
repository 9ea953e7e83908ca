// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.mail;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * A mailbox as it stands in a forward-path or reverse-path (RFC 5321 section 4.1.2, RFC 6531 section 3.3), without angle
 * brackets. The text is kept exactly as given; it is what goes on the wire.
 *
 * <p>No instance holds a control character, so an address can never carry CR, LF or NUL into a command.
 */
public final class MailAddress {

    /** Octets in a local part, RFC 5321 section 4.5.3.1.1. */
    public static final int MAX_LOCAL_PART_OCTETS = 64;

    /** Octets in a domain, RFC 5321 section 4.5.3.1.2. */
    public static final int MAX_DOMAIN_OCTETS = 255;

    // One text instead of two parts: a million waiting messages have two million addresses.
    private final String text;
    private final int at;

    private MailAddress(String text, int at) {
        this.text = text;
        this.at = at;
    }

    /**
     * Reads {@code local-part@domain}. The local part may be a quoted string, the domain an address literal.
     *
     * @throws IllegalArgumentException with a text for people, if this is no address, or is too long
     */
    public static MailAddress parse(String text) {
        Objects.requireNonNull(text, "text");
        rejectControls(text);
        int at = endOfLocalPart(text);
        String local = text.substring(0, at);
        String domain = text.substring(at + 1);
        if (domain.isEmpty()) {
            throw new IllegalArgumentException("address has no domain");
        }
        checkDomain(domain);
        checkLength(local, MAX_LOCAL_PART_OCTETS, "local part");
        checkLength(domain, MAX_DOMAIN_OCTETS, "domain");
        return new MailAddress(text, at);
    }

    private static void rejectControls(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isISOControl(text.charAt(i))) {
                throw new IllegalArgumentException("address holds a control character at position " + (i + 1));
            }
            if (Character.isSurrogate(text.charAt(i)) && !pairedAt(text, i)) {
                throw new IllegalArgumentException("address holds an unpaired surrogate at position " + (i + 1));
            }
        }
    }

    private static boolean pairedAt(String text, int i) {
        char c = text.charAt(i);
        return Character.isHighSurrogate(c)
                ? i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))
                : i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
    }

    private static int endOfLocalPart(String text) {
        int at = text.startsWith("\"") ? endOfQuotedString(text) : text.indexOf('@');
        if (at <= 0 || at >= text.length() || text.charAt(at) != '@') {
            throw new IllegalArgumentException("address has no local part followed by '@'");
        }
        if (!text.startsWith("\"")) {
            checkDotString(text.substring(0, at));
        }
        return at;
    }

    private static int endOfQuotedString(String text) {
        for (int i = 1; i < text.length(); i++) {
            if (text.charAt(i) == '\\') {
                i++;
            } else if (text.charAt(i) == '"') {
                return i + 1;
            }
        }
        throw new IllegalArgumentException("quoted local part has no closing quote");
    }

    private static void checkDotString(String local) {
        for (int i = 0; i < local.length(); i++) {
            if (" \"(),:;<>[\\]".indexOf(local.charAt(i)) >= 0) {
                throw new IllegalArgumentException("local part needs quotes because of '" + local.charAt(i) + "'");
            }
        }
    }

    private static void checkDomain(String domain) {
        boolean literal = domain.startsWith("[") && domain.endsWith("]") && domain.length() > 2;
        String inside = literal ? domain.substring(1, domain.length() - 1) : domain;
        for (int i = 0; i < inside.length(); i++) {
            if (" \"(),;<>[\\]@".indexOf(inside.charAt(i)) >= 0 || (!literal && inside.charAt(i) == ':')) {
                throw new IllegalArgumentException("domain holds '" + inside.charAt(i) + "'");
            }
        }
    }

    private static void checkLength(String part, int limit, String name) {
        int octets = part.getBytes(StandardCharsets.UTF_8).length;
        if (octets > limit) {
            throw new IllegalArgumentException(
                    name + " is " + octets + " octets long, at most " + limit + " are allowed");
        }
    }

    /** The local part as given, quotes included; its case is significant. */
    public String localPart() {
        return text.substring(0, at);
    }

    /** The domain as given. */
    public String domain() {
        return text.substring(at + 1);
    }

    /** The domain in the form that scopes and queues are keyed by. */
    public RoutingDomain routingDomain() {
        return RoutingDomain.of(domain());
    }

    /** Whether only a peer with SMTPUTF8 (RFC 6531) can take this address. */
    public boolean needsSmtpUtf8() {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0x7f) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MailAddress that
                && localPart().equals(that.localPart())
                && domain().equalsIgnoreCase(that.domain());
    }

    @Override
    public int hashCode() {
        return localPart().hashCode() * 31 + RoutingDomain.of(domain()).hashCode();
    }

    /** The address without angle brackets. */
    @Override
    public String toString() {
        return text;
    }
}
