// SPDX-License-Identifier: Apache-2.0
package org.postern.auth.jdk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.postern.spi.settings.SettingsVocabulary;
import org.postern.testkit.SettingsVocabularyContract;

/** Whether the stanza is described as it is. */
class JdkVocabularyTest implements SettingsVocabularyContract {

    @Override
    public SettingsVocabulary vocabulary() {
        return new JdkVocabulary();
    }

    @Override
    public String page() throws IOException {
        return Files.readString(Path.of(System.getProperty("basedir", "."), "..", "docs", "java-mechanisms.md"));
    }

    @Test
    void providesExternalAndNothingElseWhereNothingIsSaid() {
        assertThat(JdkConfiguration.read(Map.of()))
                .isEqualTo(new JdkConfiguration(List.of("EXTERNAL"), Optional.empty()));
        assertThat(JdkConfiguration.read(Map.of("mechanisms", new String[] {"cram-md5", "NTLM", "CRAM-MD5"}))
                        .mechanisms())
                .containsExactly("CRAM-MD5", "NTLM");
        assertThat(JdkConfiguration.read(Map.of("mechanisms", "")).mechanisms()).isEmpty();
        assertThat(JdkConfiguration.read(Map.of("keytab", "k", "postern.config.directory", "/etc/postern"))
                        .keytab())
                .hasValue("/etc/postern/k");
    }
}
