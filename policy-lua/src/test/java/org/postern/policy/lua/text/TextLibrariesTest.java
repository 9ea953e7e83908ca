// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.policy.lua.Lua;
import org.postern.policy.lua.library.Chunks;
import org.postern.policy.lua.library.Sandbox;
import org.postern.policy.lua.run.Killed;
import org.postern.policy.lua.run.Limits;
import org.postern.policy.lua.run.LuaError;
import org.postern.policy.lua.run.LuaState;
import org.postern.policy.lua.run.Values;

class TextLibrariesTest {

    private static LuaState state(LuaState state) {
        Base64Library.open(state);
        JsonLibrary.open(state);
        PcreLibrary.open(state);
        return state;
    }

    private static String show(String source) {
        LuaState state = state(Lua.state());
        return String.join(
                " ",
                Lua.run(state, "require('msys.base64') require('msys.pcre') json = require('json') " + source).stream()
                        .map(value -> Optional.ofNullable(value)
                                .map(state::toText)
                                .map(Values::toJava)
                                .orElse("nil"))
                        .toList());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "msys.base64.encode('')                       | ~~",
                "msys.base64.encode('a\\0\\255')              | YQD/",
                "msys.base64.decode('YQD/') == 'a\\0\\255'    | true",
                "msys.base64.decode('YQ\\r\\n==')             | a",
                "msys.base64.decode('Y!==')                   | nil not base64",
                "json.encode({1, 'a', true, {}})              | [1,\"a\",true,{}]",
                "json.encode({a = {b = 0.5}})                 | {\"a\":{\"b\":0.5}}",
                "json.encode(nil)                             | null",
                "json.encode('\"\\\\\\n\\195\\182')           | \"\\\"\\\\\\nö\"",
                "json.encode(2^53)                            | 9007199254740992",
                "json.decode('[1, 2.5, \"x\"]')[2]            | 2.5",
                "json.decode('{\"access_token\": \"t\\\\u00f6\"}').access_token == 't\\195\\182' | true",
                "json.decode('null')                          | nil",
                "json.decode('{\"a\": null}').a               | nil",
                "json.decode('true')                          | true",
                "json.decode('')                              | nil 1 the text ends before the value does",
                "json.decode('{\"a\":')                       | nil 1 the text ends before the value does",
                "json.decode('{a: 1}')                        | nil 1 malformed JSON",
                "json.decode('[1] 2')                         | nil 1 malformed JSON",
                "json.decode('NaN')                           | nil 1 malformed JSON",
                "json.decode('\"\\255\"')                     | nil 1 the text is not UTF-8",
                "msys.pcre.match('user@example.com', '^(.*)@(.*)$')[2] | example.com",
                "msys.pcre.match('user@example.com', '@.*')[0] | @example.com",
                "msys.pcre.match('a', 'b')                    | nil",
                "msys.pcre.match('k-1', '(?P<the_key>[a-z]+)-(?<n>\\\\d)').the_key | k",
                "msys.pcre.match('k-1', '(?P<the_key>[a-z]+)-(?<n>\\\\d)').n | 1",
                "msys.pcre.match('abab', '(?P<x>ab)(?P=x)')[0] | abab",
                "msys.pcre.match('[&&]', '[[&]+')[0]          | [&&",
                "msys.pcre.match('a]b', '[]]')[0]             | ]",
                "msys.pcre.match('a]b', '[^]]')[0]            | a",
                "msys.pcre.match('AB', '(?i)ab')[0]           | AB",
                "msys.pcre.match('a1', '[[:digit:]]')[0]      | 1",
                "msys.pcre.match('a_1-', '[[:word:]]+')[0]    | a_1",
                "msys.pcre.match('12a', '[[:^digit:]x]')[0]   | a",
                "msys.pcre.match('a', '[[:nonsense:]]')       | nil Unknown character property name {Nonsense} 1",
                "msys.pcre.match('foobar', '(?<=foo)bar')[0]  | bar",
                "msys.pcre.match('a', '(')                    | nil Unclosed group 1",
                "msys.pcre.replace('a-b-c', '-', '+')         | a+b+c",
                "msys.pcre.replace('ab', '(a)(b)', '$2\\\\1${2}$9$') | bab$9$",
                "msys.pcre.replace('ab', '(?P<first_one>a)', '<${first_one}>') | <a>b",
                "#msys.pcre.split('a,b,,c', ',')              | 4",
                "msys.pcre.split('a,b', ',')[2]               | b",
                "table.concat(msys.pcre.split('abc', ''), '.') | a.b.c"
            })
    void answers(String expression, String expected) {
        assertThat(show("return " + expression)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "msys.base64.encode({})",
                "msys.base64.decode()",
                "json.encode(print or function() end)",
                "json.encode({[{}] = 1})",
                "json.encode(0/0)",
                "json.encode(1/0)",
                "json.encode('\\255')",
                "(function() local t = {} t.t = t return json.encode(t) end)()",
                "json.decode({})",
                "msys.pcre.match(nil, 'a')",
                "msys.pcre.match('a', {})",
                "msys.pcre.replace('a', 'a')",
                "msys.pcre.split('a')"
            })
    void raisesWhatIsOfNoUse(String expression) {
        assertThatThrownBy(() -> show("return " + expression)).isInstanceOf(LuaError.class);
    }

    @Test
    void refusesNestingWithoutEnd() {
        assertThat(show("return json.decode(string.rep('[', 100000))")).isEqualTo("nil 1 malformed JSON");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "msys.pcre.match(string.rep('a', 400), '^.*.*.*.*.*.*b')",
                "msys.pcre.match(string.rep('a', 60), '^(a+)+\\\\1b')",
                "msys.pcre.replace(string.rep('a', 4000), '(.*)*x', '')",
                "msys.pcre.split(string.rep('x', 100000), '(x+x+)+y')"
            })
    @Timeout(20)
    void endsWithTheBudgetWhateverThePattern(String expression) {
        LuaState state =
                state(Sandbox.open(new Limits(2_000_000, 16 << 20, Duration.ofSeconds(10)), Lua.CLOCK, Chunks.NONE));
        assertThatThrownBy(() -> Lua.run(state, "return " + expression)).isInstanceOf(Killed.class);
    }

    @Test
    void survivesAPatternThatRecursesTooDeep() {
        assertThat(show("local m, e, n = msys.pcre.match(string.rep('ab', 200000), '^(?:a|b)*$') return m == nil, n"))
                .isEqualTo("true -8");
    }

    @Test
    @Timeout(20)
    void paysForWhatReplacingMakes() {
        LuaState state =
                state(Sandbox.open(new Limits(50_000_000, 4 << 20, Duration.ofSeconds(10)), Lua.CLOCK, Chunks.NONE));
        assertThatThrownBy(() ->
                        Lua.run(state, "return msys.pcre.replace(string.rep('a', 10000), 'a', string.rep('b', 10000))"))
                .isInstanceOfAny(Killed.class, LuaError.class);
    }

    @Test
    void roundTripsEveryOctet() {
        assertThat(Lua.run(
                        state(Lua.state()),
                        "local t = {} for i = 0, 255 do t[#t + 1] = string.char(i) end local s = table.concat(t) "
                                + "return msys.base64.decode(msys.base64.encode(s)) == s"))
                .isEqualTo(List.of(true));
    }
}
