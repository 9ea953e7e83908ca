// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.postern.launcher.container.Container;
import org.postern.launcher.container.ServiceQuiet;
import org.postern.launcher.container.Services;

/**
 * Whether a container that has just started does its work: a configuration is in force, the engine runs, the listeners
 * listen. Services tell; where one is missing, the configuration's state and the log say why.
 */
public final class Readiness {

    /** How a start ended. */
    public enum State {
        /** It works. */
        READY,
        /** No configuration is in force, because the files are wrong. */
        WRONG_CONFIGURATION,
        /** Something else is in the way. */
        CANNOT_START
    }

    private static final String ENGINE = "org.postern.engine.DeliveryEngine";
    private static final String SETTINGS = "org.postern.spi.settings.SettingsStore";
    /** A bundle that gets its stanza may begin anew, and with it what depends on it: spool, engine, listeners. */
    private static final Duration QUIET = Duration.ofMillis(150);

    /** Where nothing has come or gone for so long and an error is in the log, nothing more is to be hoped for. */
    private static final Duration AFTER_ERROR = Duration.ofSeconds(1);

    /** How long a listener may take when everything else is there. */
    private static final Duration AFTER_ALL = Duration.ofSeconds(3);

    private final Container container;
    private final Services services;
    private final StartErrors errors;
    private State state = State.CANNOT_START;
    private List<String> reasons = List.of();

    /** Nothing is asked yet. */
    public Readiness(Container container, StartErrors errors) {
        this.container = container;
        this.services = new Services(container.context());
        this.errors = errors;
    }

    /** Waits until it is clear how the start ended. A spool that still reads what waits in it may take longer. */
    public Readiness await(Duration atMost) {
        try (ServiceQuiet quiet = new ServiceQuiet(container.context())) {
            do {
                quiet.awaitUntil(() -> isSettled(quiet), atMost);
            } while (state != State.READY
                    && reasons.isEmpty()
                    && isOpening()
                    && !Thread.currentThread().isInterrupted());
        }
        if (state != State.READY && reasons.isEmpty()) {
            reasons = List.of("not ready after all this time: missing " + missing());
        }
        return this;
    }

    private boolean isSettled(ServiceQuiet quiet) {
        if (works(quiet)) {
            state = State.READY;
            return true;
        }
        return !services.present(SETTINGS) && wrongConfiguration() || failed(quiet) || nothingListens(quiet);
    }

    /** Nobody can hand mail in, and no listener is on its way or said why it does not open. */
    private boolean nothingListens(ServiceQuiet quiet) {
        boolean rest = services.present(SETTINGS) && services.present(ENGINE);
        if (!rest || !quiet.hasLasted(AFTER_ALL)) {
            return false;
        }
        state = State.WRONG_CONFIGURATION;
        reasons = List.of("the configuration opens no listener; ESMTP_Listener { Listen \"127.0.0.1:2525\" { } }"
                + " takes mail from this machine");
        return true;
    }

    private boolean works(ServiceQuiet quiet) {
        return services.present(SETTINGS)
                && services.present(ENGINE)
                && !services.listeners().isEmpty()
                && quiet.hasLasted(QUIET);
    }

    /** An error alone does not settle it: a vault that cannot be opened holds mail up, not the start. */
    private boolean failed(ServiceQuiet quiet) {
        if (errors.messages().isEmpty() || !quiet.hasLasted(AFTER_ERROR) || isOpening()) {
            return false;
        }
        reasons = errors.messages();
        return true;
    }

    private boolean isOpening() {
        return !services.opening().isEmpty();
    }

    private boolean wrongConfiguration() {
        Optional<List<String>> complaints = ConfigurationVerdict.complaints(container.context());
        complaints.ifPresent(said -> {
            state = State.WRONG_CONFIGURATION;
            reasons = said;
        });
        return complaints.isPresent();
    }

    private String missing() {
        if (!services.present(SETTINGS)) {
            return "a configuration";
        }
        return services.present(ENGINE)
                ? "a listener (ESMTP_Listener in the configuration)"
                : "the engine or its spool";
    }

    /** How the start ended. */
    public State state() {
        return state;
    }

    /** What is to be told, if it did not end well. */
    public List<String> reasons() {
        return reasons;
    }
}
