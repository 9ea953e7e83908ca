// SPDX-License-Identifier: Apache-2.0
package org.postern.auth.plain;

import java.util.Arrays;
import java.util.Optional;
import org.postern.spi.credential.Octets;
import org.postern.spi.sasl.SaslExchange;
import org.postern.spi.sasl.SaslStep;

/** One message from the client, and the server's verdict. */
final class PlainExchange implements SaslExchange {

    private final byte[] message;

    /** Takes the message over. */
    PlainExchange(byte[] message) {
        this.message = message;
    }

    @Override
    public Optional<Octets> initialResponse() {
        return Optional.of(Octets.copyOf(message));
    }

    @Override
    public SaslStep respond(Octets challenge) {
        return new SaslStep.Abort("the peer asked for more after the PLAIN message");
    }

    @Override
    public void close() {
        Arrays.fill(message, (byte) 0);
    }
}
