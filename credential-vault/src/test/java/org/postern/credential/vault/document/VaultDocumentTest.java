// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.credential.vault.kdbx.Element;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.Secret;

class VaultDocumentTest {

    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    private static final Instant LATER = NOW.plusSeconds(3600);

    private final Element root = VaultDocument.empty("Postern", NOW);
    private final VaultDocument document = new VaultDocument(root);

    @Test
    void findsEntriesInEveryGroupButTheRecycleBin() {
        document.add("top", NOW);
        Element group = root.child("Root").orElseThrow().child("Group").orElseThrow();
        Element inner = group.add(new Element("Group"));
        inner.add(Element.of("UUID", "aW5uZXIgZ3JvdXAgISEhIQ=="));
        VaultEntry.create(inner, "inner", NOW);
        Element bin = inner.add(new Element("Group"));
        bin.add(Element.of("UUID", "cmVjeWNsZSBiaW4gISEhIQ=="));
        VaultEntry.create(bin, "deleted", NOW);
        VaultEntry.create(bin.add(new Element("Group")), "deleted too", NOW);
        assertThat(document.entries()).extracting(VaultEntry::title).contains("deleted", "deleted too");
        root.child("Meta").orElseThrow().put("RecycleBinUUID", "cmVjeWNsZSBiaW4gISEhIQ==");
        assertThat(document.entries()).extracting(VaultEntry::title).containsExactlyInAnyOrder("top", "inner");
    }

    @Test
    void givesAnotherVersionToEveryUserAndSecret() {
        VaultEntry entry = document.add("one", NOW);
        Set<CredentialVersion> versions = new HashSet<>(Set.of(entry.version()));
        for (String password : List.of("a", "b", "a")) {
            entry.remember(NOW);
            entry.password(Secret.of(password));
            versions.add(entry.version());
        }
        entry.remember(LATER);
        entry.user("other");
        versions.add(entry.version());
        assertThat(versions).hasSize(5);
        assertThat(entry.version().value()).endsWith("@" + LATER + "/4");
    }

    @Test
    void keepsTheVersionWhenAnythingElseChanges() {
        VaultEntry entry = document.add("one", NOW);
        entry.password(Secret.of("a"));
        CredentialVersion before = entry.version();
        entry.remember(LATER);
        entry.mechanism("LOGIN");
        entry.remember(LATER);
        entry.password(Secret.of("a"));
        assertThat(entry.version()).isEqualTo(before);
    }

    @Test
    void keepsThePastAsItWas() {
        VaultEntry entry = document.add("one", NOW);
        entry.user("before");
        entry.password(Secret.of("old"));
        entry.remember(LATER);
        entry.user("after");
        entry.password(Secret.of("new"));
        VaultEntry past = new VaultEntry(
                entry.element().child("History").orElseThrow().child("Entry").orElseThrow());
        assertThat(past.user()).isEqualTo("before");
        assertThat(past.password()).isEqualTo(Secret.of("old"));
        assertThat(past.modified()).contains(NOW);
        assertThat(past.history()).isZero();
        assertThat(entry.password()).isEqualTo(Secret.of("new"));
    }

    @Test
    void leavesAloneWhatItDoesNotKnow() {
        VaultEntry entry = document.add("one", NOW);
        Element other = entry.element().add(new Element("AutoType"));
        other.add(Element.of("Enabled", "True"));
        Element custom = entry.element().add(new Element("String"));
        custom.add(Element.of("Key", "Ticket"));
        custom.add(Element.sealing("Value", Secret.of("INC-1")));
        entry.remember(LATER);
        entry.password(Secret.of("new"));
        assertThat(entry.element().child("AutoType").orElseThrow().textOf("Enabled"))
                .isEqualTo("True");
        assertThat(custom.textOf("Value")).isEqualTo("INC-1");
    }

    @Test
    void notesWhatWasRemoved() {
        VaultEntry entry = document.add("one", NOW);
        document.add("two", NOW);
        document.remove(entry, LATER);
        assertThat(document.entries()).extracting(VaultEntry::title).containsExactly("two");
        Element noted = root.child("Root")
                .flatMap(section -> section.child("DeletedObjects"))
                .flatMap(objects -> objects.child("DeletedObject"))
                .orElseThrow();
        assertThat(noted.textOf("UUID")).isEqualTo(entry.element().textOf("UUID"));
        assertThat(KdbxTime.read(noted.textOf("DeletionTime"))).contains(LATER);
    }

    @Test
    void readsHostsHoweverTheyAreSeparated() {
        VaultEntry entry = document.add("one", NOW);
        assertThat(entry.hosts()).isEmpty();
        set(entry, "Hosts", " a.example  b.example\n c.example,d.example ");
        assertThat(entry.hosts()).containsExactly("a.example", "b.example", "c.example", "d.example");
    }

    @Test
    void readsAFieldThatAnotherToolProtected() {
        VaultEntry entry = document.add("one", NOW);
        Element field = entry.element().add(new Element("String"));
        field.add(Element.of("Key", "Mechanism"));
        field.add(Element.sealing("Value", Secret.of("LOGIN")));
        assertThat(entry.mechanism()).contains("LOGIN");
    }

    @Test
    void readsAPasswordThatAnotherToolDidNotProtect() {
        VaultEntry entry = document.add("one", NOW);
        set(entry, "Password", "in clear inside");
        assertThat(entry.password()).isEqualTo(Secret.of("in clear inside"));
    }

    @Test
    void endsWhenItsExpirySays() {
        VaultEntry entry = document.add("one", NOW);
        assertThat(entry.expiry()).isEmpty();
        entry.expiry(Optional.of(LATER));
        assertThat(entry.expiry()).contains(LATER);
        entry.expiry(Optional.empty());
        assertThat(entry.expiry()).isEmpty();
    }

    @Test
    void takesAnEndThatCannotBeReadForPast() {
        VaultEntry entry = document.add("one", NOW);
        entry.expiry(Optional.of(LATER));
        times(entry, times -> times.put("ExpiryTime", "some day"));
        assertThat(entry.expiry()).contains(Instant.EPOCH);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "AAAA", "2026-13-45T99:00:00Z", "////////////", "AQIDBAUGBwgJ"})
    void takesNoOtherTextForATime(String text) {
        assertThat(KdbxTime.read(text)).isEmpty();
    }

    @Test
    void readsTimesInBothForms() {
        assertThat(KdbxTime.read(KdbxTime.write(NOW))).contains(NOW);
        assertThat(KdbxTime.read("2026-11-23T12:00:00Z")).contains(NOW);
        // Midnight of the first day of the year 1.
        assertThat(KdbxTime.read("AAAAAAAAAAA=")).contains(Instant.parse("0001-01-01T00:00:00Z"));
    }

    @Test
    void bearsAnEntryWithoutAnything() {
        Element group = root.child("Root").orElseThrow().child("Group").orElseThrow();
        VaultEntry bare = new VaultEntry(group.add(new Element("Entry")));
        assertThat(bare.title()).isEmpty();
        assertThat(bare.password()).isEqualTo(Secret.of(""));
        assertThat(bare.version()).isEqualTo(new CredentialVersion("-@-/0"));
        bare.remember(NOW);
        assertThat(bare.modified()).contains(NOW);
    }

    private static void set(VaultEntry entry, String key, String value) {
        Element field = entry.element().add(new Element("String"));
        field.add(Element.of("Key", key));
        field.add(Element.of("Value", value));
    }

    private static void times(VaultEntry entry, Consumer<Element> change) {
        change.accept(entry.element().child("Times").orElseThrow());
    }
}
