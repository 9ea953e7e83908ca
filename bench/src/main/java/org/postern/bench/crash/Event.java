// SPDX-License-Identifier: Apache-2.0
package org.postern.bench.crash;

import java.util.Arrays;
import java.util.List;

/**
 * What was seen from outside, a line for each in a {@link History}. Nothing is written by the relay itself. Names of
 * messages, addresses and digests are words without spaces.
 */
sealed interface Event {

    /** The words of its line. */
    String line();

    /** Mail of one binding for this domain is delivered by so many workers at most. Before everything else. */
    record Queue(String domain, int workers) implements Event {
        @Override
        public String line() {
            return "queue " + domain + " " + workers;
        }
    }

    /** A relay is about to be started; this is the number of its life. Several may live at once. */
    record Started(int life) implements Event {
        @Override
        public String line() {
            return "started " + life;
        }
    }

    /** It is about to be killed: what it has not made durable will be gone. */
    record Killed(int life) implements Event {
        @Override
        public String line() {
            return "killed " + life;
        }
    }

    /** It ended in order: whatever happened up to here must be durable. */
    record Stopped(int life) implements Event {
        @Override
        public String line() {
            return "stopped " + life;
        }
    }

    /** The end of a message's content is about to be sent; from here on the relay may have it. */
    record Submitted(String message, String user, String digest, List<String> recipients) implements Event {
        @Override
        public String line() {
            return "submitted " + message + " " + user + " " + digest + " " + String.join(" ", recipients);
        }
    }

    /** The relay has replied 250 to the content: it has promised to deliver. */
    record Accepted(String message) implements Event {
        @Override
        public String line() {
            return "accepted " + message;
        }
    }

    /** The relay has refused the content, so it must not deliver it. */
    record Refused(String message, String code) implements Event {
        @Override
        public String line() {
            return "refused " + message + " " + code;
        }
    }

    /** A peer has the whole content, for the recipients that it took. The digest is {@code -} where nobody looked. */
    record Attempted(String message, String user, String digest, List<String> recipients) implements Event {
        @Override
        public String line() {
            return "attempted " + message + " " + user + " " + digest + " " + String.join(" ", recipients);
        }
    }

    /** A peer is about to reply to the relay of this life for a recipient, to RCPT with a failure or to the content. */
    record Replied(int life, String recipient, String code) implements Event {
        @Override
        public String line() {
            return "replied " + life + " " + recipient + " " + code;
        }
    }

    /**
     * What was replied last for this recipient is durable: its queue has one worker, which notes a result before it begins
     * with the next message, and the next message is here.
     */
    record Settled(String recipient) implements Event {
        @Override
        public String line() {
            return "settled " + recipient;
        }
    }

    /** The relay of this life told the sender, in a notification of this name, that the recipient was not reached. */
    record Reported(int life, String notification, String recipient) implements Event {
        @Override
        public String line() {
            return "reported " + life + " " + notification + " " + recipient;
        }
    }

    /** No further mail comes in, and the relay had all the time that it may need. */
    record Drained() implements Event {
        @Override
        public String line() {
            return "drained";
        }
    }

    /** @throws IllegalArgumentException if it is not a line of a history */
    static Event parse(String line) {
        String[] words = line.split(" ");
        try {
            return switch (words[0]) {
                case "queue" -> new Queue(words[1], Integer.parseInt(words[2]));
                case "started" -> new Started(Integer.parseInt(words[1]));

                case "killed" -> new Killed(Integer.parseInt(words[1]));
                case "stopped" -> new Stopped(Integer.parseInt(words[1]));
                case "submitted" -> new Submitted(words[1], words[2], words[3], rest(words));
                case "accepted" -> new Accepted(words[1]);
                case "refused" -> new Refused(words[1], words[2]);
                case "attempted" -> new Attempted(words[1], words[2], words[3], rest(words));
                case "replied" -> new Replied(Integer.parseInt(words[1]), words[2], words[3]);
                case "settled" -> new Settled(words[1]);
                case "reported" -> new Reported(Integer.parseInt(words[1]), words[2], words[3]);
                case "drained" -> new Drained();
                default -> throw new IllegalArgumentException("nothing that happens: " + line);
            };
        } catch (ArrayIndexOutOfBoundsException | NumberFormatException wrong) {
            throw new IllegalArgumentException("not a line of a history: " + line, wrong);
        }
    }

    private static List<String> rest(String[] words) {
        return List.copyOf(Arrays.asList(words).subList(4, words.length));
    }
}
