// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.jdbc.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamedQueryTest {

    private static final Set<String> KNOWN = Set.of("key", "domain");

    private static NamedQuery of(String statement) {
        return NamedQuery.of(statement, KNOWN);
    }

    @Test
    void putsQuestionMarksInThePlaceOfNames() {
        NamedQuery query = of("SELECT a FROM t WHERE k = :key AND d IN (:domain, '*') AND k <> :key ; \n");
        assertThat(query.sql()).isEqualTo("SELECT a FROM t WHERE k = ? AND d IN (?, '*') AND k <> ? ");
        assertThat(query.parameters()).containsExactly("key", "domain", "key");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT ':domain', \":domain\", `:domain` FROM t",
                "SELECT a -- :domain; ?\n FROM t",
                "SELECT a /* :domain ; ? */ FROM t",
                "SELECT $$:domain ; ?$$, $x$:domain$x$ FROM t",
                "SELECT a::text FROM t",
                "SELECT 'it''s ; ?' FROM t",
                "WITH x AS (SELECT 1) SELECT a FROM x",
                "select a from t -- to the end"
            })
    void leavesQuotesCommentsAndCastsAlone(String statement) {
        assertThat(of(statement)).isEqualTo(new NamedQuery(statement, java.util.List.of()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "DELETE FROM t | is not a SELECT",
                "'' | is not a SELECT",
                "-- nothing | is not a SELECT",
                "CALL p() | is not a SELECT",
                "SELECT 1; DROP TABLE t | goes on after a semicolon",
                "SELECT 1;; | goes on after a semicolon",
                "SELECT a FROM t WHERE k = ? | has a ? outside of quotes",
                "SELECT a FROM t WHERE k = :kye | uses :kye; there is :domain, :key",
                "SELECT a INTO t FROM u | has the word INTO",
                "SELECT a FROM t FOR UPDATE | has the word UPDATE",
                "WITH x AS (DELETE FROM t RETURNING a) SELECT a FROM x | has the word DELETE",
                "WITH x AS (insert INTO t VALUES (1)) SELECT a FROM x | has the word INSERT",
                "SELECT a FROM t WHERE k = ':key | has a quote that is not closed",
                "SELECT 'a\\' FROM t | has a backslash in quotes",
                "SELECT a /*! INTO OUTFILE '/tmp/x' */ FROM t | a comment that MySQL would execute",
                "SELECT a /*M! INTO OUTFILE '/tmp/x' */ FROM t | a comment that MySQL would execute",
                "SELECT a # comment | has a # outside of quotes"
            })
    @DisplayName("B-19: takes one SELECT with named parameters and nothing else")
    void takesOneSelectWithNamedParameters(String statement, String reason) {
        assertThatThrownBy(() -> of(statement))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void saysThatThereAreNoParameters() {
        assertThatThrownBy(() -> NamedQuery.of("SELECT :key", Set.of())).hasMessage("uses :key, and has no parameters");
    }
}
