// SPDX-License-Identifier: Apache-2.0
package org.postern.core.sasl;

import org.postern.core.smtp.SmtpConnection;
import org.postern.core.smtp.SmtpFault;
import org.postern.spi.sasl.SaslExchange;

/** Runs one AUTH exchange (RFC 4954 section 4). */
public final class SaslDialogue {

    private SaslDialogue() {}

    /**
     * Authenticates the session. The exchange is not closed here.
     *
     * @param mechanism the registered name, in upper case
     * @throws SmtpFault if the session broke
     */
    public static AuthResult authenticate(SmtpConnection connection, String mechanism, SaslExchange exchange)
            throws SmtpFault {
        throw new UnsupportedOperationException();
    }
}
