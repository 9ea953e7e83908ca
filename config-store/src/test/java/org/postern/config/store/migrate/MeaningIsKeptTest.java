// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.config.store.Folder;
import org.postern.config.store.language.Sources;
import org.postern.config.store.meaning.Interpreter;
import org.postern.config.store.meaning.Loaded;
import org.postern.spi.settings.SettingsSnapshot;

/** Random configurations, whose messages are sent with the same account before and after. */
@Timeout(120)
class MeaningIsKeptTest {

    private static final int CONFIGURATIONS = 400;
    private static final List<String> DOMAINS = List.of("a", "b", "\"/[ab]/\"", "\"/^a/\"");

    @TempDir
    Path directory;

    private int moved;
    private long stayed;

    @Test
    void everyMessageHasTheAccountThatItHad() throws IOException {
        for (int seed = 0; seed < CONFIGURATIONS; seed++) {
            compare(seed);
        }
        assertThat(moved).as("passwords that moved").isGreaterThan(CONFIGURATIONS / 4);
        assertThat(stayed).as("passwords that stayed").isGreaterThan(CONFIGURATIONS / 4);
    }

    private void compare(int seed) throws IOException {
        String text = new Writer(new Random(seed)).configuration();
        Path main = Files.writeString(
                Files.createDirectories(directory.resolve("in" + seed)).resolve("c.conf"), text);
        Path out = directory.resolve("out" + seed);
        FakeVault vault = new FakeVault();
        Migration migration = Migration.read(main, List.of(), Folder.ALL_WORDS);
        assertThat(migration.unreadable()).isEmpty();
        Report report = migration.survey(List.of(), true);
        new Move(Optional.of(out), Optional.of(out), false).make(migration, report, Optional.of(vault));
        moved += migration.accounts().size();
        Loaded before = load(main);
        Loaded after = load(out.resolve("c.conf"));
        assertThat(after.problems().errorCount()).as(text).isZero();
        SlowModel old = new SlowModel(before.snapshot(), java.util.Map.of());
        SlowModel fresh = new SlowModel(after.snapshot(), vault.entries);
        for (String binding : old.bindings()) {
            for (String domain : old.domains()) {
                SlowModel.Account was = old.of(binding, domain);
                SlowModel.Account is = fresh.of(binding, domain);
                String what = "seed " + seed + ", binding " + binding + ", domain " + domain + ":\n" + text + "\n->\n"
                        + Files.readString(out.resolve("c.conf")) + "\nvault " + vault.entries;
                assertThat(is.user()).as(what).isEqualTo(was.user());
                assertThat(is.password()).as(what).isEqualTo(was.password());
                assertThat(is.type()).as(what).isEqualTo(was.type());
                was.key().ifPresent(key -> assertThat(is.key()).as(what).contains(key));
            }
        }
        stayed += after.snapshot().places().stream()
                .filter(place -> after.snapshot()
                        .at(place, org.postern.spi.policy.OutboundAuthSettings.PASS)
                        .flatMap(located -> located.value())
                        .isPresent())
                .count();
    }

    private static Loaded load(Path main) {
        return Interpreter.interpret(Sources.read(main, Clock.systemUTC()), Folder.ALL_WORDS, 1);
    }

    /** Writes a configuration with a few scopes and a few accounts, keys and cancellations in them. */
    private static final class Writer {

        private final Random random;
        private final StringBuilder text = new StringBuilder();
        private final int keys;
        private final int cancels;

        private Writer(Random random) {
            this.random = random;
            this.keys = random.nextInt(3);
            this.cancels = random.nextInt(3);
        }

        private String configuration() {
            text.append("Keep_Message_Dicts_In_Memory = true\n");
            options(1);
            domains();
            for (String group : List.of("g", "h", "default")) {
                if (random.nextInt(2) == 0) {
                    text.append("Binding_Group ").append(group).append(" {\n");
                    options(1);
                    domains();
                    binding(group + "b");
                    text.append("}\n");
                }
            }
            binding("b");
            binding("gb");
            return text.toString();
        }

        private void binding(String name) {
            if (random.nextInt(2) == 0) {
                text.append("Binding ").append(name).append(" {\n");
                options(1);
                domains();
                text.append("}\n");
            }
        }

        private void domains() {
            for (String domain : DOMAINS) {
                if (random.nextInt(4) == 0) {
                    text.append("Domain ").append(domain).append(" { ");
                    options(2);
                    text.append("}\n");
                }
            }
        }

        private void options(int chance) {
            if (random.nextInt(3) < chance) {
                option("User", List.of("u", "v"), true);
                option("Pass", List.of("p", "q"), true);
                option("Key", List.of("k", "l"), random.nextInt(4) < keys);
                option("Type", List.of("PLAIN", "LOGIN"), true);
                if (random.nextInt(8) == 0) {
                    option("Pass", List.of("r"), true);
                }
            }
        }

        private void option(String name, List<String> values, boolean wanted) {
            if (wanted && random.nextInt(5) > 0) {
                boolean cancel = random.nextInt(12) < cancels;
                String value =
                        cancel ? random.nextBoolean() ? "\"\"" : "false" : values.get(random.nextInt(values.size()));
                text.append("Outbound_SMTP_AUTH_")
                        .append(name)
                        .append(" = ")
                        .append(value)
                        .append('\n');
            }
        }
    }

    /** The model itself would hide mistakes if it found nothing. */
    @Test
    void theModelFollowsTheDocumentedOrder() throws IOException {
        Path main = Files.writeString(directory.resolve("m.conf"), """
                Outbound_SMTP_AUTH_User = global
                Domain a { Outbound_SMTP_AUTH_User = domain }
                Binding b { Outbound_SMTP_AUTH_User = binding Domain a { Outbound_SMTP_AUTH_User = inner } }
                """);
        SettingsSnapshot snapshot = load(main).snapshot();
        SlowModel model = new SlowModel(snapshot, java.util.Map.of());
        assertThat(List.of("default", "b"))
                .allSatisfy(binding -> assertThat(model.bindings()).contains(binding));
        assertThat(Set.of(model.of("default", "x").user().orElseThrow() + " "
                        + model.of("default", "a").user().orElseThrow() + " "
                        + model.of("b", "x").user().orElseThrow() + " "
                        + model.of("b", "a").user().orElseThrow()))
                .containsExactly("global domain binding inner");
    }
}
