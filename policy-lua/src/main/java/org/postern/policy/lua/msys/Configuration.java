// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.msys;

import java.util.Optional;
import org.postern.spi.settings.ScopePath;

/** The configuration as scripts may ask for it. */
public interface Configuration {

    /** What an option says. */
    sealed interface Answer {

        /** Text that may be shown. */
        record Plain(String text) implements Answer {}

        /** Text that may not. */
        record Hidden(String text) implements Answer {}
    }

    /** What is written for an option at exactly this place; a binding without a group is taken in the one that it is in. */
    Optional<Answer> written(ScopePath place, String option);

    /** What holds for an option at this place, broader scopes and its default considered. */
    Optional<Answer> effective(ScopePath place, String option);
}
