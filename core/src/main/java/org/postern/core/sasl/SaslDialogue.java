// SPDX-License-Identifier: Apache-2.0
package org.postern.core.sasl;

import java.util.Arrays;
import java.util.Optional;
import org.postern.core.smtp.SaslWire;
import org.postern.core.smtp.SmtpConnection;
import org.postern.core.smtp.SmtpFault;
import org.postern.spi.credential.Octets;
import org.postern.spi.mail.DeliveryStage;
import org.postern.spi.mail.EnhancedStatusCode;
import org.postern.spi.mail.SmtpReply;
import org.postern.spi.policy.InitialResponse;
import org.postern.spi.sasl.SaslExchange;
import org.postern.spi.sasl.SaslStep;

/**
 * Runs one AUTH exchange (RFC 4954 section 4): base64, the one-character forms {@code =} and {@code *}, the length of
 * lines, and an end for peers that never stop asking. What the octets mean is the mechanism's business.
 */
public final class SaslDialogue {

    /** Challenges answered in one exchange. */
    public static final int MAX_CHALLENGES = 64;

    private static final int MAX_DETAIL = 300;
    private static final int CHALLENGE = 334;
    private static final int SUCCESS = 235;
    private static final int LINE_TOO_LONG = 500;
    private static final EnhancedStatusCode TOO_LONG = new EnhancedStatusCode(5, 5, 6);

    private final SaslWire wire;
    private final String mechanism;
    private final SaslExchange exchange;
    private final InitialResponse initialResponse;
    private Optional<Octets> unsent = Optional.empty();
    private DeliveryStage stage = DeliveryStage.AUTH_SENT;
    private boolean begun;

    private SaslDialogue(SaslWire wire, String mechanism, SaslExchange exchange, InitialResponse initialResponse) {
        this.wire = wire;
        this.mechanism = mechanism;
        this.exchange = exchange;
        this.initialResponse = initialResponse;
    }

    /**
     * Authenticates the session. The exchange is not closed here.
     *
     * @param mechanism the registered name, in upper case
     * @param initialResponse whether AUTH may carry the first response
     * @throws SmtpFault if the session broke, or the peer answered with a reply that AUTH does not have
     */
    public static AuthResult authenticate(
            SmtpConnection connection, String mechanism, SaslExchange exchange, InitialResponse initialResponse)
            throws SmtpFault {
        return authenticate(connection.sasl(), mechanism, exchange, initialResponse);
    }

    /** The same, with a first response where the line stays short enough. */
    static AuthResult authenticate(SaslWire wire, String mechanism, SaslExchange exchange) throws SmtpFault {
        return authenticate(wire, mechanism, exchange, InitialResponse.AUTO);
    }

    static AuthResult authenticate(
            SaslWire wire, String mechanism, SaslExchange exchange, InitialResponse initialResponse) throws SmtpFault {
        return new SaslDialogue(wire, mechanism, exchange, initialResponse).run();
    }

    private AuthResult run() throws SmtpFault {
        try {
            SmtpReply reply = begin();
            for (int challenges = 0; reply.code() == CHALLENGE; challenges++) {
                if (challenges == MAX_CHALLENGES) {
                    throw cancelled("the peer sent more than " + MAX_CHALLENGES + " challenges");
                }
                reply = send(answer(reply));
            }
            return conclude(reply);
        } catch (GivenUp givenUp) {
            return new AuthResult.Aborted(begun, givenUp.getMessage());
        } finally {
            unsent.ifPresent(Octets::wipe);
        }
    }

    // ---- the AUTH command

    private SmtpReply begin() throws SmtpFault, GivenUp {
        unsent = call(exchange::initialResponse);
        begun = true;
        if (unsent.isEmpty() || !goesWithTheCommand(unsent.get())) {
            return wire.auth(mechanism, null);
        }
        SmtpReply reply = withInitialResponse(unsent.get());
        if (meansTooLong(reply, unsent.get())) {
            return wire.auth(mechanism, null);
        }
        unsent.get().wipe();
        unsent = Optional.empty();
        return reply;
    }

    private boolean goesWithTheCommand(Octets response) {
        return switch (initialResponse) {
            case AUTO -> isOrdinaryLine(response);
            case ALWAYS -> lineWith(response) <= SaslWire.MAX_LINE_OCTETS;
            case NEVER -> false;
        };
    }

    /** RFC 4954 section 4: a longer response waits for the empty challenge. Peers cut long lines and call it bad base64. */
    private boolean isOrdinaryLine(Octets response) {
        return lineWith(response) <= SaslWire.MAX_COMMAND_OCTETS;
    }

    private int lineWith(Octets response) {
        int encoded = Math.max(1, Base64Text.lengthOf(response.length()));
        return "AUTH ".length() + mechanism.length() + 1 + encoded + 2;
    }

    private SmtpReply withInitialResponse(Octets response) throws SmtpFault {
        byte[] encoded = Base64Text.ofInitial(response);
        try {
            return wire.auth(mechanism, encoded);
        } finally {
            Arrays.fill(encoded, (byte) 0);
        }
    }

    /**
     * Whether to say it again without the first response: RFC 4954 section 6 has 500 5.5.6 for it. To a line that is
     * longer than peers must take, any refusal may mean just that, even one that speaks of the credential.
     */
    private boolean meansTooLong(SmtpReply reply, Octets response) {
        return reply.isPermanentNegative()
                && (reply.code() == LINE_TOO_LONG
                        || reply.enhancedStatusCode().filter(TOO_LONG::equals).isPresent()
                        || !isOrdinaryLine(response));
    }

    // ---- challenges

    private Octets answer(SmtpReply reply) throws GivenUp {
        if (unsent.isPresent()) {
            // An empty challenge only says "go ahead"; some peers put words there instead.
            Octets initial = unsent.get();
            unsent = Optional.empty();
            return initial;
        }
        Octets challenge = decode(reply);
        return switch (callWhileChallenged(() -> exchange.respond(challenge))) {
            case SaslStep.Respond respond -> respond.response();
            case SaslStep.Abort abort -> throw cancelled(abort.reason());
            case SaslStep.Complete complete -> throw cancelled(mechanism + " had no answer to a challenge");
        };
    }

    private Octets decode(SmtpReply reply) throws GivenUp {
        if (reply.lines().size() > 1) {
            throw cancelled("the peer sent a challenge of several lines");
        }
        try {
            return Base64Text.decode(reply.lines().get(0));
        } catch (IllegalArgumentException unusable) {
            throw cancelled("the peer sent a challenge that " + unusable.getMessage());
        }
    }

    private SmtpReply send(Octets response) throws SmtpFault, GivenUp {
        if (Base64Text.lengthOf(response.length()) + 2 > SaslWire.MAX_LINE_OCTETS) {
            response.wipe();
            throw cancelled(mechanism + " wants to send " + response.length() + " octets at once");
        }
        byte[] encoded = Base64Text.of(response);
        try {
            stage = DeliveryStage.AUTH_CHALLENGE;
            return wire.respond(encoded);
        } finally {
            Arrays.fill(encoded, (byte) 0);
            response.wipe();
        }
    }

    // ---- the end

    private AuthResult conclude(SmtpReply reply) throws SmtpFault, GivenUp {
        if (reply.code() != SUCCESS) {
            if (reply.replyClass() < 4) {
                throw wire.unexpected(reply);
            }
            return new AuthResult.Refused(stage, reply, call(exchange::detail).map(SaslDialogue::oneLine));
        }
        if (unsent.isPresent()) {
            throw new GivenUp("the peer reported success before it had seen a response");
        }
        return switch (call(exchange::conclude)) {
            case SaslStep.Complete complete -> new AuthResult.Authenticated(reply);
            case SaslStep.Abort abort -> new AuthResult.Aborted(begun, abort.reason());
            case SaslStep.Respond respond ->
                new AuthResult.Aborted(begun, mechanism + " wanted to go on after the peer had ended the exchange");
        };
    }

    private static String oneLine(String detail) {
        String line = detail.replaceAll("[\\p{Cntrl}\\p{Z}]+", " ").strip();
        return line.length() <= MAX_DETAIL ? line : line.substring(0, MAX_DETAIL) + "…";
    }

    // ---- the mechanism, which is somebody else's code

    /** A call into the mechanism. */
    @FunctionalInterface
    private interface Call<T> {
        T run();
    }

    private <T> T call(Call<T> call) throws GivenUp {
        T result;
        try {
            result = call.run();
        } catch (RuntimeException | LinkageError failed) {
            // Not its message: who knows what a mechanism puts there.
            throw new GivenUp(mechanism + " failed with " + failed.getClass().getName());
        }
        if (result == null) {
            throw new GivenUp(mechanism + " gave no answer");
        }
        return result;
    }

    private <T> T callWhileChallenged(Call<T> call) throws GivenUp {
        try {
            return call(call);
        } catch (GivenUp givenUp) {
            throw cancelled(givenUp.getMessage());
        }
    }

    /** The peer waits for an answer, so it is told that there will be none; its 501 is read. */
    private GivenUp cancelled(String reason) {
        try {
            wire.cancel();
        } catch (SmtpFault brokenAnyway) {
            // The reason for giving up says more than the state of a session that is to be closed.
        }
        return new GivenUp(reason);
    }

    /** Leaves the exchange with a reason. */
    private static final class GivenUp extends Exception {
        private static final long serialVersionUID = 1L;

        GivenUp(String reason) {
            super(reason, null, false, false);
        }
    }
}
