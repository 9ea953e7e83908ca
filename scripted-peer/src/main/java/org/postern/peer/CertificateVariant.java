// SPDX-License-Identifier: Apache-2.0
package org.postern.peer;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The certificates, good and bad, that a client has to tell apart (RFC 5280, RFC 9525). */
public enum CertificateVariant {
    /** For {@code localhost}, 127.0.0.1 and ::1, signed by the authority, valid now. */
    GOOD,
    /** Signed and valid, for {@code elsewhere.test}. */
    WRONG_NAME,
    /** For the right names, over since yesterday. */
    EXPIRED,
    /** For the right names, from tomorrow on. */
    NOT_YET_VALID,
    /** The right name as common name, and no alternative names. RFC 9525 does not take it. */
    CN_ONLY,
    /** For {@code m*.interop.test}, which RFC 9525 does not take. */
    PARTIAL_WILDCARD,
    /** For {@code *.interop.test}. */
    WILDCARD,
    /** For the right names, signed by itself. */
    SELF_SIGNED,
    /** For the right names, signed by an intermediate authority that the server shows too. */
    INTERMEDIATE,
    /** For the right names, signed by an intermediate authority that the server forgets to show. */
    MISSING_INTERMEDIATE;

    /** The word in a dialogue, such as {@code wrong-name}. */
    public String keyword() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * The variant of that keyword.
     *
     * @throws IllegalArgumentException naming the keywords there are
     */
    public static CertificateVariant of(String keyword) {
        return Arrays.stream(values())
                .filter(variant -> variant.keyword().equals(keyword))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException("no certificate '" + keyword + "'; there are " + keywords()));
    }

    private static String keywords() {
        return Arrays.stream(values()).map(CertificateVariant::keyword).collect(Collectors.joining(", "));
    }
}
