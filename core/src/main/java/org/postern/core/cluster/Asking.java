// SPDX-License-Identifier: Apache-2.0
package org.postern.core.cluster;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postern.spi.cluster.Put;
import org.postern.spi.cluster.SharedRegisters;

/** Puts questions to the relays that live. */
@Singleton
public final class Asking implements OtherNodes {

    private final Cluster cluster;
    private final Relays relays;
    private final Answering answering;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    /** @param clock measures silence */
    @Inject
    public Asking(Cluster cluster, Relays relays, Answering answering, Clock clock) {
        this.cluster = cluster;
        this.relays = relays;
        this.answering = answering;
        this.clock = clock;
    }

    @Override
    public Optional<String> own() {
        return cluster.node().map(name -> name.isEmpty() ? relays.own() : name);
    }

    @Override
    public Optional<Round> ask(List<String> words) {
        Map<String, String> asked = relays.others();
        Question question = new Question(own().orElseThrow(), asked.keySet(), words, false);
        byte[] value = question.encoded();
        if (value.length > SharedRegisters.LONGEST_VALUE) {
            throw new IllegalArgumentException("the line is too long to be handed to other nodes: " + value.length
                    + " octets packed, and " + SharedRegisters.LONGEST_VALUE + " are possible");
        }
        byte[] name = new byte[16];
        random.nextBytes(name);
        return put(HexFormat.of().formatHex(name), question, value, asked);
    }

    private Optional<Round> put(String name, Question question, byte[] value, Map<String, String> asked) {
        Optional<Put> put = cluster.put(Question.TOPIC, name, value, SharedRegisters.ABSENT, Round.LIFE);
        return put.map(done -> switch (done) {
            case Put.Held held -> new Round(cluster, clock, name, question, held.revision(), asked);
            case Put.Beaten taken -> throw new IllegalStateException("a name of chance was taken");
        });
    }

    @Override
    public void answerBy(Answering.Verbs verbs) {
        answering.by(verbs);
    }
}
