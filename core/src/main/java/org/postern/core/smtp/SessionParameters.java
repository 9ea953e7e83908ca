// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import java.net.InetAddress;
import java.util.Objects;
import java.util.Optional;

/**
 * All that is needed to open a session.
 *
 * @param endpoint where to
 * @param source the local address to connect from, if one is demanded
 * @param ehloName what the client calls itself: a domain, or an address literal in brackets (RFC 5321 section 4.1.1.1)
 * @param tls what is asked of TLS
 * @param authenticationApplies whether AUTH is to follow; then neither HELO nor a fall-back to clear will do
 * @param timeouts how long each step may take
 * @param protocol how to speak
 * @param xclient whose messages the session is for, if the peer is to be told
 */
public record SessionParameters(
        Endpoint endpoint,
        Optional<InetAddress> source,
        String ehloName,
        TlsPolicy tls,
        boolean authenticationApplies,
        SmtpTimeouts timeouts,
        Protocol protocol,
        Optional<Xclient> xclient) {

    /** Of a session whose peer is not told whose messages it is for. */
    public SessionParameters(
            Endpoint endpoint,
            Optional<InetAddress> source,
            String ehloName,
            TlsPolicy tls,
            boolean authenticationApplies,
            SmtpTimeouts timeouts,
            Protocol protocol) {
        this(endpoint, source, ehloName, tls, authenticationApplies, timeouts, protocol, Optional.empty());
    }

    /** Of a session that speaks ESMTP. */
    public SessionParameters(
            Endpoint endpoint,
            Optional<InetAddress> source,
            String ehloName,
            TlsPolicy tls,
            boolean authenticationApplies,
            SmtpTimeouts timeouts) {
        this(endpoint, source, ehloName, tls, authenticationApplies, timeouts, Protocol.ESMTP);
    }

    /** @throws IllegalArgumentException if the EHLO name is not 1 to 255 visible ASCII characters */
    public SessionParameters {
        Objects.requireNonNull(endpoint, "endpoint");
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(tls, "tls");
        Objects.requireNonNull(timeouts, "timeouts");
        Objects.requireNonNull(protocol, "protocol");
        Objects.requireNonNull(xclient, "xclient");
        if (ehloName.isEmpty() || ehloName.length() > 255 || !ehloName.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
            throw new IllegalArgumentException("the EHLO name must be 1 to 255 visible ASCII characters");
        }
    }
}
