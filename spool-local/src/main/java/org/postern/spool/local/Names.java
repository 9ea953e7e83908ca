// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import java.util.OptionalLong;

/** The names of files in the spool's directory. */
final class Names {

    static final String SEGMENT = ".segment";
    static final String BODY = ".body";
    static final String DAMAGED = ".damaged";
    static final String RESERVE = "reserve";
    static final String INDEX = "parked.index";

    private Names() {}

    static String segment(long number) {
        return String.format("%016d%s", number, SEGMENT);
    }

    static String body(long number) {
        return MessageNumbers.name(number) + BODY;
    }

    static OptionalLong segmentNumber(String name) {
        return name.matches("\\d{16}\\.segment")
                ? OptionalLong.of(Long.parseLong(name.substring(0, 16)))
                : OptionalLong.empty();
    }

    static boolean isBody(String name) {
        return name.matches("[0-9a-z]{11}\\.body");
    }

    static boolean isDamaged(String name) {
        return name.endsWith(DAMAGED);
    }
}
