// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store.migrate;

import static org.postern.spi.policy.OutboundAuthSettings.KEY;
import static org.postern.spi.policy.OutboundAuthSettings.PASS;
import static org.postern.spi.policy.OutboundAuthSettings.USER;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.postern.config.store.language.Item.Assignment;
import org.postern.config.store.language.Item.Span;
import org.postern.config.store.language.Item.Word;
import org.postern.config.store.language.Sources.Reading;
import org.postern.config.store.meaning.Witness;
import org.postern.spi.credential.Secret;
import org.postern.spi.settings.InvalidValueException;
import org.postern.spi.settings.RawValue;
import org.postern.spi.settings.ScopePath;
import org.postern.spi.settings.Setting;

/** Everything that the files say about scopes, shadowed lines included. Not safe for several threads. */
final class Inventory implements Witness {

    private static final Set<String> MOVED = Set.of(PASS.key(), KEY.key());

    private final Map<String, Path> paths = new LinkedHashMap<>();
    private final Map<ScopePath, Scope> scopes = new LinkedHashMap<>();
    private final List<Word> unused = new ArrayList<>();

    Inventory(Reading reading) {
        reading.files().forEach((path, shown) -> paths.put(shown, path));
    }

    /**
     * Where something stands; the same for several scopes if a file is included in each of them.
     *
     * @param file absolute
     * @param span name, sign and value
     */
    record Site(Path file, Span span) {}

    /**
     * One line for one scope.
     *
     * @param option as written
     * @param site where
     * @param cancels whether it says "nothing, and look no further"
     */
    record Line(Assignment option, Site site, boolean cancels) {

        /** What is set; a password perhaps. */
        String text() {
            return option.value() instanceof RawValue.Scalar scalar ? scalar.text() : "";
        }
    }

    /**
     * What a vault keeps under one key.
     *
     * @param user the name
     * @param password the secret
     */
    record Account(String user, Secret password) {}

    /** The lines of one scope. */
    static final class Scope {

        private final ScopePath place;
        private final Map<String, List<Line>> lines = new LinkedHashMap<>();

        private Scope(ScopePath place) {
            this.place = place;
        }

        ScopePath place() {
            return place;
        }

        /** All lines with this option, the one that holds last. */
        List<Line> all(Setting<?> setting) {
            return lines.getOrDefault(setting.key(), List.of());
        }

        /** The line that holds. */
        Optional<Line> last(Setting<?> setting) {
            List<Line> all = all(setting);
            return all.isEmpty() ? Optional.empty() : Optional.of(all.getLast());
        }

        /** What holds, if it is a value. */
        Optional<Line> value(Setting<?> setting) {
            return last(setting).filter(line -> !line.cancels());
        }

        /** All lines, by the keys of their options. */
        Stream<Map.Entry<String, List<Line>>> lines() {
            return lines.entrySet().stream();
        }

        int options() {
            return lines.values().stream().mapToInt(List::size).sum();
        }
    }

    @Override
    public void assigned(ScopePath place, Setting<?> setting, Assignment option) {
        Site site = new Site(paths.get(option.word().origin().file()), option.span());
        scopes.computeIfAbsent(place, Scope::new)
                .lines
                .computeIfAbsent(setting.key(), ignored -> new ArrayList<>())
                .add(new Line(option, site, cancels(setting, option)));
    }

    private static boolean cancels(Setting<?> setting, Assignment option) {
        try {
            return setting.read(option.value()).isEmpty();
        } catch (InvalidValueException alreadyReported) {
            return false;
        }
    }

    @Override
    public void unused(Word word) {
        unused.add(word);
    }

    /** All scopes in which something is set, in the order of the files. */
    List<Scope> scopes() {
        return List.copyOf(scopes.values());
    }

    /** Options and stanzas that only Momentum uses. */
    List<Word> unused() {
        return unused;
    }

    /** What holds in a scope itself or in one that encloses it; the innermost one that says anything. */
    Optional<Line> inForce(ScopePath place, Setting<?> setting) {
        return Places.enclosing(place).stream()
                .flatMap(outer -> Optional.ofNullable(scopes.get(outer)).flatMap(scope -> scope.last(setting)).stream())
                .findFirst()
                .filter(line -> !line.cancels());
    }

    /** The password that holds in a scope, with the user that is there if no scope inside names another one. */
    Optional<Account> account(Scope scope) {
        return scope.value(PASS)
                .flatMap(pass ->
                        inForce(scope.place(), USER).map(user -> new Account(user.text(), Secret.of(pass.text()))));
    }

    /** Everything but passwords and keys: what is set where, in order. */
    Map<ScopePath, Map<String, List<RawValue>>> others() {
        Map<ScopePath, Map<String, List<RawValue>>> others = new LinkedHashMap<>();
        scopes.values()
                .forEach(scope -> scope.lines()
                        .filter(entry -> !MOVED.contains(entry.getKey()))
                        .forEach(entry -> others.computeIfAbsent(scope.place(), ignored -> new LinkedHashMap<>())
                                .put(entry.getKey(), values(entry.getValue()))));
        return others;
    }

    private static List<RawValue> values(List<Line> lines) {
        return lines.stream().map(line -> line.option().value()).toList();
    }
}
