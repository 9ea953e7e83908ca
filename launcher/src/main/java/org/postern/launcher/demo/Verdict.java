// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher.demo;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.postern.launcher.Terminal;

/**
 * How a demonstration ended.
 *
 * @param accepted messages that the relay took responsibility for
 * @param peers what became of them
 * @param swaps what was replaced meanwhile
 * @param seconds how long it took
 * @param transcript where the transcript is
 */
record Verdict(int accepted, List<PeerReport> peers, List<String> swaps, double seconds, String transcript) {

    private static final String ROW = "  %-20s %-10s %8s %6s %6s %7s %6s  %-6s %-8s %8s %9s%n";

    /** Copies the lists. */
    Verdict {
        peers = List.copyOf(peers);
        swaps = List.copyOf(swaps);
    }

    /** Whether everything came as it should, and all of it. */
    boolean perfect() {
        int came = peers.stream().mapToInt(PeerReport::messages).sum();
        return came == accepted && peers.stream().allMatch(PeerReport::perfect);
    }

    /** A table for people. */
    String table(Terminal terminal) {
        StringBuilder table = new StringBuilder();
        table.append(terminal.bold(String.format(
                ROW,
                "peer",
                "identity",
                "messages",
                "twice",
                "lost",
                "altered",
                "wrong",
                "AUTH",
                "TLS",
                "sessions",
                "slowest")));
        peers.forEach(peer -> table.append(row(peer)));
        String sentence = perfect()
                ? terminal.good("All " + accepted + " messages came once, octet for octet, under the right identity.")
                : terminal.bad("Not as it should be: see the table.");
        return table + "\n  " + sentence + String.format(Locale.ROOT, " (%.1f s)%n", seconds);
    }

    private static String row(PeerReport peer) {
        return String.format(
                Locale.ROOT,
                ROW,
                peer.domain(),
                peer.user(),
                peer.messages(),
                peer.duplicates(),
                peer.missing(),
                peer.altered(),
                peer.wrongIdentity(),
                String.join(",", peer.mechanisms()),
                String.join(",", peer.tls()),
                peer.sessions(),
                peer.longestDelay().toMillis() + " ms");
    }

    /** One JSON object for scripts. */
    String json() {
        return "{\"ok\":" + perfect() + ",\"accepted\":" + accepted
                + String.format(Locale.ROOT, ",\"seconds\":%.3f", seconds) + ",\"swaps\":" + array(swaps)
                + ",\"peers\":["
                + peers.stream().map(Verdict::json).collect(Collectors.joining(",")) + "],\"transcript\":"
                + string(transcript) + "}";
    }

    private static String json(PeerReport peer) {
        return "{\"domain\":" + string(peer.domain()) + ",\"identity\":" + string(peer.user()) + ",\"messages\":"
                + peer.messages() + ",\"duplicates\":" + peer.duplicates() + ",\"missing\":" + peer.missing()
                + ",\"altered\":" + peer.altered() + ",\"wrongIdentity\":" + peer.wrongIdentity() + ",\"mechanisms\":"
                + array(peer.mechanisms()) + ",\"tls\":" + array(peer.tls()) + ",\"sessions\":" + peer.sessions()
                + ",\"longestDelayMillis\":" + peer.longestDelay().toMillis() + "}";
    }

    private static String array(List<String> words) {
        return words.stream().map(Verdict::string).collect(Collectors.joining(",", "[", "]"));
    }

    private static String string(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.codePoints().forEach(c -> {
            if (c == '"' || c == '\\') {
                quoted.append('\\').appendCodePoint(c);
            } else if (c < ' ') {
                quoted.append(String.format("\\u%04x", c));
            } else {
                quoted.appendCodePoint(c);
            }
        });
        return quoted.append('"').toString();
    }
}
