// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import java.security.cert.CertificateException;

/** The policy asks for a better certificate than the peer has. */
final class CertificateRefusedException extends CertificateException {

    private static final long serialVersionUID = 1L;

    CertificateRefusedException(String verdict) {
        super(verdict);
    }
}
