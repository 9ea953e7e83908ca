// SPDX-License-Identifier: Apache-2.0
package org.postern.core.operate;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * What follows the verb.
 *
 * @param action what to do
 * @param reference with what; empty for all
 * @param json whether for programs
 * @param patience how long to wait for the login, if at all
 * @param allNodes whether the other nodes are meant as well
 */
record CredentialsArguments(
        Action action, Optional<String> reference, boolean json, Optional<Duration> patience, boolean allNodes) {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    enum Action {
        LIST,
        SHOW,
        RETRY
    }

    /** The line is wrong; the message says how. */
    static final class Wrong extends Exception {

        private static final long serialVersionUID = 1L;

        Wrong(String message) {
            super(message, null, false, false);
        }
    }

    static CredentialsArguments parse(List<String> words) throws Wrong {
        Deque<String> operands = new ArrayDeque<>();
        boolean json = false;
        boolean allNodes = false;
        Optional<Duration> wait = Optional.empty();
        for (String word : words) {
            if (word.equals("--json")) {
                json = true;
            } else if (word.equals(AllNodes.OPTION)) {
                allNodes = true;
            } else if (word.equals("--wait")) {
                wait = Optional.of(PATIENCE);
            } else if (word.startsWith("--wait=")) {
                wait = Optional.of(seconds(word.substring("--wait=".length())));
            } else if (word.startsWith("-")) {
                throw new Wrong("there is no option " + word);
            } else {
                operands.add(word);
            }
        }
        Action action = action(Optional.ofNullable(operands.poll()).orElse("list"));
        Optional<String> reference = Optional.ofNullable(operands.poll());
        if (!operands.isEmpty()) {
            throw new Wrong("one reference at a time");
        }
        if (action == Action.LIST && reference.isPresent()) {
            throw new Wrong("list takes no reference; show does");
        }
        if (action != Action.LIST && reference.isEmpty()) {
            throw new Wrong("which credential? Give its reference, as 'credentials list' shows it");
        }
        if (wait.isPresent() && action != Action.RETRY) {
            throw new Wrong("--wait goes with retry");
        }
        return new CredentialsArguments(action, reference, json, wait, allNodes);
    }

    private static Action action(String word) throws Wrong {
        return switch (word) {
            case "list" -> Action.LIST;
            case "show" -> Action.SHOW;
            case "retry" -> Action.RETRY;
            default -> throw new Wrong("there is no '" + word + "'; it is list, show or retry");
        };
    }

    private static Duration seconds(String text) throws Wrong {
        try {
            int seconds = Integer.parseInt(text);
            if (seconds >= 1 && seconds <= 3_600) {
                return Duration.ofSeconds(seconds);
            }
        } catch (NumberFormatException notANumber) {
            // The same answer as for a number out of bounds.
        }
        throw new Wrong("--wait takes seconds from 1 to 3600");
    }
}
