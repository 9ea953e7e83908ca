// SPDX-License-Identifier: Apache-2.0
package org.postern.core.intake;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class HeaderFieldsTest {

    private static HeaderFields read(String content) throws IOException {
        return HeaderFields.read(new ByteArrayInputStream(content.getBytes(UTF_8)));
    }

    @Test
    void givesEveryFieldOfANameFromTopToBottom() throws Exception {
        HeaderFields fields = read("X-Tenant: one\r\nSubject: x\r\nx-tenant:two\r\nX-TENANT :  three \r\n\r\n");
        assertThat(fields.values("x-Tenant")).containsExactly("one", "two", "three");
    }

    @Test
    void unfoldsLinesAndKeepsTheWhiteSpaceBetweenThem() throws Exception {
        assertThat(read("Subject: a\r\n b\r\n\tc\r\n\r\n").values("subject")).containsExactly("a b\tc");
    }

    @Test
    void looksNotIntoTheBody() throws Exception {
        assertThat(read("Subject: x\r\n\r\nX-Tenant: body\r\n").values("x-tenant"))
                .isEmpty();
        assertThat(read("\r\nX-Tenant: body\r\n\r\n").values("x-tenant")).isEmpty();
    }

    @Test
    void readsUtf8AndSurvivesWhatIsNone() throws Exception {
        assertThat(read("Subject: Grüße\r\n\r\n").values("subject")).containsExactly("Grüße");
        byte[] latin = "Subject: Gr\u00fc\r\n\r\n".getBytes(ISO_8859_1);
        assertThat(HeaderFields.of(latin).values("subject")).containsExactly("Gr\ufffd");
    }

    @Test
    void passesOverLinesThatAreNoFields() throws Exception {
        assertThat(read(" folded onto nothing\r\nno field\r\n: no name\r\nSubject: x\r\n\r\n")
                        .values("subject"))
                .containsExactly("x");
    }

    @Test
    void seesNothingInAnEmptyContentOrALineThatDoesNotEnd() throws Exception {
        assertThat(read("").values("subject")).isEmpty();
        assertThat(read("Subject: x").values("subject")).isEmpty();
    }

    @Test
    void stopsAtTheBound() throws Exception {
        String long1 = "X-Long: " + "x".repeat(200_000) + "\r\n";
        HeaderFields fields = read("First: 1\r\n" + long1 + long1 + "Last: 1\r\n\r\n");
        assertThat(fields.values("first")).containsExactly("1");
        assertThat(fields.values("x-long")).hasSize(1);
        assertThat(fields.values("last")).isEmpty();
    }
}
