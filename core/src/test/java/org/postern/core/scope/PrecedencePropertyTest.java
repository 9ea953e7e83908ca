// SPDX-License-Identifier: Apache-2.0
package org.postern.core.scope;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.spi.mail.Binding;
import org.postern.spi.mail.BindingGroup;
import org.postern.spi.mail.RoutingDomain;
import org.postern.spi.settings.ScopePath;
import org.postern.spi.settings.Setting;

/**
 * Random configurations against a slow model that knows nothing of places: it gives each line a rank and takes the line
 * with the best one.
 */
class PrecedencePropertyTest {

    private static final List<Setting<String>> SETTINGS =
            List.of(OutboundSettings.GATEWAY, OutboundSettings.TLS_CA, OutboundSettings.TRANSCRIPT_FILE);

    private static final List<String> NAMES = List.of("default", "x", "y");
    private static final List<String> DOMAINS = List.of("a.example", "b.example", "c.test");
    private static final List<String> PATTERNS = List.of("example", "^a[.]", "test$", "[abc]");

    private record Line(String group, String binding, String domain, boolean pattern, int setting, String text) {

        boolean covers(String inGroup, String inBinding, String inDomain) {
            return (group == null || group.equals(inGroup))
                    && (binding == null || binding.equals(inBinding))
                    && (domain == null
                            || (pattern ? inDomain.matches(".*(?:" + domain + ").*") : domain.equals(inDomain)));
        }

        /** The documented list as a number; the binding outside its group ranks below the same one inside. */
        int level() {
            boolean g = group != null;
            boolean b = binding != null;
            boolean d = domain != null;
            if (d) {
                return g && b ? 0 : b ? 1 : g ? 2 : 6;
            }
            return g && b ? 3 : b ? 4 : g ? 5 : 7;
        }

        ScopePath place() {
            String name = domain == null ? null : pattern ? "/" + domain + "/" : domain;
            return new ScopePath(Optional.ofNullable(group), Optional.ofNullable(binding), Optional.ofNullable(name));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void agreesWithAnIndependentModel(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            List<Line> lines = lines(random);
            Written written = new Written();
            lines.forEach(line -> write(written, line));
            checkAll(lines, written);
        }
    }

    private static void checkAll(List<Line> lines, Written written) {
        var snapshot = written.read();
        ScopeResolver resolver = new ScopeResolver();
        for (String group : NAMES) {
            for (String binding : NAMES) {
                for (String domain : DOMAINS) {
                    Resolution resolution = resolver.resolve(
                            snapshot, new Binding(new BindingGroup(group), binding), new RoutingDomain(domain));
                    for (int setting = 0; setting < SETTINGS.size(); setting++) {
                        Resolved<String> actual = resolution.get(SETTINGS.get(setting));
                        Optional<Line> expected = model(lines, group, binding, domain, setting);
                        assertThat(actual.place())
                                .as("%s %s %s of %s", group, binding, domain, lines)
                                .isEqualTo(expected.map(Line::place));
                        assertThat(actual.value())
                                .isEqualTo(expected.map(Line::text).filter(text -> !text.isEmpty()));
                    }
                }
            }
        }
    }

    private static Optional<Line> model(List<Line> lines, String group, String binding, String domain, int setting) {
        Line best = null;
        for (Line line : lines) {
            if (line.setting() == setting && line.covers(group, binding, domain) && beats(lines, line, best)) {
                best = line;
            }
        }
        return Optional.ofNullable(best);
    }

    /** Lower level; then exact before pattern; then the pattern that was written first anywhere in the container. */
    private static boolean beats(List<Line> lines, Line line, Line best) {
        if (best == null || line.level() != best.level()) {
            return best == null || line.level() < best.level();
        }
        if (line.pattern() != best.pattern()) {
            return best.pattern();
        }
        // The same place again: the last value wins.
        return line.place().equals(best.place()) || firstMention(lines, line) < firstMention(lines, best);
    }

    private static int firstMention(List<Line> lines, Line wanted) {
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).place().equals(wanted.place())) {
                return i;
            }
        }
        throw new AssertionError(wanted);
    }

    private static void write(Written written, Line line) {
        if (line.pattern()) {
            written.pattern(line.place().container(), line.domain());
        }
        written.set(line.place(), SETTINGS.get(line.setting()), line.text());
    }

    private static List<Line> lines(Random random) {
        List<Line> lines = new ArrayList<>();
        int count = random.nextInt(25);
        for (int i = 0; i < count; i++) {
            boolean pattern = random.nextInt(3) == 0;
            String domain = pattern ? pick(random, PATTERNS) : random.nextBoolean() ? pick(random, DOMAINS) : null;
            lines.add(new Line(
                    random.nextBoolean() ? pick(random, NAMES) : null,
                    random.nextBoolean() ? pick(random, NAMES) : null,
                    domain,
                    pattern,
                    random.nextInt(SETTINGS.size()),
                    random.nextInt(5) == 0 ? "" : "value" + i));
        }
        return lines;
    }

    private static String pick(Random random, List<String> from) {
        return from.get(random.nextInt(from.size()));
    }
}
