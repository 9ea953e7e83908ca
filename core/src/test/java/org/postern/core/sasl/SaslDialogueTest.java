// SPDX-License-Identifier: Apache-2.0
package org.postern.core.sasl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.core.smtp.SaslWire;
import org.postern.core.smtp.SmtpFault;
import org.postern.spi.credential.Octets;
import org.postern.spi.mail.DeliveryStage;
import org.postern.spi.mail.SmtpReply;
import org.postern.spi.sasl.SaslExchange;
import org.postern.spi.sasl.SaslStep;

class SaslDialogueTest {

    /** Gives prepared replies and keeps what was said, and the arrays it was said with. */
    private static final class FakeWire implements SaslWire {
        private final Deque<SmtpReply> replies = new ArrayDeque<>();
        private final List<String> said = new ArrayList<>();
        private final List<byte[]> arrays = new ArrayList<>();

        FakeWire(String... replies) {
            for (String reply : replies) {
                this.replies.add(new SmtpReply(
                        Integer.parseInt(reply.substring(0, 3)),
                        List.of(reply.substring(3).strip())));
            }
        }

        private SmtpReply keep(String line, byte[] array) throws SmtpFault {
            said.add(line);
            arrays.add(array);
            if (replies.isEmpty()) {
                throw SmtpFault.of(
                        DeliveryStage.AUTH_CHALLENGE, SmtpFault.Kind.CONNECTION_LOST, "gone", Optional.empty());
            }
            return replies.remove();
        }

        @Override
        public SmtpReply auth(String mechanism, byte[] initial) throws SmtpFault {
            String response = initial == null ? "" : " " + new String(initial, StandardCharsets.US_ASCII);
            return keep("AUTH " + mechanism + response, initial == null ? new byte[0] : initial);
        }

        @Override
        public SmtpReply respond(byte[] response) throws SmtpFault {
            return keep(new String(response, StandardCharsets.US_ASCII), response);
        }

        @Override
        public SmtpReply cancel() throws SmtpFault {
            return keep("*", new byte[0]);
        }

        @Override
        public SmtpFault unexpected(SmtpReply reply) {
            return SmtpFault.of(
                    DeliveryStage.AUTH_SENT, SmtpFault.Kind.PROTOCOL_ERROR, "unexpected", Optional.of(reply));
        }
    }

    /** An exchange that does what a broken plug-in does. */
    private static SaslExchange broken(java.util.function.Supplier<SaslStep> answer) {
        return new SaslExchange() {
            @Override
            public Optional<Octets> initialResponse() {
                return Optional.empty();
            }

            @Override
            public SaslStep respond(Octets challenge) {
                return answer.get();
            }

            @Override
            public void close() {}
        };
    }

    private static String reason(AuthResult result) {
        return ((AuthResult.Aborted) result).reason();
    }

    @Test
    void givesChallengesToTheMechanismAndItsAnswersToThePeer() throws SmtpFault {
        FakeWire wire = new FakeWire("334 QUJD", "334", "235 in");
        FakeExchange exchange = FakeExchange.serverFirst(Octets.utf8("a"), Octets.EMPTY);
        AuthResult result = SaslDialogue.authenticate(wire, "X", exchange);
        assertThat(result).isInstanceOf(AuthResult.Authenticated.class);
        assertThat(exchange.challenges()).containsExactly(Octets.utf8("ABC"), Octets.EMPTY);
        assertThat(wire.said).containsExactly("AUTH X", "YQ==", "");
    }

    @Test
    void wipesWhatWasSent() throws SmtpFault {
        FakeWire wire = new FakeWire("334 QUJD", "235 in");
        Octets first = Octets.utf8("first secret");
        Octets second = Octets.utf8("second secret");
        SaslDialogue.authenticate(wire, "X", FakeExchange.first(first, second));
        assertThat(first.toByteArray()).containsOnly(0);
        assertThat(second.toByteArray()).containsOnly(0);
        assertThat(wire.arrays).allSatisfy(array -> assertThat(array).containsOnly(0));
    }

    @Test
    void wipesWhatCouldNotBeSent() {
        Octets secret = Octets.utf8("secret");
        FakeWire wire = new FakeWire();
        assertThatThrownBy(() -> SaslDialogue.authenticate(wire, "X", FakeExchange.first(secret)))
                .isInstanceOf(SmtpFault.class);
        assertThat(secret.toByteArray()).containsOnly(0);
    }

    @Test
    void sendsNoInitialResponseThatMakesTheLineTooLong() throws SmtpFault {
        for (int size = 300; size < 450; size++) {
            byte[] response = new byte[size];
            Arrays.fill(response, (byte) 'x');
            FakeWire wire = new FakeWire("334 ", "235 in");
            wire.replies.addFirst(wire.replies.peekFirst());
            SaslDialogue.authenticate(
                    wire, "XOAUTH2", FakeExchange.first(Octets.wrap(response), Octets.EMPTY, Octets.EMPTY));
            assertThat(wire.said.getFirst().length() + 2).isLessThanOrEqualTo(512);
            boolean fits = "AUTH XOAUTH2 ".length() + (size + 2) / 3 * 4 + 2 <= 512;
            assertThat(wire.said.getFirst().equals("AUTH XOAUTH2")).isEqualTo(!fits);
        }
    }

    @Test
    void asksTheMechanismWhetherSuccessIsSuccess() throws SmtpFault {
        FakeExchange doubtful =
                FakeExchange.first(Octets.utf8("a")).concluding(new SaslStep.Abort("the server did not prove itself"));
        AuthResult result = SaslDialogue.authenticate(new FakeWire("235 in"), "X", doubtful);
        assertThat(reason(result)).isEqualTo("the server did not prove itself");
    }

    @ParameterizedTest
    @ValueSource(strings = {"200 x", "250 x", "299 x", "300 x", "354 x"})
    void takesNothingElseForSuccess(String reply) {
        FakeWire wire = new FakeWire(reply);
        assertThatThrownBy(() -> SaslDialogue.authenticate(wire, "X", FakeExchange.first(Octets.utf8("a"))))
                .isInstanceOf(SmtpFault.class);
        assertThat(wire.said).hasSize(1);
    }

    @Test
    void saysNothingAfterARefusal() throws SmtpFault {
        FakeWire wire = new FakeWire("334 ", "535 no");
        AuthResult result = SaslDialogue.authenticate(wire, "X", FakeExchange.serverFirst(Octets.utf8("a")));
        assertThat(result)
                .isEqualTo(new AuthResult.Refused(
                        DeliveryStage.AUTH_CHALLENGE, new SmtpReply(535, List.of("no")), Optional.empty()));
        assertThat(wire.said).containsExactly("AUTH X", "YQ==");
    }

    @Test
    void keepsWhatTheMechanismUnderstoodOfARefusalOnOneShortLine() throws SmtpFault {
        FakeExchange exchange =
                FakeExchange.first(Octets.utf8("a"), Octets.EMPTY).detailing("status\r\n401\u2028 " + "x".repeat(500));
        AuthResult result = SaslDialogue.authenticate(new FakeWire("334 QUJD", "535 no"), "X", exchange);
        assertThat(((AuthResult.Refused) result).detail())
                .hasValueSatisfying(detail -> assertThat(detail)
                        .startsWith("status 401 xxx")
                        .hasSizeLessThanOrEqualTo(301)
                        .endsWith("…"));
    }

    @Test
    void cancelsWhenAMechanismFailsAndDoesNotRepeatItsWords() throws SmtpFault {
        FakeWire wire = new FakeWire("334 ", "501 cancelled");
        AuthResult result = SaslDialogue.authenticate(wire, "X", broken(() -> {
            throw new IllegalStateException("the password is hunter2");
        }));
        assertThat(reason(result)).isEqualTo("X failed with java.lang.IllegalStateException");
        assertThat(wire.said).containsExactly("AUTH X", "*");
    }

    @Test
    void survivesAMechanismWhoseBundleIsGone() throws SmtpFault {
        AuthResult result = SaslDialogue.authenticate(new FakeWire("334 ", "501 c"), "X", broken(() -> {
            throw new NoClassDefFoundError("org/postern/auth/x/Gone");
        }));
        assertThat(reason(result)).contains("NoClassDefFoundError");
    }

    @Test
    void cancelsWhenAMechanismHasNoAnswer() throws SmtpFault {
        FakeWire wire = new FakeWire("334 ", "501 cancelled");
        assertThat(reason(SaslDialogue.authenticate(wire, "X", broken(() -> null))))
                .contains("gave no answer");
        assertThat(wire.said).endsWith("*");
        FakeWire other = new FakeWire("334 ", "501 cancelled");
        assertThat(reason(SaslDialogue.authenticate(other, "X", broken(SaslStep.Complete::new))))
                .contains("no answer to a challenge");
        assertThat(other.said).endsWith("*");
    }

    @Test
    void keepsItsReasonWhenTheConnectionBreaksInTheCancellation() throws SmtpFault {
        AuthResult result = SaslDialogue.authenticate(new FakeWire("334 !"), "X", FakeExchange.serverFirst());
        assertThat(reason(result)).isEqualTo("the peer sent a challenge that is not base64");
    }

    @Test
    void sendsNothingLongerThanALineMayBe() throws SmtpFault {
        FakeWire wire = new FakeWire("334 ", "235 in");
        Octets largest = Octets.wrap(new byte[12_285]);
        assertThat(SaslDialogue.authenticate(wire, "X", FakeExchange.serverFirst(largest)))
                .isInstanceOf(AuthResult.Authenticated.class);
        FakeWire other = new FakeWire("334 ", "501 cancelled");
        Octets tooLarge = Octets.wrap(new byte[12_289]);
        assertThat(reason(SaslDialogue.authenticate(other, "X", FakeExchange.serverFirst(tooLarge))))
                .contains("12289 octets");
        assertThat(other.said).endsWith("*");
    }

    @Test
    void takesChallengesUpToTheLimit() throws SmtpFault {
        String largest = java.util.Base64.getEncoder().encodeToString(new byte[12_288]);
        FakeExchange exchange = FakeExchange.serverFirst(Octets.utf8("a"));
        assertThat(SaslDialogue.authenticate(new FakeWire("334 " + largest, "235 in"), "X", exchange))
                .isInstanceOf(AuthResult.Authenticated.class);
        assertThat(exchange.challenges().getFirst().length()).isEqualTo(12_288);
        assertThat(reason(SaslDialogue.authenticate(
                        new FakeWire("334 " + largest + "QUJD", "501 c"), "X", FakeExchange.serverFirst())))
                .contains("longer than 12288 octets");
    }

    @Test
    void saysWhetherThePeerHasHeardOfAnExchangeThatWasGivenUp() throws SmtpFault {
        FakeWire untouched = new FakeWire();
        SaslExchange failing = new SaslExchange() {
            @Override
            public Optional<Octets> initialResponse() {
                throw new IllegalStateException("nothing to say");
            }

            @Override
            public SaslStep respond(Octets challenge) {
                throw new AssertionError("nobody asked");
            }

            @Override
            public void close() {}
        };
        assertThat(begun(SaslDialogue.authenticate(untouched, "X", failing))).isFalse();
        assertThat(untouched.said).isEmpty();
        FakeWire asking = new FakeWire("334", "501 cancelled");
        assertThat(begun(SaslDialogue.authenticate(asking, "X", FakeExchange.serverFirst())))
                .isTrue();
    }

    private static boolean begun(AuthResult result) {
        return ((AuthResult.Aborted) result).begun();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Q",
                "QU",
                "QUJ",
                "QQ=",
                "=",
                "====",
                "QQ==QQ==",
                "Q=Q=",
                "QUJD QUJD",
                "QU*D",
                "QUJD=",
                "QU-_",
                "Á==="
            })
    void refusesWhatIsNoBase64(String challenge) throws SmtpFault {
        FakeWire wire = new FakeWire("334 " + challenge, "501 cancelled");
        FakeExchange exchange = FakeExchange.serverFirst(Octets.utf8("a"));
        assertThat(reason(SaslDialogue.authenticate(wire, "X", exchange))).contains("not base64");
        assertThat(exchange.challenges()).isEmpty();
        assertThat(wire.said).containsExactly("AUTH X", "*");
    }
}
