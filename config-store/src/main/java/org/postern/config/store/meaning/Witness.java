// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store.meaning;

import org.postern.config.store.language.Item.Assignment;
import org.postern.config.store.language.Item.Word;
import org.postern.spi.settings.ScopePath;
import org.postern.spi.settings.Setting;

/** Sees what is written, where it is written, in the order of the files; also what is shadowed by a later line. */
public interface Witness {

    /** Sees nothing. */
    Witness NOBODY = new Witness() {

        @Override
        public void assigned(ScopePath place, Setting<?> setting, Assignment option) {}

        @Override
        public void unused(Word word) {}
    };

    /** An option of a scope with a value that is right. */
    void assigned(ScopePath place, Setting<?> setting, Assignment option);

    /** An option or stanza that only Momentum uses. */
    void unused(Word word);
}
