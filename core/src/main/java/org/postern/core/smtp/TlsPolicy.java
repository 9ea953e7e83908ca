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
 * @param fallbackToClear whether {@link Level#IF_OFFERED} may go on in clear, on a new connection, after TLS was offered and
 *     failed. It never does so where authentication applies, nor after a certificate was refused or octets were injected.
 */
public record TlsPolicy(Level level, Verification verification, Optional<Path> caFile, boolean fallbackToClear) {

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

    /** @throws NullPointerException if a part is missing */
    public TlsPolicy {
        Objects.requireNonNull(level, "level");
        Objects.requireNonNull(verification, "verification");
        Objects.requireNonNull(caFile, "caFile");
    }
}
