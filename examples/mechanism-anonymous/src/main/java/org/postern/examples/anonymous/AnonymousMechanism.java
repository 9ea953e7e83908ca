// SPDX-License-Identifier: Apache-2.0
package org.postern.examples.anonymous;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.propertytypes.ServiceRanking;
import org.postern.spi.credential.Credential;
import org.postern.spi.credential.IdentityOnly;
import org.postern.spi.credential.Octets;
import org.postern.spi.sasl.Mechanism;
import org.postern.spi.sasl.SaslContext;
import org.postern.spi.sasl.SaslExchange;
import org.postern.spi.sasl.SaslMechanism;

/**
 * ANONYMOUS: the client says who it would like to be remembered as, and proves nothing. The user of the configuration is
 * that trace; without one an empty message is sent.
 */
@Component
@Mechanism(name = "ANONYMOUS", revealsSecret = false, feeds = IdentityOnly.KIND)
@ServiceRanking(1)
public final class AnonymousMechanism implements SaslMechanism {

    /** RFC 4505 section 2. */
    private static final int LONGEST_TRACE = 255;

    /** Has no settings. */
    @Activate
    public AnonymousMechanism() {}

    @Override
    public SaslExchange open(SaslContext context, Credential credential) {
        if (!(credential instanceof IdentityOnly nobody)) {
            throw new IllegalArgumentException("ANONYMOUS takes a user and no secret");
        }
        return new AnonymousExchange(Octets.utf8(checked(nobody.user())));
    }

    private static String checked(String trace) {
        if (trace.codePointCount(0, trace.length()) > LONGEST_TRACE) {
            throw new IllegalArgumentException("the user has more than " + LONGEST_TRACE + " characters");
        }
        // The trace profile of RFC 4505 section 3, as far as a peer or its log could be led astray by what it
        // prohibits.
        if (trace.codePoints()
                .anyMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE)) {
            throw new IllegalArgumentException("the user holds a control character, which ANONYMOUS does not permit");
        }
        return trace;
    }
}
