// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.credential;

import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A user and a password.
 *
 * @param user the authentication identity
 * @param password the password, in UTF-8
 * @param version the state of the credential
 * @param mechanism the mechanism that the store asks for, if it asks for one
 * @param allowedHosts host names that the password may be shown to; empty means no such limit
 * @param validity since when and until when it holds
 */
public record PasswordCredential(
        String user,
        Secret password,
        CredentialVersion version,
        Optional<String> mechanism,
        Set<String> allowedHosts,
        Validity validity)
        implements Credential {

    /** The kind that mechanisms name which use a password. */
    public static final String KIND = "password";

    /** @throws NullPointerException if a part is missing */
    public PasswordCredential {
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(password, "password");
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(validity, "validity");
        mechanism = mechanism.map(name -> name.toUpperCase(Locale.ROOT));
        allowedHosts = allowedHosts.stream()
                .map(host -> host.toLowerCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** A user and a password of which it is not known since when and until when they hold. */
    public PasswordCredential(
            String user,
            Secret password,
            CredentialVersion version,
            Optional<String> mechanism,
            Set<String> allowedHosts) {
        this(user, password, version, mechanism, allowedHosts, Validity.UNKNOWN);
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public void close() {
        password.close();
    }
}
