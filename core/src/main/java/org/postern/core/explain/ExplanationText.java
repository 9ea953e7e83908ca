// SPDX-License-Identifier: Apache-2.0
package org.postern.core.explain;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.postern.engine.dto.Explanation;

/** An explanation for people: the answer first, then where each part of it comes from. */
final class ExplanationText {

    private static final String BOLD = "\u001b[1m";
    private static final String FAINT = "\u001b[2m";
    private static final String BAD = "\u001b[31m";
    private static final String GOOD = "\u001b[32m";
    private static final String PLAIN = "\u001b[0m";

    private final Explanation explanation;
    private final PrintStream out;

    private ExplanationText(Explanation explanation, PrintStream out) {
        this.explanation = explanation;
        this.out = out;
    }

    static void print(Explanation explanation, PrintStream out) {
        new ExplanationText(explanation, out).print();
    }

    private void print() {
        answer();
        explanation.warnings().forEach(warning -> line(BAD + "warning" + PLAIN + "  " + clean(warning)));
        routing();
        binding();
        options();
        hooks();
        explanation.credential().ifPresent(this::credential);
        mechanisms();
        explanation.session().ifPresent(this::session);
        out.flush();
    }

    private void answer() {
        String from = explanation.sender().isEmpty() ? "<>" : clean(explanation.sender());
        line(BOLD + from + " to " + clean(explanation.recipient()) + PLAIN + ", by configuration "
                + explanation.configuration() + ":");
        Explanation.Authentication how = explanation.authentication();
        String answer = switch (how.verdict()) {
            case "authenticate" -> account();
            case "none" -> "goes out without authentication: " + how.reason();
            default -> BAD + "is " + how.verdict() + PLAIN + ": " + clean(how.reason());
        };
        line("  " + answer);
    }

    private String account() {
        Explanation.CredentialExplained found = explanation.credential().orElseThrow();
        String whose =
                found.user().map(user -> " as " + GOOD + clean(user) + PLAIN).orElse("");
        return switch (found.status()) {
            case "found" ->
                "goes out" + whose + ", with the password or token from "
                        + clean(found.source().orElse("?"));
            case "not asked" ->
                "goes out" + whose + " with what the stores hold under key '"
                        + clean(found.key().orElse("")) + "' (they were not asked)";
            default -> BAD + "is held" + PLAIN + ": " + clean(found.reason().orElse("no credential"));
        };
    }

    private void routing() {
        Explanation.Routing routing = explanation.routing();
        head("Where it goes");
        field("recipient domain", clean(routing.recipientDomain()));
        field(
                "routing domain",
                clean(routing.domain())
                        + routing.gateway()
                                .map(level -> ", because of Gateway" + at(level))
                                .orElse(""));
        routing.routes().ifPresent(level -> field("routes", clean(level.value().orElse("(cancelled)")) + at(level)));
        field(
                "hosts",
                routing.hosts().isEmpty()
                        ? clean(routing.trouble().orElse("none"))
                        : clean(String.join(", ", routing.hosts())));
    }

    private void binding() {
        Explanation.BindingExplained binding = explanation.binding();
        head("Binding");
        field(clean(binding.name()), "of group " + clean(binding.group()));
        binding.why().forEach(step -> line("    " + FAINT + clean(step) + PLAIN));
    }

    private void options() {
        head("Options");
        explanation.options().stream().filter(ExplanationText::isSaid).forEach(this::option);
        String others = explanation.options().stream()
                .filter(option -> !isSaid(option))
                .map(option -> option.name()
                        + option.value().map(value -> " = " + clean(value)).orElse(" not set"))
                .collect(Collectors.joining(", "));
        field("nobody speaks of", others.isEmpty() ? "none" : others);
    }

    private static boolean isSaid(Explanation.Option option) {
        return !option.source().equals("default");
    }

    private void option(Explanation.Option option) {
        boolean configured = option.source().equals("configuration");
        String value = option.value().map(ExplanationText::clean).orElse("not set");
        String source = switch (option.source()) {
            case "configuration", "default" -> "";
            default -> ", from the " + (option.source().equals("hook") ? "hook" : "message context");
        };
        line("  " + option.name() + " = " + value + FAINT + source + PLAIN);
        List<Explanation.Level> levels = option.levels();
        for (int i = 0; i < levels.size(); i++) {
            String mark = configured && i == 0 ? GOOD + "holds" + PLAIN : FAINT + "loses" + PLAIN;
            Explanation.Level level = levels.get(i);
            line("    " + mark + "  "
                    + level.value().map(ExplanationText::clean).orElse("(cancels)") + at(level));
        }
    }

    private static String at(Explanation.Level level) {
        return FAINT + " in " + clean(level.place()) + ", " + clean(level.file()) + ":" + level.line() + PLAIN;
    }

    private void hooks() {
        if (explanation.hooks().isEmpty()) {
            return;
        }
        head("Hooks (they were run)");
        for (Explanation.Hook hook : explanation.hooks()) {
            String what = hook.changes().isEmpty() ? "changed nothing" : "changed";
            line("  " + clean(hook.hook()) + " "
                    + hook.failure()
                            .map(failure -> BAD + "failed" + PLAIN + ": " + clean(failure))
                            .orElse(what));
            hook.changes()
                    .forEach(change -> line("    " + clean(change.name())
                            + change.value().map(value -> " = " + clean(value)).orElse(" removed")));
        }
    }

    private void credential(Explanation.CredentialExplained found) {
        head("Credential");
        field(
                "status",
                found.status()
                        + found.reason().map(reason -> ": " + clean(reason)).orElse(""));
        field("key", found.key());
        field("from", found.source());
        field("user", found.user());
        field("kind", found.kind());
        field("version", found.version());
        field(
                "asked",
                found.asked().map(time -> time.truncatedTo(ChronoUnit.SECONDS).toString()));
        found.asked().ifPresent(time -> field("age", age(found, time)));
        field("expires", found.expires().map(Object::toString));
        field("only for", Optional.of(String.join(", ", found.hosts())).filter(hosts -> !hosts.isEmpty()));
    }

    private static String age(Explanation.CredentialExplained found, Instant now) {
        return found.since()
                .map(since ->
                        inWords(Duration.between(since, now)) + ", since " + since.truncatedTo(ChronoUnit.SECONDS))
                .orElse("unknown to the store");
    }

    /** In the largest unit that there is one of; a store's clock may be ahead of ours. */
    private static String inWords(Duration age) {
        long seconds = Math.max(0, age.toSeconds());
        if (seconds < 60) {
            return seconds + " s";
        }
        if (seconds < 3_600) {
            return seconds / 60 + " min";
        }
        return seconds < 86_400 ? seconds / 3_600 + " h" : seconds / 86_400 + " d";
    }

    private void mechanisms() {
        if (explanation.mechanisms().isEmpty()) {
            return;
        }
        head("Mechanisms, if the peer offers them");
        for (Explanation.Mechanism mechanism : explanation.mechanisms()) {
            line("  " + (mechanism.usable() ? GOOD + mechanism.name() + PLAIN : mechanism.name() + " is not used")
                    + FAINT
                    + mechanism.bundle().map(bundle -> ", " + clean(bundle)).orElse("")
                    + PLAIN
                    + mechanism.reason().map(reason -> ": " + clean(reason)).orElse(""));
            if (mechanism.usable()) {
                mechanism.disclosures().forEach(this::disclosure);
            }
        }
    }

    private void disclosure(Explanation.Disclosure disclosure) {
        line("    " + String.format("%-15s", disclosure.connection())
                + (disclosure.permitted() ? GOOD + "yes" + PLAIN : BAD + "no" + PLAIN)
                + disclosure.reason().map(reason -> ": " + clean(reason)).orElse(""));
    }

    private void session(Explanation.Session session) {
        head("Session");
        field("peer", clean(session.peer()) + (session.implicitTls() ? ", TLS from the start" : ""));
        field("STARTTLS", session.tls() + ", certificates refused: " + session.verification());
        field("from", session.source());
        field("EHLO", clean(session.ehlo()));
        field("as", session.identity());
        field("open now", session.idle() ? "yes, and idle" : "no");
        field("obstacle", session.obstacle());
    }

    private void head(String title) {
        line("");
        line(BOLD + title + PLAIN);
    }

    private void field(String name, Optional<String> value) {
        value.ifPresent(text -> field(name, clean(text)));
    }

    private void field(String name, String value) {
        line("  " + FAINT + String.format("%-17s", name) + PLAIN + value);
    }

    private void line(String text) {
        out.println(text);
    }

    /** What others wrote, without anything that a terminal would obey. */
    private static String clean(String text) {
        return text.codePoints()
                .mapToObj(c -> Character.isISOControl(c) ? "?" : Character.toString(c))
                .collect(Collectors.joining());
    }
}
