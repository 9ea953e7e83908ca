// SPDX-License-Identifier: Apache-2.0
package org.postern.auth.scram;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.postern.spi.credential.Octets;
import org.postern.spi.sasl.SaslContext;
import org.postern.spi.sasl.TlsEvidence;

/**
 * What the client says about channel binding, and for whom it acts (RFC 5802 section 7, {@code gs2-header}).
 *
 * @param text the header, with its last comma
 * @param binding the channel binding data; empty where there is none
 */
record Gs2Header(String text, Octets binding) {

    /** Without channel binding: {@code y} tells the server that its offer, as we have seen it, was all that kept us from it. */
    static Gs2Header unbound(Hash hash, SaslContext context) {
        boolean couldBind = context.tls().flatMap(Gs2Header::bindingOf).isPresent();
        boolean offered = context.offeredMechanisms().contains(hash.mechanism() + "-PLUS");
        return new Gs2Header((couldBind && !offered ? "y," : "n,") + authorization(context), Octets.EMPTY);
    }

    /**
     * With channel binding.
     *
     * @throws IllegalArgumentException if the session has none that is defined: going on without would be the downgrade
     */
    static Gs2Header bound(Hash hash, SaslContext context) {
        Binding binding = context.tls()
                .flatMap(Gs2Header::bindingOf)
                .orElseThrow(() -> new IllegalArgumentException(
                        hash.mechanism() + "-PLUS needs a channel binding, which this session does not have"));
        return new Gs2Header("p=" + binding.name() + "," + authorization(context), binding.data());
    }

    static boolean canBind(TlsEvidence tls) {
        return bindingOf(tls).isPresent();
    }

    /** The octets whose base64 is {@code c=}. */
    byte[] bound() {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        octets.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        octets.writeBytes(binding.toByteArray());
        return octets.toByteArray();
    }

    private record Binding(String name, Octets data) {}

    /** The one that binds to this session before the one that binds to the certificate; RFC 9266 section 3 wants it so. */
    private static Optional<Binding> bindingOf(TlsEvidence tls) {
        return binding(tls, TlsEvidence.TLS_EXPORTER).or(() -> binding(tls, TlsEvidence.TLS_SERVER_END_POINT));
    }

    private static Optional<Binding> binding(TlsEvidence tls, String name) {
        return tls.channelBinding(name).map(data -> new Binding(name, data));
    }

    private static String authorization(SaslContext context) {
        return context.authorizationIdentity()
                .filter(identity -> !identity.isEmpty())
                .map(identity -> "a=" + SaslName.of(identity, "authorization identity") + ",")
                .orElse(",");
    }
}
