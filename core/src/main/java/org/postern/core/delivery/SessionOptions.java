// SPDX-License-Identifier: Apache-2.0
package org.postern.core.delivery;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.postern.core.scope.OutboundSettings;
import org.postern.core.scope.Resolution;
import org.postern.core.scope.Resolved;
import org.postern.core.session.Opener;
import org.postern.core.session.SessionLife;
import org.postern.core.smtp.ClientCertificate;
import org.postern.core.smtp.Protocol;
import org.postern.core.smtp.SmtpTimeouts;
import org.postern.core.smtp.TlsOffer;
import org.postern.core.smtp.TlsPolicy;
import org.postern.core.smtp.Xclient;
import org.postern.spi.mail.MailAddress;
import org.postern.spi.mail.SubmittingClient;

/**
 * What the scopes say about sessions, in the client's terms.
 *
 * @param opener whose messages they hold for
 * @param shared whether messages of others may ride along
 * @param plainTls what TLS has to be like where no authentication applies
 * @param loginTls what it has to be like where some does
 * @param timeouts of each step
 * @param source the address to come from, if one is set
 * @param ehloName the name to introduce ourselves by, or nothing where it is that of the message
 * @param hostname this machine's name
 * @param protocol how to speak
 * @param xclient whether the peer is told who handed a message in
 * @param life how long a session may live
 * @param hostRest how long a host that failed is left alone
 */
record SessionOptions(
        Opener opener,
        boolean shared,
        TlsPolicy plainTls,
        TlsPolicy loginTls,
        SmtpTimeouts timeouts,
        Optional<InetAddress> source,
        Optional<String> ehloName,
        String hostname,
        Protocol protocol,
        Telling xclient,
        SessionLife life,
        Duration hostRest) {

    private static final String NO_CERTIFICATE = "none";
    private static final Duration NO_QUICKER = Duration.ofSeconds(5);

    /** As they hold for a binding and a routing domain. */
    static SessionOptions of(Resolution options, String hostname) {
        return options.derived(SessionOptions.class, scopes -> read(scopes, hostname));
    }

    private static SessionOptions read(Resolution options, String hostname) {
        return new SessionOptions(
                new Opener(options.binding(), options.domain()),
                options.get(OutboundSettings.MIGRATE_CONNECTIONS_BETWEEN_SIBLING_DOMAINS)
                        .orThrow(),
                tls(options, false),
                tls(options, true),
                timeouts(options),
                source(options),
                ehloName(options, hostname),
                hostname,
                protocol(options),
                Telling.of(options),
                new SessionLife(
                        options.get(OutboundSettings.IDLE_TIMEOUT).orThrow(),
                        options.get(OutboundSettings.MAX_DELIVERIES_PER_CONNECTION)
                                .orThrow(),
                        options.get(OutboundSettings.MAX_RECIPIENTS_PER_CONNECTION)
                                .orThrow()),
                options.get(OutboundSettings.HOST_FAILURE_RETRY).orThrow());
    }

    /** Whether the peer is told who handed a message in. */
    enum Telling {
        NO,
        IFAVAILABLE,
        REQUIRED;

        static Telling of(Resolution options) {
            return valueOf(options.get(OutboundSettings.XCLIENT).orThrow().toUpperCase(Locale.ROOT));
        }
    }

    /** What the peer is told of a client. */
    Optional<Xclient> xclient(SubmittingClient client) {
        return xclient == Telling.NO ? Optional.empty() : Optional.of(new Xclient(xclient == Telling.REQUIRED, client));
    }

    /** Whose messages alone may ride a session; nothing where others may as well. */
    Optional<Opener> only() {
        return shared ? Optional.empty() : Optional.of(opener);
    }

    /** What TLS has to be like. */
    TlsPolicy tls(boolean authenticationApplies) {
        return authenticationApplies ? loginTls : plainTls;
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
                authenticationApplies ? TlsPolicy.Fallback.NONE : fallback(options),
                new TlsOffer(
                        options.get(OutboundSettings.TLS_PROTOCOLS).orThrow(),
                        options.get(OutboundSettings.TLS_CIPHERS).orThrow(),
                        options.get(OutboundSettings.TLSV13_CIPHERSUITES).value()),
                clientCertificate(options));
    }

    private static TlsPolicy.Fallback fallback(Resolution options) {
        if (!options.get(OutboundSettings.TLS_IFAVAILABLE_FALLBACK).orThrow()) {
            return TlsPolicy.Fallback.NONE;
        }
        return options.get(OutboundSettings.TLS_FALLBACK_ALWAYS_NEW_CONNECTION).orThrow()
                ? TlsPolicy.Fallback.NEW_CONNECTION
                : TlsPolicy.Fallback.SAME_CONNECTION;
    }

    private static Optional<ClientCertificate> clientCertificate(Resolution options) {
        Resolved<String> chain = options.get(OutboundSettings.TLS_CERTIFICATE);
        if (chain.value().filter(NO_CERTIFICATE::equalsIgnoreCase).isPresent()) {
            return Optional.empty();
        }
        Optional<Path> key = file(options.get(OutboundSettings.TLS_KEY));
        return file(chain).map(certificate -> new ClientCertificate(certificate, key.orElse(certificate)));
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

    private static Optional<String> ehloName(Resolution options, String hostname) {
        return switch (options.get(OutboundSettings.EHLO_HOSTNAME).orThrow()) {
            case "__hostname__" -> Optional.of(hostname);
            case "__message__" -> Optional.empty();
            case String written -> Optional.of(written);
        };
    }

    /** The name to introduce ourselves by for a message of this sender; a null sender has no domain to lend. */
    String ehloName(Optional<MailAddress> sender) {
        return ehloName.orElseGet(
                () -> sender.map(address -> address.routingDomain().name()).orElse(hostname));
    }

    private static Protocol protocol(Resolution options) {
        return Protocol.valueOf(options.get(OutboundSettings.DELIVERY_METHOD).orThrow());
    }
}
