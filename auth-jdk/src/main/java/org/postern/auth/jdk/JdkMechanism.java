// SPDX-License-Identifier: Apache-2.0
package org.postern.auth.jdk;

import java.util.Optional;
import java.util.concurrent.Callable;
import javax.security.auth.callback.CallbackHandler;
import javax.security.auth.login.LoginException;
import javax.security.sasl.SaslClient;
import javax.security.sasl.SaslException;
import org.postern.spi.credential.Credential;
import org.postern.spi.credential.IdentityOnly;
import org.postern.spi.credential.PasswordCredential;
import org.postern.spi.sasl.SaslContext;
import org.postern.spi.sasl.SaslExchange;
import org.postern.spi.sasl.SaslMechanism;

/** A mechanism whose clients a factory makes. */
class JdkMechanism implements SaslMechanism {

    private final Profile profile;
    private final ClientOrigin origin;
    private final Optional<String> keytab;

    /** @param keytab for GSSAPI without a password */
    JdkMechanism(Profile profile, ClientOrigin origin, Optional<String> keytab) {
        this.profile = profile;
        this.origin = origin;
        this.keytab = keytab;
    }

    @Override
    public SaslExchange open(SaslContext context, Credential credential) {
        RuntimeLog.keepSecrets();
        Optional<String> authorization = authorization(context, credential);
        CredentialCallbacks callbacks = CredentialCallbacks.of(credential, profile);
        Callable<SaslClient> client = () -> origin.client(profile.name(), authorization, context, callbacks);
        return new JdkExchange(
                profile.name(),
                isKerberos() ? () -> withTicket(credential, callbacks, client) : client,
                callbacks,
                origin.isJdk());
    }

    private boolean isKerberos() {
        return origin.isJdk() && profile.name().equals(Profile.GSSAPI);
    }

    private SaslClient withTicket(Credential credential, CallbackHandler callbacks, Callable<SaslClient> client)
            throws LoginException, SaslException {
        boolean byPassword = credential instanceof PasswordCredential;
        return KerberosClient.loggedIn(byPassword, credential.user(), keytab, callbacks, client);
    }

    /** Whose mailbox it is; who speaks, where nothing but the name says so. */
    private Optional<String> authorization(SaslContext context, Credential credential) {
        Optional<String> asked = context.authorizationIdentity().filter(identity -> !identity.isEmpty());
        if (asked.isPresent() && !profile.carriesAuthorization()) {
            throw new IllegalArgumentException(profile.name() + " cannot carry an authorization identity");
        }
        if (asked.filter(identity -> identity.indexOf('\0') >= 0).isPresent()) {
            throw new IllegalArgumentException("the authorization identity holds a NUL");
        }
        boolean speaksForItself =
                credential instanceof IdentityOnly && profile.name().equals(Profile.EXTERNAL);
        return asked.or(() -> Optional.of(credential.user()).filter(user -> speaksForItself && !user.isEmpty()));
    }

    /** The mechanism's name. */
    @Override
    public String toString() {
        return profile.name();
    }
}
