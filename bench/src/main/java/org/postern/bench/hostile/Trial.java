// SPDX-License-Identifier: Apache-2.0
package org.postern.bench.hostile;

import java.io.IOException;

/** One kind of bad input. */
@FunctionalInterface
interface Trial {

    /**
     * Lets a relay have it.
     *
     * @throws IOException if it could not be tried, which says nothing of the relay
     */
    Finding run(Ground ground) throws IOException, InterruptedException;
}
