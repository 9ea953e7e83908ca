// SPDX-License-Identifier: Apache-2.0
package org.postern.peer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postern.peer.Step.End;
import org.postern.peer.Step.End.How;
import org.postern.peer.Step.Pace;
import org.postern.peer.Step.Source;

/** Reads the language of dialogues, which the package describes. */
final class DialogueReader {

    private static final Pattern SECTION =
            Pattern.compile("---\\s+(?:connection\\s+(\\d+)|further\\s+connections)\\s*");
    private static final Pattern REPEAT = Pattern.compile("repeat\\s+(\\d{1,8})\\s+(.*)");
    private static final Pattern DRIBBLE = Pattern.compile("dribble\\s+(\\d{1,6})/(\\d{1,6})ms\\s+(.*)");
    private static final Pattern PAUSE = Pattern.compile("pause\\s+(\\d{1,6})ms");
    private static final Pattern TLS =
            Pattern.compile("(?:start)?tls\\s+([a-z-]+)(?:\\s+for\\s+([^\\s,]+(?:,[^\\s,]+)*))?(\\s+refused)?");
    private static final Pattern OCTETS = Pattern.compile("<octets (\\d{1,10})>");

    private final String name;
    private final List<List<Step>> connections = new ArrayList<>();
    private List<Step> further;
    private List<Step> current;

    private DialogueReader(String name) {
        this.name = name;
    }

    /**
     * Reads a dialogue.
     *
     * @throws IllegalArgumentException naming file and line, if there is something that is no dialogue
     */
    static Dialogue read(String name, String text) {
        DialogueReader reader = new DialogueReader(name);
        int number = 0;
        for (String line : text.split("\r?\n", -1)) {
            reader.line(new Source(++number, line));
        }
        if (reader.connections.isEmpty() && reader.further == null) {
            throw new IllegalArgumentException(name + ": there is no dialogue in it");
        }
        return new Dialogue(name, reader.connections, Optional.ofNullable(reader.further));
    }

    private void line(Source source) {
        String text = source.text().stripLeading();
        if (text.isBlank() || text.startsWith("#")) {
            return;
        }
        try {
            if (text.startsWith("---")) {
                section(text);
            } else {
                steps().add(step(source, text));
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(name + ":" + source.line() + ": " + e.getMessage(), e);
        }
    }

    private List<Step> steps() {
        if (current == null) {
            current = new ArrayList<>();
            connections.add(current);
        }
        return current;
    }

    private void section(String text) {
        Matcher matcher = SECTION.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("a section is '--- connection 2' or '--- further connections'");
        }
        current = new ArrayList<>();
        if (matcher.group(1) == null) {
            further = current;
            return;
        }
        if (Integer.parseInt(matcher.group(1)) != connections.size() + 1 || further != null) {
            throw new IllegalArgumentException("the next connection has number " + (connections.size() + 1));
        }
        connections.add(current);
    }

    private static Step step(Source source, String text) {
        Matcher repeat = REPEAT.matcher(text);
        if (repeat.matches()) {
            return spoken(source, repeat.group(2), Integer.parseInt(repeat.group(1)), Optional.empty());
        }
        Matcher dribble = DRIBBLE.matcher(text);
        if (dribble.matches()) {
            return spoken(source, dribble.group(3), 1, Optional.of(pace(dribble)));
        }
        return text.startsWith("S:") || text.startsWith("S!") || text.startsWith("C:")
                ? spoken(source, text, 1, Optional.empty())
                : directed(source, text.strip());
    }

    private static Pace pace(Matcher dribble) {
        int octets = Integer.parseInt(dribble.group(1));
        if (octets == 0) {
            throw new IllegalArgumentException("a pace has at least 1 octet");
        }
        return new Pace(octets, Duration.ofMillis(Long.parseLong(dribble.group(2))));
    }

    private static Step spoken(Source source, String text, int times, Optional<Pace> pace) {
        String said = text.length() > 2 && text.charAt(2) == ' ' ? text.substring(3) : text.substring(2);
        if (text.startsWith("S:")) {
            return new Step.Say(source, WireText.line(said), times, pace);
        }
        if (text.startsWith("S!")) {
            return new Step.Say(source, WireText.octets(said), times, pace);
        }
        if (text.startsWith("C:") && pace.isEmpty()) {
            return heard(source, said, times);
        }
        throw new IllegalArgumentException("expected S: or S! (or, with repeat, C:)");
    }

    private static Step heard(Source source, String said, int times) {
        if (said.strip().equals("<content>")) {
            return new Step.HearContent(source);
        }
        Matcher octets = OCTETS.matcher(said.strip());
        return octets.matches()
                ? new Step.HearOctets(source, Long.parseLong(octets.group(1)))
                : new Step.Hear(source, WireText.pattern(said), times);
    }

    private static Step directed(Source source, String text) {
        Matcher pause = PAUSE.matcher(text);
        if (pause.matches()) {
            return new Step.Pause(source, Duration.ofMillis(Long.parseLong(pause.group(1))));
        }
        if (text.startsWith("tls") || text.startsWith("starttls")) {
            return handshake(source, text);
        }
        return switch (text) {
            case "wait", "silence" -> new Step.Silence(source);
            case "close" -> new End(source, How.CLOSE);
            case "cut" -> new End(source, How.CUT);
            case "reset" -> new End(source, How.RESET);
            default ->
                throw new IllegalArgumentException("a line begins with S:, S!, C:, repeat, dribble, pause, wait,"
                        + " silence, tls, starttls, close, cut, reset, --- or #");
        };
    }

    private static Step handshake(Source source, String text) {
        Matcher tls = TLS.matcher(text);
        if (!tls.matches()) {
            throw new IllegalArgumentException("TLS is written 'starttls good', perhaps 'for NAME' and 'refused'");
        }
        List<String> names =
                tls.group(2) == null ? List.of() : List.of(tls.group(2).split(","));
        return new Step.Handshake(source, CertificateVariant.of(tls.group(1)), names, tls.group(3) != null);
    }
}
