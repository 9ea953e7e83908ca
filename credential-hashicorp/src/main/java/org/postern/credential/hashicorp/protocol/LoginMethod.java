// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.hashicorp.protocol;

import java.util.Optional;

/** How Postern proves to the server who it is. */
public sealed interface LoginMethod {

    /** The method, for people. */
    String describe();

    /**
     * Somebody else logged in and left the token.
     *
     * @param token where it lies
     * @param wrapped whether a wrapping token lies there, which is good for one use
     */
    record GivenToken(BootstrapSecret token, boolean wrapped) implements LoginMethod {

        @Override
        public String describe() {
            return "the token in " + token.describe();
        }
    }

    /**
     * AppRole.
     *
     * @param mount below {@code auth/}
     * @param roleId the role
     * @param secretId where the secret that belongs to it lies; nothing where the role wants none
     * @param wrapped whether a wrapping token lies there, which is good for one use
     */
    record AppRole(String mount, String roleId, Optional<BootstrapSecret> secretId, boolean wrapped)
            implements LoginMethod {

        @Override
        public String describe() {
            return "AppRole login at auth/" + mount;
        }
    }

    /**
     * A signed statement of who this is: Kubernetes and JWT logins.
     *
     * @param mount below {@code auth/}
     * @param role as whom; empty where the server has a default
     * @param jwt where the statement lies
     */
    record SignedStatement(String mount, String role, BootstrapSecret jwt) implements LoginMethod {

        @Override
        public String describe() {
            return "login as role '" + role + "' at auth/" + mount + " with the JWT in " + jwt.describe();
        }
    }

    /**
     * The client certificate of the TLS connection.
     *
     * @param mount below {@code auth/}
     * @param role the certificate role; nothing for the first that fits
     */
    record ClientCertificate(String mount, Optional<String> role) implements LoginMethod {

        @Override
        public String describe() {
            return "login with the client certificate at auth/" + mount;
        }
    }
}
