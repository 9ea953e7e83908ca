// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import org.postern.core.audit.Audit;
import org.postern.core.audit.AuditEvent;
import org.postern.spi.credential.CredentialVersion;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which of two credentials is used while one is to take the place of the other. The first message that meets a coming
 * credential tries it, and a share of those after it while nothing is decided, one at a time. One that a peer accepts is used
 * from then on; one that a peer refuses is left alone.
 *
 * <p>Threading: safe for many threads.
 */
final class Rotations {

    private static final Logger LOG = LoggerFactory.getLogger(Rotations.class);
    private static final int REMEMBERED = 10_000;
    private static final int HUNDRED = 100;

    private final Audit audit;
    private final ReentrantLock lock = new ReentrantLock();
    private final LinkedHashMap<StoreQuestion, Rotation> rotations = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<StoreQuestion, Rotation> eldest) {
            return size() > REMEMBERED;
        }
    };

    private enum Verdict {
        OPEN,
        ACCEPTED,
        REFUSED
    }

    private static final class Rotation {

        private final CredentialVersion next;
        private Verdict verdict = Verdict.OPEN;
        private boolean trying;
        private long met;

        Rotation(CredentialVersion next) {
            this.next = next;
        }
    }

    /** What a message is to use. */
    sealed interface Choice {

        /** The current credential. */
        record Current() implements Choice {}

        /** The coming one, because a peer has accepted it. */
        record Next() implements Choice {}

        /** The coming one, to see whether a peer accepts it. */
        record Try(Trial trial) implements Choice {}
    }

    Rotations(Audit audit) {
        this.audit = audit;
    }

    /** There is no coming credential, or no longer. */
    void settled(StoreQuestion question) {
        lock.lock();
        try {
            rotations.remove(question);
        } finally {
            lock.unlock();
        }
    }

    /** What would be used, without trying anything. */
    boolean isAccepted(StoreQuestion question, CredentialVersion next) {
        lock.lock();
        try {
            return rotation(question, next).verdict == Verdict.ACCEPTED;
        } finally {
            lock.unlock();
        }
    }

    /**
     * @param share how many of a hundred messages try it
     * @param promote called once it has been accepted, to make it the current one
     */
    Choice choose(
            StoreQuestion question,
            CredentialVersion next,
            int share,
            BiConsumer<StoreQuestion, CredentialVersion> promote) {
        lock.lock();
        try {
            Rotation rotation = rotation(question, next);
            return switch (rotation.verdict) {
                case ACCEPTED -> new Choice.Next();
                case REFUSED -> new Choice.Current();
                case OPEN ->
                    isTurn(rotation, share)
                            ? new Choice.Try(new OneTrial(question, rotation, promote))
                            : new Choice.Current();
            };
        } finally {
            lock.unlock();
        }
    }

    private Rotation rotation(StoreQuestion question, CredentialVersion next) {
        Rotation known = rotations.get(question);
        if (known != null && known.next.equals(next)) {
            return known;
        }
        Rotation begun = new Rotation(next);
        rotations.put(question, begun);
        return begun;
    }

    private static boolean isTurn(Rotation rotation, int share) {
        if (share == 0 || rotation.trying) {
            return false;
        }
        long period = (HUNDRED + share - 1) / share;
        rotation.trying = rotation.met++ % period == 0;
        return rotation.trying;
    }

    private void tell(String result, StoreQuestion question, CredentialVersion next, Optional<String> reason) {
        audit.record(AuditEvent.of(AuditEvent.Action.ROTATION, result, question.reference(), Optional.of(next))
                .with("reason", reason));
    }

    /** What became of the wish to make it the current one. */
    void promoted(StoreQuestion question, CredentialVersion next) {
        tell("promoted", question, next, Optional.empty());
        LOG.info("credential {}: version {} is the current one now", question.reference(), next);
    }

    /** The store cannot or will not; as long as it offers this version, it is used all the same. */
    void notPromoted(StoreQuestion question, CredentialVersion next, String reason) {
        tell("not promoted", question, next, Optional.of(reason));
        LOG.warn(
                "credential {}: version {} works and is used, but its store does not make it the current one: {}",
                question.reference(),
                next,
                reason);
    }

    private final class OneTrial implements Trial {

        private final StoreQuestion question;
        private final Rotation rotation;
        private final BiConsumer<StoreQuestion, CredentialVersion> promote;
        private boolean ended;

        OneTrial(StoreQuestion question, Rotation rotation, BiConsumer<StoreQuestion, CredentialVersion> promote) {
            this.question = question;
            this.rotation = rotation;
            this.promote = promote;
        }

        @Override
        public void accepted() {
            if (end(Verdict.ACCEPTED)) {
                tell("accepted", question, rotation.next, Optional.empty());
                promote.accept(question, rotation.next);
            }
        }

        @Override
        public void refused(String reason) {
            if (end(Verdict.REFUSED)) {
                tell("rolled back", question, rotation.next, Optional.of(reason));
                LOG.warn(
                        "credential {}: the coming version {} is not tried again, mail goes on with the current one: {}",
                        question.reference(),
                        rotation.next,
                        reason);
            }
        }

        @Override
        public void close() {
            end(Verdict.OPEN);
        }

        private boolean end(Verdict verdict) {
            lock.lock();
            try {
                if (ended) {
                    return false;
                }
                ended = true;
                rotation.trying = false;
                rotation.verdict = verdict;
                return true;
            } finally {
                lock.unlock();
            }
        }
    }
}
