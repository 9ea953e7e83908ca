// SPDX-License-Identifier: Apache-2.0
package org.postern.core.session;

import java.util.Objects;
import org.postern.spi.mail.Binding;
import org.postern.spi.mail.RoutingDomain;

/**
 * Whose message a session was opened for. Others with the same {@link SessionKey} may ride it too.
 *
 * @param binding the message's binding
 * @param domain its routing domain
 */
public record Opener(Binding binding, RoutingDomain domain) {

    /** @throws NullPointerException if a part is missing */
    public Opener {
        Objects.requireNonNull(binding, "binding");
        Objects.requireNonNull(domain, "domain");
    }
}
