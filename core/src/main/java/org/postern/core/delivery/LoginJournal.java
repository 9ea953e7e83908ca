// SPDX-License-Identifier: Apache-2.0
package org.postern.core.delivery;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.postern.core.audit.Audit;
import org.postern.core.audit.AuditEvent;
import org.postern.core.auth.Channel;
import org.postern.core.auth.DisclosureGuard;
import org.postern.core.auth.InstalledMechanism;
import org.postern.core.auth.LoginPermit;
import org.postern.spi.policy.ResolvedAuth;
import org.postern.spi.sasl.TlsEvidence;
import org.postern.spi.settings.Setting;

/**
 * Tells the audit log of every login, and of every secret that was shown by exception or not shown.
 *
 * <p>Threading: safe for many threads.
 */
@Singleton
final class LoginJournal {

    private static final int REFUSALS_REMEMBERED = 10_000;
    /** Held mail asks again and again, and would fill the log with one and the same line. */
    private static final Duration ONCE_IN = Duration.ofHours(1);

    private final Audit audit;
    private final Clock clock;
    private final Map<AuditEvent, Instant> refusals = new LinkedHashMap<>();

    @Inject
    LoginJournal(Audit audit, Clock clock) {
        this.audit = audit;
        this.clock = clock;
    }

    /** One try with one mechanism. */
    record Try(Login.As login, Channel channel, InstalledMechanism mechanism) {

        /** Tells the breaker, for operators. */
        void tell(LoginPermit permit, String reply) {
            permit.said(reply, login.credential().validity());
        }

        private AuditEvent event(AuditEvent.Action action, String result) {
            ResolvedAuth auth = login.plan().auth();
            return AuditEvent.of(action, result, login.ready().identity())
                    .with("peer", channel.endpoint().toString())
                    .with("address", channel.address().getHostAddress())
                    .with("tls", channel.tls().map(TlsEvidence::toString).orElse("none"))
                    .with("mechanism", mechanism.name())
                    .with(
                            "configured",
                            auth.passwordOrigin()
                                    .or(auth::keyOrigin)
                                    .or(auth::userOrigin)
                                    .map(Object::toString));
        }
    }

    /** An exchange was begun. */
    void ended(Try attempt, String result, String reply) {
        audit.record(attempt.event(AuditEvent.Action.LOGIN, result).with("reply", reply));
    }

    /** It was decided whether the secret may be shown. That it may without an exception is no news: a login follows. */
    void judged(Try attempt, DisclosureGuard.Verdict verdict) {
        switch (verdict) {
            case DisclosureGuard.Verdict.Permit permit ->
                permit.exception()
                        .map(Setting::name)
                        .ifPresent(option -> audit.record(attempt.event(AuditEvent.Action.DISCLOSURE, "allowed")
                                .with("by", option)));
            case DisclosureGuard.Verdict.Refusal refusal -> refused(attempt, refusal.reason());
        }
    }

    private void refused(Try attempt, String reason) {
        AuditEvent event =
                attempt.event(AuditEvent.Action.DISCLOSURE, "refused").with("reason", reason);
        if (isNews(event, clock.instant())) {
            audit.record(event);
        }
    }

    private synchronized boolean isNews(AuditEvent event, Instant now) {
        refusals.values().removeIf(before -> !before.plus(ONCE_IN).isAfter(now));
        if (refusals.containsKey(event)) {
            return false;
        }
        if (refusals.size() >= REFUSALS_REMEMBERED) {
            refusals.remove(refusals.keySet().iterator().next());
        }
        refusals.put(event, now);
        return true;
    }
}
