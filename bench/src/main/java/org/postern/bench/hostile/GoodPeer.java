// SPDX-License-Identifier: Apache-2.0
package org.postern.bench.hostile;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.postern.bench.LineWire;

/**
 * A peer that takes what it is given, drops contents, and counts recipients. Those whose names begin with {@link #NOBODY} it
 * refuses for good.
 */
final class GoodPeer implements Conduct {

    static final String NOBODY = "nobody";

    private static final int GATHERED = 512;

    private final Map<String, Integer> recipients = new ConcurrentHashMap<>();
    private final LongAdder deliveries = new LongAdder();
    private final LongAdder octets = new LongAdder();

    @Override
    public void meet(Socket socket) throws IOException {
        LineWire wire = new LineWire(counted(socket.getInputStream()), socket.getOutputStream(), GATHERED);
        wire.say("220 good ESMTP");
        List<String> named = new ArrayList<>();
        String line;
        do {
            wire.flushIfNothingWaits();
            line = wire.line();
        } while (line != null && answer(wire, line, named));
        wire.flush();
    }

    private InputStream counted(InputStream in) {
        return new FilterInputStream(in) {
            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                int read = super.read(buffer, offset, length);
                octets.add(Math.max(0, read));
                return read;
            }
        };
    }

    private boolean answer(LineWire wire, String line, List<String> named) throws IOException {
        String verb = line.substring(0, Math.min(4, line.length())).toUpperCase(Locale.ROOT);
        switch (verb) {
            case "EHLO" -> {
                wire.say("250-good");
                wire.say("250 PIPELINING");
            }
            case "RCPT" -> wire.say(recipient(line, named) ? "250 2.1.5 ok" : "550 5.1.1 nobody of that name");
            case "DATA" -> content(wire, named);
            case "QUIT" -> wire.say("221 2.0.0 bye");
            default -> {
                named.clear();
                wire.say("250 2.0.0 ok");
            }
        }
        return !verb.equals("QUIT");
    }

    private static boolean recipient(String line, List<String> named) {
        String address = line.substring(line.indexOf('<') + 1, line.indexOf('>'));
        return !address.startsWith(NOBODY) && named.add(address);
    }

    private void content(LineWire wire, List<String> named) throws IOException {
        if (named.isEmpty()) {
            wire.say("554 5.5.1 for whom");
            return;
        }
        wire.say("354 go on");
        wire.flush();
        wire.skipContent();
        wire.say("250 2.0.0 ok");
        wire.flush();
        named.forEach(one -> recipients.merge(one, 1, Integer::sum));
        deliveries.add(named.size());
        named.clear();
    }

    /** How many recipients it took mail for, each as often as it did. */
    long deliveries() {
        return deliveries.sum();
    }

    /** How many different ones. */
    int different() {
        return recipients.size();
    }

    /** How often it took mail for this one. */
    int deliveries(String recipient) {
        return recipients.getOrDefault(recipient, 0);
    }

    /** How many octets it was sent. */
    long octets() {
        return octets.sum();
    }
}
