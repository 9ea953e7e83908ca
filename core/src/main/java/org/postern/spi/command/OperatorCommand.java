// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.command;

import java.io.InputStream;
import java.io.PrintStream;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A verb of the operator's command line, such as {@code vault} or {@code check}, offered by the bundle that knows how.
 * Registered as an OSGi service with the property {@code postern.command}, the verb. The command line starts a container
 * for it or calls it in a running one; only types of the JDK cross the border.
 *
 * <p>Output may be emphasised by escape sequences that set colours and weight (ECMA-48, SGR). The command line takes them
 * out where nobody would see them.
 *
 * <p>Threading: several calls may run at once.
 */
@ConsumerType
public interface OperatorCommand {

    /** The service property that holds the verb. */
    String VERB = "postern.command";

    /** The service property that holds one line for the list of verbs. */
    String SUMMARY = "postern.command.summary";

    /** The service property that says where the verb makes sense; without it, in any container. */
    String PLACE = "postern.command.place";

    /** {@link #PLACE}: where a configuration is in force, be it in a running relay or in a container that moves no mail. */
    String CONFIGURED = "configured";

    /** {@link #PLACE}: only in a relay that runs. */
    String RUNNING = "running";

    /**
     * The service property of a verb for any container that names an option: with it on the line, the verb is run where the
     * configuration that {@code -c} names is in force as in {@link #CONFIGURED}, or was tried and is wrong. The verb is
     * handed {@code -c} all the same.
     */
    String CONFIGURED_WITH = "postern.command.configured.with";

    /**
     * Does it. A caller that does not want the answer any more interrupts the thread.
     *
     *
     * @param arguments what follows the verb; {@code --help} is answered with 0
     * @param in the operator's input
     * @param out for results
     * @param err for errors and prompts
     * @return the exit code: 0 done, 1 the work failed, 2 the arguments are wrong, 3 the configuration is wrong
     */
    int run(List<String> arguments, InputStream in, PrintStream out, PrintStream err);
}
