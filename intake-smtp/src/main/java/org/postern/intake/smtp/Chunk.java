// SPDX-License-Identifier: Apache-2.0
package org.postern.intake.smtp;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The argument of BDAT (RFC 3030 section 2).
 *
 * @param size octets that follow
 * @param last whether the message ends with them
 */
record Chunk(long size, boolean last) {

    private static final Pattern FORM = Pattern.compile("(\\d{1,18})(?: +(LAST))? *", Pattern.CASE_INSENSITIVE);

    // Without its size nobody knows where the chunk ends, so the connection cannot go on.
    static Chunk parse(String argument) throws RefusedException {
        Matcher matcher = FORM.matcher(argument);
        if (!matcher.matches()) {
            throw new RefusedException(
                    Reply.of(501, "5.5.4", "expected BDAT size [LAST], closing").thenClose());
        }
        return new Chunk(Long.parseLong(matcher.group(1)), matcher.group(2) != null);
    }
}
