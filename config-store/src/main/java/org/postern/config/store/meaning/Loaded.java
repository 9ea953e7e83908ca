// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store.meaning;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.postern.config.store.language.Footprint;
import org.postern.config.store.language.Problems;
import org.postern.spi.settings.SettingsSnapshot;

/** A configuration that was read, right or wrong. Immutable once made. */
public final class Loaded {

    private final String main;
    private final Path directory;
    private final SettingsSnapshot snapshot;
    private final Written written;
    private final List<BundleStanza> stanzas;
    private final Problems problems;
    private final Footprint footprint;

    Loaded(
            String main,
            Path directory,
            SettingsSnapshot snapshot,
            Written written,
            List<BundleStanza> stanzas,
            Problems problems,
            Footprint footprint) {
        this.main = main;
        this.directory = directory;
        this.snapshot = snapshot;
        this.written = written;
        this.stanzas = List.copyOf(stanzas);
        this.problems = problems;
        this.footprint = footprint;
    }

    /** Whether it may be put in force. */
    public boolean isRight() {
        return !problems.anyError();
    }

    /** The main file, as it was named. */
    public String main() {
        return main;
    }

    /** Where the main file is, absolute. */
    public Path directory() {
        return directory;
    }

    /** The settings of scopes; to be used only if the configuration is right. */
    public SettingsSnapshot snapshot() {
        return snapshot;
    }

    /** What bundles are told; to be used only if the configuration is right. */
    public List<BundleStanza> stanzas() {
        return stanzas;
    }

    /** Where credentials of stores are named, in the order of the files; to be used only if the configuration is right. */
    public List<KeyUse> keyUses() {
        return KeyUse.in(written, snapshot);
    }

    /** Everything the operator should know. */
    public Problems problems() {
        return problems;
    }

    /** The files it was read from. */
    public Footprint footprint() {
        return footprint;
    }

    /** What changes when this takes the place of another, or of nothing. */
    public Changes changesSince(Optional<Loaded> before) {
        return Changes.between(
                before.map(loaded -> loaded.written).orElseGet(Written::new),
                before.map(Loaded::stanzas).orElse(List.of()),
                written,
                stanzas);
    }

    /** Whether nothing at all is different, not even a line number. */
    public boolean isSameAs(Loaded other) {
        return written.isSameAs(other.written)
                && directory.equals(other.directory)
                && comparable(stanzas).equals(comparable(other.stanzas));
    }

    private static List<Object> comparable(List<BundleStanza> stanzas) {
        return stanzas.stream()
                .<Object>map(stanza -> List.of(stanza.identity(), stanza.comparable()))
                .toList();
    }
}
