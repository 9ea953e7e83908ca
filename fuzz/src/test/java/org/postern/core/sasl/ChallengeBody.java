// SPDX-License-Identifier: Apache-2.0
package org.postern.core.sasl;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.postern.core.smtp.SaslWire;
import org.postern.core.smtp.SmtpFault;
import org.postern.fuzz.Body;
import org.postern.spi.credential.Octets;
import org.postern.spi.mail.DeliveryStage;
import org.postern.spi.mail.SmtpReply;
import org.postern.spi.policy.InitialResponse;
import org.postern.spi.sasl.SaslExchange;
import org.postern.spi.sasl.SaslStep;

/** A peer that says one line of the input after the other, and a mechanism that answers each challenge with itself. */
public final class ChallengeBody implements Body {

    private static final int CHALLENGE = 334;

    @Override
    public void run(byte[] input) {
        List<String> lines = new String(input, StandardCharsets.UTF_8).lines().toList();
        for (InitialResponse initial : InitialResponse.values()) {
            Peer peer = new Peer(lines.iterator());
            try {
                check(SaslDialogue.authenticate(peer, "MIRROR", new Mirror(), initial), peer);
            } catch (SmtpFault fault) {
                Body.check(Body.isOneLine(fault.getMessage()), "a fault of several lines");
            }
        }
    }

    private static void check(AuthResult result, Peer peer) {
        switch (result) {
            case AuthResult.Authenticated authenticated ->
                Body.check(authenticated.reply().code() == 235 && !peer.cancelled, "success without a 235");
            case AuthResult.Refused refused -> Body.check(refused.reply().replyClass() >= 4, "a refusal that is none");
            case AuthResult.Aborted aborted ->
                Body.check(Body.isOneLine(aborted.reason()), "a reason of several lines");
        }
    }

    /** Holds this side to the rules of RFC 4954 section 4. */
    private static final class Peer implements SaslWire {
        private final Iterator<String> lines;
        private boolean challenged;
        private boolean cancelled;
        private int answers;

        Peer(Iterator<String> lines) {
            this.lines = lines;
        }

        private SmtpReply say() throws SmtpFault {
            Body.check(!cancelled, "something was said after *");
            if (!lines.hasNext()) {
                throw SmtpFault.of(DeliveryStage.AUTH_SENT, SmtpFault.Kind.CONNECTION_LOST, "gone", Optional.empty());
            }
            String line = lines.next();
            boolean coded = line.matches("[2-5][0-9][0-9].*");
            SmtpReply reply = coded
                    ? new SmtpReply(
                            Integer.parseInt(line.substring(0, 3)),
                            List.of(line.substring(3).strip().split("/", -1)))
                    : new SmtpReply(CHALLENGE, List.of(line));
            challenged = reply.code() == CHALLENGE;
            return reply;
        }

        @Override
        public SmtpReply auth(String mechanism, byte[] initialResponse) throws SmtpFault {
            Body.check(!challenged, "AUTH in answer to a challenge");
            return say();
        }

        @Override
        public SmtpReply respond(byte[] response) throws SmtpFault {
            Body.check(challenged, "a response to nothing");
            Body.check(++answers <= SaslDialogue.MAX_CHALLENGES, "an exchange without end");
            Body.check(response.length + 2 <= MAX_LINE_OCTETS, "a response that is too long");
            Base64.getDecoder().decode(response);
            return say();
        }

        @Override
        public SmtpReply cancel() throws SmtpFault {
            Body.check(challenged, "* in answer to nothing");
            try {
                return say();
            } finally {
                cancelled = true;
            }
        }

        @Override
        public SmtpFault unexpected(SmtpReply reply) {
            return SmtpFault.of(
                    DeliveryStage.AUTH_SENT, SmtpFault.Kind.PROTOCOL_ERROR, "unexpected", Optional.of(reply));
        }
    }

    private static final class Mirror implements SaslExchange {

        @Override
        public Optional<Octets> initialResponse() {
            return Optional.of(Octets.utf8("first"));
        }

        @Override
        public SaslStep respond(Octets challenge) {
            Body.check(challenge.length() <= Base64Text.MAX_CHALLENGE, "a challenge that is too long");
            return new SaslStep.Respond(Octets.copyOf(challenge.toByteArray()));
        }

        @Override
        public void close() {}
    }
}
