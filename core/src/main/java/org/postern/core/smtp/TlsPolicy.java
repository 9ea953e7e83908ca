// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * What is asked of TLS. Certificates are checked in every case and the verdict is recorded; the policy only decides
 * whether a session goes on without it.
 *
 * @param level whether to use STARTTLS; an endpoint with implicit TLS has TLS whatever the level
 * @param verification which peers are refused
 * @param caFile trusted certificates in PEM; without it those of the Java runtime
 * @param fallback how {@link Level#IF_OFFERED} may go on in clear after TLS was offered and failed. It never does so where
 *     authentication applies, nor after a certificate was refused or octets were injected.
 * @param offer which protocols and cipher suites are offered
 * @param clientCertificate what this side shows a peer that asks, if anything
 */
public record TlsPolicy(
        Level level,
        Verification verification,
        Optional<Path> caFile,
        Fallback fallback,
        TlsOffer offer,
        Optional<ClientCertificate> clientCertificate) {

    /** Whether to use STARTTLS (RFC 3207). */
    public enum Level {
        /** Not even if offered. */
        NEVER,
        /** If offered. */
        IF_OFFERED,
        /** Without it there is no session. */
        REQUIRED
    }

    /** Which peers are refused. */
    public enum Verification {
        /** None. */
        NONE,
        /** Those whose chain does not lead to a trusted certificate (RFC 5280). */
        CA,
        /** Those whose chain is not trusted or whose certificate does not name the host (RFC 9525). */
        HOST,
        /** None; as {@link #NONE}, kept apart because the operator asked for the verdict. */
        OPTIONAL
    }

    /** What follows where TLS was offered and is not to be had. */
    public enum Fallback {
        /** The session ends. */
        NONE,
        /** Another connection, in clear. */
        NEW_CONNECTION,
        /**
         * The same connection goes on in clear after a STARTTLS that the peer refused with a reply; after a failed
         * handshake there is nothing left to go on with, and another connection is made.
         */
        SAME_CONNECTION
    }

    /** @throws NullPointerException if a part is missing */
    public TlsPolicy {
        Objects.requireNonNull(level, "level");
        Objects.requireNonNull(verification, "verification");
        Objects.requireNonNull(caFile, "caFile");
        Objects.requireNonNull(fallback, "fallback");
        Objects.requireNonNull(offer, "offer");
        Objects.requireNonNull(clientCertificate, "clientCertificate");
    }

    /** A policy that offers what the Java runtime does, and shows no certificate. */
    public TlsPolicy(Level level, Verification verification, Optional<Path> caFile, Fallback fallback) {
        this(level, verification, caFile, fallback, TlsOffer.DEFAULT, Optional.empty());
    }
}
