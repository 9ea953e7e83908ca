// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.postern.credential.oauth.Account.ClientProof;
import org.postern.credential.oauth.Account.Grant;
import org.postern.credential.oauth.Account.Provider;
import org.postern.spi.cluster.Register;
import org.postern.spi.cluster.SharedRegisters;
import org.postern.spi.credential.Secret;

class SharedFactTest {

    static List<SharedFact> facts() {
        return List.of(
                new SharedFact.Lease(),
                new SharedFact.Nothing(),
                new SharedFact.Token(Secret.of("t0ken"), Optional.of(Duration.ofHours(1))),
                new SharedFact.Token(Secret.of("t0ken"), Optional.empty()),
                new SharedFact.Token(Secret.of(""), Optional.empty()),
                new SharedFact.Refusal("invalid_grant", "id.example verweigert\0 – leider", "tag -"),
                new SharedFact.Wait(""));
    }

    private static Register register(byte[] value) {
        return new Register(SharedFact.TOPIC, "relay", value, 1, Duration.ZERO, Duration.ofHours(1));
    }

    @ParameterizedTest
    @MethodSource("facts")
    void isReadAsItWasWritten(SharedFact fact) {
        assertThat(SharedFact.in(register(fact.octets()))).contains(fact);
    }

    @ParameterizedTest
    @MethodSource("facts")
    void isNothingWhereItIsCutOffOrLonger(SharedFact fact) {
        byte[] whole = fact.octets();
        for (int length = 0; length < whole.length; length++) {
            assertThat(SharedFact.in(register(Arrays.copyOf(whole, length)))).isNotEqualTo(Optional.of(fact));
        }
        assertThat(SharedFact.in(register(Arrays.copyOf(whole, whole.length + 1))))
                .isEmpty();
    }

    @Test
    void isNothingWhereItIsOfALaterPostern() {
        byte[] later = Fields.write(List.of("promise".getBytes(StandardCharsets.UTF_8)));
        assertThat(SharedFact.in(register(later))).isEmpty();
        assertThat(SharedFact.in(register("no fields at all".getBytes(StandardCharsets.UTF_8))))
                .isEmpty();
        assertThat(SharedFact.in(register(new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff})))
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("facts")
    void printsNoToken(SharedFact fact) {
        assertThat(fact.toString()).doesNotContain("t0ken");
        assertThat(register(fact.octets()).toString()).doesNotContain("t0ken");
    }

    @Test
    void namesAccountsSoThatNoTwoRunTogether() {
        assertThat(List.of(
                        SharedName.of(account("a/b", "c", List.of())),
                        SharedName.of(account("a", "b/c", List.of())),
                        SharedName.of(account("a%2Fb", "c", List.of())),
                        SharedName.of(account("a", "b", List.of("c"))),
                        SharedName.of(account("a", "b", List.of("c", "d"))),
                        SharedName.of(account("", "", List.of())),
                        SharedName.of(account("x".repeat(2_000), "c", List.of())),
                        SharedName.of(account("x".repeat(2_001), "c", List.of()))))
                .doesNotHaveDuplicates()
                .allMatch(name -> name.length() <= SharedRegisters.LONGEST_NAME);
    }

    private static Account account(String name, String client, List<String> scopes) {
        return new Account(
                name,
                "relay@example.test",
                client,
                new Provider.Known(URI.create("https://id.example/token"), Optional.empty()),
                new Grant.ClientCredentials(),
                new ClientProof.None(),
                scopes,
                Set.of(),
                Duration.ofMinutes(5));
    }
}
