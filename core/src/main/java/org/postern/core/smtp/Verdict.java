// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

/**
 * What is to be thought of a peer's certificate.
 *
 * @param trusted whether the chain leads to a trusted certificate
 * @param named whether the certificate names the host
 * @param text one line for people
 */
record Verdict(boolean trusted, boolean named, String text) {

    boolean isVerified() {
        return trusted && named;
    }

    boolean satisfies(TlsPolicy.Verification verification) {
        return switch (verification) {
            case NONE, OPTIONAL -> true;
            case CA -> trusted;
            case HOST -> trusted && named;
        };
    }
}
