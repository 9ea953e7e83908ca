// SPDX-License-Identifier: Apache-2.0
package org.postern.core.explain;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.engine.ExplainRequest;
import org.postern.spi.mail.MailAddress;

class ExplainArgumentsTest {

    private static ExplainArguments parse(String... words) throws ExplainArguments.Wrong {
        return ExplainArguments.parse(List.of(words), InputStream.nullInputStream());
    }

    @Test
    void takesEveryOption() throws Exception {
        ExplainArguments arguments = parse(
                "--from",
                "<a@b.example>",
                "--to=c@d.example",
                "--binding",
                "gold",
                "--header",
                "X-Tenant: seven",
                "--header=X-Other: 1",
                "--offline",
                "--json");
        assertThat(arguments.json()).isTrue();
        assertThat(arguments.request())
                .isEqualTo(new ExplainRequest(
                        Optional.of(MailAddress.parse("a@b.example")),
                        MailAddress.parse("c@d.example"),
                        Optional.of("gold"),
                        "X-Tenant: seven\r\nX-Other: 1\r\n",
                        true));
    }

    @Test
    void takesTheHeaderOfAMessageAndNothingOfItsBody(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("m.eml"), "X-Tenant: seven\nSubject: x\n\nX-Tenant: body\n");
        assertThat(parse("--to", "c@d.example", "--message", file.toString())
                        .request()
                        .header())
                .isEqualTo("X-Tenant: seven\r\nSubject: x\r\n");
        InputStream in = new ByteArrayInputStream("\r\nbody".getBytes(UTF_8));
        assertThat(ExplainArguments.parse(List.of("--to", "c@d.example", "--message", "-"), in)
                        .request()
                        .header())
                .isEmpty();
    }

    @Test
    void knowsTheNullSender() throws Exception {
        assertThat(parse("--to", "c@d.example", "--from", "<>").request().sender())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "--to",
                "--to|nobody",
                "--to|a@b.example|--header|no field",
                "--to|a@b.example|--header|X: 1\r\nY: 2",
                "--to|a@b.example|--json=yes",
                "--to|a@b.example|--message|/nowhere/at/all",
                "--to|a@b.example|extra",
                "--to|a@b.example|--bogus"
            })
    void refusesWhatItDoesNotUnderstand(String line) {
        String[] words = line.isEmpty() ? new String[0] : line.split("\\|");
        assertThatThrownBy(() -> parse(words)).isInstanceOf(ExplainArguments.Wrong.class);
    }
}
