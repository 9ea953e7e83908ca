// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.datasource;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.osgi.service.component.annotations.Component;
import org.postern.spi.event.DeliveryEvent;
import org.postern.spi.event.DeliveryListener;
import org.postern.spi.mail.DeliveryOutcome;
import org.postern.spi.mail.DeliveryStage;
import org.postern.spi.mail.MessageId;

/**
 * Which answers a message's credential may have come from. When a peer refuses the login, they are forgotten, so that the
 * next attempt of this message, and the first of any other with the same question, gets what the database says now.
 * Without this a rotated password would be refused for as long as the cache keeps the old one.
 *
 * <p>Threading: any thread.
 */
@Component(service = {Consultations.class, DeliveryListener.class})
public final class Consultations implements DeliveryListener {

    /** Messages remembered; the oldest goes. */
    private static final int MESSAGES = 20_000;

    private final Map<MessageId, Set<Answer>> answers = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<MessageId, Set<Answer>> eldest) {
            return size() > MESSAGES;
        }
    };

    private record Answer(Datasource datasource, Query query) {}

    /** A message is about to be given a credential anew. */
    public synchronized void begin(MessageId message) {
        answers.remove(message);
    }

    /** A question was answered on a message's behalf. */
    public synchronized void note(MessageId message, Datasource datasource, Query query) {
        if (datasource.isCached()) {
            answers.computeIfAbsent(message, ignored -> new LinkedHashSet<>()).add(new Answer(datasource, query));
        }
    }

    @Override
    public void on(DeliveryEvent event) {
        switch (event) {
            case DeliveryEvent.Accepted accepted -> {}
            case DeliveryEvent.SessionOpened opened -> {}
            case DeliveryEvent.AttemptEnded ended -> ended(ended);
        }
    }

    private void ended(DeliveryEvent.AttemptEnded ended) {
        Set<Answer> consulted = take(ended.message());
        if (refused(ended.outcome())) {
            consulted.forEach(answer -> answer.datasource().forget(answer.query()));
        }
    }

    private synchronized Set<Answer> take(MessageId message) {
        Set<Answer> consulted = answers.remove(message);
        return consulted == null ? Set.of() : consulted;
    }

    private static boolean refused(DeliveryOutcome outcome) {
        return switch (outcome) {
            case DeliveryOutcome.Delivered delivered -> false;
            case DeliveryOutcome.Deferred deferred -> isLogin(deferred.stage());
            case DeliveryOutcome.Held held -> isLogin(held.stage());
            case DeliveryOutcome.Failed failed -> isLogin(failed.stage());
        };
    }

    private static boolean isLogin(DeliveryStage stage) {
        return stage == DeliveryStage.AUTH_SENT || stage == DeliveryStage.AUTH_CHALLENGE;
    }
}
