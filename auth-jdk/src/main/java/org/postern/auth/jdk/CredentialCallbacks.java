// SPDX-License-Identifier: Apache-2.0
package org.postern.auth.jdk;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.CallbackHandler;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.sasl.AuthorizeCallback;
import javax.security.sasl.RealmCallback;
import javax.security.sasl.RealmChoiceCallback;
import org.postern.spi.credential.BearerToken;
import org.postern.spi.credential.Credential;
import org.postern.spi.credential.IdentityOnly;
import org.postern.spi.credential.PasswordCredential;
import org.postern.spi.credential.Secret;

/** Answers what a client of the Java runtime asks. Closing wipes the password. */
final class CredentialCallbacks implements CallbackHandler, AutoCloseable {

    private static final char[] NONE = {};

    private final String user;
    private final String realm;
    private final char[] secret;

    private CredentialCallbacks(String user, String realm, char[] secret) {
        this.user = user;
        this.realm = realm;
        this.secret = secret;
    }

    /** @throws IllegalArgumentException if user or secret hold what ends a string in servers written in C */
    static CredentialCallbacks of(Credential credential, Profile mechanism) {
        if (!mechanism.feeds().contains(credential.kind())) {
            throw new IllegalArgumentException(
                    mechanism.name() + " cannot use a credential of kind " + credential.kind());
        }
        String user = credential.user();
        boolean needsUser = !(credential instanceof IdentityOnly);
        if (needsUser && user.isEmpty()) {
            throw new IllegalArgumentException(
                    "the user name is empty, which " + mechanism.name() + " does not permit");
        }
        if (user.indexOf('\0') >= 0) {
            throw refused("user name", mechanism);
        }
        char[] secret = secretOf(credential, mechanism);
        int backslash = mechanism.name().equals(Profile.NTLM) ? user.indexOf('\\') : -1;
        // DOMAIN\\user, as Windows writes it; only NTLM has a place for the domain.
        return new CredentialCallbacks(
                user.substring(backslash + 1), backslash < 0 ? "" : user.substring(0, backslash), secret);
    }

    private static char[] secretOf(Credential credential, Profile mechanism) {
        return switch (credential) {
            case PasswordCredential password -> characters(password.password(), "password", mechanism);
            case BearerToken bearer -> characters(bearer.token(), "token", mechanism);
            case IdentityOnly nobody -> NONE;
        };
    }

    private static char[] characters(Secret secret, String field, Profile mechanism) {
        return secret.reveal(octets -> {
            CharBuffer decoded;
            try {
                decoded = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets));
            } catch (CharacterCodingException notUtf8) {
                throw new IllegalArgumentException("the " + field + " is not UTF-8", notUtf8);
            }
            char[] characters = new char[decoded.remaining()];
            decoded.get(characters);
            Arrays.fill(decoded.array(), '\0');
            for (char character : characters) {
                if (character == '\0') {
                    Arrays.fill(characters, '\0');
                    throw refused(field, mechanism);
                }
            }
            return characters;
        });
    }

    private static IllegalArgumentException refused(String field, Profile mechanism) {
        return new IllegalArgumentException(
                "the " + field + " holds a NUL, which " + mechanism.name() + " cannot carry");
    }

    @Override
    public void handle(Callback[] callbacks) throws UnsupportedCallbackException {
        for (Callback callback : callbacks) {
            switch (callback) {
                case NameCallback name -> name.setName(user);
                case PasswordCallback password -> password.setPassword(secret);
                case RealmCallback asked ->
                    asked.setText(!realm.isEmpty() || asked.getDefaultText() == null ? realm : asked.getDefaultText());
                case RealmChoiceCallback choice -> choice.setSelectedIndex(choice.getDefaultChoice());
                case AuthorizeCallback authorize -> authorize.setAuthorized(true);
                default -> throw new UnsupportedCallbackException(callback);
            }
        }
    }

    @Override
    public void close() {
        Arrays.fill(secret, '\0');
    }
}
