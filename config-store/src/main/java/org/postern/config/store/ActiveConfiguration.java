// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.postern.config.store.language.Problem;
import org.postern.config.store.language.Sources;
import org.postern.config.store.meaning.Interpreter;
import org.postern.config.store.meaning.Loaded;
import org.postern.config.store.meaning.Vocabulary;
import org.postern.spi.settings.Origin;
import org.postern.spi.settings.SettingsVocabulary;

/**
 * The configuration in force, and the only way to replace it: wholly, by one that is wholly right.
 *
 * <p>Threading: any thread. One attempt is made at a time; the lock is held while files are read and while others are told
 * of the result, so that nobody hears of an older configuration after a newer one. Readers and {@link #learn} never wait for
 * it.
 */
final class ActiveConfiguration {

    /** Why the files are read. */
    private enum Occasion {
        ON_COMMAND,
        BY_ITSELF
    }

    private static final Origin NOWHERE = new Origin("<postern.conf>", 0, 0);

    private final Optional<Path> main;
    private final Clock clock;
    private final Consumer<Attempt> told;
    private final ReentrantLock attempting = new ReentrantLock();
    private final AtomicReference<Vocabulary> vocabulary = new AtomicReference<>(Vocabulary.EMPTY);
    private final AtomicBoolean due = new AtomicBoolean(true);
    private volatile Optional<Loaded> inForce = Optional.empty();
    private Optional<Attempt> last = Optional.empty();
    private Optional<Watch> watch = Optional.empty();
    private boolean ended;

    ActiveConfiguration(Optional<Path> main, Clock clock, Consumer<Attempt> told) {
        this.main = main;
        this.clock = clock;
        this.told = told;
    }

    /** What is in force, if anything is. */
    Optional<Loaded> inForce() {
        return inForce;
    }

    /** Every word known so far. */
    Vocabulary vocabulary() {
        return vocabulary.get();
    }

    /** Adds words for good, and has the files read again at the next opportunity. */
    void learn(SettingsVocabulary words) {
        vocabulary.updateAndGet(known -> known.plus(words));
        due.set(true);
    }

    /** How the last attempt ended, after the one that is going on or overdue because words were learnt. */
    Attempt settled() {
        attempting.lock();
        try {
            return due.get() || last.isEmpty() ? attempt(Occasion.BY_ITSELF) : last.get();
        } finally {
            attempting.unlock();
        }
    }

    /** Reads the files if they changed, or if words were learnt; to be called at regular intervals. */
    Optional<Attempt> poll() {
        attempting.lock();
        try {
            boolean changed = watch.map(Watch::isDue).orElse(false);
            return changed || due.get() ? Optional.of(attempt(Occasion.BY_ITSELF)) : Optional.empty();
        } finally {
            attempting.unlock();
        }
    }

    /** Reads the files now, as somebody asked for. */
    Attempt attempt() {
        return attempt(Occasion.ON_COMMAND);
    }

    private Attempt attempt(Occasion occasion) {
        attempting.lock();
        try {
            if (ended) {
                return refused("the configuration store is stopping");
            }
            due.set(false);
            Attempt attempt = main.map(file -> read(file, occasion))
                    .orElseGet(() -> refused("no configuration file is named by the property postern.conf"));
            last = Optional.of(attempt);
            told.accept(attempt);
            return attempt;
        } finally {
            attempting.unlock();
        }
    }

    /** Waits for the attempt that is going on, allows no other, and lets the caller clean up. */
    void end(Runnable cleanUp) {
        attempting.lock();
        try {
            ended = true;
            cleanUp.run();
        } finally {
            attempting.unlock();
        }
    }

    private Attempt read(Path file, Occasion occasion) {
        try {
            Sources.Reading reading = Sources.read(file, clock);
            watch = Optional.of(new Watch(reading.footprint(), clock));
            long next = inForce.map(loaded -> loaded.snapshot().generation()).orElse(0L) + 1;
            Loaded loaded = Interpreter.interpret(reading, vocabulary.get(), next);
            if (occasion == Occasion.BY_ITSELF) {
                refuseWhatIsCutOff(loaded);
            }
            return replace(loaded);
        } catch (RuntimeException | StackOverflowError bug) {
            // A mistake of ours must not cost the operator the configuration that works.
            return refused("reading " + file + " failed unexpectedly: "
                    + bug.getClass().getName());
        }
    }

    /**
     * The beginning of a configuration is often right and may lack the password, the gateway or TLS. Nobody asked for it to be
     * read, so it is more likely to be half written, by a full disk for one, than to be meant.
     */
    private void refuseWhatIsCutOff(Loaded loaded) {
        inForce.filter(before -> !before.isSameAs(loaded))
                .map(before -> loaded.footprint().cutFrom(before.footprint()))
                .orElse(List.of())
                .forEach(file -> loaded.problems()
                        .add(Problem.error(
                                        new Origin(file.toString(), 0, 0),
                                        "holds only the beginning of what is in force, and looks cut off")
                                .hint("if it is meant, \"postern reload\" or SIGHUP puts it in force")));
    }

    private static Attempt refused(String text) {
        return new Attempt.Refused(List.of(Problem.error(NOWHERE, text)), "1 error");
    }

    private Attempt replace(Loaded loaded) {
        if (!loaded.isRight()) {
            return new Attempt.Refused(
                    loaded.problems().kept(), loaded.problems().summary());
        }
        if (inForce.isPresent() && inForce.get().isSameAs(loaded)) {
            return new Attempt.Unchanged(inForce.get());
        }
        Attempt.InForce attempt = new Attempt.InForce(loaded, loaded.changesSince(inForce));
        inForce = Optional.of(loaded);
        return attempt;
    }
}
