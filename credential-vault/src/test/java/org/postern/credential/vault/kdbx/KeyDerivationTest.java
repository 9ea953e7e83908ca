// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault.kdbx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyDerivationTest {

    private static final HexFormat HEX = HexFormat.of();

    /** The vectors of RFC 9106 sections 5.1 and 5.3. */
    @ParameterizedTest
    @CsvSource({
        Argon2Derivation.ARGON2D + ",512b391b6f1162975371d30919734294f868e3be3984f3c1a13a4db9fabe4acb",
        Argon2Derivation.ARGON2ID + ",0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659"
    })
    void derivesAsRfc9106Says(String algorithm, String expected) throws Exception {
        VariantDictionary parameters = argon2(algorithm, 32 * 1024, 3, 4)
                .with("S", VariantDictionary.OCTETS, repeated(16, 2))
                .with("K", VariantDictionary.OCTETS, repeated(8, 3))
                .with("A", VariantDictionary.OCTETS, repeated(12, 4));
        byte[] derived = KeyDerivation.read(parameters.toByteArray()).derive(repeated(32, 1));
        assertThat(HEX.formatHex(derived)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 1000, 4095, 4096, 4097, 10_000})
    void aesKdfIsTheSameAsBlockAfterBlock(long rounds) throws Exception {
        byte[] key = repeated(32, 9);
        Arrays.fill(key, 16, 32, (byte) 7);
        byte[] slow = key.clone();
        Cipher ecb = Cipher.getInstance("AES/ECB/NoPadding");
        ecb.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(repeated(32, 5), "AES"));
        for (long i = 0; i < rounds; i++) {
            slow = ecb.update(slow);
        }
        byte[] derived = KeyDerivation.read(aes(rounds).toByteArray()).derive(key);
        assertThat(derived).isEqualTo(Digests.sha256(slow));
    }

    @ParameterizedTest
    @DisplayName("C2-18: absurd costs are refused before they are paid")
    @CsvSource({
        "1099511627776, 2, 1, memory", // a terabyte
        "-1, 2, 1, memory",
        "7168, 2, 1, memory",
        "65536, 0, 1, passes",
        "65536, 4294967295, 1, passes",
        "65536, -1, 1, passes",
        "65536, 2, 0, parallelism",
        "65536, 2, 16777215, parallelism",
        "67108864, 10000, 1, memory times passes"
    })
    void refusesAbsurdArgon2CostsBeforePayingThem(long memory, long passes, int lanes, String named) {
        byte[] parameters =
                argon2(Argon2Derivation.ARGON2ID, memory, passes, lanes).toByteArray();
        assertThatThrownBy(() -> KeyDerivation.read(parameters))
                .isInstanceOf(UnreadableVaultException.class)
                .hasMessageContaining("Argon2 " + named)
                .hasMessageContaining("allowed here");
    }

    @ParameterizedTest
    @ValueSource(longs = {200_000_001, Long.MAX_VALUE, -1})
    void refusesAbsurdAesRounds(long rounds) {
        assertThatThrownBy(() -> KeyDerivation.read(aes(rounds).toByteArray()))
                .isInstanceOf(UnreadableVaultException.class)
                .hasMessageContaining("AES-KDF rounds");
    }

    @Test
    void refusesAnUnknownDerivation() {
        byte[] unknown = VariantDictionary.empty()
                .with(KeyDerivation.ALGORITHM, VariantDictionary.OCTETS, repeated(16, 1))
                .toByteArray();
        assertThatThrownBy(() -> KeyDerivation.read(unknown))
                .isInstanceOf(UnreadableVaultException.class)
                .hasMessageContaining("unknown key derivation");
    }

    @Test
    void keepsParametersOfOtherTools() throws Exception {
        byte[] written = argon2(Argon2Derivation.ARGON2D, 65536, 2, 2)
                .with("X-Other", 0x18, repeated(3, 'x'))
                .toByteArray();
        byte[] rewritten = KeyDerivation.read(written)
                .freshSalt(new java.security.SecureRandom())
                .parameters();
        assertThat(VariantDictionary.read(rewritten).octets("X-Other")).contains(repeated(3, 'x'));
        assertThat(rewritten).isNotEqualTo(written);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 0x0f, 0x11, 0x12, 0x14, -1})
    void refusesVersionsOfArgon2ThatThereAreNot(int version) {
        VariantDictionary parameters =
                argon2(Argon2Derivation.ARGON2ID, 65536, 2, 2).withInt32("V", version);
        assertThatThrownBy(() -> Argon2Derivation.read(Argon2Derivation.ARGON2ID, parameters))
                .isInstanceOf(UnreadableVaultException.class)
                .hasMessageContaining("Argon2 version");
    }

    @Test
    void refusesLessMemoryThanTheLanesNeed() {
        VariantDictionary parameters = argon2(Argon2Derivation.ARGON2ID, 8 * 1024, 2, 2);
        assertThatThrownBy(() -> Argon2Derivation.read(Argon2Derivation.ARGON2ID, parameters))
                .isInstanceOf(UnreadableVaultException.class)
                .hasMessageContaining("Argon2 memory");
    }

    static VariantDictionary argon2(String algorithm, long memory, long passes, int lanes) {
        return VariantDictionary.empty()
                .with(KeyDerivation.ALGORITHM, VariantDictionary.OCTETS, HEX.parseHex(algorithm))
                .withInt64("I", passes)
                .withInt64("M", memory)
                .withInt32("P", lanes)
                .with("S", VariantDictionary.OCTETS, repeated(32, 2))
                .withInt32("V", 0x13);
    }

    static VariantDictionary aes(long rounds) {
        return VariantDictionary.empty()
                .with(KeyDerivation.ALGORITHM, VariantDictionary.OCTETS, HEX.parseHex(AesDerivation.KDBX4))
                .withInt64("R", rounds)
                .with("S", VariantDictionary.OCTETS, repeated(32, 5));
    }

    static byte[] repeated(int count, int value) {
        byte[] octets = new byte[count];
        Arrays.fill(octets, (byte) value);
        return octets;
    }
}
