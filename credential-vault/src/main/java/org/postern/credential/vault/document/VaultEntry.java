// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault.document;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;
import org.postern.credential.vault.kdbx.Element;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.Secret;

/**
 * One entry of a vault, seen as a credential. A view: it reads and changes the element it stands on. Not safe for
 * several threads.
 */
public final class VaultEntry {

    /** States of the past that an entry keeps. */
    public static final int HISTORY = 10;

    private static final String TITLE = "Title";
    private static final String USER = "UserName";
    private static final String PASSWORD = "Password";
    private static final String MECHANISM = "Mechanism";
    private static final String HOSTS = "Hosts";
    private static final String NOTES = "Notes";
    private static final String NEXT = "Next Password";

    private static final String TIMES = "Times";
    private static final String MODIFIED = "LastModificationTime";
    private static final String EXPIRES = "Expires";
    private static final String EXPIRY = "ExpiryTime";
    private static final Pattern REFERENCE =
            Pattern.compile("\\{REF:[TUPNAI]@[TUPNAIO]:[^}]*}", Pattern.CASE_INSENSITIVE);
    private static final int REFERENCE_START = 4;
    private static final int LONGEST_REFERENCE = 200;

    private final Element element;

    VaultEntry(Element element) {
        this.element = element;
    }

    static VaultEntry create(Element group, String title, Instant now) {
        Element entry = group.add(new Element("Entry"));
        entry.add(Element.of("UUID", uuidText(UUID.randomUUID())));
        entry.add(Element.of("IconID", "0"));
        entry.add(times(now));
        VaultEntry created = new VaultEntry(entry);
        created.field(TITLE, title);
        return created;
    }

    static Element times(Instant now) {
        Element times = new Element(TIMES);
        for (String name : List.of("CreationTime", MODIFIED, "LastAccessTime", "LocationChanged", EXPIRY)) {
            times.add(Element.of(name, KdbxTime.write(now)));
        }
        times.add(Element.of(EXPIRES, "False"));
        times.add(Element.of("UsageCount", "0"));
        return times;
    }

    static String uuidText(UUID id) {
        byte[] octets = ByteBuffer.allocate(16)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
        return Base64.getEncoder().encodeToString(octets);
    }

    /** The key that credentials are asked for by. */
    public String title() {
        return field(TITLE);
    }

    /** The user name; may be empty. */
    public String user() {
        return field(USER);
    }

    /** A copy of the password; the caller closes it. */
    public Secret password() {
        return string(PASSWORD)
                .flatMap(string -> string.child("Value"))
                .map(Element::toSecret)
                .orElseGet(() -> Secret.of(""));
    }

    /** The mechanism that the entry asks for. */
    public Optional<String> mechanism() {
        return Optional.of(field(MECHANISM).strip()).filter(name -> !name.isEmpty());
    }

    /** The host names that the password may be shown to; none means no such limit. */
    public Set<String> hosts() {
        Set<String> hosts = new TreeSet<>();
        for (String host : field(HOSTS).split("[\\s,;]+")) {
            if (!host.isEmpty()) {
                hosts.add(host);
            }
        }
        return hosts;
    }

    /** What the operator noted beside it; may be empty. */
    public String note() {
        return field(NOTES);
    }

    /** A copy of the password that is to replace the present one, where a rotation is under way; the caller closes it. */
    public Optional<Secret> nextPassword() {
        return string(NEXT).flatMap(string -> string.child("Value")).map(Element::toSecret);
    }

    /** Whether a rotation is under way. */
    public boolean hasNext() {
        return string(NEXT).isPresent();
    }

    /** When the entry was changed last. */
    public Optional<Instant> modified() {
        return time(MODIFIED);
    }

    /** When it ends, if it does. An end that cannot be read is in the past. */
    public Optional<Instant> expiry() {
        boolean ends = element.child(TIMES)
                .map(times -> times.textOf(EXPIRES))
                .filter("True"::equalsIgnoreCase)
                .isPresent();
        return ends ? Optional.of(time(EXPIRY).orElse(Instant.EPOCH)) : Optional.empty();
    }

    /** States of the past that are kept. */
    public int history() {
        return past().size();
    }

    /** Earlier states, the oldest first. */
    private List<VaultEntry> past() {
        return element.child("History").stream()
                .flatMap(history -> history.children("Entry"))
                .map(VaultEntry::new)
                .toList();
    }

    /**
     * Identity, the moment since which user and password are what they are, and how many earlier states are kept. A
     * change of anything else makes no other version. It reveals nothing of the secret.
     */
    public CredentialVersion version() {
        Login login = login();
        return new CredentialVersion(
                uuid() + "@" + login.since().map(Instant::toString).orElse("-") + "/" + login.earlier());
    }

    /** Since when user and password are what they are, if the entry says. */
    public Optional<Instant> since() {
        return login().since();
    }

    /** The first of the states that have the user and the password of this one. */
    private Login login() {
        List<VaultEntry> past = past();
        VaultEntry first = this;
        int earlier = past.size();
        while (earlier > 0 && past.get(earlier - 1).hasSameLogin(this)) {
            first = past.get(--earlier);
        }
        return new Login(first.modified(), earlier);
    }

    /** @param earlier how many states before it are kept */
    private record Login(Optional<Instant> since, int earlier) {}

    private boolean hasSameLogin(VaultEntry other) {
        try (Secret one = password();
                Secret two = other.password()) {
            return user().equals(other.user()) && one.equals(two);
        }
    }

    /** Whether user or password point to another entry, as KeePass can; that is not followed here. */
    public boolean isReference() {
        try (Secret password = password()) {
            return REFERENCE.matcher(user()).matches() || password.reveal(VaultEntry::isReference);
        }
    }

    // A real password never becomes a string, which could not be wiped.
    private static boolean isReference(byte[] octets) {
        return octets.length > REFERENCE_START
                && octets.length <= LONGEST_REFERENCE
                && octets[0] == '{'
                && octets[REFERENCE_START] == ':'
                && REFERENCE.matcher(new String(octets, StandardCharsets.UTF_8)).matches();
    }

    /** Keeps the present state in the history and begins a new one. */
    public void remember(Instant now) {
        Element past = element.copy();
        past.children().removeIf(child -> child.name().equals("History"));
        new VaultEntry(past).dropNext();
        Element history = element.child("History").orElseGet(() -> element.add(new Element("History")));
        history.add(past);
        while (history.children().size() > HISTORY) {
            history.children().remove(0).close();
        }
        touch(now);
    }

    // Written in whole seconds: two changes within one must still be two versions.
    private void touch(Instant now) {
        Instant after =
                modified().map(before -> before.plus(Duration.ofSeconds(1))).orElse(now);
        timesElement().put(MODIFIED, KdbxTime.write(now.isBefore(after) ? after : now));
    }

    /** Replaces the user name. */
    public void user(String value) {
        field(USER, value);
    }

    /** Replaces the password; the entry takes a copy. */
    public void password(Secret value) {
        put(PASSWORD, Element.sealing("Value", value.copy()));
    }

    /**
     * Puts a password beside the present one, to replace it when {@link #promote} says so; the entry takes a copy. The
     * login stays the same version, so the time of change stays as well.
     */
    public void next(Secret value) {
        put(NEXT, Element.sealing("Value", value.copy()));
    }

    /** Forgets the password that was to replace the present one. Answers whether there was one. */
    public boolean dropNext() {
        Optional<Element> next = string(NEXT);
        next.ifPresent(string -> {
            string.close();
            element.children().remove(string);
        });
        return next.isPresent();
    }

    /**
     * Makes the next password the present one, which goes into the history.
     *
     * @throws java.util.NoSuchElementException if no rotation is under way
     */
    public void promote(Instant now) {
        try (Secret next = nextPassword().orElseThrow()) {
            remember(now);
            password(next);
            dropNext();
        }
    }

    /** Replaces the note. */
    public void note(String value) {
        field(NOTES, value);
    }

    /** Replaces the mechanism; an empty one removes it. */
    public void mechanism(String value) {
        field(MECHANISM, value);
    }

    /** Replaces the hosts; none removes the limit. */
    public void hosts(Set<String> values) {
        field(HOSTS, String.join(" ", new TreeSet<>(values)));
    }

    /** Replaces the end; nothing means that there is none. */
    public void expiry(Optional<Instant> end) {
        timesElement().put(EXPIRES, end.isPresent() ? "True" : "False");
        end.ifPresent(time -> timesElement().put(EXPIRY, KdbxTime.write(time)));
    }

    Element element() {
        return element;
    }

    private String uuid() {
        try {
            ByteBuffer octets = ByteBuffer.wrap(
                    Base64.getDecoder().decode(element.textOf("UUID").strip()));
            return octets.remaining() == 16 ? new UUID(octets.getLong(), octets.getLong()).toString() : "-";
        } catch (IllegalArgumentException notBase64) {
            return "-";
        }
    }

    private Element timesElement() {
        return element.child(TIMES).orElseGet(() -> element.add(new Element(TIMES)));
    }

    private Optional<Instant> time(String name) {
        return element.child(TIMES).map(times -> times.textOf(name)).flatMap(KdbxTime::read);
    }

    private Optional<Element> string(String key) {
        return element.children("String")
                .filter(string -> string.textOf("Key").equals(key))
                .findFirst();
    }

    private String field(String key) {
        return string(key).map(string -> string.textOf("Value")).orElse("");
    }

    private void field(String key, String value) {
        put(key, Element.of("Value", value));
    }

    private void put(String key, Element value) {
        Element string = string(key).orElseGet(() -> inOrder(new Element("String")));
        string.children().forEach(Element::close);
        string.children().clear();
        string.add(Element.of("Key", key));
        string.add(value);
    }

    // Before the history, where other tools write them.
    private Element inOrder(Element string) {
        List<Element> children = element.children();
        int place = children.size();
        for (int i = 0; i < children.size(); i++) {
            if (children.get(i).name().equals("History")) {
                place = i;
                break;
            }
        }
        children.add(place, string);
        return string;
    }

    /** Title and user only. */
    @Override
    public String toString() {
        return "VaultEntry[" + title() + ", " + user() + "]";
    }
}
