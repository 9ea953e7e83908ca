// SPDX-License-Identifier: Apache-2.0
package org.postern.core.scope;

import java.util.concurrent.atomic.AtomicBoolean;
import org.postern.spi.mail.RoutingDomain;
import org.postern.spi.settings.ScopePath;
import org.postern.spi.settings.SettingsSnapshot.DomainPattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A {@code Domain} stanza with a pattern, which is searched for only in names that can match. Safe for many threads. */
final class PatternStanza {

    private static final Logger LOG = LoggerFactory.getLogger(PatternStanza.class);

    private final ScopePath place;
    private final DomainPattern pattern;
    private final String required;
    private final AtomicBoolean givenUp = new AtomicBoolean();

    PatternStanza(ScopePath place, DomainPattern pattern) {
        this.place = place;
        this.pattern = pattern;
        this.required = RequiredText.of(pattern.pattern());
    }

    /** Its own place. */
    ScopePath place() {
        return place;
    }

    /** What every name has that it matches; empty where that is not known. */
    String required() {
        return required;
    }

    boolean covers(RoutingDomain domain) {
        return domain.name().contains(required)
                && switch (pattern.search(domain.name())) {
                    case FOUND -> true;
                    case ABSENT -> false;
                    case GIVEN_UP -> {
                        report(domain);
                        yield false;
                    }
                };
    }

    private void report(RoutingDomain domain) {
        if (givenUp.compareAndSet(false, true)) {
            LOG.warn(
                    "{}: the pattern takes too long on names such as {} and counts as not matching them;"
                            + " write it without a repetition inside a repetition",
                    pattern.origin(),
                    domain);
        }
    }
}
