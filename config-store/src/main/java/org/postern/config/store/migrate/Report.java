// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store.migrate;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.postern.config.store.migrate.Findings.Finding;
import org.postern.config.store.migrate.Findings.Kind;
import org.postern.spi.text.Printable;

/** What an operator is told. Holds no secret: findings have places and names, never values. */
public final class Report {

    private static final int PLACES_SHOWN = 20;

    private final String main;
    private final int files;
    private final Tally tally;
    private final Findings findings;
    private final List<String> written = new ArrayList<>();

    /**
     * Numbers.
     *
     * @param options options that carry over as they are
     * @param scopes scopes that they stand in
     * @param stanzas stanzas of bundles that carry over
     * @param passwords scopes in which a password holds
     * @param movable those of them that can move to a vault
     * @param keys keys under which the vault keeps them
     */
    record Tally(int options, int scopes, int stanzas, int passwords, int movable, int keys) {}

    Report(String main, int files, Tally tally, Findings findings) {
        this.main = main;
        this.files = files;
        this.tally = tally;
        this.findings = findings;
    }

    /** Whether an operator has to do something. */
    public boolean needsHand() {
        return findings.count(Kind.HAND) > 0;
    }

    void written(String what) {
        written.add(what);
    }

    /** For people. */
    public void print(PrintStream out) {
        line(out, main + (files == 1 ? "" : " and " + count(files - 1, "included file")));
        line(
                out,
                "  carries over  " + count(tally.options(), "option") + " in " + count(tally.scopes(), "scope")
                        + (tally.stanzas() == 0 ? "" : ", " + count(tally.stanzas(), "stanza")));
        if (tally.passwords() > 0) {
            line(
                    out,
                    "  passwords     " + count(tally.passwords(), "password") + ", of which " + tally.movable()
                            + " can move to a vault, under " + count(tally.keys(), "key"));
        }
        for (Kind kind : Kind.values()) {
            line(out, String.format(Locale.ROOT, "  %-13s %s", kind.title(), count(findings.count(kind), "place")));
        }
        for (Kind kind : Kind.values()) {
            print(kind, out);
        }
        if (!written.isEmpty()) {
            out.println();
            written.forEach(what -> line(out, what));
        }
    }

    private void print(Kind kind, PrintStream out) {
        List<Map.Entry<Finding, List<String>>> some = of(kind);
        if (some.isEmpty()) {
            return;
        }
        out.println();
        line(out, heading(kind));
        for (Map.Entry<Finding, List<String>> entry : some) {
            if (kind == Kind.IGNORED) {
                List<String> places = entry.getValue();
                String more = places.size() == 1 ? "" : ", and " + count(places.size() - 1, "more place");
                line(out, "  " + entry.getKey().text() + "  " + places.getFirst() + more);
            } else {
                print(entry.getKey(), entry.getValue(), out);
            }
        }
    }

    private static String heading(Kind kind) {
        return switch (kind) {
            case HAND -> "What needs a hand:";
            case OTHERWISE -> "What works otherwise here:";
            case IGNORED -> "What Momentum knows and nothing here uses:";
        };
    }

    private static void print(Finding finding, List<String> places, PrintStream out) {
        if (places.size() == 1) {
            line(out, "  " + places.getFirst() + ": " + finding.text());
        } else {
            line(out, "  " + finding.text() + ":");
            places.stream().limit(PLACES_SHOWN).forEach(place -> line(out, "    " + place));
            if (places.size() > PLACES_SHOWN) {
                line(out, "    and " + count(places.size() - PLACES_SHOWN, "more place") + "; --json lists them");
            }
        }
        finding.hint().ifPresent(hint -> line(out, "      " + hint));
    }

    private List<Map.Entry<Finding, List<String>>> of(Kind kind) {
        return findings.all().entrySet().stream()
                .filter(entry -> entry.getKey().kind() == kind)
                .toList();
    }

    private static String count(int number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }

    private static void line(PrintStream out, String text) {
        out.println(Printable.whole(text));
    }

    /** For programs: one object of JSON (RFC 8259). */
    public void json(PrintStream out) {
        out.println("{\"file\":" + Printable.json(main)
                + ",\"files\":" + files
                + ",\"options\":" + tally.options()
                + ",\"scopes\":" + tally.scopes()
                + ",\"stanzas\":" + tally.stanzas()
                + ",\"passwords\":" + tally.passwords()
                + ",\"movable\":" + tally.movable()
                + ",\"keys\":" + tally.keys()
                + ",\"needsHand\":" + findings.count(Kind.HAND)
                + ",\"otherwise\":" + findings.count(Kind.OTHERWISE)
                + ",\"ignored\":" + findings.count(Kind.IGNORED)
                + ",\"findings\":"
                + findings.all().entrySet().stream()
                        .map(entry -> json(entry.getKey(), entry.getValue()))
                        .collect(Collectors.joining(",", "[", "]"))
                + ",\"written\":" + array(written) + "}");
    }

    private static String json(Finding finding, List<String> places) {
        return "{\"kind\":" + Printable.json(finding.kind().name().toLowerCase(Locale.ROOT))
                + ",\"text\":" + Printable.json(finding.text())
                + ",\"hint\":"
                + Optional.of(finding)
                        .flatMap(Finding::hint)
                        .map(Printable::json)
                        .orElse("null")
                + ",\"places\":" + array(places) + "}";
    }

    private static String array(List<String> texts) {
        return texts.stream().map(Printable::json).collect(Collectors.joining(",", "[", "]"));
    }
}
