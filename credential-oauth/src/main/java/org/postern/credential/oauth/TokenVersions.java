// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.oauth;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;
import org.postern.spi.credential.CredentialVersion;

/** Counts the tokens of one life of a store. Tokens do not outlive it, so neither need the numbers. */
final class TokenVersions {

    private final String life;
    private final AtomicLong count = new AtomicLong();

    TokenVersions() {
        byte[] octets = new byte[4];
        new SecureRandom().nextBytes(octets);
        this.life = HexFormat.of().formatHex(octets);
    }

    CredentialVersion next() {
        return new CredentialVersion(life + "-" + count.incrementAndGet());
    }
}
