// SPDX-License-Identifier: Apache-2.0
package org.postern.intake.smtp;

import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Conversations over a socket, as they stand in the files. */
class DialogueTest {

    @ParameterizedTest
    @ValueSource(strings = {"plain-session", "wrong-order", "wrong-syntax", "parameters", "browser"})
    void goesAsWritten(String name) throws IOException {
        try (OpenListener listener = OpenListener.withDefaults();
                RawClient client = new RawClient(listener.address())) {
            Dialogue.load(name).play(client);
        }
    }
}
