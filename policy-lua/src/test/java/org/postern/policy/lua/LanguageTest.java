// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.postern.policy.lua.code.Compiler;
import org.postern.policy.lua.syntax.SyntaxError;

/** Lua 5.1 and the operators that inherited scripts use besides. */
class LanguageTest {

    @ParameterizedTest
    @CsvFileSource(resources = "language.csv", delimiter = '|', quoteCharacter = '`', maxCharsPerColumn = 10_000)
    void givesWhatLuaGives(String source, String expected) {
        assertThat(Lua.show(source)).isEqualTo(expected == null ? "" : expected);
    }

    @ParameterizedTest
    @CsvFileSource(resources = "errors.csv", delimiter = '|', quoteCharacter = '`')
    void raisesWhatLuaRaises(String source, String expected) {
        assertThat(Lua.error(source)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvFileSource(resources = "syntax-errors.csv", delimiter = '|', quoteCharacter = '`')
    void saysWhereAChunkIsNoLua(String source, String expected) {
        assertThatThrownBy(() -> Compiler.compile("test", source))
                .isInstanceOf(SyntaxError.class)
                .hasMessage(expected);
    }

    @Test
    void countsLinesThroughCommentsAndStringsOfManyLines() {
        assertThatThrownBy(() -> Compiler.compile("s", "--[[\n\n]] x = [==[\n]]\n]==]\n\"a\\\nb\"\r\n="))
                .hasMessage("s:7: unexpected symbol near 'a\nb'");
    }

    @Test
    void skipsTheFirstLineOfAScriptThatTheKernelStarts() {
        assertThat(Lua.show("#!/usr/bin/lua\nreturn 1")).isEqualTo("1");
    }
}
