// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.spi.settings.ScopePath;
import org.postern.spi.settings.SettingsListener;
import org.postern.spi.settings.SettingsStore;
import org.postern.spi.settings.SettingsVocabulary;
import org.postern.testkit.ManualClock;
import org.postern.testkit.SettingsStoreContract;
import org.postern.testkit.Written;

/** What every store of settings promises, for the one that reads files. */
@Timeout(60)
class ConfigurationStoreContractTest implements SettingsStoreContract {

    @TempDir
    Path directory;

    private ConfigurationStore store;

    @Override
    public SettingsStore open(SettingsVocabulary vocabulary, SettingsListener listener, List<Written> written) {
        FakeContext framework = new FakeContext(
                Map.of("postern.conf", directory.resolve("postern.conf").toString()));
        store = new ConfigurationStore(
                framework.context(), new FakeConfigurationAdmin(), ManualClock.at(Instant.now()));
        store.addVocabulary(vocabulary);
        store.addListener(listener);
        replace(written);
        assertThat(framework.services).hasSize(1);
        return (SettingsStore) framework.services.getFirst();
    }

    @Override
    public void replace(List<Written> written) {
        String text = written.stream().map(ConfigurationStoreContractTest::line).collect(Collectors.joining("\n"));
        new Folder(directory).replace("postern.conf", text);
        assertThat(store.reload()).isNotInstanceOf(Attempt.Refused.class);
    }

    @Override
    public void damage() {
        new Folder(directory).replace("postern.conf", "Domain \"example.test\" { Contract_Text =");
        assertThat(store.reload()).isInstanceOf(Attempt.Refused.class);
    }

    @AfterEach
    void close() throws InterruptedException {
        store.stop();
    }

    /** Each line has stanzas of its own: stanzas that stand twice are one. */
    private static String line(Written written) {
        ScopePath place = written.place();
        String option = written.setting().name() + " = " + quoted(written.value());
        return stanza(
                "Binding_Group",
                place.group(),
                stanza("Binding", place.binding(), stanza("Domain", place.domain(), option)));
    }

    private static String stanza(String word, Optional<String> name, String content) {
        return name.map(given -> word + " " + quoted(given) + " { " + content + " }")
                .orElse(content);
    }

    private static String quoted(String value) {
        return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
