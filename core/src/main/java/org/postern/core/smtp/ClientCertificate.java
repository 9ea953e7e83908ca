// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import java.nio.file.Path;
import java.util.Objects;

/**
 * Where this side's own certificate is.
 *
 * @param chain PEM file with the certificate, those that signed it after it
 * @param key PEM file with its private key, not encrypted; may be the same file
 */
public record ClientCertificate(Path chain, Path key) {

    /** @throws NullPointerException if a part is missing */
    public ClientCertificate {
        Objects.requireNonNull(chain, "chain");
        Objects.requireNonNull(key, "key");
    }
}
