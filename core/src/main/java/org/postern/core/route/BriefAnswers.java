// SPDX-License-Identifier: Apache-2.0
package org.postern.core.route;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.Record;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.Section;
import org.xbill.DNS.TSIG;

/**
 * Asks another resolver, and passes on few records of each kind. Whoever owns a name decides how many records it has, up to
 * some thousands. To sort those out takes the library time with the square of their number, about a second, and memory for as
 * long as the answer is remembered; nobody looks at more than a few of them.
 *
 * <p>Threading: as the other one.
 */
final class BriefAnswers implements Resolver {

    /** Records of one kind. No more exchangers than that are looked at either. */
    static final int MOST_OF_A_KIND = 20;

    private final Resolver asked;
    private final RandomGenerator random;

    BriefAnswers(Resolver asked, RandomGenerator random) {
        this.asked = asked;
        this.random = random;
    }

    @Override
    public CompletionStage<Message> sendAsync(Message query) {
        return asked.sendAsync(query).thenApply(this::shortened);
    }

    @Override
    public CompletionStage<Message> sendAsync(Message query, Executor executor) {
        return asked.sendAsync(query, executor).thenApply(this::shortened);
    }

    private Message shortened(Message answer) {
        for (int section : new int[] {Section.ANSWER, Section.AUTHORITY, Section.ADDITIONAL}) {
            List<Record> all = answer.getSection(section);
            if (all.size() > MOST_OF_A_KIND) {
                answer.removeAllRecords(section);
                few(all).forEach(one -> answer.addRecord(one, section));
            }
        }
        return answer;
    }

    /** Of exchangers those that would be tried first, any of equal ones; of everything else those that come first. */
    private List<Record> few(List<Record> all) {
        List<MXRecord> exchangers = new ArrayList<>();
        List<Record> ordered = new ArrayList<>();
        for (Record one : all) {
            if (one instanceof MXRecord exchanger) {
                exchangers.add(exchanger);
            } else {
                ordered.add(one);
            }
        }
        Collections.shuffle(exchangers, random);
        exchangers.sort(Comparator.comparingInt(MXRecord::getPriority));
        ordered.addAll(exchangers);
        Map<Integer, Integer> counts = new HashMap<>();
        return ordered.stream()
                .filter(one -> counts.merge(one.getType(), 1, Integer::sum) <= MOST_OF_A_KIND)
                .toList();
    }

    @Override
    public void setPort(int port) {
        asked.setPort(port);
    }

    @Override
    public void setTCP(boolean always) {
        asked.setTCP(always);
    }

    @Override
    public void setIgnoreTruncation(boolean ignored) {
        asked.setIgnoreTruncation(ignored);
    }

    @Override
    public void setEDNS(int version, int payloadSize, int flags, List<EDNSOption> options) {
        asked.setEDNS(version, payloadSize, flags, options);
    }

    @Override
    public void setTSIGKey(TSIG key) {
        asked.setTSIGKey(key);
    }

    @Override
    public Duration getTimeout() {
        return asked.getTimeout();
    }

    @Override
    public void setTimeout(Duration timeout) {
        asked.setTimeout(timeout);
    }
}
