// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.credential.Lookup;
import org.slf4j.LoggerFactory;

/** A planted secret is found nowhere but in the credential that was asked for. */
class VaultSecrecyTest {

    private static final String CANARY = "canary-9xKw27TqLm40-secret";

    @TempDir
    Path directory;

    @Test
    @Timeout(60)
    void showsTheSecretNowhere() throws Exception {
        List<String> seen = new ArrayList<>();
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        Level before = root.getLevel();
        ListAppender<ILoggingEvent> appender = new ListAppender<>();
        appender.start();
        root.addAppender(appender);
        root.setLevel(Level.TRACE);
        try {
            live(seen);
        } finally {
            root.setLevel(before);
            root.detachAppender(appender);
        }
        assertThat(appender.list).isNotEmpty();
        appender.list.forEach(event -> seen.add(event.getFormattedMessage() + event.getThrowableProxy()));
        files(seen);
        assertThat(seen).allSatisfy(text -> assertThat(forms()).noneMatch(text::contains));
    }

    private void live(List<String> seen) throws Exception {
        VaultFixture vault = VaultFixture.in(directory).set("relay", "user", CANARY);
        VaultStore store = new VaultStore(
                Map.of("file", vault.path().toString(), "key_file", vault.key().toString()),
                Map.of(),
                System::nanoTime);
        Lookup found = store.lookup(new CredentialRef("relay"));
        seen.add(found + " " + store + " " + store.vaultFile() + " " + vault.file());
        vault.file().<Void>read(document -> {
            seen.add(document + " " + document.entries()
                    + document.entries().get(0).version());
            return null;
        });
        vault.set("relay", "user", CANARY + CANARY);
        byte[] bad = Files.readAllBytes(vault.path());
        bad[bad.length - 50] ^= 4;
        Files.write(vault.path(), bad);
        Lookup answer = store.lookup(new CredentialRef("relay"));
        while (answer instanceof Lookup.Found) {
            answer = store.lookup(new CredentialRef("relay"));
        }
        seen.add(answer.toString());
        store.close();
    }

    private void files(List<String> seen) throws IOException {
        try (var all = Files.walk(directory)) {
            for (Path file : all.filter(Files::isRegularFile).collect(Collectors.toList())) {
                seen.add(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            }
        }
    }

    private static List<String> forms() {
        byte[] octets = CANARY.getBytes(StandardCharsets.UTF_8);
        return List.of(
                CANARY,
                Base64.getEncoder().withoutPadding().encodeToString(octets).substring(0, 30),
                HexFormat.of().formatHex(octets));
    }
}
