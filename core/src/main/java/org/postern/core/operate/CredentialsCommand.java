// SPDX-License-Identifier: Apache-2.0
package org.postern.core.operate;

import java.io.InputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.postern.core.cluster.OtherNodes;
import org.postern.core.cluster.Pause;
import org.postern.core.cluster.VerbResult;
import org.postern.core.text.Json;
import org.postern.engine.EngineRuntime;
import org.postern.engine.dto.CredentialView;
import org.postern.spi.command.OperatorCommand;
import org.postern.spi.event.DeliveryListener;

/** {@code credentials}: how the credentials of a running relay are, and a login with one at once. */
@Component(
        service = {OperatorCommand.class, NodeVerb.class},
        property = {
            OperatorCommand.VERB + "=credentials",
            OperatorCommand.SUMMARY + "=Shows how credentials fare at their peers, and has one tried at once.",
            OperatorCommand.PLACE + "=" + OperatorCommand.RUNNING
        })
public final class CredentialsCommand implements OperatorCommand, NodeVerb {

    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int ARGUMENTS = 2;
    /** Not everything that becomes of a login is news to listeners. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    private static final String HELP = """
            usage: credentials --instance DIR [list] [--json]
                   credentials --instance DIR show REFERENCE [--json]
                   credentials --instance DIR retry REFERENCE [--wait[=SECONDS]]
                   credentials --instance DIR … --all-nodes

            Shows the credentials that a running relay has used since it started: which version at which peer, how
            old it is and when it expires, whether logins work or wait, how the last one ended, how many sessions
            are open, and how far limits are used up. Secrets are never shown.

              list              one line for each
              show REFERENCE    everything about one, such as vault:relay-1, or relay-1 in any store
              retry REFERENCE   asks the store anew and has the credential tried at once, by the next message that
                                waits for it. A peer sees one such login between two regular ones and no more.
              --wait            waits for that login, 60 seconds if nothing else is said, and says how it ended
              --json            prints JSON, for programs
              --all-nodes       the same on every node that shares the queue
              --instance DIR    the state directory of the relay

            Exit codes: 0 done; with --wait, the login succeeded; 1 there is no such credential, the login was
            refused or did not take place, or a node did not answer; 2 the command line is wrong;
            3 --all-nodes, and no queue is shared.
            """;

    private final BundleContext bundle;

    /** Made by Declarative Services. */
    @Activate
    public CredentialsCommand(BundleContext bundle) {
        this.bundle = bundle;
    }

    @Override
    public int run(List<String> arguments, InputStream in, PrintStream out, PrintStream err) {
        if (arguments.contains("--help") || arguments.contains("-h")) {
            out.print(HELP);
            return DONE;
        }
        try {
            CredentialsArguments read = CredentialsArguments.parse(arguments);
            if (read.allNodes()) {
                return onAllNodes(read, arguments, out, err);
            }
            VerbResult result = run(read, out, err);
            result.missing().forEach(reference -> complain(reference, err));
            return result.missing().isEmpty() ? result.code() : FAILED;
        } catch (CredentialsArguments.Wrong wrong) {
            return complain(wrong, err).code();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            err.println("credentials: interrupted");
            return FAILED;
        }
    }

    @Override
    public String verb() {
        return "credentials";
    }

    @Override
    public VerbResult runHere(List<String> arguments, PrintStream out, PrintStream err) throws InterruptedException {
        try {
            return run(CredentialsArguments.parse(arguments), out, err);
        } catch (CredentialsArguments.Wrong wrong) {
            return complain(wrong, err);
        }
    }

    private static VerbResult complain(CredentialsArguments.Wrong wrong, PrintStream err) {
        err.println("credentials: " + wrong.getMessage());
        err.println("Try: credentials --help");
        return VerbResult.of(ARGUMENTS);
    }

    private static void complain(String reference, PrintStream err) {
        err.println("credentials: nothing is known of " + CredentialsText.clean(reference)
                + ": no login was tried with it since the relay started. 'credentials list' shows what is known.");
    }

    private int onAllNodes(CredentialsArguments read, List<String> arguments, PrintStream out, PrintStream err)
            throws InterruptedException {
        ServiceReference<OtherNodes> reference = bundle.getServiceReference(OtherNodes.class);
        OtherNodes others = reference == null ? null : bundle.getService(reference);
        if (others == null) {
            return noEngine(err).code();
        }
        try {
            return new AllNodes(this, read.json(), Pause.REAL, out, err).run(others, arguments, arguments);
        } finally {
            bundle.ungetService(reference);
        }
    }

    private static VerbResult noEngine(PrintStream err) {
        err.println("credentials: there is no engine at the moment; the log says why");
        return VerbResult.of(FAILED);
    }

    private VerbResult run(CredentialsArguments read, PrintStream out, PrintStream err) throws InterruptedException {
        ServiceReference<EngineRuntime> reference = bundle.getServiceReference(EngineRuntime.class);
        EngineRuntime engine = reference == null ? null : bundle.getService(reference);
        if (engine == null) {
            return noEngine(err);
        }
        Semaphore news = new Semaphore(0);
        ServiceRegistration<DeliveryListener> listening =
                bundle.registerService(DeliveryListener.class, event -> news.release(), null);
        try {
            return new Inquiry(engine, read, news, out, err).answer();
        } finally {
            listening.unregister();
            bundle.ungetService(reference);
        }
    }

    /**
     * One call.
     *
     * @param news has a permit for each thing that happened in the engine
     */
    record Inquiry(
            EngineRuntime engine, CredentialsArguments arguments, Semaphore news, PrintStream out, PrintStream err) {

        VerbResult answer() throws InterruptedException {
            return switch (arguments.action()) {
                case LIST -> print(engine.credentials(), true);
                case SHOW -> show(arguments.reference().orElseThrow());
                case RETRY -> retry(arguments.reference().orElseThrow());
            };
        }

        private VerbResult print(List<CredentialView> found, boolean brief) {
            if (arguments.json()) {
                out.println(Json.of(found));
            } else if (brief) {
                CredentialsText.list(found, Instant.now(), out);
            } else {
                found.forEach(one -> CredentialsText.show(one, Instant.now(), out));
            }
            return VerbResult.of(DONE);
        }

        private VerbResult show(String reference) {
            List<CredentialView> found = engine.credentials().stream()
                    .filter(one -> names(reference, one))
                    .toList();
            return found.isEmpty() ? unknown(reference) : print(found, false);
        }

        private static boolean names(String reference, CredentialView one) {
            return one.reference().equals(reference) || one.reference().endsWith(":" + reference);
        }

        private static VerbResult unknown(String reference) {
            return new VerbResult(DONE, Set.of(reference));
        }

        private VerbResult retry(String reference) throws InterruptedException {
            Instant begun = Instant.now();
            List<CredentialView> concerned = engine.retry(reference);
            if (concerned.isEmpty()) {
                return unknown(reference);
            }
            concerned.forEach(one -> out.println(CredentialsText.due(one)));
            return arguments.patience().isPresent()
                    ? await(reference, begun, arguments.patience().get())
                    : VerbResult.of(DONE);
        }

        private VerbResult await(String reference, Instant begun, Duration patience) throws InterruptedException {
            Instant end = begun.plus(patience);
            while (true) {
                Optional<CredentialView> ended = engine.credentials().stream()
                        .filter(one -> names(reference, one))
                        .filter(one -> one.lastLogin()
                                .filter(when -> when.isAfter(begun))
                                .isPresent())
                        .findFirst();
                if (ended.isPresent()) {
                    out.println(CredentialsText.ended(ended.get()));
                    return VerbResult.of(ended.get().state().equals("well") ? DONE : FAILED);
                }
                if (!Instant.now().isBefore(end)) {
                    err.println("credentials: no login took place within " + patience.toSeconds()
                            + " seconds; is there mail for it?");
                    return VerbResult.of(FAILED);
                }
                news.tryAcquire(LOOK.toMillis(), TimeUnit.MILLISECONDS);
                news.drainPermits();
            }
        }
    }
}
