// SPDX-License-Identifier: Apache-2.0
package org.postern.intake.smtp;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.postern.spi.mail.MailAddress;

/**
 * The argument of MAIL and RCPT (RFC 5321 section 4.1.2).
 *
 * @param path what stands between the angle brackets, without a source route
 * @param parameters upper-case keywords with their values, in order; a keyword without value has an empty text
 */
record PathArgument(String path, Map<String, Optional<String>> parameters) {

    private static final Pattern KEYWORD = Pattern.compile("[A-Za-z0-9][A-Za-z0-9-]*");

    /** @param word {@code FROM:} or {@code TO:} */
    static PathArgument parse(String argument, String word) throws RefusedException {
        if (!argument.regionMatches(true, 0, word, 0, word.length())) {
            throw syntax("expected " + word + "<address>");
        }
        int start = word.length();
        while (start < argument.length() && argument.charAt(start) == ' ') {
            start++;
        }
        if (start == argument.length() || argument.charAt(start) != '<') {
            throw syntax("expected " + word + "<address>, in angle brackets");
        }
        int end = endOfPath(argument, start + 1);
        return new PathArgument(
                withoutSourceRoute(argument.substring(start + 1, end)), parameters(argument.substring(end + 1)));
    }

    // A quoted local part may hold '>'.
    private static int endOfPath(String argument, int start) throws RefusedException {
        boolean quoted = false;
        for (int i = start; i < argument.length(); i++) {
            char c = argument.charAt(i);
            if (quoted && c == '\\') {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == '>' && !quoted) {
                return i;
            }
        }
        throw syntax("address has no closing '>'");
    }

    // RFC 5321 appendix C: source routes are accepted and ignored.
    private static String withoutSourceRoute(String path) {
        return path.startsWith("@") ? path.substring(path.indexOf(':') + 1) : path;
    }

    private static Map<String, Optional<String>> parameters(String text) throws RefusedException {
        if (text.isEmpty()) {
            return Map.of();
        }
        if (text.charAt(0) != ' ') {
            throw syntax("expected a space behind '>'");
        }
        Map<String, Optional<String>> parameters = new LinkedHashMap<>();
        for (String word : text.split(" ")) {
            if (!word.isEmpty()) {
                add(parameters, word);
            }
        }
        return parameters;
    }

    private static void add(Map<String, Optional<String>> parameters, String word) throws RefusedException {
        int equals = word.indexOf('=');
        String keyword = (equals < 0 ? word : word.substring(0, equals)).toUpperCase(Locale.ROOT);
        Optional<String> value = equals < 0 ? Optional.empty() : Optional.of(word.substring(equals + 1));
        if (!KEYWORD.matcher(keyword).matches()
                || value.filter(PathArgument::malformed).isPresent()) {
            throw syntax("malformed parameter");
        }
        if (parameters.put(keyword, value) != null) {
            throw syntax("parameter " + keyword + " is given twice");
        }
    }

    private static boolean malformed(String value) {
        return value.isEmpty() || value.chars().anyMatch(c -> c < '!' || c == '=' || c == 0x7f);
    }

    /** The path as an address. */
    MailAddress address(boolean smtpUtf8, String status) throws RefusedException {
        MailAddress address = mailbox(path, status);
        if (address.needsSmtpUtf8() && !smtpUtf8) {
            throw new RefusedException(Reply.NEEDS_SMTPUTF8);
        }
        return address;
    }

    private static MailAddress mailbox(String path, String status) throws RefusedException {
        try {
            return MailAddress.parse(path);
        } catch (IllegalArgumentException wrong) {
            throw new RefusedException(501, status, wrong.getMessage());
        }
    }

    private static RefusedException syntax(String text) {
        return new RefusedException(501, "5.5.4", text);
    }
}
