// SPDX-License-Identifier: Apache-2.0
package org.postern.bench.hostile;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What was found, for people to read. */
final class FindingTable {

    private FindingTable() {}

    static List<String> lines(List<Finding> findings) {
        List<String> lines = new ArrayList<>();
        for (Finding finding : findings) {
            lines.add("");
            lines.add(finding.title());
            finding.figures().forEach(figure -> lines.add("  " + figure));
            lines.add(String.format(
                    Locale.ROOT,
                    "  %d MiB resident at most, with a heap of %s; %.0f s",
                    finding.mostResident(),
                    finding.heap(),
                    finding.seconds()));
            lines.add(finding.isGood() ? "  nothing lost, bounded" : "  WRONG: " + String.join("; ", finding.faults()));
        }
        return lines;
    }
}
