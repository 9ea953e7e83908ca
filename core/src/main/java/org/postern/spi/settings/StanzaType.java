// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.settings;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A stanza that configures a bundle rather than a scope, such as {@code ESMTP_Listener { … }}. Its content is handed to
 * the bundle through Configuration Admin under the persistent identity named here.
 *
 * <p>The dictionary has one entry per option, under the option's {@link Setting#key() key}: a {@code String}, or a
 * {@code String[]} where the type is an array. An inner stanza adds an entry under its type's lower-case name with the
 * instance names as {@code String[]} in order, and its options as {@code type/instance/option}. Three entries are always
 * there: {@code postern.config.directory}, the directory of the main file, which relative paths start from,
 * {@code postern.config.generation}, and {@link #DIGEST}. A setting that the stanza inherits appears as if written in it.
 *
 * <p>Options of a {@linkplain SettingType#isSecret() secret} type never get there, because Configuration Admin stores what
 * it is given. The bundle takes them from {@link SettingsSnapshot#secretIn}, and hears of changes as a
 * {@link SettingsListener}. In an inner stanza they are refused.
 *
 * @param name the word in the file, such as {@code ESMTP_Listener}
 * @param pid the persistent identity; empty for an inner stanza and for one that is only recognised
 * @param named whether an instance name follows the word
 * @param settings the options that may stand inside
 * @param inner the stanzas that may stand inside
 * @param inherited global settings that hold inside unless the stanza says otherwise
 * @param always whether the bundle gets a dictionary even from a file without the stanza, as if it stood there empty
 * @param decides whether the bundle has a say in how each message is authenticated: while the configuration has the stanza,
 *     no mail moves unless a hook is there that was told this very content. All stanzas of such a type bear one name, since
 *     the hooks of several would have no order
 * @param role what the stanza chooses, such as {@code spool}: of all types with one role a configuration has one at most, and
 *     one that is told {@code always} is told so only where none is written; empty for a stanza that stands beside any other
 * @param summary one sentence for people
 */
public record StanzaType(
        String name,
        Optional<String> pid,
        boolean named,
        List<Setting<?>> settings,
        List<StanzaType> inner,
        Set<Setting<?>> inherited,
        boolean always,
        boolean decides,
        Optional<String> role,
        String summary) {

    /**
     * The entry with a hash of the stanza's content. The hooks of a bundle that {@linkplain #decides() decides} offer it as
     * a service property once they act by it, which a component configured by the stanza does by itself.
     */
    public static final String DIGEST = "postern.config.digest";

    /** A stanza whose bundle has no say in how mail is authenticated. */
    public StanzaType(
            String name,
            Optional<String> pid,
            boolean named,
            List<Setting<?>> settings,
            List<StanzaType> inner,
            Set<Setting<?>> inherited,
            boolean always,
            String summary) {
        this(name, pid, named, settings, inner, inherited, always, false, summary);
    }

    /** A stanza that stands beside any other. */
    public StanzaType(
            String name,
            Optional<String> pid,
            boolean named,
            List<Setting<?>> settings,
            List<StanzaType> inner,
            Set<Setting<?>> inherited,
            boolean always,
            boolean decides,
            String summary) {
        this(name, pid, named, settings, inner, inherited, always, decides, Optional.empty(), summary);
    }

    /** @throws NullPointerException if a part is missing */
    public StanzaType {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(pid, "pid");
        Objects.requireNonNull(role, "role");
        Objects.requireNonNull(summary, "summary");
        settings = List.copyOf(settings);
        inner = List.copyOf(inner);
        inherited = Set.copyOf(inherited);
    }

    /** A stanza without instance name, handed to a bundle. */
    public static StanzaType forBundle(String name, String pid, String summary, Setting<?>... settings) {
        return new StanzaType(name, Optional.of(pid), false, List.of(settings), List.of(), Set.of(), false, summary);
    }

    /** A stanza with instance name that stands inside another. */
    public static StanzaType innerNamed(String name, String summary, Setting<?>... settings) {
        return new StanzaType(name, Optional.empty(), true, List.of(settings), List.of(), Set.of(), false, summary);
    }

    /** The same stanza, with these inside. */
    public StanzaType with(StanzaType... more) {
        return new StanzaType(name, pid, named, settings, List.of(more), inherited, always, decides, role, summary);
    }

    /** The same stanza, inheriting these global settings. */
    public StanzaType inheriting(Setting<?>... globals) {
        return new StanzaType(name, pid, named, settings, inner, Set.of(globals), always, decides, role, summary);
    }

    /** The same stanza, with a dictionary even where the file has no such stanza. */
    public StanzaType evenIfAbsent() {
        return new StanzaType(name, pid, named, settings, inner, inherited, true, decides, role, summary);
    }

    /** The same stanza of a bundle without whose hook no mail moves. */
    public StanzaType thatDecides() {
        return new StanzaType(name, pid, named, settings, inner, inherited, always, true, role, summary);
    }

    /** The same stanza, as one of several of which a configuration has one at most. */
    public StanzaType inRole(String chosen) {
        return new StanzaType(
                name, pid, named, settings, inner, inherited, always, decides, Optional.of(chosen), summary);
    }

    /** The name in lower case: what two stanzas are compared by. */
    public String key() {
        return name.toLowerCase(Locale.ROOT);
    }
}
