// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.config.store.meaning.Loaded;

/** Damages a configuration of 5 kB in every place, one at a time, and puts it in force. */
@Timeout(value = 15, unit = java.util.concurrent.TimeUnit.MINUTES)
class DamageTest {

    private static final String SECRET = "s3cret\\\\wörd";

    @TempDir
    Path directory;

    private final List<Loaded> published = new ArrayList<>();
    private Folder folder;
    private ActiveConfiguration active;
    private byte[] whole;
    private int refused;

    @BeforeEach
    void putInForce() {
        folder = new Folder(directory);
        whole = configuration().getBytes(StandardCharsets.UTF_8);
        assertThat(whole).hasSizeBetween(4_900, 5_300);
        active = new ActiveConfiguration(Optional.of(folder.main()), Clock.systemUTC(), attempt -> {
            if (attempt instanceof Attempt.InForce inForce) {
                published.add(inForce.loaded());
            }
        });
        active.learn(Words.ofEngine());
        active.learn(Words.ofBundles());
        folder.write("postern.conf", whole);
        assertThat(active.attempt()).isInstanceOf(Attempt.InForce.class);
    }

    private static String configuration() {
        StringBuilder text =
                new StringBuilder("# Postern\noutbound_smtp_auth { }\nKeep_Message_Dicts_In_Memory = true\n");
        text.append(
                "Relay_Hosts = ( 127.0.0.0/8, \"::1\" ) /* here */\nESMTP_Listener { Listen \"127.0.0.1:2525\" {} }\n");
        for (int i = 0; text.length() < 4850; i++) {
            text.append("Binding_Group g")
                    .append(i)
                    .append(" {\n  Binding b")
                    .append(i)
                    .append("\n  {\n    Domain /^d")
                    .append(i)
                    .append("[.](com|net)$/ {\n      Outbound_SMTP_AUTH_User = 'üser'\n")
                    .append("      Outbound_SMTP_AUTH_Pass = \"")
                    .append(SECRET)
                    .append("\"\n    }\n  }\n}\n")
                    .append("Domain \"example")
                    .append(i)
                    .append(".com\" { Gateway = \"[::1]:25\" TLS = required }\n");
        }
        return text.toString();
    }

    /** Puts damaged content in force, or not; either way everything must hang together. */
    private void attempt(byte[] damaged, String how) {
        folder.write("postern.conf", damaged);
        Loaded before = active.inForce().orElseThrow();
        int count = published.size();
        switch (active.attempt()) {
            case Attempt.InForce inForce -> {
                assertThat(active.inForce()).as(how).containsSame(inForce.loaded());
                assertThat(published).as(how).hasSize(count + 1);
            }
            case Attempt.Unchanged unchanged ->
                assertThat(active.inForce()).as(how).containsSame(before);
            case Attempt.Refused refusal -> {
                refused++;
                assertThat(active.inForce()).as(how).containsSame(before);
                assertThat(published).as(how).hasSize(count);
                assertThat(refusal.problems()).as(how).isNotEmpty();
                assertThat(refusal.problems().toString())
                        .as(how)
                        .doesNotContain("cret")
                        .doesNotContain("unexpected");
                assertThat(refusal.problems().getFirst().toString())
                        .as(how)
                        .containsPattern("postern\\.conf:\\d+:\\d+: error: ");
            }
        }
    }

    @Test
    void cutOffAnywhere() {
        for (int length = 0; length < whole.length; length++) {
            attempt(Arrays.copyOf(whole, length), "first " + length);
        }
        assertThat(refused).isGreaterThan(whole.length / 2);
    }

    @Test
    void withAnyOctetMissing() {
        for (int gap = 0; gap < whole.length; gap++) {
            byte[] damaged = Arrays.copyOf(whole, whole.length - 1);
            System.arraycopy(whole, gap + 1, damaged, gap, whole.length - gap - 1);
            attempt(damaged, "without " + gap);
        }
        assertThat(refused).isGreaterThan(whole.length / 4);
    }

    @Test
    void withAnyOctetFlipped() {
        for (int place = 0; place < whole.length; place++) {
            for (int bit = 0; bit < Byte.SIZE; bit++) {
                byte[] damaged = whole.clone();
                damaged[place] ^= (byte) (1 << bit);
                attempt(damaged, "flipped bit " + bit + " of " + place);
            }
        }
        assertThat(refused).isGreaterThan(whole.length);
    }

    @Test
    void withAnyOctetReplacedByASign() {
        for (int place = 0; place < whole.length; place++) {
            for (byte sign : "\"'{}\0#".getBytes(StandardCharsets.US_ASCII)) {
                byte[] damaged = whole.clone();
                damaged[place] = sign;
                attempt(damaged, "sign " + sign + " at " + place);
            }
        }
        assertThat(refused).isGreaterThan(whole.length);
    }

    /** Every octet that is neither a flipped bit away nor a sign has its turn somewhere; the seed makes it the same each time. */
    @Test
    void withAnyOctetReplacedByAnyOther() {
        Random random = new Random(5);
        for (int place = 0; place < whole.length; place++) {
            byte[] damaged = whole.clone();
            damaged[place] = (byte) random.nextInt(256);
            attempt(damaged, "octet " + damaged[place] + " at " + place);
        }
        assertThat(refused).isGreaterThan(whole.length / 4);
    }

    @Test
    void comesBackAfterDamage() {
        attempt(Arrays.copyOf(whole, 300), "cut");
        folder.write("postern.conf", whole);
        assertThat(active.attempt()).isInstanceOf(Attempt.Unchanged.class);
        assertThat(active.inForce().orElseThrow().snapshot().generation()).isEqualTo(1);
    }
}
