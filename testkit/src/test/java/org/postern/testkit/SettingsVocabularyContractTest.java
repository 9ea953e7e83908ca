// SPDX-License-Identifier: Apache-2.0
package org.postern.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Whether the contract notices what it is there for. */
class SettingsVocabularyContractTest {

    /** Leaves an option out. */
    static class Silent extends DocumentedVocabularyTest {
        @Override
        public String page() {
            return super.page().replace("| `Patience` | 7 | Seconds. |\n", "");
        }
    }

    /** Still describes an option that is gone. */
    static class Stale extends DocumentedVocabularyTest {
        @Override
        public String page() {
            return super.page().replace("| `Hosts`", "| `Old` | 3 | Gone. |\n| `Hosts`");
        }
    }

    @Test
    void catchesRowsThatAreMissingOrOneTooMany() {
        assertThat(Failures.of(Silent.class)).containsExactly("hasARowForEveryOption");
        assertThat(Failures.of(Stale.class)).containsExactly("hasARowForEveryOption");
    }

    /** Promises another default. */
    static class Outdated extends DocumentedVocabularyTest {
        @Override
        public String page() {
            return super.page().replace("( a b )", "( a )");
        }
    }

    @Test
    void catchesADefaultThatIsAnother() {
        assertThat(Failures.of(Outdated.class)).containsExactly("hasTheRightDefaultsInItsPage");
    }

    /** Never shows where options stand. */
    static class Abstract extends DocumentedVocabularyTest {
        @Override
        public String page() {
            return super.page().replace("Shelf \"x\"", "");
        }
    }

    @Test
    void catchesAStanzaThatIsNotShown() {
        assertThat(Failures.of(Abstract.class)).containsExactly("showsEachOfItsStanzasInItsPage");
    }
}
