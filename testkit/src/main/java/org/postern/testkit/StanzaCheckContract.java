// SPDX-License-Identifier: Apache-2.0
package org.postern.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.postern.spi.settings.StanzaCheck;

/** What every {@link StanzaCheck} promises. */
public interface StanzaCheckContract {

    /** The check under test. */
    StanzaCheck check();

    /** What a right stanza is handed over as, {@code postern.config.directory} included. */
    Map<String, ?> right() throws Exception;

    /** What a wrong one is handed over as, at which the check finds an error. */
    Map<String, ?> wrong() throws Exception;

    @Test
    @DisplayName("stanza check: says whose stanzas it looks at")
    default void saysWhoseStanzasItLooksAt() {
        assertThat(check().pid()).isNotBlank().isEqualTo(check().pid());
    }

    @Test
    @DisplayName("stanza check: finds nothing wrong with what is right")
    default void findsNothingWrongWithWhatIsRight() throws Exception {
        assertThat(check().check(right())).isEmpty();
    }

    @Test
    @DisplayName("stanza check: says what is wrong, on one line each, and the same each time")
    default void saysWhatIsWrong() throws Exception {
        List<StanzaCheck.Finding> findings = check().check(wrong());
        assertThat(findings)
                .anyMatch(StanzaCheck.Finding::error)
                .allSatisfy(finding -> assertThat(finding.text()).isNotBlank().doesNotContain("\n", "\r"));
        assertThat(check().check(wrong())).isEqualTo(findings);
    }

    /** Types are checked before; what is missing is not. */
    @Test
    @DisplayName("stanza check: takes a stanza in which everything is left out")
    default void takesAStanzaInWhichEverythingIsLeftOut() throws Exception {
        Map<String, Object> directory = new HashMap<>(right());
        directory.keySet().removeIf(key -> !key.startsWith("postern."));
        assertThatCode(() -> check().check(directory)).doesNotThrowAnyException();
    }

    @Test
    @DisplayName("stanza check: changes nothing in what it is handed")
    default void changesNothingInWhatItIsHanded() throws Exception {
        assertThatCode(() -> check().check(Map.copyOf(right()))).doesNotThrowAnyException();
    }
}
