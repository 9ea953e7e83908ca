// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.postern.fuzz.Body;
import org.postern.spi.mail.SmtpReply;

/** An EHLO reply, one line for each line of the input: whatever it says, its words are words. */
public final class CapabilitiesBody implements Body {

    @Override
    public void run(byte[] input) {
        List<String> lines = lines(input);
        Capabilities capabilities = Capabilities.of(new SmtpReply(250, lines));
        for (String mechanism : capabilities.mechanisms()) {
            Body.check(mechanism.equals(mechanism.toUpperCase(Locale.ROOT)), "a mechanism in lower case");
            Body.check(isWord(mechanism), "a mechanism that is no word");
        }
        for (String keyword : List.of("AUTH", "SIZE", "STARTTLS", "SMTPUTF8")) {
            List<String> arguments = capabilities.arguments(keyword);
            Body.check(arguments.isEmpty() || capabilities.has(keyword), "arguments of a keyword that is not there");
            Body.check(arguments.stream().allMatch(CapabilitiesBody::isWord), "an argument that is no word");
        }
        capabilities.maxSize().ifPresent(size -> Body.check(size > 0, "a largest message of nothing"));
        Body.check(
                capabilities
                        .mechanisms()
                        .equals(Capabilities.of(new SmtpReply(250, lines)).mechanisms()),
                "the same reply, read twice, says something else");
    }

    private static List<String> lines(byte[] input) {
        List<String> lines = new ArrayList<>();
        for (String line : new String(input, StandardCharsets.UTF_8).split("\n", -1)) {
            lines.add(PeerText.harmless(line));
        }
        return lines;
    }

    private static boolean isWord(String text) {
        return !text.isEmpty() && Body.isOneLine(text) && text.indexOf(' ') < 0;
    }
}
