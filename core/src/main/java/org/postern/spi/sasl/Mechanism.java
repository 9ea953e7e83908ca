// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.sasl;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.osgi.service.component.annotations.ComponentPropertyType;

/**
 * What the engine knows of a mechanism without asking it. Of several mechanisms that would do, the one with the highest
 * {@code service.ranking} is the strongest.
 */
@ComponentPropertyType
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface Mechanism {

    /** The prefix of the service properties. */
    String PREFIX_ = "postern.mechanism.";

    /** The registered name, in upper case, 1 to 20 characters (RFC 4422 section 3.1). */
    String name();

    /** Whether a peer, or whoever reads along, learns a secret that can be used again. */
    boolean revealsSecret();

    /** The kinds of credential it can use, as {@link org.postern.spi.credential.Credential#kind()} names them. */
    String[] feeds();
}
