// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store.migrate;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.postern.spi.settings.Origin;
import org.postern.spi.settings.ScopePath;
import org.postern.spi.settings.SettingsSnapshot.DomainPattern;

/**
 * How scopes lie to one another, without their precedence: what holds for a message is decided by the engine. Here it is
 * enough to know which scopes can speak for one message, and which of them lie inside another and are asked before it.
 */
final class Places {

    private static final Origin NOWHERE = new Origin("", 0, 0);

    private Places() {}

    /** Whether one message may be subject to both. Errs on the side of yes. */
    static boolean meet(ScopePath one, ScopePath other) {
        return agree(one.group(), other.group())
                && agree(one.binding(), other.binding())
                && (one.domain().isEmpty()
                        || other.domain().isEmpty()
                        || domainsMeet(one.domain().get(), other.domain().get()));
    }

    private static boolean agree(Optional<String> one, Optional<String> other) {
        return one.isEmpty() || other.isEmpty() || one.equals(other);
    }

    private static boolean domainsMeet(String one, String other) {
        if (isPattern(one) && isPattern(other)) {
            return true;
        }
        return isPattern(one) ? matches(one, other) : isPattern(other) ? matches(other, one) : one.equals(other);
    }

    private static boolean isPattern(String domain) {
        return domain.startsWith("/");
    }

    private static boolean matches(String pattern, String name) {
        Pattern compiled = Pattern.compile(pattern.substring(1, pattern.length() - 1), Pattern.CASE_INSENSITIVE);
        return new DomainPattern(pattern, compiled, NOWHERE).search(name) != DomainPattern.Search.ABSENT;
    }

    /** Whether the first may be asked before the second for one message. */
    static boolean mayPrecede(ScopePath first, ScopePath second) {
        return !first.equals(second) && meet(first, second) && !isInside(second, first);
    }

    private static boolean isInside(ScopePath inner, ScopePath outer) {
        return !inner.equals(outer)
                && (outer.group().isEmpty() || outer.group().equals(inner.group()))
                && (outer.binding().isEmpty() || outer.binding().equals(inner.binding()))
                && (outer.domain().isEmpty() || outer.domain().equals(inner.domain()));
    }

    /** The scope and all that it lies inside, innermost first: whatever is subject to it is subject to them. */
    static List<ScopePath> enclosing(ScopePath place) {
        return Stream.of(place.group(), Optional.<String>empty())
                .flatMap(group -> Stream.of(place.binding(), Optional.<String>empty())
                        .flatMap(binding -> Stream.of(place.domain(), Optional.<String>empty())
                                .map(domain -> new ScopePath(group, binding, domain))))
                .distinct()
                .sorted(Comparator.comparingInt(Places::depth).reversed())
                .toList();
    }

    private static int depth(ScopePath place) {
        return (int) Stream.of(place.group(), place.binding(), place.domain())
                .filter(Optional::isPresent)
                .count();
    }
}
