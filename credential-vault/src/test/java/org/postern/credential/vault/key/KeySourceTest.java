// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.credential.vault.key.KeySource.KeyFile;
import org.postern.credential.vault.key.KeySource.KeyVariable;
import org.postern.credential.vault.key.KeySource.SystemdCredential;

class KeySourceTest {

    private static final byte[] KEY =
            HexFormat.of().parseHex("a7007945d07d54ba28df64341b4500fc9750dfb1d36ada2d9c32dc194c7ab01b");

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"rw-------", "r--------", "rwx------"})
    void takesAKeyThatOnlyItsOwnerCanRead(String permissions) throws Exception {
        assertThatCode(() -> new KeyFile(keyFile(permissions)).read().close()).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw-r--r--", "rw--w----", "rw-----w-", "rw-rw-rw-"})
    void refusesAKeyThatIsOpenToOthers(String permissions) throws Exception {
        Path file = keyFile(permissions);
        assertThatThrownBy(() -> new KeyFile(file).read())
                .isInstanceOf(MalformedKeyException.class)
                .hasMessageContaining(permissions)
                .hasMessageContaining("chmod 600 " + file);
    }

    @Test
    void refusesWhatIsNoKey() throws Exception {
        Path empty = keyFile("rw-------");
        Files.write(empty, new byte[0]);
        assertThatThrownBy(() -> new KeyFile(empty).read()).hasMessageContaining("is empty");
        assertThatThrownBy(() -> new KeyFile(directory).read()).hasMessageContaining("is not a file");
        assertThatThrownBy(() -> new KeyFile(directory.resolve("none")).read()).hasMessageContaining("does not exist");
        Files.write(empty, new byte[KeySource.LARGEST + 1]);
        assertThatThrownBy(() -> new KeyFile(empty).read()).hasMessageContaining("larger than");
    }

    @Test
    void readsAKeyFromTheEnvironment() throws Exception {
        KeyVariable variable = new KeyVariable("VAULT_KEY", Map.of("VAULT_KEY", "a passphrase of ours"));
        try (MasterKey key = variable.read()) {
            assertThat(key.isRandom()).isFalse();
        }
        assertThat(variable.toString()).doesNotContain("passphrase");
        assertThatThrownBy(() -> new KeyVariable("VAULT_KEY", Map.of()).read()).hasMessageContaining("is not set");
    }

    @Test
    void readsASystemdCredentialWhateverItsMode() throws Exception {
        Path file = keyFile("r--r-----");
        Map<String, String> environment = Map.of("CREDENTIALS_DIRECTORY", directory.toString());
        new SystemdCredential(file.getFileName().toString(), environment).read().close();
        assertThatThrownBy(() -> new SystemdCredential("../key", environment).read())
                .hasMessageContaining("plain name");
        assertThatThrownBy(() -> new SystemdCredential("key", Map.of()).read())
                .hasMessageContaining("CREDENTIALS_DIRECTORY is not set");
    }

    @Test
    void readsEveryFormOfKeyFile() throws Exception {
        assertThat(KeyFileFormat.read(KEY)).contains(KEY);
        String hex = HexFormat.of().formatHex(KEY);
        assertThat(KeyFileFormat.read(ascii(hex))).contains(KEY);
        assertThat(KeyFileFormat.read(ascii(hex.toUpperCase(java.util.Locale.ROOT) + "\n")))
                .contains(KEY);
        assertThat(KeyFileFormat.read(KeyFileFormat.write(KEY))).contains(KEY);
        assertThat(KeyFileFormat.read(ascii("a passphrase"))).isEmpty();
    }

    @Test
    void writesTheCheckThatKeePassDocuments() {
        assertThat(new String(KeyFileFormat.write(KEY), StandardCharsets.US_ASCII))
                .contains("Hash=\"FE2949B8\"")
                .contains("A7007945 D07D54BA 28DF6434 1B4500FC");
    }

    @Test
    void noticesADamagedDigitAndNeverShowsTheKey() {
        String damaged =
                new String(KeyFileFormat.write(KEY), StandardCharsets.US_ASCII).replace("A7007945", "A7007946");
        assertThatThrownBy(() -> KeyFileFormat.read(ascii(damaged)))
                .isInstanceOf(MalformedKeyException.class)
                .hasMessageContaining("a digit is wrong")
                .hasMessageNotContaining("A7007946");
        assertThatThrownBy(() -> KeyFileFormat.read(ascii(damaged.substring(0, 120))))
                .isInstanceOf(MalformedKeyException.class);
        assertThatThrownBy(() -> KeyFileFormat.read(ascii(damaged.replace("2.0", "1.00"))))
                .isInstanceOf(MalformedKeyException.class);
    }

    @Test
    void doesNotTakeAPassphraseOfThirtyTwoLettersForRandomOctets() throws Exception {
        try (MasterKey key = MasterKey.of("here", ascii("x".repeat(32)))) {
            assertThat(key.isRandom()).isFalse();
            assertThat(key.readings()).hasSize(2);
        }
        try (MasterKey key = MasterKey.of("here", KEY.clone())) {
            assertThat(key.isRandom()).isTrue();
        }
    }

    private Path keyFile(String permissions) throws IOException {
        Path file = directory.resolve("key");
        Files.write(file, KEY);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
