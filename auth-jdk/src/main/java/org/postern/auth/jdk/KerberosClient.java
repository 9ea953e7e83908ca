// SPDX-License-Identifier: Apache-2.0
package org.postern.auth.jdk;

import java.security.PrivilegedActionException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import javax.security.auth.Subject;
import javax.security.auth.callback.CallbackHandler;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.AppConfigurationEntry.LoginModuleControlFlag;
import javax.security.auth.login.Configuration;
import javax.security.auth.login.LoginContext;
import javax.security.auth.login.LoginException;
import javax.security.sasl.SaslClient;
import javax.security.sasl.SaslException;

/**
 * A GSSAPI client with a Kerberos login of its own, which ends with it: by user and password, or with a keytab or the
 * ticket cache of the account that Postern runs under. Which realm and which key distribution centre, {@code krb5.conf}
 * says.
 */
final class KerberosClient implements SaslClient {

    private final LoginContext login;
    private final SaslClient client;

    private KerberosClient(LoginContext login, SaslClient client) {
        this.login = login;
        this.client = client;
    }

    /**
     * Logs in and makes the client.
     *
     * @param principal the principal to use without a password; empty for that of the ticket cache
     */
    static SaslClient loggedIn(
            boolean byPassword,
            String principal,
            Optional<String> keytab,
            CallbackHandler callbacks,
            Callable<SaslClient> source)
            throws LoginException, SaslException {
        Map<String, String> options = new HashMap<>(Map.of("refreshKrb5Config", "true"));
        if (!byPassword) {
            options.putAll(withoutPassword(principal, keytab));
        }
        LoginContext login = new LoginContext("postern", new Subject(), callbacks, configuration(options));
        login.login();
        return new KerberosClient(login, as(login.getSubject(), source));
    }

    private static Map<String, String> withoutPassword(String principal, Optional<String> keytab) {
        Map<String, String> options = new HashMap<>(Map.of("doNotPrompt", "true"));
        keytab.ifPresentOrElse(
                file -> options.putAll(Map.of("useKeyTab", "true", "keyTab", file)),
                () -> options.put("useTicketCache", "true"));
        if (!principal.isEmpty()) {
            options.put("principal", principal);
        }
        return options;
    }

    private static Configuration configuration(Map<String, String> options) {
        AppConfigurationEntry entry = new AppConfigurationEntry(
                "com.sun.security.auth.module.Krb5LoginModule", LoginModuleControlFlag.REQUIRED, options);
        return new Configuration() {
            @Override
            public AppConfigurationEntry[] getAppConfigurationEntry(String name) {
                return new AppConfigurationEntry[] {entry};
            }
        };
    }

    private static <T> T as(Subject subject, Callable<T> work) throws SaslException {
        try {
            return Subject.callAs(subject, work);
        } catch (CompletionException failed) {
            Throwable cause = failed.getCause() instanceof PrivilegedActionException wrapped
                    ? wrapped.getException()
                    : failed.getCause();
            throw cause instanceof SaslException said ? said : new SaslException("Kerberos failed", cause);
        }
    }

    @Override
    public String getMechanismName() {
        return client.getMechanismName();
    }

    @Override
    public boolean hasInitialResponse() {
        return client.hasInitialResponse();
    }

    @Override
    public byte[] evaluateChallenge(byte[] challenge) throws SaslException {
        return as(login.getSubject(), () -> client.evaluateChallenge(challenge));
    }

    @Override
    public boolean isComplete() {
        return client.isComplete();
    }

    @Override
    public byte[] unwrap(byte[] incoming, int offset, int length) throws SaslException {
        return client.unwrap(incoming, offset, length);
    }

    @Override
    public byte[] wrap(byte[] outgoing, int offset, int length) throws SaslException {
        return client.wrap(outgoing, offset, length);
    }

    @Override
    public Object getNegotiatedProperty(String name) {
        return client.getNegotiatedProperty(name);
    }

    @Override
    public void dispose() throws SaslException {
        try {
            client.dispose();
        } finally {
            logout();
        }
    }

    private void logout() throws SaslException {
        try {
            login.logout();
        } catch (LoginException kept) {
            throw new SaslException("the ticket could not be given back", kept);
        }
    }
}
