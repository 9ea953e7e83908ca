// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.postern.spi.mail.MessageId;
import org.postern.spi.spool.RecipientState;
import org.postern.spi.spool.RecipientUpdate;
import org.postern.spi.spool.SpooledMessage;

/**
 * Uses a spool in a way that a seed decides, notes what was promised, and checks later that the promises were kept: what
 * was accepted is there once with the same octets, what ended is not, and of what failed either may be true.
 */
final class History {

    private static final int[] SIZES = {0, 1, 7, 300, 900, 1023, 1024, 1025, 3000};

    private final Random random;
    private final Map<MessageId, Promise> promises = new LinkedHashMap<>();
    private final Set<ByteBuffer> refused = new HashSet<>();
    private final Set<MessageId> everGiven = new HashSet<>();
    private long nextContent = 1;

    private static final class Promise {
        private final byte[] content;
        private final List<Set<RecipientState>> states = new ArrayList<>();
        private boolean mayBeThere = true;
        private boolean mayBeGone;

        Promise(byte[] content, int recipients) {
            this.content = content;
            for (int i = 0; i < recipients; i++) {
                states.add(new HashSet<>(Set.of(RecipientState.fresh(Mail.RECEIVED))));
            }
        }

        boolean settled() {
            return states.stream().allMatch(one -> one.stream().allMatch(RecipientState::settled));
        }

        boolean maybeSettled() {
            return states.stream().allMatch(one -> one.stream().anyMatch(RecipientState::settled));
        }
    }

    History(long seed) {
        this.random = new Random(seed);
    }

    void use(LocalSpool spool, int steps) {
        for (int i = 0; i < steps; i++) {
            switch (random.nextInt(10)) {
                case 0, 1, 2, 3 -> accept(spool);
                case 4, 5 -> update(spool, false);
                case 6, 7 -> update(spool, true);
                case 8 -> remove(spool);
                default -> {
                    spool.tidy();
                    spool.handOver();
                }
            }
        }
    }

    private void accept(LocalSpool spool) {
        accept(spool, SIZES[random.nextInt(SIZES.length)]);
    }

    void accept(LocalSpool spool, int octets) {
        byte[] content = Mail.content(nextContent++, octets);
        int recipients = 1 + random.nextInt(3);
        try {
            SpooledMessage accepted = Mail.accept(spool, recipients, content);
            assertThat(everGiven.add(accepted.id())).as("a new id").isTrue();
            promises.put(accepted.id(), new Promise(content, recipients));
        } catch (IOException notAccepted) {
            refused.add(ByteBuffer.wrap(content));
        }
    }

    private MessageId any() {
        List<MessageId> ids = List.copyOf(promises.keySet());
        return ids.isEmpty() ? null : ids.get(random.nextInt(ids.size()));
    }

    void defer(LocalSpool spool) {
        update(spool, false);
    }

    void settle(LocalSpool spool) {
        update(spool, true);
    }

    void hold(LocalSpool spool) {
        MessageId id = any();
        update(spool, id, 0, new RecipientUpdate(0, new RecipientState(false, 0, Mail.RECEIVED, true)));
    }

    /** Reads what was accepted; a disk that fails gives no octets rather than wrong ones. */
    void read(LocalSpool spool) {
        promises.forEach((id, promise) -> {
            try {
                if (!promise.mayBeGone) {
                    assertThat(spool.find(id)).isPresent();
                    assertThat(Arrays.equals(Mail.read(spool, id), promise.content))
                            .as("content of %s", id)
                            .isTrue();
                }
            } catch (IOException notNow) {
                // It is tried again later.
            }
        });
    }

    private void update(LocalSpool spool, boolean settle) {
        MessageId id = any();
        if (id == null) {
            return;
        }
        Promise promise = promises.get(id);
        int index = random.nextInt(promise.states.size());
        RecipientUpdate update = settle ? Mail.settled(index) : Mail.deferred(index, 1 + random.nextInt(5));
        update(spool, id, index, update);
    }

    private void update(LocalSpool spool, MessageId id, int index, RecipientUpdate update) {
        Promise promise = promises.get(id);
        if (!update.state().settled() && promise.states.get(index).stream().anyMatch(RecipientState::settled)) {
            return;
        }
        try {
            if (update.state().settled()) {
                spool.record(id, List.of(update));
            } else {
                spool.defer(id, List.of(update));
            }
            promise.states.get(index).clear();
        } catch (IOException inDoubt) {
            // Both the old and the new state may be found.
        }
        promise.states.get(index).add(update.state());
        promise.mayBeThere &= !promise.settled();
        promise.mayBeGone |= promise.maybeSettled();
    }

    void remove(LocalSpool spool) {
        MessageId id = any();
        if (id == null) {
            return;
        }
        Promise promise = promises.get(id);
        try {
            spool.remove(id);
            promise.mayBeThere = false;
        } catch (IOException inDoubt) {
            // The message may be found or not.
        }
        promise.mayBeGone = true;
    }

    void check(LocalSpool spool) throws IOException {
        Map<MessageId, SpooledMessage> found = new HashMap<>();
        for (List<SpooledMessage> some : List.of(Mail.recover(spool), Mail.unheld(spool))) {
            assertThat(some).extracting(SpooledMessage::id).as("in order").isSorted();
            for (SpooledMessage message : some) {
                assertThat(found.put(message.id(), message)).as("found once").isNull();
            }
        }
        for (Map.Entry<MessageId, Promise> promise : promises.entrySet()) {
            check(spool, promise.getKey(), promise.getValue(), found.remove(promise.getKey()));
        }
        for (SpooledMessage extra : found.values()) {
            assertThat(refused)
                    .as("content of a message that was not accepted")
                    .contains(ByteBuffer.wrap(Mail.read(spool, extra.id())));
            assertThat(everGiven).doesNotContain(extra.id());
        }
    }

    private void check(LocalSpool spool, MessageId id, Promise promise, SpooledMessage found) throws IOException {
        if (found == null) {
            assertThat(promise.mayBeGone).as("message %s may be gone", id).isTrue();
            assertThat(spool.find(id)).isEmpty();
            return;
        }
        assertThat(promise.mayBeThere).as("message %s may be there", id).isTrue();
        assertThat(found.envelope()).isEqualTo(Mail.to(promise.states.size()));
        assertThat(found.binding()).isEqualTo(Mail.BINDING);
        assertThat(found.context()).isEqualTo(Mail.CONTEXT);
        assertThat(found.received()).isEqualTo(Mail.RECEIVED);
        assertThat(found.size()).isEqualTo(promise.content.length);
        assertThat(Arrays.equals(Mail.read(spool, id), promise.content))
                .as("content of %s", id)
                .isTrue();
        for (int i = 0; i < promise.states.size(); i++) {
            assertThat(promise.states.get(i))
                    .as("state %d of %s", i, id)
                    .contains(found.states().get(i));
        }
    }

    /** Takes what was found as what is true from here on. */
    void settleDoubts(LocalSpool spool) throws IOException {
        for (MessageId id : List.copyOf(promises.keySet())) {
            var found = spool.find(id);
            if (found.isEmpty()) {
                promises.remove(id);
            } else {
                Promise promise = promises.get(id);
                promise.mayBeGone = false;
                for (int i = 0; i < promise.states.size(); i++) {
                    promise.states.get(i).clear();
                    promise.states.get(i).add(found.get().states().get(i));
                }
            }
        }
    }

    int promised() {
        return promises.size();
    }
}
