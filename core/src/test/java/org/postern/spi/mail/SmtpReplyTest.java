// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SmtpReplyTest {

    @ParameterizedTest
    @CsvSource({
        "535, 5.7.8 no, 5.7.8",
        "535, 5.7.8, 5.7.8",
        "454, 4.7.0 later, 4.7.0",
        "535, 4.7.8 another class than the code, ''",
        "535, 2.7.0 another class than the code, ''",
        "535, 5.7 no, ''",
        "535, 5.7.8no, ''",
        "535, 5.7.1000 no, ''",
        "535, no 5.7.8, ''",
        "354, 3.0.0 there is no such class, ''",
    })
    void readsAnEnhancedStatusCodeWhoseClassIsThatOfTheReply(int code, String text, String expected) {
        Optional<String> found =
                new SmtpReply(code, List.of(text)).enhancedStatusCode().map(Object::toString);
        assertThat(found.orElse("")).isEqualTo(expected);
    }
}
