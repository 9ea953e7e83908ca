// SPDX-License-Identifier: Apache-2.0
package org.postern.core.outcome;

import static org.assertj.core.api.Assertions.assertThat;
import static org.postern.core.outcome.BlastRadius.CREDENTIAL;
import static org.postern.core.outcome.BlastRadius.HOST;
import static org.postern.core.outcome.BlastRadius.LOGIN;
import static org.postern.core.outcome.BlastRadius.MECHANISM;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.postern.core.smtp.RecipientReply;
import org.postern.core.smtp.SmtpFault;
import org.postern.core.smtp.TransactionResult;
import org.postern.spi.mail.DeliveryOutcome;
import org.postern.spi.mail.DeliveryOutcome.Deferred;
import org.postern.spi.mail.DeliveryOutcome.Delivered;
import org.postern.spi.mail.DeliveryOutcome.Failed;
import org.postern.spi.mail.DeliveryOutcome.Held;
import org.postern.spi.mail.DeliveryStage;
import org.postern.spi.mail.MailAddress;
import org.postern.spi.mail.SmtpReply;

class FailurePolicyTest {

    private final FailurePolicy policy = new FailurePolicy();

    private static SmtpReply reply(int code) {
        return new SmtpReply(code, List.of("text"));
    }

    private static Optional<SmtpReply> said(int code) {
        return Optional.of(reply(code));
    }

    private static RecipientReply rcpt(int code) {
        return new RecipientReply(MailAddress.parse("a@example.org"), code == 0 ? Optional.empty() : said(code));
    }

    private static TransactionResult confirmed(int code, int... recipients) {
        return new TransactionResult(
                said(250), rcpts(recipients), said(354), said(code), Optional.empty(), DeliveryStage.CONFIRMATION);
    }

    private static TransactionResult lostAt(DeliveryStage stage, int... recipients) {
        SmtpFault fault =
                SmtpFault.of(stage, SmtpFault.Kind.CONNECTION_LOST, "the connection was lost", Optional.empty());
        Optional<SmtpReply> mail = stage == DeliveryStage.MAIL ? Optional.empty() : said(250);
        return new TransactionResult(
                mail, rcpts(recipients), Optional.empty(), Optional.empty(), Optional.of(fault), stage);
    }

    private static List<RecipientReply> rcpts(int... codes) {
        return IntStream.of(codes).mapToObj(FailurePolicyTest::rcpt).toList();
    }

    static List<Integer> finalRefusals() {
        return IntStream.range(500, 600).boxed().toList();
    }

    @ParameterizedTest
    @MethodSource("finalRefusals")
    void neverBouncesMailForARefusedLogin(int code) {
        for (DeliveryStage stage : List.of(DeliveryStage.AUTH_SENT, DeliveryStage.AUTH_CHALLENGE)) {
            assertThat(policy.authRefused(stage, reply(code), Optional.empty()).outcome())
                    .isInstanceOf(Held.class);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "535, AUTH_SENT, CREDENTIAL",
        "535, AUTH_CHALLENGE, CREDENTIAL",
        "550, AUTH_CHALLENGE, CREDENTIAL",
        "501, AUTH_CHALLENGE, CREDENTIAL",
        "504, AUTH_SENT, MECHANISM",
        "502, AUTH_SENT, MECHANISM",
        "500, AUTH_SENT, MECHANISM",
        "534, AUTH_SENT, MECHANISM",
        "538, AUTH_SENT, HOST",
        "530, AUTH_SENT, HOST",
        "454, AUTH_CHALLENGE, LOGIN",
        "432, AUTH_SENT, LOGIN",
        "435, AUTH_CHALLENGE, LOGIN",
        "451, AUTH_SENT, LOGIN",
        "421, AUTH_SENT, LOGIN"
    })
    void blamesWhomTheReplyToAuthSpeaksOf(int code, DeliveryStage stage, BlastRadius radius) {
        assertThat(policy.authRefused(stage, reply(code), Optional.empty()).radius())
                .isEqualTo(radius);
    }

    @Test
    void triesNoOtherHostWithARefusedCredential() {
        assertThat(CREDENTIAL.leavesOtherHosts()).isFalse();
        assertThat(LOGIN.leavesOtherHosts()).isFalse();
        assertThat(HOST.leavesOtherHosts()).isTrue();
    }

    @Test
    void holdsMailForWhatIsMissingOnOurSide() {
        assertThat(policy.credentialMissing("x").outcome()).isInstanceOf(Held.class);
        assertThat(policy.storeUnavailable("x").outcome()).isInstanceOf(Held.class);
        assertThat(policy.breakerOpen("x", Instant.EPOCH).outcome()).isInstanceOf(Held.class);
        assertThat(policy.noMechanism("x", true))
                .isEqualTo(new Judgement(MECHANISM, new Held(DeliveryStage.AUTH_SENT, "x")));
        assertThat(policy.noMechanism("x", false).radius()).isEqualTo(HOST);
        assertThat(policy.disclosureRefused("x").outcome()).isInstanceOf(Held.class);
    }

    @Test
    void defersWhenAHookFails() {
        assertThat(policy.hookFailed("x").outcome()).isInstanceOf(Deferred.class);
    }

    @Test
    void deliversWhatThePeerConfirmed() {
        assertThat(policy.transaction(confirmed(250, 250, 251, 252), true))
                .containsOnly(new Delivered(reply(250)))
                .hasSize(3);
    }

    @Test
    void judgesEachRecipientByItsOwnReply() {
        List<DeliveryOutcome> outcomes = policy.transaction(confirmed(250, 250, 550, 450), true);
        assertThat(outcomes.get(0)).isInstanceOf(Delivered.class);
        assertThat(outcomes.get(1)).isInstanceOf(Failed.class);
        assertThat(outcomes.get(2)).isInstanceOf(Deferred.class);
    }

    @Test
    void takesTooManyRecipientsAsTemporaryOnceSomeWereAccepted() {
        assertThat(policy.transaction(confirmed(250, 250, 552), true).get(1)).isInstanceOf(Deferred.class);
        assertThat(policy.transaction(confirmed(250, 552, 250), true).get(0)).isInstanceOf(Failed.class);
    }

    @Test
    void failsWhatThePeerRefusedForGoodAtTheEnd() {
        assertThat(policy.transaction(confirmed(554, 250, 250), true)).hasOnlyElementsOfType(Failed.class);
        assertThat(policy.transaction(confirmed(451, 250, 250), true)).hasOnlyElementsOfType(Deferred.class);
    }

    @Test
    void holdsMailWhenThePeerForgotTheLogin() {
        TransactionResult forgotten = new TransactionResult(
                said(530), rcpts(0), Optional.empty(), Optional.empty(), Optional.empty(), DeliveryStage.MAIL);
        assertThat(policy.transaction(forgotten, true)).hasOnlyElementsOfType(Held.class);
    }

    @Test
    void marksAPossibleDuplicateOnlyWhenTheEndWasSent() {
        Deferred unsure = (Deferred) policy.transaction(lostAt(DeliveryStage.CONFIRMATION, 250), true)
                .getFirst();
        Deferred sure = (Deferred)
                policy.transaction(lostAt(DeliveryStage.BODY, 250), true).getFirst();
        assertThat(unsure.possibleDuplicate()).isTrue();
        assertThat(sure.possibleDuplicate()).isFalse();
    }

    @Test
    void marksAPossibleDuplicateWhereTheEndWasAnsweredWithAQuestion() {
        SmtpFault nonsense = SmtpFault.of(
                DeliveryStage.CONFIRMATION, SmtpFault.Kind.PROTOCOL_ERROR, "was answered with 354", said(354));
        TransactionResult asked = new TransactionResult(
                said(250), rcpts(250), said(354), Optional.empty(), Optional.of(nonsense), DeliveryStage.CONFIRMATION);
        assertThat(policy.transaction(asked, true))
                .singleElement()
                .isInstanceOfSatisfying(
                        Deferred.class,
                        outcome -> assertThat(outcome.possibleDuplicate()).isTrue());
    }

    @Test
    void keepsAFinalRefusalOfARecipientEvenIfTheSessionIsLostLater() {
        List<DeliveryOutcome> outcomes = policy.transaction(lostAt(DeliveryStage.BODY, 550, 250, 0), true);
        assertThat(outcomes.get(0)).isInstanceOf(Failed.class);
        assertThat(outcomes.get(1)).isInstanceOf(Deferred.class);
        assertThat(outcomes.get(2)).isInstanceOf(Deferred.class);
    }

    @Test
    void takesARefusalInTheMiddleOfTheContentForTheLastWord() {
        SmtpFault cut = SmtpFault.of(DeliveryStage.BODY, SmtpFault.Kind.REFUSED, "refused", said(554));
        TransactionResult early = new TransactionResult(
                said(250), rcpts(250), said(354), said(554), Optional.of(cut), DeliveryStage.BODY);
        assertThat(policy.transaction(early, true)).hasOnlyElementsOfType(Failed.class);
    }

    @Test
    void repeatsOnlyWhatAnOldSessionLostBeforeMailWasAccepted() {
        assertThat(policy.isForAnotherSession(lostAt(DeliveryStage.MAIL, 0), true))
                .isTrue();
        assertThat(policy.isForAnotherSession(lostAt(DeliveryStage.MAIL, 0), false))
                .isFalse();
        assertThat(policy.isForAnotherSession(lostAt(DeliveryStage.BODY, 250), true))
                .isFalse();
        assertThat(policy.isForAnotherSession(lostAt(DeliveryStage.CONFIRMATION, 250), true))
                .isFalse();
    }

    @Test
    void namesTheSendingSideWhenHeldMailExpires() {
        Failed expired = policy.expired(new Held(DeliveryStage.AUTH_SENT, "535 no"));
        assertThat(expired.reason())
                .contains("sending side could not authenticate")
                .contains("535 no");
    }

    @Test
    void judgesEveryReplyCodeAtEveryStage() {
        List<DeliveryOutcome> all = new ArrayList<>();
        for (int code = 200; code < 600; code++) {
            all.addAll(policy.transaction(confirmed(code, 250), true));
            all.addAll(policy.transaction(confirmed(250, code), true));
            all.add(policy.authRefused(DeliveryStage.AUTH_SENT, reply(Math.max(code, 400)), Optional.empty())
                    .outcome());
        }
        assertThat(all).doesNotContainNull().hasSize(1200);
    }

    @Test
    void blamesNoHostForWhatItSaysOfAClient() {
        SmtpFault refused = SmtpFault.of(
                DeliveryStage.XCLIENT, SmtpFault.Kind.REFUSED, "XCLIENT was refused", Optional.of(reply(550)));
        SmtpFault closing = SmtpFault.of(
                DeliveryStage.XCLIENT, SmtpFault.Kind.REFUSED, "XCLIENT was refused", Optional.of(reply(421)));
        assertThat(policy.session(refused).radius()).isEqualTo(BlastRadius.SESSION);
        assertThat(policy.session(refused).outcome()).isInstanceOf(Deferred.class);
        assertThat(policy.session(closing).radius()).isEqualTo(BlastRadius.HOST);
    }
}
