// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store.migrate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.postern.config.store.language.Item.Span;
import org.postern.config.store.language.Item.Stanza;
import org.postern.config.store.language.Problem;
import org.postern.config.store.language.SourceText;
import org.postern.config.store.language.Sources;
import org.postern.config.store.language.Sources.Inclusion;
import org.postern.config.store.language.Sources.Reading;
import org.postern.config.store.meaning.Interpreter;
import org.postern.config.store.meaning.Loaded;
import org.postern.config.store.meaning.Vocabulary;
import org.postern.config.store.migrate.Findings.Kind;
import org.postern.config.store.migrate.Inventory.Account;
import org.postern.config.store.migrate.Inventory.Scope;
import org.postern.spi.policy.OutboundAuthSettings;
import org.postern.spi.policy.StoreReference;
import org.postern.spi.settings.StanzaCheck;

/** One configuration of Momentum on its way: what is in it, and what becomes of it. Not safe for several threads. */
public final class Migration {

    private static final String VAULT_STANZA = "Credential_Vault";

    private final Reading reading;
    private final List<Path> searchPath;
    private final Vocabulary vocabulary;
    private final Findings findings = new Findings();
    private final Inventory inventory;
    private final Loaded loaded;
    private final int unreadable;
    private final Set<String> stores;
    private final PasswordPlan plan;
    private final Rewriting rewriting;
    private final Scripts scripts;

    private Migration(Reading reading, List<Path> searchPath, Vocabulary vocabulary) {
        this.reading = reading;
        this.searchPath = searchPath;
        this.vocabulary = vocabulary;
        this.unreadable = reading.problems().errorCount();
        this.inventory = new Inventory(reading);
        this.loaded = Interpreter.interpret(reading, vocabulary, inventory);
        this.stores = StoreReference.storesIn(loaded.snapshot());
        this.plan = PasswordPlan.of(inventory, stores);
        this.rewriting = Rewriting.of(inventory, plan);
        this.scripts = new Scripts(reading.directory(), searchPath, findings);
    }

    /**
     * Reads a configuration.
     *
     * @param main its main file
     * @param searchPath folders in which included files are looked for that are not beside the including one
     * @param vocabulary every word that is known
     */
    public static Migration read(Path main, List<Path> searchPath, Vocabulary vocabulary) {
        List<Path> folders = searchPath.stream()
                .map(path -> path.toAbsolutePath().normalize())
                .toList();
        return new Migration(Sources.read(main, Clock.systemUTC(), folders), folders, vocabulary);
    }

    /** What kept the files from being read; nothing can be said about them then. */
    public List<Problem> unreadable() {
        boolean readable =
                unreadable == 0 && reading.complete() && !reading.items().isEmpty();
        return readable ? List.of() : loaded.problems().kept();
    }

    /**
     * Looks at all of it.
     *
     * @param checks what bundles know about their own stanzas
     * @param moving whether passwords are to leave the files
     */
    public Report survey(List<StanzaCheck> checks, boolean moving) {
        Survey survey = new Survey(inventory, findings);
        List<Problem> problems = loaded.problems().kept();
        survey.problems(
                problems, loaded.problems().errorCount() + loaded.problems().warningCount());
        check(checks);
        survey.stanzas(reading.items());
        scripts.survey(reading.items());
        survey.references(stores);
        survey.disclosure();
        survey.mechanisms();
        if (moving) {
            survey.relativePaths();
        }
        survey.unused();
        stayingPasswords(moving ? Kind.HAND : Kind.OTHERWISE);
        return new Report(reading.main(), reading.files().size(), tally(), findings);
    }

    private void check(List<StanzaCheck> checks) {
        for (var stanza : loaded.stanzas()) {
            Map<String, Object> properties = new HashMap<>(stanza.properties());
            properties.put("postern.config.directory", loaded.directory().toString());
            checks.stream()
                    .filter(check -> check.pid().equals(stanza.pid()))
                    .flatMap(check -> check.check(properties).stream())
                    .forEach(found -> findings.add(
                            found.error() ? Kind.HAND : Kind.OTHERWISE,
                            found.where().isEmpty() ? stanza.title() : found.where(),
                            found.text(),
                            Optional.empty()));
        }
    }

    private void stayingPasswords(Kind kind) {
        plan.staying()
                .forEach(
                        (scope, why) -> findings.add(
                                kind,
                                scope.value(OutboundAuthSettings.PASS)
                                                .orElseThrow()
                                                .option()
                                                .word()
                                                .origin() + " (" + scope.place() + ")",
                                "this password stays in the file: " + why,
                                "it works as it is; to move it, put it in the vault and name it by a key in every scope that it holds for"));
    }

    private Report.Tally tally() {
        int passwords = (int) inventory.scopes().stream()
                .filter(scope -> scope.value(OutboundAuthSettings.PASS).isPresent())
                .count();
        return new Report.Tally(
                inventory.scopes().stream().mapToInt(Scope::options).sum(),
                inventory.scopes().size(),
                loaded.stanzas().size(),
                passwords,
                passwords - plan.staying().size(),
                rewriting.accounts().size());
    }

    /** Accounts that the files held, by the keys that take the passwords' places. */
    Map<String, Account> accounts() {
        return rewriting.accounts();
    }

    /** Whether the files name a vault already. */
    boolean hasVault() {
        return reading.items().stream()
                .anyMatch(item ->
                        item instanceof Stanza stanza && stanza.word().text().equalsIgnoreCase(VAULT_STANZA));
    }

    /** The folder of the main file, absolute. */
    Path home() {
        return reading.directory();
    }

    /**
     * Writes the tree, scripts included, and reads it again.
     *
     * @param folder the empty folder
     * @param vault how the new configuration names the vault and its key file, if it is to name one
     * @throws IOException if it cannot be written, or would not mean what the old one means
     */
    void write(NewFolder folder, Optional<Path> vault) throws IOException {
        Layout layout = new Layout(home(), searchPath, reading.files().keySet());
        Map<Path, Map<Span, String>> edits = new LinkedHashMap<>();
        reading.files().keySet().forEach(file -> edits.put(file, new LinkedHashMap<>()));
        rewriting.replacements().forEach((site, text) -> edits.get(site.file()).put(site.span(), text));
        reading.inclusions()
                .forEach(inclusion -> operand(inclusion, layout)
                        .ifPresent(text -> edits.get(inclusion.including()).put(inclusion.operand(), text)));
        Path main = Path.of(reading.main()).toAbsolutePath().normalize();
        for (Path file : reading.files().keySet()) {
            String appendix = file.equals(main) ? vault.map(Migration::stanza).orElse("") : "";
            folder.write(layout.ofFile(file), SourceText.read(file).with(edits.get(file), appendix));
        }
        for (Map.Entry<Path, Path> script : scripts.found().entrySet()) {
            folder.write(script.getValue(), Files.readAllBytes(script.getKey()));
        }
        compare(folder.draft().resolve(layout.ofFile(main)));
    }

    /** What an include names after the move, if that is not what it named before. */
    private Optional<String> operand(Inclusion inclusion, Layout layout) {
        Path from = home().resolve(layout.ofFile(inclusion.including())).getParent();
        Path to = home().resolve(
                        Files.isDirectory(inclusion.target())
                                ? layout.ofFolder(inclusion.target())
                                : layout.ofFile(inclusion.target()));
        boolean same = !inclusion.written().startsWith("/")
                && from.resolve(inclusion.written()).normalize().equals(to);
        return same ? Optional.empty() : Optional.of(quoted(from.relativize(to).toString()));
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private static String stanza(Path folder) {
        return "\n\n" + VAULT_STANZA + " {\n  File     = "
                + quoted(folder.resolve(VaultVerb.VAULT).toString()) + "\n  Key_File = "
                + quoted(folder.resolve(VaultVerb.KEY_FILE).toString()) + "\n}\n";
    }

    /** A guard against mistakes of this program: whatever is no password, key or include must be as it was. */
    private void compare(Path main) throws IOException {
        Reading written = Sources.read(main, Clock.systemUTC());
        Inventory after = new Inventory(written);
        Loaded again = Interpreter.interpret(written, vocabulary, after);
        boolean same = again.problems().errorCount() == loaded.problems().errorCount()
                && after.others().equals(inventory.others());
        if (!same) {
            throw new IOException("the new configuration would not mean the same; nothing was written");
        }
    }
}
