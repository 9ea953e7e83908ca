// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store.language;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.postern.config.store.LanguageVocabulary;
import org.postern.config.store.meaning.Interpreter;
import org.postern.config.store.meaning.Loaded;
import org.postern.config.store.meaning.Vocabulary;
import org.postern.core.scope.OutboundVocabulary;
import org.postern.core.scope.ScopeResolver;
import org.postern.fuzz.Body;
import org.postern.spi.mail.Binding;
import org.postern.spi.mail.RoutingDomain;

/**
 * One configuration file, from its octets to what holds for a domain. It is right and can be used, or wrong and says
 * where; never both, never neither. Includes lead to nothing.
 */
public final class ConfigurationBody implements Body {

    private static final Path DIRECTORY = Path.of("/etc/postern");
    private static final Vocabulary WORDS =
            Vocabulary.EMPTY.plus(new LanguageVocabulary()).plus(new OutboundVocabulary());

    @Override
    public void run(byte[] input) {
        Loaded loaded = Interpreter.interpret(reading(input), WORDS, 1);
        loaded.problems().kept().forEach(ConfigurationBody::check);
        if (loaded.isRight()) {
            ScopeResolver resolver = new ScopeResolver();
            for (String domain : List.of("example.com", "mail.example.com", "a".repeat(63) + ".example")) {
                resolver.resolve(loaded.snapshot(), Binding.DEFAULT, new RoutingDomain(domain));
            }
            Body.check(loaded.isSameAs(Interpreter.interpret(reading(input), WORDS, 2)), "differs from itself");
            loaded.changesSince(Optional.empty());
        } else {
            Body.check(!loaded.problems().kept().isEmpty(), "wrong without a reason");
        }
    }

    private static void check(Problem problem) {
        Body.check(Body.isOneLine(problem.toString()), "a problem shows what stands in the file as it is");
    }

    private static Sources.Reading reading(byte[] input) {
        Problems problems = new Problems();
        Footprint footprint = new Footprint(Instant.EPOCH);
        try {
            Parser parser = new Parser(
                    "postern.conf", Text.decode("postern.conf", input), problems, (path, operand, origin) -> List.of());
            List<Item> items = parser.parse();
            return new Sources.Reading(
                    "postern.conf",
                    DIRECTORY,
                    items,
                    parser.isComplete(),
                    Set.of(),
                    problems,
                    footprint,
                    Map.of(),
                    List.of());
        } catch (SyntaxException notText) {
            problems.add(notText.problem());
            return new Sources.Reading(
                    "postern.conf", DIRECTORY, List.of(), false, Set.of(), problems, footprint, Map.of(), List.of());
        }
    }
}
