// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.osgi.framework.BundleException;
import org.postern.launcher.container.Assembly;
import org.postern.launcher.container.Container;
import org.postern.launcher.container.ContainerPlan;
import org.postern.launcher.container.StartFailure;
import org.postern.launcher.container.Verb;
import org.postern.launcher.control.ControlSocket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A relay from its start to its end. Used by one thread. */
final class Relay {

    private static final Logger LOG = LoggerFactory.getLogger(Relay.class);

    private final Home home;
    private final Instance instance;
    private final Terminal terminal;
    private final Signals signals;

    Relay(Home home, Instance instance, Terminal terminal, Signals signals) {
        this.home = home;
        this.instance = instance;
        this.terminal = terminal;
        this.signals = signals;
    }

    /**
     * Runs until somebody asks for the end.
     *
     * @param drain how long what is under way may take to finish
     * @return the exit code
     */
    int run(Duration drain) {
        if (!Files.isRegularFile(instance.configuration())) {
            complain(instance.configuration()
                    + (Files.exists(instance.configuration()) ? " is no file" : " is missing"));
            return ExitCode.CONFIGURATION;
        }
        try {
            return runLocked(drain);
        } catch (IOException | BundleException e) {
            complain(reason(e));
            return ExitCode.CANNOT_START;
        }
    }

    private int runLocked(Duration drain) throws IOException, BundleException {
        InstanceLock lock = InstanceLock.take(instance.state());
        try (lock) {
            return startAndServe(drain);
        }
    }

    private int startAndServe(Duration drain) throws IOException, BundleException {
        DropFolderChoice dropped = DropFolderChoice.of(instance.dropFolder());
        StartErrors errors = StartErrors.watch();
        Container container = Container.start(plan(dropped.watched()));
        Readiness readiness = new Readiness(container, errors).await(Duration.ofSeconds(20));
        errors.close();
        int code = started(container, readiness, dropped);
        if (code != ExitCode.OK) {
            container.stop(Duration.ofSeconds(10));
            return code;
        }
        Optional<ControlSocket> control = listen(container);
        serve(container);
        control.ifPresent(ControlSocket::close);
        return stop(container, drain);
    }

    /** A relay without a control socket delivers all the same. */
    private Optional<ControlSocket> listen(Container container) {
        try {
            return Optional.of(ControlSocket.open(instance.state(), new ContainerVerbs(container.context())));
        } catch (IOException closed) {
            LOG.warn("verbs cannot be run in this relay (--instance): {}", closed.getMessage());
            return Optional.empty();
        }
    }

    private ContainerPlan plan(Optional<Path> watched) throws IOException {
        Assembly assembly = home.assembly();
        boolean watch = watched.isPresent();
        return instance.plan(
                assembly.only(bundle -> watch || !bundle.name().equals(DropFolderChoice.WATCHER)), watched);
    }

    private int started(Container container, Readiness readiness, DropFolderChoice dropped) {
        List<StartFailure> failures = container.failures();
        failures.forEach(failure -> complain("does not start: " + failure));
        return switch (readiness.state()) {
            case READY -> {
                new Banner(container, instance, dropped, terminal).print();
                yield ExitCode.OK;
            }
            case WRONG_CONFIGURATION -> {
                readiness.reasons().forEach(line -> terminal.err().println(line));
                yield ExitCode.CONFIGURATION;
            }
            case CANNOT_START -> {
                readiness.reasons().forEach(this::complain);
                yield ExitCode.CANNOT_START;
            }
        };
    }

    private void serve(Container container) {
        try {
            while (signals.next() == Signals.Request.RELOAD) {
                reload(container);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void reload(Container container) {
        Optional<Verb> verb = Verb.find(container.context(), "reload");
        if (verb.isEmpty()) {
            complain("nothing here can read the configuration again");
            return;
        }
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(said, true, StandardCharsets.UTF_8);
        verb.get().run(List.of(), terminal.in(), print, print);
        // What changed, and what is wrong, is in the log by now; this is the answer to the signal.
        said.toString(StandardCharsets.UTF_8)
                .lines()
                .reduce((first, last) -> last)
                .ifPresent(end -> LOG.info("reload: {}", end));
    }

    private int stop(Container container, Duration drain) {
        terminal.err().println("Finishing what is under way; once more to end at once.");
        Thread.ofVirtual().name("postern-second-signal").start(this::endOnSecondRequest);
        if (container.stop(drain)) {
            return ExitCode.OK;
        }
        complain("not everything was finished within " + drain.toSeconds() + " s; the rest is on the spool");
        return ExitCode.NOT_DRAINED;
    }

    private void endOnSecondRequest() {
        try {
            while (signals.next() != Signals.Request.STOP) {
                complain("ending; the configuration is not read again");
            }
            Runtime.getRuntime().halt(ExitCode.NOT_DRAINED);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void complain(String what) {
        terminal.err().println(terminal.bad("postern: ") + what);
    }

    private static String reason(Exception e) {
        String kind = e.getClass().getSimpleName().replace("Exception", "");
        return e instanceof FileSystemException file
                ? file.getFile() + ": " + (file.getReason() == null ? kind : file.getReason())
                : e.getMessage();
    }
}
