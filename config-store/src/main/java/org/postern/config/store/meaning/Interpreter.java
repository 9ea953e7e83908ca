// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store.meaning;

import java.util.List;
import org.postern.config.store.language.Problem;
import org.postern.config.store.language.Problems;
import org.postern.config.store.language.Sources.Reading;
import org.postern.spi.settings.Origin;
import org.postern.spi.settings.ScopePath;
import org.postern.spi.settings.SettingsSnapshot;
import org.postern.spi.settings.StanzaType;

/** Reads a tree with a vocabulary. */
public final class Interpreter {

    private Interpreter() {}

    /** What the files mean. The reading's problems are added to. */
    public static Loaded interpret(Reading reading, Vocabulary vocabulary, long generation) {
        Written written = new Written();
        Unused unused = new Unused();
        return interpret(reading, vocabulary, generation, written, unused, () -> {
            unused.report(Compatibility.in(written), reading.problems());
            new Doubts(written, reading.problems()).report(reading.readableByOthers());
        });
    }

    /**
     * The same for somebody who wants to know what stands where. Words that only Momentum uses and passwords in clear are
     * no problems then: the witness sees them.
     */
    public static Loaded interpret(Reading reading, Vocabulary vocabulary, Witness witness) {
        Written written = new Written(witness);
        Unused unused = new Unused();
        return interpret(reading, vocabulary, 0, written, unused, () -> {
            unused.tell(witness);
            new Doubts(written, reading.problems()).reportPlaces();
        });
    }

    private static Loaded interpret(
            Reading reading,
            Vocabulary vocabulary,
            long generation,
            Written written,
            Unused unused,
            Runnable afterReading) {
        Problems problems = reading.problems();
        Misspelling misspelling = new Misspelling(vocabulary, problems, unused);
        StanzaReader stanzas = new StanzaReader(vocabulary, problems, misspelling);
        refuseEmptiness(reading);
        if (reading.complete()) {
            new ScopeReader(vocabulary, problems, written, misspelling, stanzas)
                    .read(reading.items(), ScopePath.GLOBAL);
            afterReading.run();
        }
        boolean right = !problems.anyError();
        List<BundleStanza> told = right ? stanzas.toBundles(written) : List.of();
        return new Loaded(
                reading.main(),
                reading.directory(),
                right ? snapshot(written, stanzas, deciding(told, vocabulary), generation) : SettingsSnapshot.empty(),
                written,
                told,
                problems,
                reading.footprint());
    }

    private static List<BundleStanza> deciding(List<BundleStanza> stanzas, Vocabulary vocabulary) {
        return stanzas.stream()
                .filter(stanza -> vocabulary
                        .stanza(stanza.name())
                        .filter(StanzaType::decides)
                        .isPresent())
                .toList();
    }

    private static SettingsSnapshot snapshot(
            Written written, StanzaReader stanzas, List<BundleStanza> deciding, long generation) {
        SettingsSnapshot.Builder builder = written.toSnapshot(generation);
        stanzas.secretsInto(builder);
        deciding.forEach(stanza -> builder.declareDeciding(stanza.digest(), stanza.title()));
        return builder.build();
    }

    /**
     * A configuration without a word in it is one that was cut off, or is just being written: put in force, it would
     * send mail past the gateway, and without authentication.
     */
    private static void refuseEmptiness(Reading reading) {
        if (reading.items().isEmpty() && !reading.problems().anyError()) {
            reading.problems()
                    .add(Problem.error(
                            new Origin(reading.main(), 1, 1),
                            "nothing is set here, so that this looks like a file that was emptied or cut off"));
        }
    }
}
