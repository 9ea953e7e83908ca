// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.sasl;

import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;
import org.postern.spi.credential.Octets;

/**
 * One run of a mechanism. Used once, by one thread, and closed at its end whatever the end was.
 *
 * <p>The engine wipes the octets that it was given once they are on the wire. An exchange never logs.
 */
@ConsumerType
public interface SaslExchange extends AutoCloseable {

    /**
     * What the client says first, asked once, before anything else. Nothing and an empty response differ (RFC 4422
     * section 3.3); a mechanism in which the server speaks first has nothing to say. Where the peer or the length of
     * the line forbids an initial response, the engine sends it as the answer to an empty challenge.
     */
    Optional<Octets> initialResponse();

    /**
     * Answers a challenge.
     *
     * @param challenge the octets of the challenge, perhaps none
     * @return {@link SaslStep.Respond} or {@link SaslStep.Abort}
     */
    SaslStep respond(Octets challenge);

    /**
     * The peer said that authentication succeeded. A mechanism that authenticates the server as well says here whether
     * the server has proved itself.
     *
     * @return {@link SaslStep.Complete} or {@link SaslStep.Abort}
     */
    default SaslStep conclude() {
        return new SaslStep.Complete();
    }

    /**
     * What the peer said inside the exchange about its refusal, asked after the peer has refused. It goes into the log and
     * into reports, so it is made of values that were understood and checked, never of the peer's octets as they came.
     *
     * @return one line for people, without secrets; nothing where the reply says it all
     */
    default Optional<String> detail() {
        return Optional.empty();
    }

    /** Wipes what was held. */
    @Override
    void close();
}
