// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.postern.spi.mail.SmtpReply;

class CapabilitiesTest {

    private static Capabilities of(String... lines) {
        List<String> reply = new ArrayList<>(List.of("SIZE greets AUTH"));
        reply.addAll(List.of(lines));
        return Capabilities.of(new SmtpReply(250, reply));
    }

    @Test
    void doesNotTakeTheGreetingForAKeyword() {
        assertThat(of().has("SIZE")).isFalse();
        assertThat(of().mechanisms()).isEmpty();
    }

    @Test
    void knowsKeywordsInAnyCase() {
        Capabilities some = of("pipelining", "8BitMime", "", "   ", "X-ODD  a   b ");
        assertThat(some.has("PIPELINING")).isTrue();
        assertThat(some.has("8BITMIME")).isTrue();
        assertThat(some.arguments("X-ODD")).containsExactly("a", "b");
        assertThat(some.arguments("NONE")).isEmpty();
        assertThat(some.has("STARTTLS")).isFalse();
    }

    @Test
    void mergesMechanismsOfAllForms() {
        assertThat(of("AUTH plain LOGIN", "auth=LOGIN cram-md5", "AUTH").mechanisms())
                .containsExactly("PLAIN", "LOGIN", "CRAM-MD5");
        assertThat(of("AUTH=").mechanisms()).isEmpty();
        assertThat(of("AUTH").mechanisms()).isEmpty();
        assertThat(of("AUTHX PLAIN").mechanisms()).isEmpty();
    }

    @Test
    void takesAThousandMechanisms() {
        String[] lines = new String[1000];
        for (int i = 0; i < lines.length; i++) {
            lines[i] = "AUTH M" + i;
        }
        assertThat(of(lines).mechanisms()).hasSize(1000);
    }

    @Test
    void readsTheLargestSize() {
        assertThat(of("SIZE 35882577").maxSize()).hasValue(35_882_577);
        assertThat(of("size 1").maxSize()).hasValue(1);
        for (String none : List.of("SIZE", "SIZE 0", "SIZE x", "SIZE -1", "SIZE 99999999999999999999", "SIZE=5")) {
            assertThat(of(none).maxSize()).as(none).isEmpty();
        }
    }

    @Test
    void hasNothingForAPeerWithoutExtensions() {
        assertThat(Capabilities.NONE.maxSize()).isEmpty();
        assertThat(Capabilities.NONE.mechanisms()).isEmpty();
        assertThat(Capabilities.NONE).hasToString("[]");
    }
}
