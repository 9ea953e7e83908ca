// SPDX-License-Identifier: Apache-2.0
package org.postern.peer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.sasl.AuthorizeCallback;
import javax.security.sasl.RealmCallback;
import javax.security.sasl.Sasl;
import javax.security.sasl.SaslException;
import javax.security.sasl.SaslServer;

/** A mechanism whose server the Java runtime has: CRAM-MD5, DIGEST-MD5, NTLM. */
final class JdkServer implements ServerMechanism {

    private static final Map<String, String> PROPERTIES =
            Map.of(Sasl.QOP, "auth", "com.sun.security.sasl.ntlm.domain", "PEER");

    private final String name;

    JdkServer(String name) {
        this.name = name;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Exchange begin(Accounts accounts) {
        return new Run(accounts);
    }

    private final class Run implements Exchange {

        private final Accounts accounts;
        private SaslServer server;
        private String asked = "";

        Run(Accounts accounts) {
            this.accounts = accounts;
        }

        @Override
        public Verdict next(Optional<byte[]> response) {
            try {
                if (server == null) {
                    server = Sasl.createSaslServer(name, "smtp", "localhost", PROPERTIES, this::answer);
                    if (response.isEmpty() && name.equals("NTLM")) {
                        return new Verdict.Challenge(new byte[0]);
                    }
                } else if (server.isComplete()) {
                    return new Verdict.Granted(server.getAuthorizationID());
                }
                return after(server.evaluateResponse(response.orElse(new byte[0])));
            } catch (SaslException refused) {
                return new Verdict.Denied("535 5.7.8 authentication failed");
            }
        }

        /** RFC 4954 section 4: what the server has to say at the end goes into a challenge of its own. */
        private Verdict after(byte[] challenge) {
            if (server.isComplete() && (challenge == null || challenge.length == 0)) {
                return new Verdict.Granted(server.getAuthorizationID());
            }
            return new Verdict.Challenge(challenge == null ? new byte[0] : challenge);
        }

        private void answer(Callback[] callbacks) {
            for (Callback callback : callbacks) {
                switch (callback) {
                    case NameCallback user -> asked = name(user);
                    case PasswordCallback password -> password.setPassword(passwordOf(asked));
                    case RealmCallback realm -> realm.setText(realm.getDefaultText());
                    case AuthorizeCallback authorize ->
                        authorize.setAuthorized(authorize.getAuthenticationID().equals(authorize.getAuthorizationID()));
                    default -> throw new IllegalStateException(callback.toString());
                }
            }
        }

        private String name(NameCallback user) {
            user.setName(user.getDefaultName());
            return user.getDefaultName();
        }

        private char[] passwordOf(String user) {
            return accounts.passwordOf(user)
                    .map(octets -> new String(octets, StandardCharsets.UTF_8).toCharArray())
                    .orElseGet(() -> {
                        char[] nobody = new char[40];
                        Arrays.fill(nobody, '?');
                        return nobody;
                    });
        }
    }
}
