// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.postern.core.smtp.SmtpFault.Kind;
import org.postern.spi.mail.DeliveryStage;
import org.postern.spi.mail.SmtpReply;
import org.postern.spi.sasl.TlsEvidence;

/**
 * From the connection to a session that knows its peer: greeting, EHLO, STARTTLS with another EHLO, and XCLIENT with yet
 * another.
 */
final class InitialDialogue {

    /** What peers say that do not know EHLO, or do not like it (RFC 5321 section 4.1.4 and the field). */
    private static final Set<Integer> NO_EHLO = Set.of(500, 501, 502, 504, 550);

    private final Wire wire;
    private final SessionParameters parameters;
    private final TlsPolicy.Level level;
    private final Optional<TlsContexts.Context> trust;
    private Capabilities capabilities = Capabilities.NONE;
    private Optional<TlsEvidence> evidence = Optional.empty();

    InitialDialogue(
            Wire wire, SessionParameters parameters, TlsPolicy.Level level, Optional<TlsContexts.Context> trust) {
        this.wire = wire;
        this.parameters = parameters;
        this.level = level;
        this.trust = trust;
    }

    Capabilities capabilities() {
        return capabilities;
    }

    Optional<TlsEvidence> evidence() {
        return evidence;
    }

    void run() throws SmtpFault {
        if (parameters.endpoint().implicitTls()) {
            shakeHands();
        }
        greeting();
        hello();
        if (evidence.isEmpty() && level != TlsPolicy.Level.NEVER) {
            startTls();
        }
        if (parameters.xclient().isPresent()) {
            tellClient(parameters.xclient().get());
        }
    }

    private void greeting() throws SmtpFault {
        wire.enter(DeliveryStage.BANNER);
        SmtpReply reply = wire.reply(parameters.timeouts().greeting(), ReplyLimits.ORDINARY);
        if (!reply.isPositiveCompletion()) {
            throw leave(reply);
        }
    }

    private void hello() throws SmtpFault {
        wire.enter(DeliveryStage.EHLO);
        // What the peer said before is forgotten, whatever comes now (RFC 3207 section 4.2).
        capabilities = Capabilities.NONE;
        switch (parameters.protocol()) {
            case ESMTP -> extendedHello(SmtpCommand.ehlo(parameters.ehloName()), needsNoExtension());
            case LMTP -> extendedHello(SmtpCommand.lhlo(parameters.ehloName()), false);
            case SMTP -> {
                if (needsNoExtension()) {
                    helo();
                } else {
                    extendedHello(SmtpCommand.ehlo(parameters.ehloName()), false);
                }
            }
        }
    }

    private void extendedHello(SmtpCommand hello, boolean heloWillDo) throws SmtpFault {
        SmtpReply reply = say(hello);
        if (reply.isPositiveCompletion()) {
            capabilities = Capabilities.of(reply);
        } else if (NO_EHLO.contains(reply.code()) && heloWillDo) {
            helo();
        } else {
            throw leave(reply);
        }
    }

    private boolean needsNoExtension() {
        boolean tlsMissing = level == TlsPolicy.Level.REQUIRED && evidence.isEmpty();
        boolean clientUntold = parameters.xclient().filter(Xclient::required).isPresent();
        return !parameters.authenticationApplies() && !tlsMissing && !clientUntold;
    }

    private void helo() throws SmtpFault {
        SmtpReply reply = say(SmtpCommand.helo(parameters.ehloName()));
        if (!reply.isPositiveCompletion()) {
            throw leave(reply);
        }
    }

    private SmtpReply say(SmtpCommand command) throws SmtpFault {
        return wire.exchange(command, parameters.timeouts().ehlo(), ReplyLimits.EHLO);
    }

    private void startTls() throws SmtpFault {
        wire.enter(DeliveryStage.STARTTLS);
        if (!capabilities.has("STARTTLS")) {
            if (level == TlsPolicy.Level.REQUIRED) {
                throw wire.fault(Kind.TLS_UNAVAILABLE, "TLS is required and the peer does not offer it", null, null);
            }
            return;
        }
        SmtpReply reply =
                wire.exchange(SmtpCommand.STARTTLS, parameters.timeouts().startTls(), ReplyLimits.ORDINARY);
        if (reply.replyClass() == 3) {
            throw wire.nonsense(reply);
        }
        if (!reply.isPositiveCompletion()) {
            if (reply.code() != 421 && goesOnInClear()) {
                wire.tap().note("the peer refused STARTTLS; the policy lets this connection go on in clear");
                return;
            }
            throw wire.fault(Kind.TLS_UNAVAILABLE, "the peer refused STARTTLS: " + reply, reply, null);
        }
        wire.requireNothingInjected();
        shakeHands();
        hello();
    }

    private boolean goesOnInClear() {
        return level == TlsPolicy.Level.IF_OFFERED
                && parameters.tls().fallback() == TlsPolicy.Fallback.SAME_CONNECTION
                && !parameters.authenticationApplies();
    }

    private void shakeHands() throws SmtpFault {
        wire.enter(DeliveryStage.TLS_HANDSHAKE);
        Duration limit = parameters.timeouts().startTls();
        evidence = Optional.of(
                wire.startTls(parameters.endpoint(), trust.orElseThrow(), limit).evidence());
    }

    private void tellClient(Xclient xclient) throws SmtpFault {
        wire.enter(DeliveryStage.XCLIENT);
        List<String> attributes = xclient.attributes(capabilities);
        if (attributes.isEmpty()) {
            if (xclient.required()) {
                quit();
                throw wire.fault(
                        Kind.XCLIENT_UNAVAILABLE, "4.7.6 [internal] XCLIENT required but not advertised", null, null);
            }
            return;
        }
        SmtpReply reply = wire.exchange(
                SmtpCommand.xclient(attributes), parameters.timeouts().ehlo(), ReplyLimits.ORDINARY);
        if (reply.isPositiveCompletion()) {
            // The session begins anew: what was said of capabilities was said to this host, and not to the client.
            hello();
        } else if (xclient.required() || !reply.isPermanentNegative()) {
            throw leave(reply);
        } else {
            wire.tap().note("the peer refused XCLIENT; the scope lets the session go on without");
        }
    }

    /** Refused; QUIT is owed to a peer that still listens (RFC 5321 section 3.1). */
    private SmtpFault leave(SmtpReply reply) throws SmtpFault {
        if (reply.replyClass() == 3) {
            return wire.nonsense(reply);
        }
        if (reply.code() != 421) {
            quit();
        }
        return wire.refused(reply);
    }

    private void quit() throws SmtpFault {
        wire.gather(SmtpCommand.QUIT);
        wire.flush(parameters.timeouts().quit());
    }
}
