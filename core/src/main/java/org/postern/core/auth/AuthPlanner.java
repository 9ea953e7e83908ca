// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import static org.postern.spi.policy.OutboundAuthSettings.TYPE;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.postern.spi.policy.ResolvedAuth;

/** Decides whether a message is authenticated and by which mechanism. Threading: stateless. */
public final class AuthPlanner {

    /** RFC 4422 section 3.1. */
    private static final Pattern MECHANISM_NAME = Pattern.compile("[A-Z0-9_-]{1,20}");

    private final DisclosureGuard guard;
    private final MechanismRegistry mechanisms;
    private final SecretKinds kinds;
    private final DowngradeMemory memory;

    /**
     * Mechanisms that the guard would not let use the secret are not chosen.
     *
     * @param mechanisms tell whether there has to be a secret, and what can be bound to a session
     * @param memory tells what has worked with a host before
     */
    public AuthPlanner(DisclosureGuard guard, MechanismRegistry mechanisms, DowngradeMemory memory) {
        this.guard = guard;
        this.mechanisms = mechanisms;
        this.kinds = new SecretKinds(mechanisms);
        this.memory = memory;
    }

    /** Whether and how, before a session is chosen. */
    public AuthPlan plan(ResolvedAuth auth) {
        if (!auth.applies()) {
            return new AuthPlan.NoAuth();
        }
        return badName(auth)
                .or(() -> Shortfall.of(auth, kinds))
                .<AuthPlan>map(AuthPlan.Refuse::new)
                .orElseGet(() -> new AuthPlan.Authenticate(auth));
    }

    /**
     * By which mechanism, once the peer has made its final offer.
     *
     * @param plan the message's plan
     * @param ready as whom, and with what
     * @param offered the peer's mechanisms, in any case, less those that it has already refused to know
     * @param channel the connection
     * @param installed what {@link MechanismRegistry#installed()} says
     */
    public MechanismChoice choose(
            AuthPlan.Authenticate plan,
            CredentialResult.Ready ready,
            Set<String> offered,
            Channel channel,
            List<InstalledMechanism> installed) {
        Set<String> names =
                offered.stream().map(name -> name.toUpperCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
        Selection selection = new Selection(
                plan.auth(),
                ready.credential(),
                channel,
                guard,
                names,
                installed,
                candidate -> mechanisms.canBind(candidate, channel.tls()));
        MechanismChoice choice = selection.choice();
        return choice instanceof MechanismChoice.Usable usable && usable.best().revealsSecret()
                ? memory.find(ready.identity(), channel.endpoint())
                        .flatMap(known -> selection.fallsShort(usable, known))
                        .orElse(usable)
                : choice;
    }

    private static Optional<String> badName(ResolvedAuth auth) {
        return auth.mechanisms().stream()
                .filter(name -> !MECHANISM_NAME.matcher(name).matches())
                .findFirst()
                .map(name -> Words.written(TYPE, auth.mechanismsOrigin()) + " names '" + Words.oneLine(name)
                        + "', which is no name of a mechanism");
    }
}
