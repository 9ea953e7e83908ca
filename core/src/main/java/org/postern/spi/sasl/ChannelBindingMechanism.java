// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.sasl;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Beside {@link SaslMechanism}: a mechanism that ties itself to the TLS channel (RFC 5801 section 5). It is offered only
 * sessions for which it says that it can.
 */
@ConsumerType
public interface ChannelBindingMechanism extends SaslMechanism {

    /** Whether this session's TLS gives a binding that the mechanism can use. */
    boolean canBind(TlsEvidence tls);
}
