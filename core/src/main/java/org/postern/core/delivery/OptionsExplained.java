// SPDX-License-Identifier: Apache-2.0
package org.postern.core.delivery;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.postern.core.scope.OutboundSettings;
import org.postern.core.scope.Resolution;
import org.postern.core.scope.Resolved;
import org.postern.core.scope.ScopeChain;
import org.postern.engine.dto.Explanation;
import org.postern.spi.mail.RoutingDomain;
import org.postern.spi.policy.OutboundAuthSettings;
import org.postern.spi.policy.StoreReference;
import org.postern.spi.settings.Located;
import org.postern.spi.settings.ScopePath;
import org.postern.spi.settings.Setting;

/** What scopes, context and hooks say about each option, as an explanation shows it. */
final class OptionsExplained {

    private final Resolution options;
    private final Map<String, String> variables;
    private final Set<String> byHook;
    private final Set<String> stores;

    /**
     * @param options as they hold for the routing domain
     * @param variables the message's own, after the hooks
     * @param byHook the names of those that a hook of this attempt set
     */
    OptionsExplained(Resolution options, Map<String, String> variables, Set<String> byHook) {
        this.options = options;
        this.variables = variables;
        this.byHook = byHook;
        this.stores = StoreReference.storesIn(options.snapshot());
    }

    List<Explanation.Option> all() {
        return OutboundAuthSettings.all().stream().map(this::option).toList();
    }

    private <T> Explanation.Option option(Setting<T> setting) {
        ScopeChain<T> chain = options.chain(setting);
        List<Explanation.Level> levels = chain.links().stream()
                .map(link -> level(setting, link.place(), link.written(), stores))
                .toList();
        Optional<String> variable = OutboundAuthSettings.isOverridable(setting)
                ? Optional.ofNullable(variables.get(setting.key()))
                : Optional.empty();
        Optional<String> value = variable.map(text -> shown(setting, text, stores))
                .or(() -> chain.winner().value().map(it -> shown(setting, text(it), stores)));
        return new Explanation.Option(setting.name(), value, source(setting, variable, levels), levels);
    }

    private String source(Setting<?> setting, Optional<String> variable, List<Explanation.Level> levels) {
        if (variable.isPresent()) {
            return byHook.contains(setting.key()) ? "hook" : "context";
        }
        return levels.isEmpty() ? "default" : "configuration";
    }

    /** One place that speaks, as it may be shown. */
    private static <T> Explanation.Level level(
            Setting<T> setting, ScopePath place, Located<T> written, Set<String> stores) {
        return new Explanation.Level(
                place.toString(),
                written.value().map(value -> shown(setting, text(value), stores)),
                written.origin().file(),
                written.origin().line());
    }

    /** Where the winner stands, if the configuration has one. */
    static <T> Optional<Explanation.Level> winner(Resolution options, Setting<T> setting) {
        return options.chain(setting).first().map(link -> level(setting, link.place(), link.written(), Set.of()));
    }

    private static String text(Object value) {
        return AttemptContext.text(value);
    }

    /**
     * A value as it may be shown: a reference to a store is no secret, whatever the option is.
     *
     * @param stores the names that make a reference
     */
    static String shown(Setting<?> setting, String text, Set<String> stores) {
        boolean hidden = setting.type().isSecret()
                && !text.isEmpty()
                && StoreReference.of(text, stores).isEmpty();
        return hidden ? Explanation.HIDDEN : text;
    }

    /** What is most likely not meant: user and password of two places. */
    Optional<String> mixed() {
        Optional<String> user = place(OutboundAuthSettings.USER);
        Optional<String> password = place(OutboundAuthSettings.PASS);
        return user.isPresent() && password.isPresent() && !user.equals(password)
                ? Optional.of("the user comes from " + user.get() + " and the password from " + password.get()
                        + ": they may belong to two accounts")
                : Optional.empty();
    }

    private <T> Optional<String> place(Setting<T> setting) {
        if (variables.containsKey(setting.key())) {
            return variables.get(setting.key()).isEmpty()
                    ? Optional.empty()
                    : Optional.of(byHook.contains(setting.key()) ? "a hook" : "the message context");
        }
        Resolved<T> resolved = options.get(setting);
        return resolved.value().isPresent() ? resolved.place().map(ScopePath::toString) : Optional.empty();
    }

    /**
     * Options of authentication that stand in the stanza of the recipient's own domain, and hold for nobody, because a
     * gateway there replaces that domain.
     *
     * @param own as they hold for the recipient's own domain
     */
    List<String> voided(Resolution own, RoutingDomain domain) {
        List<String> lines = new ArrayList<>();
        Optional<Explanation.Level> gateway = winner(own, OutboundSettings.GATEWAY);
        for (Setting<?> setting : OutboundAuthSettings.all()) {
            own.chain(setting).links().stream()
                    .filter(link -> !options.places().contains(link.place()))
                    .findFirst()
                    .ifPresent(link -> lines.add(setting.name() + " in " + link.place() + " ("
                            + link.written().origin().file() + ":"
                            + link.written().origin().line() + ") has no effect: "
                            + gateway.map(level -> "Gateway (" + level.file() + ":" + level.line() + ")")
                                    .orElse("a gateway")
                            + " makes this mail that of " + domain));
        }
        return lines;
    }
}
