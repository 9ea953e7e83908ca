// SPDX-License-Identifier: Apache-2.0
package org.postern.core.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class BindingFieldTest {

    /** What passes, after every way of cutting the content into equal pieces has given the same. */
    private static String passed(String content, String... values) {
        byte[] octets = content.getBytes(UTF_8);
        String whole = null;
        for (int step = 1; step <= octets.length; step++) {
            BindingField field = new BindingField(true);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            for (int at = 0; at < octets.length; at += step) {
                ByteBuffer piece = ByteBuffer.wrap(octets, at, Math.min(octets.length - at, step));
                out.writeBytes(field.pass(piece));
                out.write(octets, piece.position(), piece.remaining());
            }
            out.writeBytes(field.end());
            String passed = out.toString(UTF_8);
            assertThat(passed).isEqualTo(whole == null ? passed : whole);
            assertThat(field.values()).isEqualTo(List.of(values));
            whole = passed;
        }
        return whole;
    }

    @Test
    void takesTheFieldOutAndRemembersWhatItSaid() {
        assertThat(passed("Subject: x\r\nX-Binding: gold\r\nTo: y\r\n\r\nbody\r\n", "gold"))
                .isEqualTo("Subject: x\r\nTo: y\r\n\r\nbody\r\n");
    }

    @Test
    void takesItInAnyCaseAndPlaceAndFolded() {
        assertThat(passed("x-BINDING \t:\r\n gold\r\nTo: y\r\n\r\n", "gold")).isEqualTo("To: y\r\n\r\n");
        assertThat(passed("To: y\r\nX-Binding:silver\r\n\r\n", "silver")).isEqualTo("To: y\r\n\r\n");
        assertThat(passed("X-Binding: a\r\n\tb\r\nX-Binding: c\r\n\r\n", "a\tb", "c"))
                .isEqualTo("\r\n");
    }

    @Test
    void leavesFieldsAloneThatOnlyBeginAlike() {
        String content = "X-Bindings: a\r\nX-Bind: b\r\nX-Binding-Key: c\r\n X-Binding: folded\r\nX\r\n\r\n";
        assertThat(passed(content)).isEqualTo(content);
    }

    @Test
    void leavesTheBodyAlone() {
        String content = "Subject: x\r\n\r\nX-Binding: gold\r\n";
        assertThat(passed(content)).isEqualTo(content);
        assertThat(passed("\r\nX-Binding: gold\r\n")).isEqualTo("\r\nX-Binding: gold\r\n");
    }

    @Test
    void losesNothingOfAContentThatEndsInTheHeader() {
        assertThat(passed("X-Bind")).isEqualTo("X-Bind");
        assertThat(passed("X-Binding")).isEqualTo("X-Binding");
        assertThat(passed("Subject: x\r\nX-Binding: gold", "gold")).isEqualTo("Subject: x\r\n");
        assertThat(passed("x")).isEqualTo("x");
    }

    @Test
    void remembersNoMoreThanIsWorthLookingAt() {
        BindingField field = new BindingField(false);
        field.pass(ByteBuffer.wrap(
                ("X-Binding: " + "x".repeat(5_000) + "\r\n").repeat(20).getBytes(UTF_8)));
        field.end();
        assertThat(field.values())
                .hasSize(16)
                .allSatisfy(value -> assertThat(value).hasSizeLessThanOrEqualTo(1024));
    }

    @Test
    void showsTheRestOfTheHeaderWhereItIsWanted() {
        BindingField field = new BindingField(true);
        field.pass(ByteBuffer.wrap("X-Binding: gold\r\nX-Tenant: seven\r\n\r\nbody".getBytes(UTF_8)));
        assertThat(field.rest().values("x-tenant")).containsExactly("seven");
        assertThat(field.rest().values("x-binding")).isEmpty();
    }
}
