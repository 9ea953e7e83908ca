// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.credential;

import java.util.Objects;

/**
 * Names a credential without holding it. It may be logged.
 *
 * @param key the handle that a store is asked for, such as the value of {@code Outbound_SMTP_AUTH_Key}
 */
public record CredentialRef(String key) {

    /** @throws NullPointerException if there is no key */
    public CredentialRef {
        Objects.requireNonNull(key, "key");
    }

    @Override
    public String toString() {
        return key;
    }
}
