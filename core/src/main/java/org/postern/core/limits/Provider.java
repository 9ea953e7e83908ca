// SPDX-License-Identifier: Apache-2.0
package org.postern.core.limits;

import java.util.List;

/** Providers whose limits have a name. Where each figure comes from is in {@code docs/limits.md}. */
enum Provider {
    GMAIL("gmail", "sessions=5", "messages=2000/d", "recipients=10000/d"),
    MICROSOFT365("microsoft365", "sessions=3", "messages=30/m", "recipients=10000/d"),
    AMAZON_SES("amazon-ses", "recipients=1/s", "recipients=200/d"),
    MAILGUN("mailgun", "messages=100/h"),
    SENDGRID("sendgrid", "sessions=10000");

    private final String word;
    private final List<String> limits;

    Provider(String word, String... limits) {
        this.word = word;
        this.limits = List.of(limits);
    }

    List<String> limits() {
        return limits;
    }

    static Provider named(String word) {
        for (Provider provider : values()) {
            if (provider.word.equals(word)) {
                return provider;
            }
        }
        throw new IllegalArgumentException("there is no provider '" + word + "'");
    }
}
