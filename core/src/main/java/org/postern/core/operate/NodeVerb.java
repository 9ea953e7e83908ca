// SPDX-License-Identifier: Apache-2.0
package org.postern.core.operate;

import java.io.PrintStream;
import java.util.List;
import org.postern.core.cluster.VerbResult;

/** A verb that may be run for an operator of another node. Threading: several calls may run at once. */
public interface NodeVerb {

    /** Which one. */
    String verb();

    /**
     * Does on this node what is meant for all nodes. It asks nobody anything, and says nothing of names that are unknown here.
     *
     * @param arguments what follows the verb
     */
    VerbResult runHere(List<String> arguments, PrintStream out, PrintStream err) throws InterruptedException;
}
