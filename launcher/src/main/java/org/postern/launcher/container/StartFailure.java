// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher.container;

/**
 * A bundle that does not run although it should.
 *
 * @param bundle its symbolic name, or its file where the name is not known
 * @param reason why, in one line
 */
public record StartFailure(String bundle, String reason) {

    @Override
    public String toString() {
        return bundle + ": " + reason;
    }
}
