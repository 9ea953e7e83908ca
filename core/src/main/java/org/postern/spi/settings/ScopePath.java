// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.settings;

import java.util.Objects;
import java.util.Optional;
import java.util.StringJoiner;

/**
 * One place in the configuration. A domain is either a name as {@link org.postern.spi.mail.RoutingDomain} normalises it,
 * or a pattern written {@code /…/}, slashes included, which stands for the stanza and matches nothing by itself.
 *
 * @param group the binding group, if the place is inside one
 * @param binding the binding, if the place is inside one
 * @param domain the domain or pattern, if the place is a {@code Domain} stanza
 */
public record ScopePath(Optional<String> group, Optional<String> binding, Optional<String> domain) {

    /** The place outside every stanza. */
    public static final ScopePath GLOBAL = new ScopePath(Optional.empty(), Optional.empty(), Optional.empty());

    /** @throws NullPointerException if a part is null */
    public ScopePath {
        Objects.requireNonNull(group, "group");
        Objects.requireNonNull(binding, "binding");
        Objects.requireNonNull(domain, "domain");
    }

    /** A group's own place. */
    public static ScopePath ofGroup(String group) {
        return new ScopePath(Optional.of(group), Optional.empty(), Optional.empty());
    }

    /** The place of a binding that is declared outside groups. */
    public static ScopePath ofBinding(String binding) {
        return new ScopePath(Optional.empty(), Optional.of(binding), Optional.empty());
    }

    /** The place of a domain that is declared outside bindings and groups. */
    public static ScopePath ofDomain(String domain) {
        return GLOBAL.withDomain(domain);
    }

    /** The place of a binding inside this one. */
    public ScopePath withBinding(String inner) {
        return new ScopePath(group, Optional.of(inner), Optional.empty());
    }

    /** The place of a domain inside this one. */
    public ScopePath withDomain(String inner) {
        return new ScopePath(group, binding, Optional.of(inner));
    }

    /** The place that this one's {@code Domain} stanza stands in; itself where it is no {@code Domain}. */
    public ScopePath container() {
        return new ScopePath(group, binding, Optional.empty());
    }

    /** Which kind of place this is. */
    public ScopeKind kind() {
        if (group.isPresent()) {
            return binding.isPresent()
                    ? domain.isPresent() ? ScopeKind.GROUP_BINDING_DOMAIN : ScopeKind.GROUP_BINDING
                    : domain.isPresent() ? ScopeKind.GROUP_DOMAIN : ScopeKind.GROUP;
        }
        return binding.isPresent()
                ? domain.isPresent() ? ScopeKind.BINDING_DOMAIN : ScopeKind.BINDING
                : domain.isPresent() ? ScopeKind.DOMAIN : ScopeKind.GLOBAL;
    }

    /** The place as the ancestor's console names it, such as {@code binding b domain example.com}. */
    @Override
    public String toString() {
        StringJoiner words = new StringJoiner(" ");
        words.setEmptyValue("global");
        group.ifPresent(name -> words.add("binding_group " + name));
        binding.ifPresent(name -> words.add("binding " + name));
        domain.ifPresent(name -> words.add("domain " + name));
        return words.toString();
    }
}
