// SPDX-License-Identifier: Apache-2.0
package org.postern.intake.smtp;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.postern.spi.mail.DsnRequest;

/**
 * The parameters of MAIL that this listener knows.
 *
 * @param smtpUtf8 whether SMTPUTF8 was given (RFC 6531)
 * @param dsn RET and ENVID (RFC 3461)
 */
record MailParameters(boolean smtpUtf8, DsnRequest dsn) {

    static MailParameters read(PathArgument argument, Hello hello, Limits limits) throws RefusedException {
        boolean smtpUtf8 = false;
        Optional<DsnRequest.Return> returned = Optional.empty();
        Optional<String> envelopeId = Optional.empty();
        for (Map.Entry<String, Optional<String>> parameter :
                argument.parameters().entrySet()) {
            if (!hello.extended()) {
                throw new RefusedException(555, "5.5.4", "parameters need EHLO");
            }
            String value = parameter.getValue().orElse("");
            switch (parameter.getKey()) {
                case "SIZE" -> checkSize(value, limits);
                case "BODY" -> checkBody(value);
                case "SMTPUTF8" -> smtpUtf8 = takesNoValue(value);
                // RFC 4954 section 5: from a peer that is not trusted to say so, it means nothing.
                case "AUTH" -> takesValue(value);
                case "RET" -> returned = Optional.of(returned(value));
                case "ENVID" -> envelopeId = Optional.of(value);
                default ->
                    throw new RefusedException(555, "5.5.4", "parameter " + parameter.getKey() + " is not known");
            }
        }
        return new MailParameters(smtpUtf8, dsn(returned, envelopeId));
    }

    private static DsnRequest.Return returned(String value) throws RefusedException {
        return switch (value.toUpperCase(Locale.ROOT)) {
            case "FULL" -> DsnRequest.Return.FULL;
            case "HDRS" -> DsnRequest.Return.HDRS;
            default -> throw new RefusedException(501, "5.5.4", "RET is FULL or HDRS");
        };
    }

    private static DsnRequest dsn(Optional<DsnRequest.Return> returned, Optional<String> envelopeId)
            throws RefusedException {
        try {
            return new DsnRequest(returned, envelopeId, List.of());
        } catch (IllegalArgumentException wrong) {
            throw new RefusedException(501, "5.5.4", wrong.getMessage());
        }
    }

    private static void checkSize(String value, Limits limits) throws RefusedException {
        if (value.isEmpty() || value.length() > 20 || !value.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new RefusedException(501, "5.5.4", "SIZE takes a number of octets");
        }
        // RFC 1870 allows 20 digits, which is more than a long holds.
        if (value.length() > 18 || Long.parseLong(value) > limits.messageSize()) {
            throw new RefusedException(Reply.TOO_BIG);
        }
    }

    // What is declared is checked and then left: the content itself says better what it needs.
    private static void checkBody(String value) throws RefusedException {
        if (value.equalsIgnoreCase("BINARYMIME")) {
            throw new RefusedException(504, "5.5.4", "BODY=BINARYMIME is not offered here");
        }
        if (!value.equalsIgnoreCase("7BIT") && !value.equalsIgnoreCase("8BITMIME")) {
            throw new RefusedException(501, "5.5.4", "BODY is 7BIT or 8BITMIME");
        }
    }

    private static boolean takesNoValue(String value) throws RefusedException {
        if (!value.isEmpty()) {
            throw new RefusedException(501, "5.5.4", "SMTPUTF8 takes no value");
        }
        return true;
    }

    private static void takesValue(String value) throws RefusedException {
        if (value.isEmpty()) {
            throw new RefusedException(501, "5.5.4", "AUTH takes a value");
        }
    }
}
