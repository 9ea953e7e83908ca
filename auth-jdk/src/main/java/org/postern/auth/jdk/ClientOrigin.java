// SPDX-License-Identifier: Apache-2.0
package org.postern.auth.jdk;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import javax.security.auth.callback.CallbackHandler;
import javax.security.sasl.Sasl;
import javax.security.sasl.SaslClient;
import javax.security.sasl.SaslClientFactory;
import javax.security.sasl.SaslException;
import org.postern.spi.sasl.SaslContext;

/**
 * Where clients of one mechanism come from.
 *
 * @param factory makes them
 * @param isJdk whether the factory is of the Java runtime, whose words about a failure can be repeated
 */
record ClientOrigin(SaslClientFactory factory, boolean isJdk) {

    /**
     * No security layer: SMTP has none but TLS. The host name keeps NTLM from asking DNS for this machine's name, and the
     * version keeps it from the hashes of 1993.
     */
    private static final Map<String, String> PROPERTIES = Map.of(
            Sasl.QOP,
            "auth",
            "com.sun.security.sasl.ntlm.version",
            "LMv2/NTLMv2",
            "com.sun.security.sasl.ntlm.hostname",
            "POSTERN");

    /** Whether it has the mechanism; a factory that fails when asked has none. */
    boolean offers(String mechanism) {
        try {
            String[] names = factory.getMechanismNames(PROPERTIES);
            return names != null && Arrays.asList(names).contains(mechanism);
        } catch (RuntimeException | LinkageError broken) {
            return false;
        }
    }

    SaslClient client(String mechanism, Optional<String> authorization, SaslContext peer, CallbackHandler callbacks)
            throws SaslException {
        SaslClient client = factory.createSaslClient(
                new String[] {mechanism}, authorization.orElse(null), "smtp", peer.host(), PROPERTIES, callbacks);
        if (client == null) {
            throw new SaslException("its factory makes no client");
        }
        return client;
    }
}
