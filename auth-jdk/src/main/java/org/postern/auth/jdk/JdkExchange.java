// SPDX-License-Identifier: Apache-2.0
package org.postern.auth.jdk;

import java.util.Optional;
import java.util.concurrent.Callable;
import javax.security.sasl.Sasl;
import javax.security.sasl.SaslClient;
import javax.security.sasl.SaslException;
import org.postern.spi.credential.Octets;
import org.postern.spi.sasl.SaslExchange;
import org.postern.spi.sasl.SaslStep;

/**
 * One run of a {@link SaslClient}. The client is made when the first response is asked for, not before: some ask a key
 * distribution centre. One that fails there has nothing to say first and gives up at the first challenge, with a reason.
 */
final class JdkExchange implements SaslExchange {

    private static final int LONGEST = 200;

    private final String mechanism;
    private final Callable<SaslClient> source;
    private final CredentialCallbacks held;
    private final boolean quotable;
    private Optional<SaslClient> client = Optional.empty();
    private Optional<String> failure = Optional.empty();

    /**
     * @param held is closed with the exchange
     * @param quotable whether what the client says of a failure may be repeated
     */
    JdkExchange(String mechanism, Callable<SaslClient> source, CredentialCallbacks held, boolean quotable) {
        this.mechanism = mechanism;
        this.source = source;
        this.held = held;
        this.quotable = quotable;
    }

    @Override
    public Optional<Octets> initialResponse() {
        return attempt(() -> {
            SaslClient made = source.call();
            client = Optional.of(made);
            return made.hasInitialResponse() ? made.evaluateChallenge(new byte[0]) : null;
        });
    }

    @Override
    public SaslStep respond(Octets challenge) {
        if (failure.isEmpty() && client.filter(it -> !it.isComplete()).isEmpty()) {
            return new SaslStep.Abort("the peer asked for more after " + mechanism + " had ended");
        }
        Optional<Octets> answer = failure.isPresent()
                ? Optional.empty()
                : attempt(() -> client.orElseThrow().evaluateChallenge(challenge.toByteArray()));
        return failure.<SaslStep>map(SaslStep.Abort::new)
                .orElseGet(() -> new SaslStep.Respond(answer.orElse(Octets.EMPTY)));
    }

    @Override
    public SaslStep conclude() {
        if (failure.isPresent()) {
            return new SaslStep.Abort(failure.get());
        }
        return client.filter(SaslClient::isComplete).isPresent()
                ? new SaslStep.Complete()
                : new SaslStep.Abort("the peer reported success before " + mechanism + " had ended");
    }

    private Optional<Octets> attempt(Callable<byte[]> step) {
        try {
            byte[] said = step.call();
            failure = layer();
            return Optional.ofNullable(said).map(Octets::wrap);
        } catch (Exception failed) {
            failure = Optional.of(mechanism + " gave up: " + words(failed));
            return Optional.empty();
        }
    }

    /** None was asked for; a client that negotiates one all the same would have the rest of the session wrapped. */
    private Optional<String> layer() {
        return client.filter(SaslClient::isComplete)
                .map(ended -> ended.getNegotiatedProperty(Sasl.QOP))
                .filter(protection -> !protection.equals("auth"))
                .map(protection -> mechanism + " negotiated a security layer, which SMTP has no use for");
    }

    /** What lies behind "SASL failed", in visible ASCII: the peer may have had a say in it. */
    private String words(Exception failed) {
        Throwable cause = failed;
        while (cause instanceof SaslException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (!quotable || cause.getMessage() == null) {
            return cause.getClass().getName();
        }
        String line = cause.getMessage().replaceAll("[^!-~]+", " ").strip();
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...";
    }

    @Override
    public void close() {
        held.close();
        client.ifPresent(JdkExchange::dispose);
    }

    private static void dispose(SaslClient ended) {
        try {
            ended.dispose();
        } catch (SaslException | RuntimeException notClean) {
            // The exchange is over; there is nobody whom this would help.
        }
    }
}
