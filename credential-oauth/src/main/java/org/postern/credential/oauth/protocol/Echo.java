// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.oauth.protocol;

import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Providers that repeat in their error texts what they were sent, as some do that mean to help. The texts go to logs,
 * terminals and held mail, so secrets are taken out of them in the forms in which they travel.
 */
final class Echo {

    private static final String REDACTED = "[redacted]";
    private static final String DROPPED = "[redacted: it repeats what it was sent]";

    /** Shorter ones turn up in any base64 by chance. */
    private static final int LEAST_SECRET = 4;

    /** A signed statement of ours (RFC 7515 section 7.1). */
    private static final Pattern SIGNED = Pattern.compile("eyJ[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]*");

    private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/_-]{6,}");

    private Echo() {}

    /** The text without these secrets; a remark in its place where they are in it in a form that cannot be cut out. */
    static String redacted(String said, List<String> secrets) {
        String text = SIGNED.matcher(said).replaceAll(REDACTED);
        for (String secret : secrets) {
            for (String form : forms(secret)) {
                text = text.replace(form, REDACTED);
            }
        }
        return isHiddenIn(text, secrets) ? DROPPED : text;
    }

    /** As it is, and as it stands in a form (RFC 6749 appendix B). */
    private static List<String> forms(String secret) {
        String encoded = URLEncoder.encode(secret, StandardCharsets.UTF_8);
        return List.of(secret, encoded, encoded.replace("+", "%20"), encoded.toLowerCase(Locale.ROOT));
    }

    private static boolean isHiddenIn(String text, List<String> secrets) {
        List<String> hideable = secrets.stream()
                .filter(secret -> secret.length() >= LEAST_SECRET)
                .toList();
        return !hideable.isEmpty()
                && (contains(text, hideable)
                        || BASE64.matcher(text)
                                .results()
                                .map(MatchResult::group)
                                .anyMatch(run -> isEncodedIn(run, hideable)));
    }

    /** Wherever it begins: the secret of a header stands behind the client's name (RFC 7617 section 2). */
    private static boolean isEncodedIn(String run, List<String> secrets) {
        String alphabet = run.replace('-', '+').replace('_', '/');
        for (int start = 0; start < 4; start++) {
            int length = (alphabet.length() - start) / 4 * 4;
            // A rest of two or three characters holds one or two octets more.
            int rest = alphabet.length() - start - length;
            String whole = alphabet.substring(start, start + length + (rest == 1 ? 0 : rest));
            byte[] decoded = Base64.getDecoder().decode(whole);
            if (contains(new String(decoded, StandardCharsets.UTF_8), secrets)) {
                return true;
            }
        }
        return false;
    }

    private static boolean contains(String text, List<String> secrets) {
        String decoded = percentDecoded(text);
        return secrets.stream().anyMatch(secret -> text.contains(secret) || decoded.contains(secret));
    }

    /** What is no escape stays as it is, where a decoder for forms would refuse all of it. */
    private static String percentDecoded(String text) {
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream decoded = new ByteArrayOutputStream(octets.length);
        for (int at = 0; at < octets.length; at++) {
            int escaped = octets[at] == '%' && at + 2 < octets.length ? octet(octets[at + 1], octets[at + 2]) : -1;
            if (escaped >= 0) {
                at += 2;
            }
            decoded.write(escaped >= 0 ? escaped : octets[at] == '+' ? ' ' : octets[at]);
        }
        return decoded.toString(StandardCharsets.UTF_8);
    }

    private static int octet(byte high, byte low) {
        int first = Character.digit(high, 16);
        int second = Character.digit(low, 16);
        return first < 0 || second < 0 ? -1 : first * 16 + second;
    }
}
