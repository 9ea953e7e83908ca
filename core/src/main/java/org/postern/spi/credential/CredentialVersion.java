// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.credential;

import java.util.Objects;

/**
 * Tells one state of a credential from another. States of a credential that differ in user or secret have different
 * versions. A state that did not change has the version that it had: after each new version the engine logs in anew. A
 * secret that is put back after another one was there is a later state and may have a new version. There is no order. A
 * version reveals nothing of the secret and may be logged.
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
