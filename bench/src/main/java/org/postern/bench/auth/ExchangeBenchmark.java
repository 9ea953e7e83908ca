// SPDX-License-Identifier: Apache-2.0
package org.postern.bench.auth;

import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.postern.auth.scram.SaltedPasswords;
import org.postern.peer.ServerMechanism;
import org.postern.spi.credential.Credential;
import org.postern.spi.credential.Octets;
import org.postern.spi.sasl.SaslExchange;
import org.postern.spi.sasl.SaslStep;

/** A full run of each mechanism, from the credential to the end, without base64 and wire, which are the same for all. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
@State(Scope.Thread)
public class ExchangeBenchmark {

    private static final int ITERATIONS = 4_096;

    /** What the servers say that say the same each time. */
    private static final List<String> PROMPTS = List.of("Username:", "Password:");

    private static final List<String> CRAM = List.of("<1896.697170952@mx.example.test>");

    /** The mechanism; the last one is SCRAM with a password that was never salted before. */
    @Param({"PLAIN", "LOGIN", "CRAM-MD5", "XOAUTH2", "OAUTHBEARER", "SCRAM-SHA-256", "SCRAM-SHA-256, not remembered"})
    public String mechanism;

    private final SaltedPasswords passwords = new SaltedPasswords();
    private Client client;
    private ServerMechanism scram;
    private boolean forgets;

    /** Makes both sides, and sees that they understand each other. */
    @Setup(Level.Trial)
    public void meet() {
        String name = mechanism.split(",")[0];
        client = Client.of(name, passwords);
        scram = new RememberingScramServer(Client.PASSWORD, ITERATIONS);
        forgets = !name.equals(mechanism);
        if (!(authenticate() instanceof SaslStep.Complete)) {
            throw new IllegalStateException(mechanism + " does not come to its end");
        }
    }

    /** One authentication. */
    @Benchmark
    public SaslStep authenticate() {
        if (forgets) {
            passwords.wipe();
        }
        try (Credential account = client.account();
                SaslExchange exchange = client.open(account)) {
            Octets response = exchange.initialResponse().orElse(Octets.EMPTY);
            ServerMechanism.Exchange server = server();
            while (server.next(Optional.of(response.toByteArray()))
                    instanceof ServerMechanism.Verdict.Challenge asked) {
                response = ((SaslStep.Respond) exchange.respond(Octets.wrap(asked.octets()))).response();
            }
            return exchange.conclude();
        }
    }

    private ServerMechanism.Exchange server() {
        return switch (client.name()) {
            case "SCRAM-SHA-256" -> scram.begin(null);
            case "LOGIN" -> saying(PROMPTS);
            case "CRAM-MD5" -> saying(CRAM);
            default -> saying(List.of());
        };
    }

    private static ServerMechanism.Exchange saying(List<String> challenges) {
        Iterator<String> left = challenges.iterator();
        return response -> left.hasNext()
                ? new ServerMechanism.Verdict.Challenge(left.next().getBytes(StandardCharsets.US_ASCII))
                : new ServerMechanism.Verdict.Granted(Client.USER);
    }
}
