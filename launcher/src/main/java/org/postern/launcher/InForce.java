// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.postern.launcher.container.Container;
import org.postern.launcher.container.ServiceQuiet;
import org.postern.launcher.container.Services;

/** Whether a configuration has come into force in a container, and all that it configures has settled. */
final class InForce {

    private static final String SETTINGS = "org.postern.spi.settings.SettingsStore";

    /** A store or a hook may come up a moment after its stanza. */
    private static final Duration QUIET = Duration.ofMillis(400);

    private final Container container;
    private boolean right;
    private List<String> reasons = List.of("no configuration came into force");

    InForce(Container container) {
        this.container = container;
    }

    /** Waits until it is clear. */
    InForce await(Duration atMost) {
        try (ServiceQuiet quiet = new ServiceQuiet(container.context())) {
            quiet.awaitUntil(() -> quiet.hasLasted(QUIET) && isSettled(), atMost);
        }
        return this;
    }

    private boolean isSettled() {
        right = new Services(container.context()).present(SETTINGS);
        if (right) {
            return true;
        }
        Optional<List<String>> complaints = ConfigurationVerdict.complaints(container.context());
        complaints.ifPresent(said -> reasons = said);
        return complaints.isPresent();
    }

    boolean isRight() {
        return right;
    }

    /** What is wrong, if something is. */
    List<String> reasons() {
        return reasons;
    }
}
