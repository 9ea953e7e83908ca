// SPDX-License-Identifier: Apache-2.0
package org.postern.core.scope;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.postern.spi.mail.Binding;
import org.postern.spi.mail.RoutingDomain;
import org.postern.spi.settings.ScopePath;
import org.postern.spi.settings.Setting;
import org.postern.spi.settings.SettingsSnapshot;

/**
 * Every option as it holds for one binding and one routing domain in one snapshot.
 *
 * <p>Threading: immutable.
 */
public final class Resolution {

    private final ScopeTable table;
    private final Binding binding;
    private final RoutingDomain domain;
    private final Layer ofBoth;
    private final Layer ofBinding;
    private final Layer ofDomain;

    Resolution(ScopeTable table, Binding binding, RoutingDomain domain, Layer ofBoth, Layer ofBinding, Layer ofDomain) {
        this.table = table;
        this.binding = binding;
        this.domain = domain;
        this.ofBoth = ofBoth;
        this.ofBinding = ofBinding;
        this.ofDomain = ofDomain;
    }

    /** The configuration that this belongs to. */
    public SettingsSnapshot snapshot() {
        return table.snapshot();
    }

    /** The binding that it is for. */
    public Binding binding() {
        return binding;
    }

    /** The routing domain that it is for. */
    public RoutingDomain domain() {
        return domain;
    }

    /** The places that are asked, strongest first; only those that the configuration has. Worked out at each call. */
    public List<ScopePath> places() {
        return ScopeResolver.places(table, binding, domain);
    }

    /** What holds for an option. */
    public <T> Resolved<T> get(Setting<T> setting) {
        // One name has one type, so what was written under the name has the setting's type.
        @SuppressWarnings("unchecked")
        Resolved<T> winner = (Resolved<T>) winner(table.options().of(setting));
        return winner;
    }

    // Not a loop over a list: this is asked some sixty times for each message.
    private Resolved<?> winner(Options.Option option) {
        if (!option.isWritten()) {
            return option.byDefault();
        }
        Resolved<?> winner = ofBoth.winner(option.number());
        if (winner == null) {
            winner = ofBinding.winner(option.number());
        }
        if (winner == null) {
            winner = ofDomain.winner(option.number());
        }
        return winner == null ? option.byDefault() : winner;
    }

    /** What holds for an option, and everything that lost to it. */
    public <T> ScopeChain<T> chain(Setting<T> setting) {
        SettingsSnapshot snapshot = snapshot();
        List<ScopeChain.Link<T>> links = new ArrayList<>();
        for (ScopePath place : places()) {
            snapshot.at(place, setting).ifPresent(written -> links.add(new ScopeChain.Link<>(place, written)));
        }
        return new ScopeChain<>(setting, get(setting), links);
    }

    /**
     * What a stage makes of the options, remembered for the same binding and domain.
     *
     * @param type of what is made; one thing of each type
     * @param make what to do the first time
     */
    public <T> T derived(Class<T> type, Function<Resolution, T> make) {
        return type.cast(table.derived(this, type, make));
    }
}
