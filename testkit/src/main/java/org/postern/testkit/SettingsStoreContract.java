// SPDX-License-Identifier: Apache-2.0
package org.postern.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.postern.spi.credential.Secret;
import org.postern.spi.settings.Located;
import org.postern.spi.settings.ScopeKind;
import org.postern.spi.settings.ScopePath;
import org.postern.spi.settings.Setting;
import org.postern.spi.settings.SettingType;
import org.postern.spi.settings.SettingsListener;
import org.postern.spi.settings.SettingsSnapshot;
import org.postern.spi.settings.SettingsStore;
import org.postern.spi.settings.SettingsVocabulary;
import org.postern.spi.settings.StanzaType;

/** What every {@link SettingsStore} promises. A new store is made for each test. */
public interface SettingsStoreContract {

    /** A text that may be written everywhere. */
    Setting<String> TEXT = Setting.of("Contract_Text", SettingType.TEXT, "Any text.");

    /** A text that may be cancelled. */
    Setting<String> CANCELLABLE = Setting.of("Contract_Cancellable", SettingType.TEXT, "Any text, or false.")
            .cancellable();

    /** A secret. */
    Setting<Secret> SECRET = Setting.of("Contract_Secret", SettingType.SECRET, "Any secret.");

    /** The settings that the contract writes. */
    SettingsVocabulary VOCABULARY = new SettingsVocabulary() {
        @Override
        public List<Setting<?>> settings() {
            return List.of(TEXT, CANCELLABLE, SECRET);
        }

        @Override
        public List<StanzaType> stanzas() {
            return List.of();
        }
    };

    /**
     * Makes the store of this test, with a configuration in force.
     *
     * @param vocabulary what may be written, beside what the store knows itself
     * @param listener to be told of later snapshots, as the engine's would be
     * @param written the whole configuration
     */
    SettingsStore open(SettingsVocabulary vocabulary, SettingsListener listener, List<Written> written)
            throws Exception;

    /** Writes another configuration and returns when it is in force and the listener was told. */
    void replace(List<Written> written) throws Exception;

    /** Writes something that is no configuration and returns when the store has refused it. */
    void damage() throws Exception;

    /** One place of every kind. */
    private static List<ScopePath> everyKindOfPlace() {
        return List.of(
                ScopePath.GLOBAL,
                ScopePath.ofDomain("example.test"),
                ScopePath.ofBinding("b1"),
                ScopePath.ofBinding("b1").withDomain("example.test"),
                ScopePath.ofGroup("g1"),
                ScopePath.ofGroup("g1").withDomain("example.test"),
                ScopePath.ofGroup("g1").withBinding("b2"),
                ScopePath.ofGroup("g1").withBinding("b2").withDomain("example.test"));
    }

    private static List<Written> text(ScopePath place, String value) {
        return List.of(new Written(place, TEXT, value));
    }

    private static Optional<String> at(SettingsSnapshot snapshot, ScopePath place) {
        return snapshot.at(place, TEXT).flatMap(Located::value);
    }

    @Test
    @DisplayName("settings: answers what is written at each kind of place")
    default void answersWhatIsWrittenAtEachKindOfPlace() throws Exception {
        List<Written> written = everyKindOfPlace().stream()
                .map(place -> new Written(place, TEXT, "at " + place))
                .toList();
        SettingsSnapshot snapshot = open(VOCABULARY, ignored -> {}, written).current();
        assertThat(everyKindOfPlace().stream().map(ScopePath::kind)).containsExactlyInAnyOrder(ScopeKind.values());
        for (ScopePath place : everyKindOfPlace()) {
            assertThat(at(snapshot, place)).contains("at " + place);
        }
    }

    @Test
    @DisplayName("settings: answers for exactly one place, and inherits nothing")
    default void inheritsNothing() throws Exception {
        SettingsStore store = open(VOCABULARY, ignored -> {}, text(ScopePath.GLOBAL, "x"));
        for (ScopePath written : everyKindOfPlace()) {
            replace(text(written, "only here"));
            for (ScopePath asked : everyKindOfPlace()) {
                assertThat(at(store.current(), asked))
                        .as("written at %s, asked at %s", written, asked)
                        .isEqualTo(written.equals(asked) ? Optional.of("only here") : Optional.empty());
            }
        }
    }

    @Test
    @DisplayName("settings: keeps every character of a value")
    default void keepsEveryCharacterOfAValue() throws Exception {
        SettingsStore store = open(VOCABULARY, ignored -> {}, text(ScopePath.GLOBAL, "x"));
        for (String value :
                List.of("", " a b ", "grüße 𝄞", "q\"uote", "back\\slash", "#{}[]()=,;", "x".repeat(5_000))) {
            replace(text(ScopePath.GLOBAL, value));
            assertThat(at(store.current(), ScopePath.GLOBAL)).contains(value);
        }
    }

    @Test
    @DisplayName("settings: says where a value is written")
    default void saysWhereAValueIsWritten() throws Exception {
        SettingsSnapshot snapshot =
                open(VOCABULARY, ignored -> {}, text(ScopePath.GLOBAL, "x")).current();
        Located<String> located = snapshot.at(ScopePath.GLOBAL, TEXT).orElseThrow();
        assertThat(located.origin().file()).isNotBlank();
        assertThat(located.origin().line()).isPositive();
        assertThat(located.origin().column()).isPositive();
    }

    @Test
    @DisplayName("settings: tells what cancels from what is not written")
    default void tellsWhatCancelsFromWhatIsNotWritten() throws Exception {
        SettingsSnapshot snapshot = open(
                        VOCABULARY,
                        ignored -> {},
                        List.of(
                                new Written(ScopePath.GLOBAL, CANCELLABLE, "x"),
                                new Written(ScopePath.ofDomain("example.test"), CANCELLABLE, "false")))
                .current();
        assertThat(snapshot.at(ScopePath.ofDomain("example.test"), CANCELLABLE)
                        .orElseThrow()
                        .value())
                .isEmpty();
        assertThat(snapshot.at(ScopePath.ofDomain("other.test"), CANCELLABLE)).isEmpty();
    }

    @Test
    @DisplayName("settings: is the same snapshot until something changes")
    default void isTheSameSnapshotUntilSomethingChanges() throws Exception {
        SettingsStore store = open(VOCABULARY, ignored -> {}, text(ScopePath.GLOBAL, "one"));
        SettingsSnapshot first = store.current();
        assertThat(store.current()).isNotNull().isSameAs(first);
        replace(text(ScopePath.GLOBAL, "two"));
        assertThat(store.current()).isNotSameAs(first);
        assertThat(store.current().generation()).isGreaterThan(first.generation());
        assertThat(at(first, ScopePath.GLOBAL)).as("the old snapshot").contains("one");
    }

    @Test
    @DisplayName("settings: tells listeners when the snapshot is in force")
    default void tellsListenersWhenTheSnapshotIsInForce() throws Exception {
        AtomicReference<SettingsStore> store = new AtomicReference<>();
        List<SettingsSnapshot> told = new CopyOnWriteArrayList<>();
        List<SettingsSnapshot> inForce = new CopyOnWriteArrayList<>();
        store.set(open(
                VOCABULARY,
                snapshot -> {
                    if (store.get() != null) {
                        told.add(snapshot);
                        inForce.add(store.get().current());
                    }
                },
                text(ScopePath.GLOBAL, "one")));
        replace(text(ScopePath.GLOBAL, "two"));
        assertThat(told).isNotEmpty();
        assertThat(inForce).isEqualTo(told);
        assertThat(told.getLast()).isSameAs(store.get().current());
        assertThat(at(told.getLast(), ScopePath.GLOBAL)).contains("two");
    }

    @Test
    @DisplayName("settings: stays with the last good configuration")
    default void staysWithTheLastGoodConfiguration() throws Exception {
        SettingsStore store = open(VOCABULARY, ignored -> {}, text(ScopePath.GLOBAL, "good"));
        SettingsSnapshot good = store.current();
        damage();
        assertThat(store.current()).isSameAs(good);
        replace(text(ScopePath.GLOBAL, "better"));
        assertThat(at(store.current(), ScopePath.GLOBAL)).contains("better");
    }

    @Test
    @DisplayName("settings: changes all at once, for however many readers")
    default void changesAllAtOnce() throws Exception {
        ScopePath other = ScopePath.ofDomain("example.test");
        SettingsStore store = open(VOCABULARY, ignored -> {}, both(other, "0"));
        AtomicBoolean done = new AtomicBoolean();
        AtOnce.run(4, worker -> {
            for (int i = 1; worker == 0 && i <= 20; i++) {
                replace(both(other, Integer.toString(i)));
            }
            done.compareAndSet(false, worker == 0);
            while (!done.get()) {
                SettingsSnapshot snapshot = store.current();
                assertThat(at(snapshot, other)).isEqualTo(at(snapshot, ScopePath.GLOBAL));
            }
            return null;
        });
    }

    private static List<Written> both(ScopePath other, String value) {
        return List.of(new Written(ScopePath.GLOBAL, TEXT, value), new Written(other, TEXT, value));
    }

    @Test
    @DisplayName("settings: keeps secrets out of texts for people")
    default void keepsSecretsOutOfTexts() throws Exception {
        Canaries canaries = new Canaries();
        String planted = canaries.plant("secret setting");
        SettingsStore store = open(VOCABULARY, ignored -> {}, List.of(new Written(ScopePath.GLOBAL, SECRET, planted)));
        Located<Secret> located = store.current().at(ScopePath.GLOBAL, SECRET).orElseThrow();
        assertThat(located.value().orElseThrow()).isEqualTo(Secret.of(planted));
        canaries.assertAbsentFrom("the store's text", store.toString());
        canaries.assertAbsentFrom("the snapshot's text", store.current().toString());
        canaries.assertAbsentFrom("the value's text", located.toString());
        canaries.assertAbsentFrom("the place's text", located.origin().toString());
    }
}
