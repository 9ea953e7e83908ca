// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store;

import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import org.postern.config.store.KeyCheck.Resolved;
import org.postern.config.store.language.Problem;
import org.postern.config.store.language.Problems;
import org.postern.spi.settings.Origin;

/**
 * What a check found.
 *
 * @param file the configuration, as it was named
 * @param problems what is wrong with it
 * @param keys what stores were asked for
 */
record CheckReport(String file, Problems problems, List<Resolved> keys) {

    /** For people: problems to {@code err}, everything else to {@code out}. */
    void print(PrintStream out, PrintStream err) {
        problems.kept().forEach(err::println);
        if (problems.leftOut() > 0) {
            err.println(problems.leftOut() + " more are left out here");
        }
        keys.forEach(key -> found(key).ifPresent(out::println));
        out.println(file + (problems.anyError() ? " is wrong: " : " is right: ") + problems.summary());
    }

    private static Optional<String> found(Resolved key) {
        if (!(key.answer() instanceof CredentialAnswer.Found found)) {
            return Optional.empty();
        }
        return Optional.of(key.use().origin() + ": credential " + KeyCheck.named(key.use()) + " is in store "
                + found.store() + (found.user().isEmpty() ? "" : ": user " + found.user())
                + ", version " + found.version()
                + found.expiry().map(end -> ", expires " + end).orElse(""));
    }

    /** For programs: one object. */
    String toJson() {
        JsonObject json = new JsonObject()
                .put("file", file)
                .put("right", !problems.anyError())
                .put("errors", problems.errorCount())
                .put("warnings", problems.warningCount())
                .put("leftOut", problems.leftOut())
                .put("problems", problems.kept().stream().map(CheckReport::json).toList())
                .put("credentials", keys.stream().map(CheckReport::json).toList());
        return json.toString();
    }

    private static JsonObject at(Origin origin) {
        return new JsonObject()
                .put("file", origin.file())
                .put("line", known(origin.line()))
                .put("column", known(origin.column()));
    }

    private static Optional<Integer> known(int number) {
        return number > 0 ? Optional.of(number) : Optional.empty();
    }

    private static JsonObject json(Problem problem) {
        return at(problem.origin())
                .put("severity", problem.severity().toString())
                .put("text", problem.text())
                .put("hint", problem.hint());
    }

    private static JsonObject json(Resolved resolved) {
        JsonObject json = at(resolved.use().origin()).put("key", resolved.use().name());
        return switch (resolved.answer()) {
            case CredentialAnswer.Found found ->
                json.put("state", "found")
                        .put("store", found.store())
                        .put("user", found.user())
                        .put("version", found.version())
                        .put("expiry", found.expiry());
            case CredentialAnswer.Missing missing ->
                json.put("state", "missing").put("reason", missing.reason());
            case CredentialAnswer.Unavailable unavailable ->
                json.put("state", "unavailable").put("reason", unavailable.reason());
        };
    }
}
