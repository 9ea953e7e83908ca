// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.postern.config.store.language.Problem;
import org.postern.config.store.language.Severity;
import org.postern.config.store.meaning.Change;
import org.postern.config.store.meaning.Loaded;
import org.slf4j.Logger;

/**
 * Says each thing once. A first configuration that is refused is kept quiet for a moment: while bundles start, their words
 * are not yet known. Safe for several threads.
 */
final class AttemptLog {

    /** How long bundles have to make their words known. */
    static final Duration PATIENCE = Duration.ofSeconds(3);

    private static final int MOST_CHANGES = 50;

    private final Logger log;
    private final Clock clock;
    private final Instant patientUntil;
    private final ReentrantLock speaking = new ReentrantLock();
    private Optional<Attempt.Refused> said = Optional.empty();
    private Optional<Attempt.Refused> held = Optional.empty();
    private Set<String> warned = Set.of();
    private boolean anythingInForce;

    AttemptLog(Logger log, Clock clock) {
        this.log = log;
        this.clock = clock;
        this.patientUntil = clock.instant().plus(PATIENCE);
    }

    void note(Attempt attempt) {
        speaking.lock();
        try {
            switch (attempt) {
                case Attempt.InForce inForce -> inForce(inForce);
                case Attempt.Unchanged unchanged -> unchanged(unchanged.loaded());
                case Attempt.Refused refused -> refused(refused);
            }
        } finally {
            speaking.unlock();
        }
    }

    /** Says what was held back, if it is still true and patience is over. */
    void tick() {
        speaking.lock();
        try {
            if (held.isPresent() && !clock.instant().isBefore(patientUntil)) {
                say(held.get());
            }
        } finally {
            speaking.unlock();
        }
    }

    private void inForce(Attempt.InForce attempt) {
        Loaded loaded = attempt.loaded();
        log.info(
                "configuration {} of {} is in force: {}",
                loaded.snapshot().generation(),
                loaded.main(),
                loaded.problems().summary());
        if (anythingInForce) {
            List<Change> changes = attempt.changes().all();
            changes.stream().limit(MOST_CHANGES).forEach(change -> log.info("changed: {}", change));
            if (changes.size() > MOST_CHANGES) {
                log.info("changed: {} more", changes.size() - MOST_CHANGES);
            }
        }
        warnOf(loaded.problems().kept());
        anythingInForce = true;
        forget();
    }

    private void warnOf(List<Problem> problems) {
        Set<String> texts = problems.stream().map(Problem::toString).collect(Collectors.toSet());
        problems.stream()
                .map(Problem::toString)
                .filter(text -> !warned.contains(text))
                .forEach(log::warn);
        warned = new HashSet<>(texts);
    }

    private void unchanged(Loaded loaded) {
        if (said.isPresent()) {
            log.info("{} is right again and says what is in force", loaded.main());
        }
        forget();
    }

    private void forget() {
        said = Optional.empty();
        held = Optional.empty();
    }

    private void refused(Attempt.Refused refused) {
        if (said.equals(Optional.of(refused))) {
            return;
        }
        if (!anythingInForce && clock.instant().isBefore(patientUntil)) {
            held = Optional.of(refused);
        } else {
            say(refused);
        }
    }

    private void say(Attempt.Refused refused) {
        refused.problems().forEach(problem -> {
            if (problem.severity() == Severity.ERROR) {
                log.error("{}", problem);
            } else {
                log.warn("{}", problem);
            }
        });
        log.error(
                "the configuration is refused: {}; {}",
                refused.summary(),
                anythingInForce ? "the last good one stays in force" : "none is in force, so that no mail moves");
        said = Optional.of(refused);
        held = Optional.empty();
    }
}
