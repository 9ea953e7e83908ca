// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher.demo;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntPredicate;
import org.osgi.framework.BundleException;
import org.postern.launcher.Directories;
import org.postern.launcher.ExitCode;
import org.postern.launcher.Home;
import org.postern.launcher.Instance;
import org.postern.launcher.LogLevel;
import org.postern.launcher.Readiness;
import org.postern.launcher.Signals;
import org.postern.launcher.StartErrors;
import org.postern.launcher.Terminal;
import org.postern.launcher.container.Assembly;
import org.postern.launcher.container.Container;
import org.postern.launcher.container.Services;

/** One demonstration, from an empty directory to the verdict. Used by one thread. */
final class Demo {

    private static final Duration FLOW = Duration.ofMillis(2_500);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /**
     * What was asked for.
     *
     * @param messages how many messages
     * @param keep whether all is left running
     * @param json whether the result is for scripts
     */
    record Wishes(int messages, boolean keep, boolean json) {}

    private final Home home;
    private final Terminal terminal;
    private final Wishes wishes;
    private final Narrator narrator;
    private final List<String> swapped = new ArrayList<>();

    Demo(Home home, Terminal terminal, Wishes wishes) {
        this.home = home;
        this.terminal = terminal;
        this.wishes = wishes;
        this.narrator = new Narrator(terminal, wishes.json() ? terminal.err() : terminal.out());
    }

    int run() throws IOException, BundleException {
        DemoFiles files = DemoFiles.create();
        Thread cleaning = Thread.ofPlatform().unstarted(() -> clean(files, false));
        Runtime.getRuntime().addShutdownHook(cleaning);
        LogLevel.toFile(files.log());
        try (DemoPeers peers = DemoPeers.start(files.authority())) {
            files.configureFromFile(peers);
            narrator.say("peers are up: messagesystems.com demands TLS and LOGIN, sparkpost.com TLS and PLAIN");
            boolean perfect = withRelay(files, peers);
            Runtime.getRuntime().removeShutdownHook(cleaning);
            clean(files, !perfect);
            return perfect ? ExitCode.OK : ExitCode.FAILED;
        }
    }

    private boolean withRelay(DemoFiles files, DemoPeers peers) throws IOException, BundleException {
        Assembly assembly = home.assembly().only(bundle -> !bundle.name().equals("org.apache.felix.fileinstall"));
        Instance instance = new Instance(files.configuration(), files.state());
        try (StartErrors errors = StartErrors.watch();
                Container container = Container.start(instance.plan(assembly, Optional.empty()))) {
            Readiness readiness = new Readiness(container, errors).await(Duration.ofSeconds(20));
            if (readiness.state() != Readiness.State.READY) {
                throw new IOException("the relay does not start: " + String.join("; ", readiness.reasons()));
            }
            return flow(container, files, peers);
        }
    }

    private boolean flow(Container container, DemoFiles files, DemoPeers peers) throws IOException, BundleException {
        Services services = new Services(container.context());
        InetSocketAddress listener = address(services.listeners().getFirst());
        narrator.say("relay is up on " + services.listeners().getFirst() + " with mechanisms "
                + String.join(", ", services.mechanisms()) + "; " + wishes.messages() + " messages follow");
        Injection injection = new Injection(listener, peers, wishes.messages(), FLOW);
        CompletableFuture<Void> injected = injection.start();
        Swaps swaps = new Swaps(container, files, peers, narrator);
        swap(swaps, peers, injection, injected);
        boolean complete = await(peers, count -> count >= wishes.messages(), PATIENCE, injected);
        swaps.sumUpLogins();
        narrator.say(complete ? "all mail has arrived" : "mail is missing, and the time is up");
        // A second copy would come late.
        await(peers, count -> count > wishes.messages(), Duration.ofMillis(200), injected);
        Verdict verdict = verdict(injection, peers, files);
        tell(verdict, files);
        if (wishes.keep()) {
            keep(listener, files);
        }
        return verdict.perfect();
    }

    private void swap(Swaps swaps, DemoPeers peers, Injection injection, CompletableFuture<Void> injected)
            throws IOException, BundleException {
        flowed(peers, 0.2, injected);
        swaps.moveCredentialsToVault();
        swapped.add("credentials moved to the vault");
        flowed(peers, 0.4, injected);
        swaps.rotate();
        swapped.add("password of sparkpost.com changed");
        flowed(peers, 0.6, injected);
        swaps.endChangeover();
        swaps.replaceLoginBundle();
        swapped.add("LOGIN bundle replaced");
        flowed(peers, 0.8, injected);
        injection.finish();
    }

    /** Lets mail flow until this part of it has arrived, and tells how far it is. */
    private void flowed(DemoPeers peers, double part, CompletableFuture<Void> injected) throws IOException {
        int wanted = (int) (wishes.messages() * part);
        if (!await(peers, count -> count >= wanted, PATIENCE, injected)) {
            throw new IOException("mail does not flow any more: " + peers.received() + " of " + wishes.messages());
        }
        for (Ledger ledger : peers.ledgers()) {
            PeerReport now = ledger.report();
            narrator.say(String.format(
                    "%-20s %5d messages as %s by %s under %s",
                    now.domain(),
                    now.messages(),
                    now.user(),
                    String.join(", ", now.mechanisms()),
                    String.join(", ", now.tls())));
        }
    }

    private static boolean await(
            DemoPeers peers, IntPredicate enough, Duration atMost, CompletableFuture<Void> injected)
            throws IOException {
        long deadline = System.nanoTime() + atMost.toNanos();
        CountDownLatch never = new CountDownLatch(1);
        try {
            while (!enough.test(peers.received()) && System.nanoTime() < deadline) {
                failIfFailed(injected);
                never.await(5, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return enough.test(peers.received());
    }

    private static void failIfFailed(CompletableFuture<Void> injected) throws IOException {
        try {
            injected.get(0, TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e.getCause());
        } catch (TimeoutException stillAtIt) {
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Verdict verdict(Injection injection, DemoPeers peers, DemoFiles files) {
        return new Verdict(
                injection.accepted(),
                peers.ledgers().stream().map(Ledger::report).toList(),
                swapped,
                narrator.seconds(),
                files.transcript().toString());
    }

    private void tell(Verdict verdict, DemoFiles files) {
        narrator.plain("");
        narrator.plain(verdict.table(terminal));
        narrator.plain("  Transcript, without secrets: " + files.transcript());
        if (wishes.json()) {
            terminal.out().println(verdict.json());
        }
    }

    private void keep(InetSocketAddress listener, DemoFiles files) {
        String server = listener.getHostString() + ":" + listener.getPort();
        narrator.plain("""

                  Relay and peers keep running; Ctrl-C ends them. To play:
                    printf 'Subject: hello\\n\\nIt works.\\n' | ./postern send --server %s -f me@example.com you@sparkpost.com
                    ./postern vault list --file %s
                    tail -f %s
                    less %s\
                """.formatted(server, files.vault(), files.transcript(), files.log()));
        Signals signals = Signals.ofProcess();
        try {
            while (signals.next() != Signals.Request.STOP) {
                narrator.say("the relay notices changes of its files by itself");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static InetSocketAddress address(String text) {
        int colon = text.lastIndexOf(':');
        return new InetSocketAddress(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
    }

    /** Leaves the transcript; and the log as well, if something went wrong. */
    private static void clean(DemoFiles files, boolean keepLog) {
        try (DirectoryStream<Path> content = Files.newDirectoryStream(files.directory())) {
            for (Path path : content) {
                boolean kept = path.equals(files.transcript()) || keepLog && path.equals(files.log());
                if (!kept) {
                    Directories.delete(path);
                }
            }
        } catch (IOException e) {
            // A file of the relay may still be open; the system's temporary folder is cleaned by others.
            return;
        }
    }
}
