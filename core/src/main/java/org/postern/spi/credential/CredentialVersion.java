// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.credential;

import java.util.Objects;

/**
 * Tells one state of a credential from another. Two versions of the same credential are equal exactly when user and
 * secret are the same; there is no order. A version reveals nothing of the secret and may be logged.
 *
 * @param value whatever the store counts by; never derived from the secret by a plain hash
 */
public record CredentialVersion(String value) {

    /** @throws NullPointerException if there is no value */
    public CredentialVersion {
        Objects.requireNonNull(value, "value");
    }

    @Override
    public String toString() {
        return value;
    }
}
