// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store.language;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Collects problems up to a bound for each severity, and counts the rest. Not safe for several threads. */
public final class Problems {

    /** How many of each severity are kept if nothing else is said: what a log should hold. */
    public static final int BOUND = 100;

    private final int bound;
    private final List<Problem> errors = new ArrayList<>();
    private final List<Problem> warnings = new ArrayList<>();
    private int errorCount;
    private int warningCount;

    /** Keeps {@link #BOUND} of each severity. */
    public Problems() {
        this(BOUND);
    }

    /** Keeps so many of each severity. */
    public Problems(int bound) {
        this.bound = bound;
    }

    /** Notes a problem. */
    public void add(Problem problem) {
        switch (problem.severity()) {
            case ERROR -> {
                errorCount++;
                keep(errors, problem);
            }
            case WARNING -> {
                warningCount++;
                keep(warnings, problem);
            }
        }
    }

    private void keep(List<Problem> list, Problem problem) {
        if (list.size() < bound) {
            list.add(problem);
        }
    }

    /** Whether another error would be kept; composing one that is not is wasted. */
    public boolean keepsErrors() {
        return errors.size() < bound;
    }

    /** Whether the configuration is wrong. */
    public boolean anyError() {
        return errorCount > 0;
    }

    /** Errors found, kept or not. */
    public int errorCount() {
        return errorCount;
    }

    /** Warnings found, kept or not. */
    public int warningCount() {
        return warningCount;
    }

    /** Those that were kept: errors first, each severity in the order in which it was found. */
    public List<Problem> kept() {
        return Stream.concat(errors.stream(), warnings.stream()).toList();
    }

    /** How many were found and not kept. */
    public int leftOut() {
        return errorCount - errors.size() + warningCount - warnings.size();
    }

    /** One line such as {@code 2 errors, 1 warning}. */
    public String summary() {
        return count(errorCount, "error") + ", " + count(warningCount, "warning");
    }

    private static String count(int number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }
}
