// SPDX-License-Identifier: Apache-2.0
package org.postern.core.explain;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.postern.engine.ExplainRequest;
import org.postern.spi.mail.MailAddress;
import org.postern.spi.policy.ReceivedMessage;

/** What follows the verb. Every option takes its value as the next word, or behind an equals sign. */
final class ExplainArguments {

    private static final Pattern FIELD = Pattern.compile("[!-9;-~]+[ \\t]*:[^\\r\\n\\x00]*");

    private final InputStream in;
    private Optional<MailAddress> sender = Optional.empty();
    private Optional<MailAddress> recipient = Optional.empty();
    private Optional<String> binding = Optional.empty();
    private final StringBuilder header = new StringBuilder();
    private boolean offline;
    private boolean json;

    /** The line is wrong; the message says how. */
    static final class Wrong extends Exception {

        private static final long serialVersionUID = 1L;

        Wrong(String message) {
            super(message, null, false, false);
        }
    }

    private ExplainArguments(InputStream in) {
        this.in = in;
    }

    /** @param in where a message named {@code -} is read from */
    static ExplainArguments parse(List<String> words, InputStream in) throws Wrong {
        ExplainArguments arguments = new ExplainArguments(in);
        Deque<String> left = new ArrayDeque<>(words);
        while (!left.isEmpty()) {
            arguments.take(left.poll(), left);
        }
        if (arguments.recipient.isEmpty()) {
            throw new Wrong("--to ADDRESS is missing: whom would the message be for?");
        }
        return arguments;
    }

    private void take(String word, Deque<String> left) throws Wrong {
        int equals = word.startsWith("--") ? word.indexOf('=') : -1;
        String option = equals < 0 ? word : word.substring(0, equals);
        if (equals >= 0) {
            left.push(word.substring(equals + 1));
        }
        switch (option) {
            case "--from" -> sender = sender(value(option, left));
            case "--to" -> recipient = Optional.of(address(option, value(option, left)));
            case "--binding" -> binding = Optional.of(value(option, left));
            case "--header" -> header.append(field(value(option, left))).append("\r\n");
            case "--message" -> header.append(headerOf(value(option, left)));
            case "--offline" -> offline = flag(option, equals);
            case "--json" -> json = flag(option, equals);
            default -> throw new Wrong("there is no option " + option);
        }
    }

    private static boolean flag(String option, int equals) throws Wrong {
        if (equals >= 0) {
            throw new Wrong(option + " takes no value");
        }
        return true;
    }

    private static String value(String option, Deque<String> left) throws Wrong {
        if (left.isEmpty()) {
            throw new Wrong(option + " needs a value");
        }
        return left.poll();
    }

    private static Optional<MailAddress> sender(String text) throws Wrong {
        return text.isEmpty() || text.equals("<>") ? Optional.empty() : Optional.of(address("--from", text));
    }

    private static MailAddress address(String option, String text) throws Wrong {
        boolean bracketed = text.startsWith("<") && text.endsWith(">");
        try {
            return MailAddress.parse(bracketed ? text.substring(1, text.length() - 1) : text);
        } catch (IllegalArgumentException wrong) {
            throw new Wrong(option + ": " + wrong.getMessage());
        }
    }

    private static String field(String text) throws Wrong {
        if (!FIELD.matcher(text).matches()) {
            throw new Wrong("--header takes 'Name: value' on one line");
        }
        return text;
    }

    private String headerOf(String file) throws Wrong {
        try (InputStream content = file.equals("-") ? in : Files.newInputStream(Path.of(file))) {
            byte[] start = content.readNBytes(ReceivedMessage.HEADER_OCTETS);
            String text = new String(start, StandardCharsets.UTF_8).replaceAll("\\r?\\n", "\r\n");
            int end = text.startsWith("\r\n") ? 0 : text.indexOf("\r\n\r\n");
            return end < 0 ? text : text.substring(0, end == 0 ? 0 : end + 2);
        } catch (InvalidPathException notAPath) {
            throw new Wrong("--message: not a path");
        } catch (IOException unreadable) {
            throw new Wrong("--message: cannot read " + unreadable.getMessage());
        }
    }

    boolean json() {
        return json;
    }

    ExplainRequest request() {
        return new ExplainRequest(sender, recipient.orElseThrow(), binding, header.toString(), offline);
    }
}
