// SPDX-License-Identifier: Apache-2.0
package org.postern.auth.scram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postern.spi.credential.CredentialListener;
import org.postern.spi.credential.CredentialRef;
import org.postern.testkit.CredentialListenerContract;

class SaltedPasswordsTest implements CredentialListenerContract {

    private static final byte[] SALT = octets("salt");

    private final AtomicInteger computations = new AtomicInteger();
    private final SaltedPasswords passwords = cache(1_000);

    @Override
    public CredentialListener listener() {
        return passwords;
    }

    private SaltedPasswords cache(int most) {
        // The clock is looked at once in a computation as short as these.
        return new SaltedPasswords(new Salting(computations::getAndIncrement), most);
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private byte[] get(String password) throws ScramFailure {
        return passwords.get(Hash.SHA_1, octets(password), SALT, 2);
    }

    @ParameterizedTest
    @CsvSource({
        "password, salt, 1, 0c60c80f961f0e71f3a9b524af6012062fe037a6",
        "password, salt, 2, ea6c014dc72d6f8ccd1ed92ace1d41f0d8de8957",
        "password, salt, 4096, 4b007901b765489abead49d926f721d065a429c1",
    })
    void saltsAsRfc6070Has(String password, String salt, int iterations, String expected) throws ScramFailure {
        byte[] salted = new Salting(System::nanoTime).salt(Hash.SHA_1, octets(password), octets(salt), iterations);
        assertThat(HexFormat.of().formatHex(salted)).isEqualTo(expected);
    }

    @Test
    void computesOnceAndGivesEverybodyACopy() throws ScramFailure {
        byte[] first = get("pencil");
        byte[] kept = first.clone();
        Arrays.fill(first, (byte) 0);
        assertThat(get("pencil")).isEqualTo(kept);
        assertThat(computations).hasValue(1);
    }

    @Test
    void computesAnewForAnotherPasswordSaltCountOrHash() throws ScramFailure {
        List<byte[]> all = List.of(
                passwords.get(Hash.SHA_1, octets("a"), SALT, 2),
                passwords.get(Hash.SHA_1, octets("b"), SALT, 2),
                passwords.get(Hash.SHA_1, octets("a"), octets("other"), 2),
                passwords.get(Hash.SHA_1, octets("a"), SALT, 3),
                passwords.get(Hash.SHA_256, octets("a"), SALT, 2));
        assertThat(all).doesNotHaveDuplicates();
        assertThat(computations).hasValue(5);
    }

    @Test
    void computesOnceForManyAtOnce() throws Exception {
        CountDownLatch together = new CountDownLatch(16);
        List<byte[]> all = new ArrayList<>();
        try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<byte[]>> answers = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                answers.add(workers.submit(() -> {
                    together.countDown();
                    together.await();
                    return get("pencil");
                }));
            }
            for (Future<byte[]> answer : answers) {
                all.add(answer.get());
            }
        }
        assertThat(all).hasSize(16).allSatisfy(salted -> assertThat(salted).isEqualTo(all.getFirst()));
        assertThat(computations).hasValue(1);
    }

    @Test
    void forgetsTheLongestUnusedWhereThereIsNoRoom() throws ScramFailure {
        SaltedPasswords two = cache(2);
        two.get(Hash.SHA_1, octets("a"), SALT, 2);
        two.get(Hash.SHA_1, octets("b"), SALT, 2);
        two.get(Hash.SHA_1, octets("a"), SALT, 2);
        two.get(Hash.SHA_1, octets("c"), SALT, 2);
        assertThat(two.size()).isEqualTo(2);
        two.get(Hash.SHA_1, octets("a"), SALT, 2);
        assertThat(computations).hasValue(3);
        two.get(Hash.SHA_1, octets("b"), SALT, 2);
        assertThat(computations).hasValue(4);
    }

    @Test
    void forgetsAllWhenACredentialChangesAndWhenItStops() throws ScramFailure {
        get("pencil");
        passwords.changed(new CredentialRef("any"));
        assertThat(passwords.size()).isZero();
        get("pencil");
        passwords.storeChanged("any");
        assertThat(passwords.size()).isZero();
        get("pencil");
        passwords.wipe();
        assertThat(passwords.size()).isZero();
    }

    @Test
    void givesUpAfterFiveSeconds() {
        AtomicLong clock = new AtomicLong();
        Salting slow = new Salting(() -> clock.getAndAdd(1_000_000_000L));
        assertThatThrownBy(() -> slow.salt(Hash.SHA_1, octets("pencil"), SALT, 1_000_000))
                .isInstanceOf(ScramFailure.class)
                .hasMessageContaining("1000000 iterations", "5 s");
        assertThat(clock.get()).isLessThan(10_000_000_000L);
    }
}
