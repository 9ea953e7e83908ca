// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault.document;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.postern.credential.vault.kdbx.Element;

/**
 * The groups and entries of a vault. Entries of the recycle bin are as good as deleted. A view on the XML; not safe for
 * several threads.
 */
public final class VaultDocument {

    private static final String GENERATION = "Postern.Generation";
    private static final String AUDITED = "Postern.Audited";

    private final Element root;

    /** The document below this outermost element. */
    public VaultDocument(Element root) {
        this.root = root;
    }

    /** The content of a new vault: one group and nothing in it. */
    public static Element empty(String name, Instant now) {
        Element file = new Element("KeePassFile");
        Element meta = file.add(new Element("Meta"));
        meta.add(Element.of("Generator", "Postern"));
        meta.add(Element.of("DatabaseName", name));
        meta.add(Element.of("HistoryMaxItems", Integer.toString(VaultEntry.HISTORY)));
        meta.add(Element.of("RecycleBinEnabled", "True"));
        Element group = file.add(new Element("Root")).add(new Element("Group"));
        group.add(Element.of("UUID", VaultEntry.uuidText(UUID.randomUUID())));
        group.add(Element.of("Name", name));
        group.add(VaultEntry.times(now));
        return file;
    }

    /** Every entry of every group but the recycle bin, in the order of the file. */
    public List<VaultEntry> entries() {
        List<VaultEntry> found = new ArrayList<>();
        rootGroups().forEach(group -> collect(group, found));
        return found;
    }

    /** The entries with exactly this title; more than one is the operator's mistake. */
    public List<VaultEntry> entries(String title) {
        return entries().stream().filter(entry -> entry.title().equals(title)).toList();
    }

    /** The entries by their titles: for those who look for many, as {@link #entries(String)} reads the whole document. */
    public Map<String, List<VaultEntry>> entriesByTitle() {
        return entries().stream().collect(Collectors.groupingBy(VaultEntry::title));
    }

    /** A new entry in the first group. */
    public VaultEntry add(String title, Instant now) {
        Element group =
                rootGroups().stream().findFirst().orElseGet(() -> section().add(new Element("Group")));
        return VaultEntry.create(group, title, now);
    }

    /** Takes an entry and its history out, and notes so for tools that merge vaults. */
    public void remove(VaultEntry entry, Instant now) {
        rootGroups().forEach(group -> removeFrom(group, entry.element()));
        Element deleted = section()
                .child("DeletedObjects")
                .orElseGet(() -> section().add(new Element("DeletedObjects")))
                .add(new Element("DeletedObject"));
        deleted.add(Element.of("UUID", entry.element().textOf("UUID")));
        deleted.add(Element.of("DeletionTime", KdbxTime.write(now)));
    }

    /** How often this bundle has written the vault; 0 for one that only other tools have written. */
    public long generation() {
        try {
            return Long.parseLong(custom(GENERATION).orElse("0"));
        } catch (NumberFormatException edited) {
            return 0;
        }
    }

    /** Counts one more time that it is written. */
    public void nextGeneration() {
        custom(GENERATION, Long.toString(generation() + 1));
    }

    /** The hash of the last line of the audit log that belongs to this state of the vault, if there is one. */
    public Optional<String> audited() {
        return custom(AUDITED);
    }

    /** Ties this state of the vault to a line of the audit log. */
    public void audited(String hash) {
        custom(AUDITED, hash);
    }

    /** The outermost element, with everything in it. */
    public Element root() {
        return root;
    }

    private Optional<String> custom(String key) {
        return root.child("Meta").flatMap(meta -> meta.child("CustomData")).stream()
                .flatMap(data -> data.children("Item"))
                .filter(item -> item.textOf("Key").equals(key))
                .map(item -> item.textOf("Value"))
                .findFirst();
    }

    private void custom(String key, String value) {
        Element meta = root.child("Meta").orElseGet(() -> root.add(new Element("Meta")));
        Element data = meta.child("CustomData").orElseGet(() -> meta.add(new Element("CustomData")));
        data.children("Item")
                .filter(item -> item.textOf("Key").equals(key))
                .findFirst()
                .orElseGet(() -> {
                    Element item = data.add(new Element("Item"));
                    item.put("Key", key);
                    return item;
                })
                .put("Value", value);
    }

    private void collect(Element group, List<VaultEntry> found) {
        if (isRecycleBin(group)) {
            return;
        }
        group.children("Entry").map(VaultEntry::new).forEach(found::add);
        group.children("Group").forEach(inner -> collect(inner, found));
    }

    private static void removeFrom(Element group, Element entry) {
        group.children().removeIf(child -> child == entry);
        group.children("Group").forEach(inner -> removeFrom(inner, entry));
    }

    private boolean isRecycleBin(Element group) {
        String bin =
                root.child("Meta").map(meta -> meta.textOf("RecycleBinUUID")).orElse("");
        return !bin.isBlank() && bin.strip().equals(group.textOf("UUID").strip());
    }

    private List<Element> rootGroups() {
        return section().children("Group").toList();
    }

    private Element section() {
        return root.child("Root").orElseGet(() -> root.add(new Element("Root")));
    }
}
