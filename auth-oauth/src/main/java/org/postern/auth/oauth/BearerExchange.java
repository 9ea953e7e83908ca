// SPDX-License-Identifier: Apache-2.0
package org.postern.auth.oauth;

import java.util.Arrays;
import java.util.Optional;
import org.postern.spi.credential.Octets;
import org.postern.spi.sasl.SaslExchange;
import org.postern.spi.sasl.SaslStep;

/**
 * One message from the client. A server that likes it says so; one that does not asks a question, which holds the reason
 * and has to be answered before it refuses: left unanswered, all replies that follow are off by one.
 */
final class BearerExchange implements SaslExchange {

    private final String mechanism;
    private final byte[] message;
    private final byte[] token;
    private final byte[] answerToError;
    private Optional<ErrorChallenge> error = Optional.empty();

    /** Takes message and token over. */
    BearerExchange(String mechanism, byte[] message, byte[] token, byte[] answerToError) {
        this.mechanism = mechanism;
        this.message = message;
        this.token = token;
        this.answerToError = answerToError;
    }

    @Override
    public Optional<Octets> initialResponse() {
        return Optional.of(Octets.copyOf(message));
    }

    @Override
    public SaslStep respond(Octets challenge) {
        if (error.isPresent()) {
            return new SaslStep.Abort("the peer asked for more after its error message");
        }
        error = Optional.of(ErrorChallenge.read(challenge, token));
        return new SaslStep.Respond(Octets.copyOf(answerToError));
    }

    @Override
    public SaslStep conclude() {
        return error.<SaslStep>map(said ->
                        new SaslStep.Abort("the peer reported success to " + mechanism + " after an error message"))
                .orElseGet(SaslStep.Complete::new);
    }

    @Override
    public Optional<String> detail() {
        return error.map(ErrorChallenge::text);
    }

    @Override
    public void close() {
        Arrays.fill(message, (byte) 0);
        Arrays.fill(token, (byte) 0);
    }
}
