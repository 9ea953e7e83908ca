// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store.meaning;

import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.postern.config.store.language.Item.Instance;
import org.postern.config.store.language.Problem;
import org.postern.config.store.language.Problems;
import org.postern.spi.mail.RoutingDomain;
import org.postern.spi.settings.Origin;
import org.postern.spi.settings.ScopePath;
import org.postern.spi.settings.SettingsSnapshot.DomainPattern;

/** The instance name of a {@code Domain}: a name, or a pattern between slashes. */
final class DomainName {

    private static final int LONGEST_PATTERN = 4000;

    private final Problems problems;
    private final Written written;

    DomainName(Problems problems, Written written) {
        this.problems = problems;
        this.written = written;
    }

    /** The place of the stanza, which is declared; nothing if the name is wrong. */
    Optional<ScopePath> declare(ScopePath container, Instance instance) {
        return instance.text().startsWith("/") ? pattern(container, instance) : name(container, instance);
    }

    private Optional<ScopePath> name(ScopePath container, Instance instance) {
        String text = instance.text();
        String name = text.isEmpty() ? "" : RoutingDomain.of(text).name();
        if (name.isEmpty() || name.codePoints().anyMatch(c -> Character.isWhitespace(c) || Character.isISOControl(c))) {
            problems.add(Problem.error(instance.origin(), "a domain name is not empty and has no blanks in it"));
            return Optional.empty();
        }
        if (text.contains("*") || text.startsWith(".") || text.contains("@")) {
            problems.add(
                    Problem.warning(instance.origin(), "this is compared with whole domain names and never matches")
                            .hint("for subdomains use a pattern such as \"/(^|\\.)example\\.com$/\""));
        }
        written.declare(container.withDomain(name));
        return Optional.of(container.withDomain(name));
    }

    private Optional<ScopePath> pattern(ScopePath container, Instance instance) {
        String text = instance.text();
        if (text.length() < 3 || !text.endsWith("/") || text.length() > LONGEST_PATTERN) {
            problems.add(Problem.error(
                    instance.origin(),
                    "a pattern stands between two slashes, is not empty and not longer than " + LONGEST_PATTERN));
            return Optional.empty();
        }
        return compile(instance).map(pattern -> {
            warnOfMissingAnchors(instance);
            DomainPattern named = new DomainPattern(text, pattern, instance.origin());
            warnOfEndlessSearch(named);
            written.declarePattern(container, named);
            return container.withDomain(text);
        });
    }

    private void warnOfEndlessSearch(DomainPattern pattern) {
        if (Endurance.isExceededBy(pattern)) {
            problems.add(Problem.warning(
                            pattern.origin(),
                            "the pattern takes too long on some names, and then counts as not matching them")
                    .hint("write it without a repetition inside a repetition, such as (a+)+"));
        }
    }

    private Optional<Pattern> compile(Instance instance) {
        String regex = instance.text().substring(1, instance.text().length() - 1);
        if (Endurance.isExceededByCountsOf(regex)) {
            problems.add(Problem.error(instance.origin(), "the pattern counts its repetitions in thousands")
                    .hint("a domain name has at most 253 characters"));
            return Optional.empty();
        }
        try {
            return Optional.of(Pattern.compile(regex, Pattern.CASE_INSENSITIVE));
        } catch (PatternSyntaxException invalid) {
            problems.add(Problem.error(
                    at(instance.origin(), invalid.getIndex() + 1),
                    "the pattern is not a regular expression: " + invalid.getDescription()));
        } catch (StackOverflowError tooDeep) {
            problems.add(Problem.error(instance.origin(), "the pattern is nested too deeply"));
        }
        return Optional.empty();
    }

    private static Origin at(Origin start, int offset) {
        return new Origin(start.file(), start.line(), start.column() + Math.max(0, offset));
    }

    private void warnOfMissingAnchors(Instance instance) {
        String regex = instance.text().substring(1, instance.text().length() - 1);
        boolean begins = regex.matches("(?s).*(?<![\\[\\\\])\\^.*") || regex.contains("\\A");
        boolean ends = regex.matches("(?s).*(?<!\\\\)\\$.*") || regex.contains("\\z") || regex.contains("\\Z");
        if (!begins || !ends) {
            problems.add(Problem.warning(
                            instance.origin(),
                            "the pattern is not anchored at its " + (begins ? "end" : ends ? "beginning" : "ends")
                                    + " and also matches longer names")
                    .hint("^ and $ anchor it"));
        }
    }
}
