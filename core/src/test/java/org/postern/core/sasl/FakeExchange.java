// SPDX-License-Identifier: Apache-2.0
package org.postern.core.sasl;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.postern.spi.credential.Octets;
import org.postern.spi.sasl.SaslExchange;
import org.postern.spi.sasl.SaslStep;

/** Says what it was told to say, and keeps what it was asked. */
public final class FakeExchange implements SaslExchange {

    private final Optional<Octets> initial;
    private final Deque<Octets> answers = new ArrayDeque<>();
    private final List<Octets> challenges = new ArrayList<>();
    private SaslStep conclusion = new SaslStep.Complete();
    private Optional<String> detail = Optional.empty();

    private FakeExchange(Optional<Octets> initial, List<Octets> answers) {
        this.initial = initial;
        this.answers.addAll(answers);
    }

    /** A mechanism in which the client speaks first. */
    public static FakeExchange first(Octets initial, Octets... answers) {
        return new FakeExchange(Optional.of(initial), List.of(answers));
    }

    /** A mechanism in which the server speaks first. */
    public static FakeExchange serverFirst(Octets... answers) {
        return new FakeExchange(Optional.empty(), List.of(answers));
    }

    /** What it thinks of success. */
    public FakeExchange concluding(SaslStep step) {
        conclusion = step;
        return this;
    }

    /** What it has understood when the peer has refused. */
    public FakeExchange detailing(String text) {
        detail = Optional.of(text);
        return this;
    }

    /** What it was asked. */
    public List<Octets> challenges() {
        return List.copyOf(challenges);
    }

    @Override
    public Optional<Octets> initialResponse() {
        return initial;
    }

    @Override
    public SaslStep respond(Octets challenge) {
        challenges.add(challenge);
        return answers.isEmpty() ? new SaslStep.Abort("asked too often") : new SaslStep.Respond(answers.remove());
    }

    @Override
    public SaslStep conclude() {
        return conclusion;
    }

    @Override
    public Optional<String> detail() {
        return detail;
    }

    @Override
    public void close() {}
}
