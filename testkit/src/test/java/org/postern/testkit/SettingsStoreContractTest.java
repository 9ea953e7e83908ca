// SPDX-License-Identifier: Apache-2.0
package org.postern.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.postern.spi.settings.InvalidValueException;
import org.postern.spi.settings.ScopePath;
import org.postern.spi.settings.Setting;
import org.postern.spi.settings.SettingsListener;
import org.postern.spi.settings.SettingsSnapshot;
import org.postern.spi.settings.SettingsStore;
import org.postern.spi.settings.SettingsVocabulary;

/** Whether the contract notices what it is there for. */
class SettingsStoreContractTest {

    /** Forgets everything when the configuration is broken. */
    static class Fragile extends MemorySettingsStoreTest {
        @Override
        public void damage() {
            inForce.set(SettingsSnapshot.empty());
        }
    }

    @Test
    void catchesAStoreThatLosesTheLastGoodConfiguration() {
        assertThat(Failures.of(Fragile.class)).containsExactly("staysWithTheLastGoodConfiguration");
    }

    /** Tells listeners first. */
    static class Hasty extends MemorySettingsStoreTest {
        @Override
        public void replace(List<Written> written) throws Exception {
            SettingsSnapshot next = read(written);
            listener.changed(next);
            inForce.set(next);
        }
    }

    @Test
    void catchesAStoreThatTellsTooEarly() {
        assertThat(Failures.of(Hasty.class)).containsExactly("tellsListenersWhenTheSnapshotIsInForce");
    }

    /** Writes at every place what was written at one, and reads again whenever it is asked. */
    static class Inheriting extends MemorySettingsStoreTest {

        private List<Written> last = List.of();

        @Override
        public SettingsStore open(SettingsVocabulary vocabulary, SettingsListener told, List<Written> written)
                throws Exception {
            super.open(vocabulary, told, written);
            last = written;
            return () -> {
                try {
                    return read(last);
                } catch (InvalidValueException e) {
                    throw new IllegalStateException(e);
                }
            };
        }

        @Override
        public void replace(List<Written> written) throws Exception {
            last = written;
            super.replace(written);
        }

        @Override
        <T> void put(SettingsSnapshot.Builder builder, ScopePath place, Setting<T> setting, String value, int line)
                throws InvalidValueException {
            super.put(builder, place, setting, value, line);
            super.put(builder, ScopePath.GLOBAL, setting, value.trim(), line);
        }
    }

    @Test
    void catchesAStoreThatInheritsAndTrims() {
        assertThat(Failures.of(Inheriting.class))
                .contains("inheritsNothing", "keepsEveryCharacterOfAValue", "isTheSameSnapshotUntilSomethingChanges");
    }
}
