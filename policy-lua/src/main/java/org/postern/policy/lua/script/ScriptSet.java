// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.script;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * All scripts of a configuration, in the order of the file. Immutable; a change makes another set, which takes over what is
 * still good.
 */
public final class ScriptSet {

    /** No scripts. */
    public static final ScriptSet NONE = new ScriptSet(Map.of(), Optional.empty());

    private final Map<String, Entry> entries;
    private final Optional<Surroundings> surroundings;

    /** A script, or what is wrong with it. */
    private sealed interface Entry {

        String source();

        /** @param complaint what is wrong with the files of today; empty if nothing is */
        record Loaded(String source, Script script, String complaint) implements Entry {}

        record Broken(String source, String reason) implements Entry {}
    }

    private ScriptSet(Map<String, Entry> entries, Optional<Surroundings> surroundings) {
        this.entries = entries;
        this.surroundings = surroundings;
    }

    /**
     * The scripts of another configuration. One that cannot be loaded stays as it was, if it was there under the same name.
     *
     * @param sources by name, in order
     * @param with what they are run with
     */
    public ScriptSet replacedBy(Map<String, String> sources, Surroundings with) {
        Map<String, Entry> next = new LinkedHashMap<>();
        sources.forEach((name, source) -> next.put(name, load(name, source, with)));
        entries.forEach((name, old) -> retire(old, next.get(name)));
        return new ScriptSet(next, Optional.of(with));
    }

    private Entry load(String name, String source, Surroundings with) {
        try {
            return new Entry.Loaded(source, Script.load(name, source, with), "");
        } catch (ScriptException wrong) {
            return keep(name, source, wrong.getMessage(), with.log());
        }
    }

    /** The script as it was, or the knowledge that there is none. Nothing is said twice. */
    private Entry keep(String name, String source, String reason, LogOfScripts log) {
        return switch (entries.get(name)) {
            case Entry.Loaded old -> {
                if (!old.complaint().equals(reason)) {
                    log.failed("script \"" + name + "\" stays as it was: " + reason);
                }
                yield new Entry.Loaded(old.source(), old.script(), reason);
            }
            case Entry.Broken old when old.reason().equals(reason) -> old;
            case null, default -> {
                log.failed("script \"" + name + "\" cannot be used, so that mail is held: " + reason);
                yield new Entry.Broken(source, reason);
            }
        };
    }

    private static void retire(Entry old, Entry next) {
        if (old instanceof Entry.Loaded loaded
                && !(next instanceof Entry.Loaded kept && kept.script() == loaded.script())) {
            loaded.script().close();
        }
    }

    /** The same scripts, those loaded anew whose files have changed. */
    public ScriptSet refreshed() {
        if (surroundings.isEmpty()) {
            return this;
        }
        Map<String, Entry> next = new LinkedHashMap<>();
        entries.forEach((name, old) -> next.put(name, refreshed(name, old, surroundings.get())));
        return new ScriptSet(next, surroundings);
    }

    private Entry refreshed(String name, Entry old, Surroundings with) {
        if (old instanceof Entry.Loaded loaded && loaded.script().isCurrent(loaded.source())) {
            return old;
        }
        Entry fresh = load(name, old.source(), with);
        retire(old, fresh);
        return fresh;
    }

    /** Nothing, after all of these have been ended. */
    public ScriptSet ended() {
        entries.values().forEach(entry -> retire(entry, null));
        return NONE;
    }

    /**
     * Those that authenticate messages.
     *
     * @throws ScriptException if there is one of which nobody knows whether it does
     */
    public List<Script> authenticating() throws ScriptException {
        return those(Script::authenticates);
    }

    /**
     * Those that choose bindings.
     *
     * @throws ScriptException if there is one of which nobody knows whether it does
     */
    public List<Script> choosingBindings() throws ScriptException {
        return those(Script::choosesBindings);
    }

    private List<Script> those(Predicate<Script> wanted) throws ScriptException {
        List<Script> found = new ArrayList<>();
        for (Map.Entry<String, Entry> entry : entries.entrySet()) {
            switch (entry.getValue()) {
                case Entry.Loaded loaded -> {
                    if (wanted.test(loaded.script())) {
                        found.add(loaded.script());
                    }
                }
                case Entry.Broken broken -> throw new ScriptException(entry.getKey() + ": " + broken.reason());
            }
        }
        return found;
    }
}
