// SPDX-License-Identifier: Apache-2.0
package org.postern.core.delivery;

import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.postern.core.auth.AuthPlan;
import org.postern.core.auth.AuthPlanner;
import org.postern.core.auth.Endpoint;
import org.postern.core.auth.LoginBreaker;
import org.postern.core.queue.QueueKey;
import org.postern.core.route.Hop;
import org.postern.core.scope.OutboundSettings;
import org.postern.core.scope.Resolution;
import org.postern.core.session.SessionKey;
import org.postern.core.session.SessionPool;
import org.postern.engine.ExplainRequest;
import org.postern.engine.PolicyException;
import org.postern.engine.dto.Explanation;
import org.postern.spi.credential.AuthIdentity;
import org.postern.spi.credential.LookupAttribute;
import org.postern.spi.mail.DeliveryOutcome;
import org.postern.spi.mail.MailAddress;
import org.postern.spi.mail.RoutingDomain;
import org.postern.spi.mail.SubmittingClient;
import org.postern.spi.policy.OutboundAuthHook;
import org.postern.spi.policy.OutboundAuthSettings;
import org.postern.spi.policy.ResolvedAuth;
import org.postern.spi.policy.StoreReference;

/**
 * Goes the way of a delivery with a message that does not exist, and takes notes: the same bindings, routes, scopes,
 * hooks, plan, stores and guard, up to the point where a peer would be connected to.
 *
 * <p>Threading: safe for many threads.
 */
@Singleton
final class Explainer {

    private final CurrentSettings settings;
    private final Bindings bindings;
    private final BindingChooser chooser;
    private final Routes routes;
    private final Hooks hooks;
    private final AuthPlanner planner;
    private final AccountExplainer accounts;
    private final LoginBreaker breaker;
    private final SessionPool pool;
    private final Clock clock;
    private final String hostname;

    @Inject
    Explainer(
            CurrentSettings settings,
            Bindings bindings,
            BindingChooser chooser,
            Routes routes,
            Hooks hooks,
            AuthPlanner planner,
            AccountExplainer accounts,
            LoginBreaker breaker,
            SessionPool pool,
            Clock clock,
            @Named("hostname") String hostname) {
        this.settings = settings;
        this.bindings = bindings;
        this.chooser = chooser;
        this.routes = routes;
        this.hooks = hooks;
        this.planner = planner;
        this.accounts = accounts;
        this.breaker = breaker;
        this.pool = pool;
        this.clock = clock;
        this.hostname = hostname;
    }

    Explanation explain(ExplainRequest request) throws InterruptedException {
        if (settings.snapshot().isEmpty()) {
            throw new IllegalStateException("no configuration is in force");
        }
        try {
            ImaginedMessage message = ImaginedMessage.of(request, bindings, chooser, routes);
            return new Case(request, message).explain();
        } catch (PolicyException undecided) {
            throw new IllegalStateException(undecided.getMessage(), undecided);
        }
    }

    /** One question. */
    private final class Case implements Hooks.Witness {

        private final ExplainRequest request;
        private final ImaginedMessage message;
        private final Resolution own;
        private final Resolution options;
        private final List<Explanation.Hook> asked = new ArrayList<>();
        private final Set<String> byHook = new HashSet<>();
        private Map<String, String> variables;
        private Optional<AuthPlan> plan = Optional.empty();
        private List<Hop> hops = List.of();
        private Explanation.Authentication verdict;

        Case(ExplainRequest request, ImaginedMessage message) {
            this.request = request;
            this.message = message;
            this.variables = message.variables();
            this.own = settings.resolve(message.binding(), request.recipient().routingDomain());
            this.options = settings.resolve(message.binding(), message.routingDomain());
        }

        Explanation explain() throws InterruptedException {
            askHooks();
            Optional<String> trouble = findHosts();
            Optional<Hop> first = hops.stream().findFirst();
            Optional<AccountExplainer.Account> account = account(first);
            OptionsExplained explained = new OptionsExplained(options, variables, byHook);
            return new Explanation(
                    clock.instant(),
                    options.snapshot().generation(),
                    request.sender().map(MailAddress::toString).orElse(""),
                    request.recipient().toString(),
                    new Explanation.BindingExplained(
                            message.binding().name(),
                            message.binding().group().name(),
                            message.bindingStory().isEmpty()
                                    ? List.of("nothing else was said")
                                    : message.bindingStory()),
                    routing(trouble),
                    explained.all(),
                    asked,
                    verdict,
                    account.map(AccountExplainer.Account::credential),
                    account.map(AccountExplainer.Account::mechanisms).orElse(List.of()),
                    first.flatMap(hop -> session(hop, account)),
                    warnings(explained));
        }

        /** Returns why none is known. */
        private Optional<String> findHosts() throws InterruptedException {
            if (request.offline()) {
                return Optional.of("not looked up");
            }
            try {
                QueueKey key = new QueueKey(message.binding(), message.routingDomain());
                hops = routes.find(key, request.recipient().routingDomain(), options);
                return Optional.empty();
            } catch (NotDeliverable nowhere) {
                return Optional.of(reason(nowhere));
            }
        }

        private void askHooks() throws InterruptedException {
            try {
                ResolvedAuth auth = hooks.resolve(message, variables, options, this);
                plan = Optional.of(planner.plan(auth));
                verdict = verdict(plan.get());
            } catch (NotDeliverable failed) {
                verdict = new Explanation.Authentication("deferred", reason(failed));
            }
        }

        @Override
        public void saw(OutboundAuthHook hook, Map<String, String> before, Map<String, String> after) {
            TreeSet<String> names = new TreeSet<>(before.keySet());
            names.addAll(after.keySet());
            names.removeIf(name -> Optional.ofNullable(before.get(name)).equals(Optional.ofNullable(after.get(name))));
            byHook.addAll(names);
            variables = after;
            asked.add(new Explanation.Hook(
                    hook.getClass().getName(),
                    names.stream()
                            .map(name -> new Explanation.Change(
                                    name, Optional.ofNullable(after.get(name)).map(value -> shown(name, value))))
                            .toList(),
                    Optional.empty()));
        }

        @Override
        public void sawFail(OutboundAuthHook hook, String how) {
            asked.add(new Explanation.Hook(hook.getClass().getName(), List.of(), Optional.of(how)));
        }

        private String shown(String variable, String value) {
            return OutboundAuthSettings.all().stream()
                    .filter(setting -> setting.key().equals(variable))
                    .findFirst()
                    .map(setting -> OptionsExplained.shown(setting, value, StoreReference.storesIn(options.snapshot())))
                    .orElse(value);
        }

        private static Explanation.Authentication verdict(AuthPlan plan) {
            return switch (plan) {
                case AuthPlan.NoAuth none -> new Explanation.Authentication("none", "nothing asks for authentication");
                case AuthPlan.Refuse refuse -> new Explanation.Authentication("held", refuse.reason());
                case AuthPlan.Authenticate as ->
                    new Explanation.Authentication(
                            "authenticate", "the message goes over a session of this account, or it does not go");
            };
        }

        private Optional<AccountExplainer.Account> account(Optional<Hop> first) throws InterruptedException {
            return plan.isPresent() && plan.get() instanceof AuthPlan.Authenticate as
                    ? Optional.of(accounts.find(as, about(), first, request.offline()))
                    : Optional.empty();
        }

        private Map<LookupAttribute, String> about() {
            return About.message(new QueueKey(message.binding(), message.routingDomain()), message.envelope());
        }

        private Explanation.Routing routing(Optional<String> trouble) {
            return new Explanation.Routing(
                    request.recipient().routingDomain().name(),
                    message.routingDomain().name(),
                    gateway(),
                    OptionsExplained.winner(options, OutboundSettings.ROUTES),
                    hops.stream().map(Hop::toString).toList(),
                    trouble);
        }

        private Optional<Explanation.Level> gateway() {
            return OptionsExplained.winner(own, OutboundSettings.GATEWAY)
                    .filter(level -> level.value().isPresent());
        }

        private Optional<Explanation.Session> session(Hop hop, Optional<AccountExplainer.Account> account) {
            Optional<AuthIdentity> identity = account.flatMap(AccountExplainer.Account::identity);
            if (!verdict.verdict().equals("none") && identity.isEmpty()) {
                return Optional.empty();
            }
            SessionOptions wanted = SessionOptions.of(options, hostname);
            SessionKey key = Sessions.key(
                    hop,
                    identity,
                    wanted,
                    wanted.ehloName(request.sender()),
                    wanted.xclient(SubmittingClient.of(Map.of())));
            return Optional.of(new Explanation.Session(
                    key.peer(),
                    key.implicitTls(),
                    words(key.tls().level()),
                    words(key.tls().verification()),
                    key.source().map(address -> address.getHostAddress()),
                    key.ehloName(),
                    identity.map(who -> who.user() + " by " + who.source() + ", version " + who.version()),
                    pool.sessions().stream().anyMatch(open -> open.key().equals(key) && !open.busy()),
                    identity.flatMap(who -> breaker.obstacle(who, new Endpoint(hop.host(), hop.port())))
                            .map(LoginBreaker.Admission.Wait::reason)));
        }

        private static String words(Enum<?> constant) {
            return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }

        private List<String> warnings(OptionsExplained explained) {
            List<String> warnings = new ArrayList<>();
            explained.mixed().ifPresent(warnings::add);
            RoutingDomain domain = message.routingDomain();
            if (!domain.equals(request.recipient().routingDomain())) {
                warnings.addAll(explained.voided(own, domain));
            }
            return warnings;
        }

        private static String reason(NotDeliverable stopped) {
            return switch (stopped.judgement().outcome()) {
                case DeliveryOutcome.Delivered delivered -> delivered.reply().toString();
                case DeliveryOutcome.Deferred deferred -> deferred.reason();
                case DeliveryOutcome.Held held -> held.reason();
                case DeliveryOutcome.Failed failed -> failed.reason();
            };
        }
    }
}
