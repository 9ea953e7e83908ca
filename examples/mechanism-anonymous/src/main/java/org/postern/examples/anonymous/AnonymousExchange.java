// SPDX-License-Identifier: Apache-2.0
package org.postern.examples.anonymous;

import java.util.Optional;
import org.postern.spi.credential.Octets;
import org.postern.spi.sasl.SaslExchange;
import org.postern.spi.sasl.SaslStep;

/** One message from the client, and the server's verdict. Holds no secret, so there is nothing to wipe. */
record AnonymousExchange(Octets trace) implements SaslExchange {

    /** A copy, because the engine wipes what it is given. */
    @Override
    public Optional<Octets> initialResponse() {
        return Optional.of(Octets.copyOf(trace.toByteArray()));
    }

    @Override
    public SaslStep respond(Octets challenge) {
        return new SaslStep.Abort("the peer asked for more after the ANONYMOUS message");
    }

    @Override
    public void close() {}
}
