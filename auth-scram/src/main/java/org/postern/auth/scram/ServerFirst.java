// SPDX-License-Identifier: Apache-2.0
package org.postern.auth.scram;

import java.util.regex.Pattern;
import org.postern.spi.credential.Octets;

/**
 * What the server says first: nonce, salt and count (RFC 5802 section 7, {@code server-first-message}).
 *
 * @param message as it came
 * @param nonce ours and the server's
 * @param salt not empty
 * @param iterations within the bounds of {@link Salting}
 */
record ServerFirst(String message, String nonce, byte[] salt, int iterations) {

    private static final String WHAT = "the peer's first message";
    private static final Pattern PRINTABLE = Pattern.compile("[\\x21-\\x2B\\x2D-\\x7E]+");
    private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,8}");

    /**
     * Reads it.
     *
     * @param clientNonce ours, which the server has to repeat and to extend
     */
    static ServerFirst read(Octets challenge, String clientNonce) throws ScramFailure {
        Attributes attributes = Attributes.of(challenge, WHAT);
        String nonce = nonce(attributes.next('r'), clientNonce);
        byte[] salt = attributes.nextOctets('s');
        int iterations = iterations(attributes.next('i'));
        attributes.restKnowsNothingOf("rsiev");
        return new ServerFirst(attributes.message(), nonce, salt, iterations);
    }

    private static String nonce(String nonce, String clientNonce) throws ScramFailure {
        if (!PRINTABLE.matcher(nonce).matches()) {
            throw new ScramFailure("the peer's nonce holds what a nonce must not");
        }
        if (!nonce.startsWith(clientNonce)) {
            throw new ScramFailure("the peer's nonce does not begin with ours: the answer belongs to another exchange");
        }
        if (nonce.length() == clientNonce.length()) {
            throw new ScramFailure("the peer added nothing to our nonce");
        }
        return nonce;
    }

    private static int iterations(String text) throws ScramFailure {
        if (!NUMBER.matcher(text).matches()) {
            throw new ScramFailure("the peer's iteration count is no number that makes sense");
        }
        int count = Integer.parseInt(text);
        if (count < Salting.LEAST_ITERATIONS) {
            throw new ScramFailure("the peer demands " + count + " iterations, fewer than the "
                    + Salting.LEAST_ITERATIONS + " that keep a password from being guessed");
        }
        if (count > Salting.MOST_ITERATIONS) {
            throw new ScramFailure("the peer demands " + count + " iterations, more than the " + Salting.MOST_ITERATIONS
                    + " that are computed for anybody");
        }
        return count;
    }
}
