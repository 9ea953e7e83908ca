// SPDX-License-Identifier: Apache-2.0
package org.postern.intake.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.postern.engine.BindingRequest;
import org.postern.engine.PolicyException;

/** What a listener tells the engine about bindings. */
class BindingRequestTest {

    private static final String MAIL = "EHLO c.example\r\nMAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.net>\r\n"
            + "DATA\r\nX-Binding: gold\r\n\r\n.\r\nQUIT\r\n";

    private final FakeEngine engine = new FakeEngine();

    private BindingRequest request(Settings settings) throws IOException {
        MemorySession.talk(engine, settings.read(), MAIL);
        return engine.requests.getFirst();
    }

    @Test
    void leavesItToTheHeaderWhereNothingElseIsSaid() throws IOException {
        assertThat(request(Settings.listen("127.0.0.1:0"))).isEqualTo(new BindingRequest(Optional.empty(), true));
    }

    @Test
    void isTheListenersOwnWhichMayIgnoreTheHeader() throws IOException {
        Settings settings = Settings.listen("127.0.0.1:0")
                .with("default_binding", "outer")
                .with("listen/127.0.0.1:0/default_binding", "inner")
                .with("listen/127.0.0.1:0/honour_x_binding", "no");
        assertThat(request(settings)).isEqualTo(new BindingRequest(Optional.of("inner"), false));
    }

    @Test
    void isNobodysWhereTheOptionIsEmpty() throws IOException {
        assertThat(request(Settings.listen("127.0.0.1:0").with("default_binding", ""))
                        .name())
                .isEmpty();
    }

    @Test
    void hasTheSenderComeBackWherePolicyCouldNotBeAsked() throws IOException {
        engine.atAccept = () -> {
            throw new PolicyException("the hook failed");
        };
        MemoryWire wire =
                MemorySession.talk(engine, Settings.listen("127.0.0.1:0").read(), MAIL);
        assertThat(wire.codes()).containsExactly("250", "250", "250", "354", "451", "221");
        assertThat(engine.accepted).isEmpty();
    }
}
