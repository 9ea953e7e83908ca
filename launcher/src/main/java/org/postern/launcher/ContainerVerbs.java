// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher;

import java.io.InputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import org.osgi.framework.BundleContext;
import org.postern.launcher.container.Verb;
import org.postern.launcher.control.VerbRunner;

/**
 * The verbs that a container has at this moment.
 *
 * @param context the way to its services
 */
record ContainerVerbs(BundleContext context) implements VerbRunner {

    @Override
    public int run(String verb, List<String> arguments, InputStream in, PrintStream out, PrintStream err) {
        Optional<Verb> found = Verb.find(context, verb);
        if (found.isEmpty()) {
            err.println("postern: no bundle of this relay knows the verb " + verb);
            return ExitCode.USAGE;
        }
        return found.get().run(arguments, in, out, err);
    }
}
