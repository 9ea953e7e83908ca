// SPDX-License-Identifier: Apache-2.0
package org.postern.peer;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** One line of a dialogue. */
sealed interface Step {

    /** Where the line stands and how it reads. */
    Source source();

    /** A place in a dialogue: its line, counted from 1, and the text there. */
    record Source(int line, String text) {}

    /** So many octets, then a rest. */
    record Pace(int octets, Duration rest) {}

    /** {@code S:} and {@code S!}, perhaps several times, perhaps slowly. */
    record Say(Source source, byte[] octets, int times, Optional<Pace> pace) implements Step {

        /** Whether the client is expected to lose patience half-way. */
        boolean tries() {
            return times > 1 || pace.isPresent();
        }
    }

    /** {@code C:}, perhaps several times. */
    record Hear(Source source, Pattern pattern, int times) implements Step {}

    /** {@code C: <content>}. */
    record HearContent(Source source) implements Step {}

    /** {@code C: <octets N>}. */
    record HearOctets(Source source, long count) implements Step {}

    /** {@code wait} or {@code silence}: nothing, until the client gives up. */
    record Silence(Source source) implements Step {}

    /** {@code pause}. */
    record Pause(Source source, Duration length) implements Step {}

    /** {@code close}, {@code cut} and {@code reset}. */
    record End(Source source, How how) implements Step {

        enum How {
            CLOSE,
            CUT,
            RESET
        }
    }

    /** {@code tls} or {@code starttls}: the handshake. */
    record Handshake(Source source, CertificateVariant variant, List<String> names, boolean refused) implements Step {}
}
