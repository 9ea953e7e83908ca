// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.credential;

import java.util.Set;

/**
 * User and secret of one version, never mixed from two. Immutable; whoever obtained it closes it.
 */
public sealed interface Credential extends AutoCloseable permits PasswordCredential, BearerToken, IdentityOnly {

    /** The authentication identity (RFC 4422 section 2). */
    String user();

    /** What {@link org.postern.spi.sasl.Mechanism#feeds()} of a mechanism must name to be able to use this credential. */
    String kind();

    /** The state of the credential. */
    CredentialVersion version();

    /** Since when and until when this version holds, as far as that is known. */
    Validity validity();

    /** Host names that the secret may be shown to, in lower case; empty means wherever the configuration says. */
    Set<String> allowedHosts();

    /** Wipes the secret. */
    @Override
    void close();
}
