// SPDX-License-Identifier: Apache-2.0
package org.postern.core.cluster;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.postern.spi.cluster.Register;
import org.postern.spi.text.Printable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs verbs for operators of other nodes. A question is for the relays that it names, is taken up within some seconds or never,
 * and is answered once however often it is heard.
 *
 * <p>Threading: each question has a thread of its own. It is no virtual one: those lose their connections to a storage where they
 * are interrupted.
 */
@Singleton
public final class Answering implements Cluster.Follower {

    /** Whoever asks gives up soon after, and takes the question back. */
    static final Duration FRESH = Duration.ofSeconds(15);

    private static final Logger LOG = LoggerFactory.getLogger(Answering.class);
    private static final Duration REMEMBERED = Duration.ofMinutes(5);
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int AT_ONCE = 8;
    private static final int FAILED = 1;

    private final Cluster cluster;
    private final Relays relays;
    private final Executor threads;
    private final Pause pause;
    private final Map<String, Task> tasks = new ConcurrentHashMap<>();
    private volatile Verbs verbs = Verbs.NONE;

    /** What may be run for others. */
    @FunctionalInterface
    public interface Verbs {

        /** Where none may be run. */
        Verbs NONE = (words, out, err) -> {
            err.println("postern: this relay is starting or stopping; try again");
            return VerbResult.of(FAILED);
        };

        /**
         * Runs one, without input.
         *
         * @param words the verb and what follows it
         */
        VerbResult run(List<String> words, PrintStream out, PrintStream err) throws InterruptedException;
    }

    /** Follows the cluster. */
    @Inject
    public Answering(Cluster cluster, Relays relays) {
        this(
                cluster,
                relays,
                work -> Thread.ofPlatform().daemon().name("postern-answer").start(work),
                Pause.REAL);
    }

    /**
     * Follows the cluster.
     *
     * @param threads runs what is asked for, one question at a time each
     * @param pause until the storage is asked again where it did not answer
     */
    public Answering(Cluster cluster, Relays relays, Executor threads, Pause pause) {
        this.cluster = cluster;
        this.relays = relays;
        this.threads = threads;
        this.pause = pause;
        cluster.follow(Question.TOPIC, this);
    }

    /** Who runs what others ask for, from now on. */
    public void by(Verbs runner) {
        verbs = runner;
    }

    @Override
    public void heard(Register register) {
        Question question;
        try {
            question = Question.decoded(register.value());
        } catch (IOException foreign) {
            LOG.info("what another node asks is not understood here: {}", foreign.getMessage());
            return;
        }
        if (question.withdrawn()) {
            Optional.ofNullable(tasks.get(register.name())).ifPresent(Task::withdraw);
        } else if (register.age().compareTo(FRESH) <= 0) {
            begin(register.name(), question, relays.own());
        }
    }

    private void begin(String name, Question question, String relay) {
        if (question.to().contains(relay)) {
            Task task = new Task(question, new Answer(cluster, name, relay));
            if (tasks.putIfAbsent(name, task) == null) {
                threads.execute(task);
            }
        }
    }

    /** Says of all that is worked on that it is. */
    @Override
    public void caughtUp() {
        Instant now = cluster.now();
        tasks.values()
                .removeIf(task -> task.isOver() && task.heardAt.plus(REMEMBERED).isBefore(now));
        tasks.values().stream().filter(task -> !task.isOver()).forEach(task -> task.answer.signOfLife());
    }

    /** Nobody waits for a node that ends. */
    @Override
    public void leave() {
        tasks.values().forEach(Task::withdraw);
    }

    private boolean areTooMany() {
        return tasks.values().stream().filter(task -> !task.isOver()).count() > AT_ONCE;
    }

    /** One question. */
    private final class Task implements Runnable {

        final Question question;
        final Answer answer;
        final Instant heardAt = cluster.now();
        private Thread running;
        private boolean withdrawn;
        private volatile boolean over;

        Task(Question question, Answer answer) {
            this.question = question;
            this.answer = answer;
        }

        boolean isOver() {
            return over;
        }

        synchronized void withdraw() {
            withdrawn = true;
            if (running != null) {
                running.interrupt();
            }
        }

        private synchronized boolean mayRun() {
            running = withdrawn ? null : Thread.currentThread();
            return !withdrawn;
        }

        private synchronized boolean isWanted() {
            return !withdrawn;
        }

        private synchronized void ran() {
            running = null;
            // What it was interrupted by is done with.
            Thread.interrupted();
        }

        @Override
        public void run() {
            try {
                if (answer.begin()) {
                    PackedOutput output = new PackedOutput(PackedOutput.MOST_PACKED);
                    byte[] packed = output.finish(result(output));
                    if (isWanted()) {
                        answer.tell(packed, pause, cluster.now().plus(PATIENCE));
                    }
                }
            } catch (InterruptedException ending) {
                Thread.currentThread().interrupt();
            } finally {
                over = true;
            }
        }

        private VerbResult result(PackedOutput output) {
            if (areTooMany()) {
                output.err().println("postern: " + AT_ONCE + " verbs are being run for other nodes already; try again");
                return VerbResult.of(FAILED);
            }
            String verb = question.words().getFirst();
            if (!mayRun()) {
                return VerbResult.of(FAILED);
            }
            LOG.info("verb {} is run for an operator at node {}", verb(), Printable.of(question.by()));
            try {
                return verbs.run(question.words(), output.out(), output.err());
            } catch (InterruptedException told) {
                output.err().println(verb + ": interrupted; what was done by then stays done");
                return VerbResult.of(FAILED);
            } catch (RuntimeException | LinkageError broken) {
                LOG.error("verb {} failed", Printable.of(verb), broken);
                output.err().println("postern: verb " + verb + " failed; the log of the relay says how");
                return VerbResult.of(FAILED);
            } finally {
                ran();
            }
        }

        /** With what it is to do, which is no option. */
        private String verb() {
            return String.join(
                    " ",
                    question.words().stream()
                            .limit(2)
                            .filter(word -> !word.startsWith("-"))
                            .map(Printable::of)
                            .toList());
        }
    }
}
