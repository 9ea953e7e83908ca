// SPDX-License-Identifier: Apache-2.0
package org.postern.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** What was measured, in the order of the rounds. Used by one thread. */
final class Results {

    private record Key(String relay, Case load) {}

    private final Map<Key, List<Sample>> samples = new LinkedHashMap<>();
    private final Map<String, List<Double>> starts = new LinkedHashMap<>();

    void add(String relay, Case load, Sample sample) {
        samples.computeIfAbsent(new Key(relay, load), key -> new ArrayList<>()).add(sample);
    }

    void addStart(String relay, double seconds) {
        starts.computeIfAbsent(relay, key -> new ArrayList<>()).add(seconds);
    }

    /** Empty if nothing was measured. */
    List<Sample> of(String relay, Case load) {
        return samples.getOrDefault(new Key(relay, load), List.of());
    }

    /** Seconds to the first delivery; empty if nothing was measured. */
    List<Double> starts(String relay) {
        return starts.getOrDefault(relay, List.of());
    }

    /** One relay's figure divided by the other's, round by round. */
    List<Double> ratios(String relay, String other, Case load, ToDoubleFunction<Sample> figure) {
        List<Sample> ours = of(relay, load);
        List<Sample> theirs = of(other, load);
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < Math.min(ours.size(), theirs.size()); i++) {
            ratios.add(figure.applyAsDouble(ours.get(i)) / figure.applyAsDouble(theirs.get(i)));
        }
        return ratios;
    }

    /** The same for the starts. */
    List<Double> startRatios(String relay, String other) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < Math.min(starts(relay).size(), starts(other).size()); i++) {
            ratios.add(starts(relay).get(i) / starts(other).get(i));
        }
        return ratios;
    }

    /** Messages that were accepted and never came. */
    int lost() {
        return samples.values().stream()
                .flatMap(List::stream)
                .mapToInt(Sample::lost)
                .sum();
    }

    /** Messages that came more than once. */
    int repeated() {
        return samples.values().stream()
                .flatMap(List::stream)
                .mapToInt(Sample::repeated)
                .sum();
    }
}
