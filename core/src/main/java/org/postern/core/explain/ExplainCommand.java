// SPDX-License-Identifier: Apache-2.0
package org.postern.core.explain;

import java.io.InputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.postern.core.text.Json;
import org.postern.engine.EngineRuntime;
import org.postern.engine.dto.Explanation;
import org.postern.spi.command.OperatorCommand;
import org.postern.spi.spool.Spool;

/**
 * {@code explain}: which account a message would go out by, and why. In a running relay it asks the engine that is there.
 * In a container that reads a configuration and moves no mail there is none, because there is no spool; then it brings one
 * without mail, and the engine that comes up on it is the same.
 */
@Component(
        property = {
            OperatorCommand.VERB + "=explain",
            OperatorCommand.SUMMARY + "=Says which account a message would go out by, and why.",
            OperatorCommand.PLACE + "=" + OperatorCommand.CONFIGURED
        })
public final class ExplainCommand implements OperatorCommand {

    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int ARGUMENTS = 2;
    private static final int CONFIGURATION = 3;

    private static final String HELP = """
            usage: explain (-c FILE | --instance DIR) --to ADDRESS [--from ADDRESS] [--binding NAME]
                           [--header 'Name: value']... [--message FILE] [--offline] [--json]

            Says which account a message would go out by, and why: routing domain, what each scope says about each
            option and where that is written, what hooks change, which credential, which mechanisms, and whether the
            secret may be shown. Nothing is sent and no peer is connected to. Secrets are never shown.

              -c FILE              explains by this configuration, whether a relay runs or not
              --instance DIR       asks the relay that runs with this state directory
              --to ADDRESS         the recipient
              --from ADDRESS       the sender; the null sender if not given
              --binding NAME       the binding; if not given, it is chosen as for a message that is handed in
              --header FIELD       a header field that hooks may look at; may be given several times
              --message FILE       takes the header of this message; - reads it from the input
              --offline            asks neither DNS nor credential stores
              --json               prints JSON, for programs

            Exit codes: 0 explained; 1 it could not be found out; 2 the command line is wrong; 3 the configuration is.
            """;

    private final BundleContext bundle;

    /** Made by Declarative Services. */
    @Activate
    public ExplainCommand(BundleContext bundle) {
        this.bundle = bundle;
    }

    @Override
    public int run(List<String> arguments, InputStream in, PrintStream out, PrintStream err) {
        if (arguments.contains("--help") || arguments.contains("-h")) {
            out.print(HELP);
            return DONE;
        }
        try {
            ExplainArguments read = ExplainArguments.parse(arguments, in);
            return explain(read, out, err);
        } catch (ExplainArguments.Wrong wrong) {
            err.println("explain: " + wrong.getMessage());
            err.println("Try: explain --help");
            return ARGUMENTS;
        }
    }

    private int explain(ExplainArguments arguments, PrintStream out, PrintStream err) {
        Optional<ServiceRegistration<Spool>> lent = bundle.getServiceReference(Spool.class) == null
                ? Optional.of(bundle.registerService(Spool.class, new NoMail(), null))
                : Optional.empty();
        try {
            return ask(arguments, out, err);
        } finally {
            lent.ifPresent(ServiceRegistration::unregister);
        }
    }

    private int ask(ExplainArguments arguments, PrintStream out, PrintStream err) {
        ServiceReference<EngineRuntime> reference = bundle.getServiceReference(EngineRuntime.class);
        EngineRuntime engine = reference == null ? null : bundle.getService(reference);
        if (engine == null) {
            err.println("explain: there is no engine at the moment; the log says why");
            return FAILED;
        }
        try {
            print(engine.explain(arguments.request()), arguments.json(), out);
            return DONE;
        } catch (IllegalStateException notNow) {
            err.println("explain: " + notNow.getMessage());
            return CONFIGURATION;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            err.println("explain: interrupted");
            return FAILED;
        } finally {
            bundle.ungetService(reference);
        }
    }

    private static void print(Explanation explanation, boolean json, PrintStream out) {
        if (json) {
            out.println(Json.of(explanation));
        } else {
            ExplanationText.print(explanation, out);
        }
    }
}
