// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.datasource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlaceholdersTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            quoteCharacter = '~',
            value = {
                "a = ? AND b = ?            ! a = ? AND b = ?     ! 1 2",
                "a = :k AND b = :k OR :other ! a = ? AND b = ? OR ? ! k k other",
                "a = $key_1 AND $2          ! a = ? AND ?         ! key_1 2",
                "(?)                        ! (?)                 ! 1",
                ":a||:b                     ! ?||?                ! a b",
                "x=:a::text                 ! x=?::text           ! a",
                ":größe                     ! ?                   ! größe"
            })
    void rewritesEachKind(String statement, String sql, String keys) {
        Placeholders found = Placeholders.in(statement);
        assertThat(found.sql()).isEqualTo(sql);
        assertThat(found.keys()).containsExactly(keys.split(" "));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT 1",
                "",
                "'a = ? :b $c'",
                "'it''s ? :b'",
                "\"a?:b\"",
                "`a?$b`",
                "a -- ? :b $c",
                "a -- ? :b\n b",
                "/* ? :b $c */ a",
                "/* never closed ? ",
                "'never closed ?",
                "a::text",
                "$$ ? :a $b $$",
                "$tag$ ? :a $b $$ $tag$",
                "$tag$ never closed ? :a",
                "a : b $ c",
                "sys$view a$1",
                "a - b / c",
                ":",
                "$"
            })
    void leavesEverythingElseAlone(String statement) {
        assertThat(Placeholders.in(statement)).isEqualTo(new Placeholders(statement, List.of()));
    }

    @Test
    void refusesTwoKindsInOneStatement() {
        assertThatThrownBy(() -> Placeholders.in("a = ? AND b = :c")).hasMessageContaining("not both");
    }

    @Test
    void bindsWhatIsMissingAsNull() {
        assertThat(Placeholders.in(":a :b").bind(name -> name.equals("a") ? "x" : null))
                .containsExactly("x", null);
    }
}
