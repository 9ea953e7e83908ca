// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store.migrate;

import static org.postern.spi.policy.OutboundAuthSettings.ALLOW_CLEARTEXT;
import static org.postern.spi.policy.OutboundAuthSettings.ALLOW_UNVERIFIED_TLS;
import static org.postern.spi.policy.OutboundAuthSettings.KEY;
import static org.postern.spi.policy.OutboundAuthSettings.PASS;
import static org.postern.spi.policy.OutboundAuthSettings.TYPE;
import static org.postern.spi.policy.OutboundAuthSettings.USER;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.postern.config.store.language.Item;
import org.postern.config.store.language.Item.Assignment;
import org.postern.config.store.language.Item.Stanza;
import org.postern.config.store.language.Item.Word;
import org.postern.config.store.language.Problem;
import org.postern.config.store.migrate.Findings.Kind;
import org.postern.config.store.migrate.Inventory.Line;
import org.postern.config.store.migrate.Inventory.Scope;
import org.postern.spi.policy.StoreReference;
import org.postern.spi.settings.RawValue;
import org.postern.spi.settings.Setting;
import org.postern.spi.settings.SettingType;

/** What differs between Momentum and Postern in what the files say. */
final class Survey {

    private static final Setting<String> TLS = Setting.of("TLS", SettingType.TEXT, "As the engine has it.");
    private static final Set<String> PATHS = Set.of("tls_ca", "tls_certificate", "tls_key", "transcript_file");
    private static final Pattern PASSWORD_IN_URI =
            Pattern.compile("(?i)(^|[;:\\s])(password|pwd)\\s*=|://[^/@\\s]*:[^/@\\s]*@");
    private static final String SENT_WHERE_SAFE =
            "a password is shown only under TLS with a certificate that was verified, and mail waits where there is none";

    private final Inventory inventory;
    private final Findings findings;

    Survey(Inventory inventory, Findings findings) {
        this.inventory = inventory;
        this.findings = findings;
    }

    /** What is wrong or doubtful in any configuration. */
    void problems(List<Problem> problems, int found) {
        problems.forEach(problem -> findings.add(Kind.HAND, problem.origin(), problem.text(), problem.hint()));
        if (found > problems.size()) {
            findings.add(Kind.HAND, "…", (found - problems.size()) + " more of these, not shown", Optional.empty());
        }
    }

    /** Words that are without effect, and those of them that an operator would miss. */
    void unused() {
        for (Word word : inventory.unused()) {
            switch (word.text().toLowerCase(Locale.ROOT)) {
                case "local_changes_file" ->
                    findings.add(
                            Kind.HAND,
                            word.origin(),
                            "Momentum reads the file that is named here after all others",
                            "write an include of it at the end of the main file");
                case "securecreds" ->
                    findings.add(
                            Kind.HAND,
                            word.origin(),
                            "the passwords in the database of securecreds are not read",
                            "put them in the vault with postern vault set, and name them by Password_Key in the Datasource");
                default -> findings.add(Kind.IGNORED, word.origin(), word.text(), Optional.empty());
            }
        }
    }

    /** Users and passwords that Momentum takes as they are, and Postern does not. */
    void references(Set<String> stores) {
        for (Scope scope : inventory.scopes()) {
            Stream.of(USER, PASS)
                    .flatMap(option -> scope.value(option).stream())
                    .filter(line -> readsOtherwise(line, stores))
                    .forEach(line -> findings.add(
                            Kind.HAND,
                            line.option().word().origin(),
                            line.option().word().text() + " begins as a reference to a credential store does, or with"
                                    + " literal:, and is not taken as it stands",
                            "write literal: before it if it is meant as it stands; docs/credentials.md"));
        }
    }

    static boolean readsOtherwise(Line line, Set<String> stores) {
        return !StoreReference.asLiteral(line.text(), stores).equals(line.text());
    }

    /** Where mail would wait because its password would have to travel unprotected. */
    void disclosure() {
        inventory.scopes().stream()
                .filter(scope ->
                        scope.value(PASS).isPresent() || scope.value(KEY).isPresent())
                .filter(scope -> !isAllowed(scope, ALLOW_CLEARTEXT))
                .forEach(this::disclosure);
    }

    private void disclosure(Scope scope) {
        String place = scope.value(PASS)
                        .or(() -> scope.value(KEY))
                        .orElseThrow()
                        .option()
                        .word()
                        .origin() + " (" + scope.place() + ")";
        Optional<String> tls =
                inventory.inForce(scope.place(), TLS).map(line -> line.text().toLowerCase(Locale.ROOT));
        if (tls.filter("no"::equals).isPresent()) {
            findings.add(
                    Kind.HAND,
                    place,
                    "mail will wait: TLS = no holds here, and " + SENT_WHERE_SAFE,
                    "TLS = required, or " + ALLOW_CLEARTEXT.name() + " = true in this scope to send it in clear");
        } else if (!isAllowed(scope, ALLOW_UNVERIFIED_TLS)) {
            findings.add(
                    Kind.OTHERWISE,
                    place,
                    (tls.isEmpty() ? "STARTTLS is used if it is offered; " : "") + SENT_WHERE_SAFE,
                    "TLS_CA for an authority of your own, or " + ALLOW_UNVERIFIED_TLS.name()
                            + " = true in this scope; not to be had without TLS but by " + ALLOW_CLEARTEXT.name());
        }
    }

    private boolean isAllowed(Scope scope, Setting<Boolean> option) {
        return inventory
                .inForce(scope.place(), option)
                .filter(line -> Set.of("true", "yes", "on", "enabled", "1")
                        .contains(line.text().toLowerCase(Locale.ROOT)))
                .isPresent();
    }

    /** Mechanisms whose secret does not last. */
    void mechanisms() {
        for (Scope scope : inventory.scopes()) {
            scope.value(TYPE)
                    .filter(line -> line.text().toUpperCase(Locale.ROOT).matches("XOAUTH2|OAUTHBEARER"))
                    .ifPresent(line -> findings.add(
                            Kind.OTHERWISE,
                            line.option().word().origin(),
                            "an access token that is written down or set by a script ends within the hour",
                            "Postern can fetch tokens by itself: docs/oauth.md"));
        }
    }

    /** Paths that start from the folder of the configuration, which is another one afterwards. */
    void relativePaths() {
        for (Scope scope : inventory.scopes()) {
            scope.lines()
                    .filter(entry -> PATHS.contains(entry.getKey()))
                    .map(Map.Entry::getValue)
                    .flatMap(List::stream)
                    .filter(line -> !line.cancels() && !line.text().startsWith("/"))
                    .forEach(this::relativePath);
        }
    }

    private void relativePath(Line line) {
        findings.add(
                Kind.HAND,
                line.option().word().origin(),
                line.option().word().text() + " is relative to the configuration, and the file is not copied",
                "copy it beside the new configuration, or write the whole path");
    }

    /** Stanzas of modules, wherever they stand. */
    void stanzas(List<Item> items) {
        for (Item item : items) {
            if (item instanceof Stanza stanza) {
                switch (stanza.word().text().toLowerCase(Locale.ROOT)) {
                    case "datasource" -> datasource(stanza);
                    case "outbound_smtp_auth_v0" ->
                        findings.add(
                                Kind.OTHERWISE,
                                stanza.word().origin(),
                                "both hooks are called here, outbound_smtp_auth_config and outbound_smtp_auth_v0_config,"
                                        + " and Outbound_SMTP_AUTH_Key is there for both",
                                Optional.empty());
                    default -> stanzas(stanza.items());
                }
            }
        }
    }

    private void datasource(Stanza stanza) {
        for (Item item : stanza.items()) {
            if (item instanceof Assignment option
                    && texts(option.value()).stream().anyMatch(Survey::hasPassword)) {
                findings.add(
                        Kind.HAND,
                        option.word().origin(),
                        "a password stands in this URI, and stays there",
                        "take it out, and name a credential of the vault by Password_Key, or a file by Password_File");
            }
        }
    }

    private static boolean hasPassword(String uri) {
        return PASSWORD_IN_URI.matcher(uri).find();
    }

    private static List<String> texts(RawValue value) {
        return switch (value) {
            case RawValue.Scalar scalar -> List.of(scalar.text());
            case RawValue.Array array -> array.items();
            case RawValue.Dictionary dictionary ->
                List.copyOf(dictionary.entries().values());
        };
    }
}
