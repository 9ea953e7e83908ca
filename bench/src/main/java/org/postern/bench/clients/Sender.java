// SPDX-License-Identifier: Apache-2.0
package org.postern.bench.clients;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.function.IntFunction;

/**
 * The process of one client. For each line {@code PHASE COUNT} of its standard input it sends so many messages, to the
 * numbers from 0 in that phase, and says how many nanoseconds of processor time the process has used for it, the
 * collector's and the compiler's included.
 */
public final class Sender {

    private Sender() {}

    /** @param arguments the name of the client as {@link Kind} has it, port, user, password */
    public static void main(String[] arguments) throws Exception {
        try (MailClient client =
                        Kind.valueOf(arguments[0]).open(Integer.parseInt(arguments[1]), arguments[2], arguments[3]);
                BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] words = line.split(" ");
                System.out.println(send(client, Integer.parseInt(words[1]), number -> recipient(words[0], number)));
            }
        }
    }

    private static String recipient(String phase, int number) {
        return phase + "-" + number + "@sink.example";
    }

    private static long send(MailClient client, int count, IntFunction<String> recipients) throws Exception {
        var system = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long before = system.getProcessCpuTime();
        for (int number = 0; number < count; number++) {
            client.send(recipients.apply(number));
        }
        return system.getProcessCpuTime() - before;
    }
}
