// SPDX-License-Identifier: Apache-2.0
package org.postern.auth.plain;

import java.util.Optional;
import org.postern.spi.credential.Octets;
import org.postern.spi.sasl.SaslExchange;
import org.postern.spi.sasl.SaslStep;

/** One message from the client, and the server's verdict. */
final class PlainExchange implements SaslExchange {

    private final Octets message;

    /** Takes the message over. */
    PlainExchange(byte[] message) {
        this.message = Octets.wrap(message);
    }

    @Override
    public Optional<Octets> initialResponse() {
        return Optional.of(message);
    }

    @Override
    public SaslStep respond(Octets challenge) {
        return new SaslStep.Abort("the peer asked for more after the PLAIN message");
    }

    @Override
    public void close() {
        message.wipe();
    }
}
