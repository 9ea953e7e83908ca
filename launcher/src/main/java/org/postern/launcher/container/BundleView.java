// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher.container;

import org.osgi.framework.Bundle;
import org.osgi.framework.Version;

/**
 * A bundle as an operator sees it.
 *
 * @param name its symbolic name
 * @param version its version
 * @param active whether it runs
 */
public record BundleView(String name, Version version, boolean active) {

    static BundleView of(Bundle bundle) {
        return new BundleView(bundle.getSymbolicName(), bundle.getVersion(), bundle.getState() == Bundle.ACTIVE);
    }
}
