// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.credential;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * From when until when one version of a credential holds, as far as its store knows.
 *
 * @param since when this version was stored or issued
 * @param expiry when it ends; at that moment it no longer holds
 */
public record Validity(Optional<Instant> since, Optional<Instant> expiry) {

    /** Nothing is known: the credential holds until it is replaced. */
    public static final Validity UNKNOWN = new Validity(Optional.empty(), Optional.empty());

    /** @throws NullPointerException if a part is missing */
    public Validity {
        Objects.requireNonNull(since, "since");
        Objects.requireNonNull(expiry, "expiry");
    }

    /** Holds until then. */
    public static Validity until(Instant expiry) {
        return new Validity(Optional.empty(), Optional.of(expiry));
    }

    /** Whether the end has come. */
    public boolean isOver(Instant now) {
        return expiry.isPresent() && !now.isBefore(expiry.get());
    }
}
