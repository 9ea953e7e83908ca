// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import static org.postern.spi.policy.OutboundAuthSettings.ALLOW_CLEARTEXT;
import static org.postern.spi.policy.OutboundAuthSettings.ALLOW_UNVERIFIED_TLS;
import static org.postern.spi.policy.OutboundAuthSettings.KEY;
import static org.postern.spi.policy.OutboundAuthSettings.PASS;

import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.postern.spi.credential.Credential;
import org.postern.spi.policy.ResolvedAuth;
import org.postern.spi.sasl.TlsEvidence;
import org.postern.spi.settings.Setting;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The only place that decides whether a secret may be shown. Ask immediately before the exchange is opened.
 *
 * <p>A mechanism that reveals its secret may do so under TLS that was verified, or to this machine; elsewhere only where
 * an option says so. A credential that names hosts is used with those and no other, by whatever mechanism.
 *
 * <p>Threading: safe for many threads.
 */
public final class DisclosureGuard {

    private static final Logger LOG = LoggerFactory.getLogger(DisclosureGuard.class);
    private static final int ENDPOINTS_REMEMBERED = 10_000;

    private final Set<String> audited = ConcurrentHashMap.newKeySet();

    /** The answer. */
    public sealed interface Verdict {

        /**
         * It may be shown.
         *
         * @param exception the option without which it might not
         */
        record Permit(Optional<Setting<Boolean>> exception) implements Verdict {}

        /**
         * It must not be shown.
         *
         * @param reason one line for people: what is unsafe, and which option in which scope would allow it
         */
        record Refusal(String reason) implements Verdict {}
    }

    /** Whether this mechanism may use this credential on this connection. A permit by exception is logged once per endpoint. */
    public Verdict judge(InstalledMechanism mechanism, Credential credential, ResolvedAuth auth, Channel channel) {
        Verdict verdict = consider(mechanism, credential, auth, channel);
        if (verdict instanceof Verdict.Permit(Optional<Setting<Boolean>> exception)) {
            exception.ifPresent(option -> audit(option, mechanism, channel));
        }
        return verdict;
    }

    /** The same answer for planning and explaining, when nothing is shown yet and nothing is to be logged. */
    public Verdict consider(InstalledMechanism mechanism, Credential credential, ResolvedAuth auth, Channel channel) {
        if (!credential.allowedHosts().isEmpty()
                && !credential.allowedHosts().contains(channel.endpoint().host())) {
            return new Verdict.Refusal("the credential may be shown to "
                    + String.join(", ", new TreeSet<>(credential.allowedHosts())) + " only, not to "
                    + channel.endpoint().host());
        }
        if (!mechanism.revealsSecret() || channel.isVerified() || channel.isLoopback()) {
            return new Verdict.Permit(Optional.empty());
        }
        return channel.tls()
                .map(tls -> overUnverifiedTls(mechanism, auth, channel, tls))
                .orElseGet(() -> withoutTls(mechanism, auth, channel));
    }

    private static Verdict overUnverifiedTls(
            InstalledMechanism mechanism, ResolvedAuth auth, Channel channel, TlsEvidence tls) {
        if (auth.allowUnverifiedTls()) {
            return new Verdict.Permit(Optional.of(ALLOW_UNVERIFIED_TLS));
        }
        // Whoever may see the secret in clear may see it under TLS.
        if (auth.allowCleartext()) {
            return new Verdict.Permit(Optional.of(ALLOW_CLEARTEXT));
        }
        String danger =
                "the certificate of " + channel.endpoint() + " is not verified: " + Words.oneLine(tls.verdict());
        return refusal(mechanism, auth, danger, ALLOW_UNVERIFIED_TLS);
    }

    private static Verdict withoutTls(InstalledMechanism mechanism, ResolvedAuth auth, Channel channel) {
        if (auth.allowCleartext()) {
            return new Verdict.Permit(Optional.of(ALLOW_CLEARTEXT));
        }
        return refusal(
                mechanism, auth, "the session with " + channel.endpoint() + " is not under TLS", ALLOW_CLEARTEXT);
    }

    private static Verdict refusal(
            InstalledMechanism mechanism, ResolvedAuth auth, String danger, Setting<Boolean> option) {
        String scope = auth.password().isPresent()
                ? Words.written(PASS, auth.passwordOrigin())
                : Words.written(KEY, auth.keyOrigin());
        return new Verdict.Refusal(mechanism.name() + " shows the secret, and " + danger + "; only " + option.name()
                + " = true in a scope that holds here would allow it, such as that of " + scope);
    }

    private void audit(Setting<Boolean> option, InstalledMechanism mechanism, Channel channel) {
        if (audited.size() < ENDPOINTS_REMEMBERED && audited.add(option.key() + " " + channel.endpoint())) {
            LOG.warn(
                    "{} = true: {} shows a secret to {} ({}) on a connection that is not safe",
                    option.name(),
                    mechanism.name(),
                    channel.endpoint(),
                    channel.address().getHostAddress());
        }
    }
}
