// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher.send;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressListTest {

    static List<Arguments> fields() {
        return List.of(
                Arguments.of("a@b.example", List.of("a@b.example")),
                Arguments.of("a@b.example, c@d.example", List.of("a@b.example", "c@d.example")),
                Arguments.of("Ann <a@b.example>", List.of("a@b.example")),
                Arguments.of("\"Doe, Ann\" <a@b.example>", List.of("a@b.example")),
                Arguments.of("\"a \\\" b\" <a@b.example>", List.of("a@b.example")),
                Arguments.of("a@b.example (Ann (really), <x@y>)", List.of("a@b.example")),
                Arguments.of("friends: a@b.example, c@d.example;", List.of("a@b.example", "c@d.example")),
                Arguments.of("undisclosed-recipients:;", List.of()),
                Arguments.of("\"a b\"@c.example", List.of("\"a b\"@c.example")),
                Arguments.of("<\"a>b\"@c.example>", List.of("\"a>b\"@c.example")),
                Arguments.of("root", List.of("root")),
                Arguments.of("<>", List.of()),
                Arguments.of("", List.of()),
                Arguments.of(" , ,, ", List.of()));
    }

    @ParameterizedTest
    @MethodSource("fields")
    void findsTheAddresses(String field, List<String> expected) {
        assertThat(AddressList.parse(field)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"open", "(open", "<open@x", "a <b", "\"trailing\\"})
    void refusesWhatIsNotClosed(String field) {
        assertThatThrownBy(() -> AddressList.parse(field))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not closed");
    }

    @Test
    void takesAnyNumber() {
        String field = "a@b.example,".repeat(10_000);

        assertThat(AddressList.parse(field)).hasSize(10_000);
    }
}
