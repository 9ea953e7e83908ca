// SPDX-License-Identifier: Apache-2.0
package org.postern.core.delivery;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.postern.core.scope.OutboundSettings;
import org.postern.core.scope.Resolution;
import org.postern.core.scope.Resolved;
import org.postern.core.smtp.SmtpTimeouts;
import org.postern.core.smtp.TlsPolicy;

/**
 * What the scopes say about sessions, in the client's terms.
 *
 * @param tls what TLS has to be like
 * @param timeouts of each step
 * @param source the address to come from, if one is set
 * @param ehloName the name to introduce ourselves by
 * @param idleTimeout how long a session may wait for the next message
 * @param maxDeliveries messages per session, 0 for no limit
 * @param hostRest how long a host that failed is left alone
 */
record SessionOptions(
        TlsPolicy tls,
        SmtpTimeouts timeouts,
        Optional<InetAddress> source,
        String ehloName,
        Duration idleTimeout,
        long maxDeliveries,
        Duration hostRest) {

    private static final Duration NO_QUICKER = Duration.ofSeconds(5);

    static SessionOptions of(Resolution options, boolean authenticationApplies, String hostname) {
        return new SessionOptions(
                tls(options, authenticationApplies),
                timeouts(options),
                source(options),
                ehloName(options, hostname),
                options.get(OutboundSettings.IDLE_TIMEOUT).orThrow(),
                options.get(OutboundSettings.MAX_DELIVERIES_PER_CONNECTION).orThrow(),
                options.get(OutboundSettings.HOST_FAILURE_RETRY).orThrow());
    }

    // Where authentication applies and nobody has set TLS, STARTTLS is used if offered.
    private static TlsPolicy tls(Resolution options, boolean authenticationApplies) {
        Resolved<String> written = options.get(OutboundSettings.TLS);
        TlsPolicy.Level level =
                authenticationApplies && !written.isSet() ? TlsPolicy.Level.IF_OFFERED : level(written.orThrow());
        return new TlsPolicy(
                level,
                verification(options.get(OutboundSettings.TLS_VERIFY).orThrow()),
                file(options.get(OutboundSettings.TLS_CA)),
                !authenticationApplies
                        && options.get(OutboundSettings.TLS_IFAVAILABLE_FALLBACK)
                                .orThrow());
    }

    private static TlsPolicy.Level level(String word) {
        return switch (word) {
            case "required" -> TlsPolicy.Level.REQUIRED;
            case "ifavailable" -> TlsPolicy.Level.IF_OFFERED;
            default -> TlsPolicy.Level.NEVER;
        };
    }

    private static TlsPolicy.Verification verification(String word) {
        return switch (word) {
            case "host" -> TlsPolicy.Verification.HOST;
            case "ca" -> TlsPolicy.Verification.CA;
            case "optional" -> TlsPolicy.Verification.OPTIONAL;
            default -> TlsPolicy.Verification.NONE;
        };
    }

    // A relative path starts from the file that it is written in.
    private static Optional<Path> file(Resolved<String> written) {
        return written.value()
                .map(path -> written.origin()
                        .map(origin -> Path.of(origin.file()).resolveSibling(path))
                        .orElse(Path.of(path)));
    }

    private static SmtpTimeouts timeouts(Resolution options) {
        SmtpTimeouts standard = SmtpTimeouts.DEFAULTS;
        Duration ehlo = options.get(OutboundSettings.EHLO_TIMEOUT).orThrow();
        return new SmtpTimeouts(
                shorter(options.get(OutboundSettings.CONNECT_TIMEOUT).orThrow(), standard.connect()),
                options.get(OutboundSettings.CONNECT_TIMEOUT).orThrow(),
                ehlo,
                shorter(ehlo, standard.startTls()),
                options.get(OutboundSettings.AUTH_TIMEOUT).orThrow(),
                options.get(OutboundSettings.MAILFROM_TIMEOUT).orThrow(),
                options.get(OutboundSettings.RCPTTO_TIMEOUT).orThrow(),
                standard.data(),
                standard.block(),
                options.get(OutboundSettings.BODY_TIMEOUT).orThrow(),
                options.get(OutboundSettings.RSET_TIMEOUT).orThrow(),
                NO_QUICKER);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static Optional<InetAddress> source(Resolution options) {
        return options.get(OutboundSettings.BIND_ADDRESS)
                .value()
                .filter(address -> !address.equals("*"))
                .map(SessionOptions::address);
    }

    private static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException unknown) {
            throw new IllegalArgumentException("Bind_Address " + literal + " is not an address", unknown);
        }
    }

    private static String ehloName(Resolution options, String hostname) {
        return options.get(OutboundSettings.EHLO_HOSTNAME)
                .value()
                .filter(name -> !name.startsWith("__"))
                .orElse(hostname);
    }
}
