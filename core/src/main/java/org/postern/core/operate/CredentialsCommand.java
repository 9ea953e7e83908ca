// SPDX-License-Identifier: Apache-2.0
package org.postern.core.operate;

import java.io.InputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.postern.core.text.Json;
import org.postern.engine.EngineRuntime;
import org.postern.engine.dto.CredentialView;
import org.postern.spi.command.OperatorCommand;
import org.postern.spi.event.DeliveryListener;

/** {@code credentials}: how the credentials of a running relay are, and a login with one at once. */
@Component(
        property = {
            OperatorCommand.VERB + "=credentials",
            OperatorCommand.SUMMARY + "=Shows how credentials fare at their peers, and has one tried at once.",
            OperatorCommand.PLACE + "=" + OperatorCommand.RUNNING
        })
public final class CredentialsCommand implements OperatorCommand {

    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int ARGUMENTS = 2;
    /** Not everything that becomes of a login is news to listeners. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    private static final String HELP = """
            usage: credentials --instance DIR [list] [--json]
                   credentials --instance DIR show REFERENCE [--json]
                   credentials --instance DIR retry REFERENCE [--wait[=SECONDS]]

            Shows the credentials that a running relay has used since it started: which version at which peer, how
            old it is and when it expires, whether logins work or wait, how the last one ended, how many sessions
            are open, and how far limits are used up. Secrets are never shown.

              list              one line for each
              show REFERENCE    everything about one, such as vault:relay-1, or relay-1 in any store
              retry REFERENCE   asks the store anew and has the credential tried at once, by the next message that
                                waits for it. A peer sees one such login between two regular ones and no more.
              --wait            waits for that login, 60 seconds if nothing else is said, and says how it ended
              --json            prints JSON, for programs
              --instance DIR    the state directory of the relay

            Exit codes: 0 done; with --wait, the login succeeded; 1 there is no such credential, or the login was
            refused or did not take place; 2 the command line is wrong.
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
        CredentialsArguments read;
        try {
            read = CredentialsArguments.parse(arguments);
        } catch (CredentialsArguments.Wrong wrong) {
            err.println("credentials: " + wrong.getMessage());
            err.println("Try: credentials --help");
            return ARGUMENTS;
        }
        ServiceReference<EngineRuntime> reference = bundle.getServiceReference(EngineRuntime.class);
        EngineRuntime engine = reference == null ? null : bundle.getService(reference);
        if (engine == null) {
            err.println("credentials: there is no engine at the moment; the log says why");
            return FAILED;
        }
        Semaphore news = new Semaphore(0);
        ServiceRegistration<DeliveryListener> listening =
                bundle.registerService(DeliveryListener.class, event -> news.release(), null);
        try {
            return new Inquiry(engine, read, news, out, err).answer();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            err.println("credentials: interrupted");
            return FAILED;
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

        int answer() throws InterruptedException {
            return switch (arguments.action()) {
                case LIST -> print(engine.credentials(), true);
                case SHOW -> show(arguments.reference().orElseThrow());
                case RETRY -> retry(arguments.reference().orElseThrow());
            };
        }

        private int print(List<CredentialView> found, boolean brief) {
            if (arguments.json()) {
                out.println(Json.of(found));
            } else if (brief) {
                CredentialsText.list(found, Instant.now(), out);
            } else {
                found.forEach(one -> CredentialsText.show(one, Instant.now(), out));
            }
            return DONE;
        }

        private int show(String reference) {
            List<CredentialView> found = engine.credentials().stream()
                    .filter(one -> names(reference, one))
                    .toList();
            return found.isEmpty() ? unknown(reference) : print(found, false);
        }

        private static boolean names(String reference, CredentialView one) {
            return one.reference().equals(reference) || one.reference().endsWith(":" + reference);
        }

        private int unknown(String reference) {
            err.println("credentials: nothing is known of " + CredentialsText.clean(reference)
                    + ": no login was tried with it since the relay started. 'credentials list' shows what is known.");
            return FAILED;
        }

        private int retry(String reference) throws InterruptedException {
            Instant begun = Instant.now();
            List<CredentialView> concerned = engine.retry(reference);
            if (concerned.isEmpty()) {
                return unknown(reference);
            }
            concerned.forEach(one -> out.println(CredentialsText.due(one)));
            return arguments.patience().isPresent()
                    ? await(reference, begun, arguments.patience().get())
                    : DONE;
        }

        private int await(String reference, Instant begun, Duration patience) throws InterruptedException {
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
                    return ended.get().state().equals("well") ? DONE : FAILED;
                }
                if (!Instant.now().isBefore(end)) {
                    err.println("credentials: no login took place within " + patience.toSeconds()
                            + " seconds; is there mail for it?");
                    return FAILED;
                }
                news.tryAcquire(LOOK.toMillis(), TimeUnit.MILLISECONDS);
                news.drainPermits();
            }
        }
    }
}
