// SPDX-License-Identifier: Apache-2.0
package org.postern.core.delivery;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.postern.core.outcome.Judgement;
import org.postern.core.queue.QueuedMessage;
import org.postern.core.session.PooledSession;
import org.postern.spi.credential.AuthIdentity;
import org.postern.spi.mail.DeliveryOutcome;

/**
 * What one attempt came to.
 *
 * @param outcomes one per recipient of the attempt, in their order
 * @param judgement what ended the attempt before a mail transaction, if something did
 * @param peer name and port of the peer, if a session was there
 * @param identity as whom the session was authenticated, if it was
 * @param user as whom it was to go out, as far as that was found out
 * @param dsnPassedOn whether the peer was asked to tell the sender (RFC 3461)
 * @param turn what the message waits its turn under, if it does
 */
record AttemptResult(
        List<DeliveryOutcome> outcomes,
        Optional<Judgement> judgement,
        Optional<String> peer,
        Optional<AuthIdentity> identity,
        Optional<String> user,
        boolean dsnPassedOn,
        Optional<Turn> turn) {

    AttemptResult {
        outcomes = List.copyOf(outcomes);
    }

    /** A mail transaction took place. */
    static AttemptResult transacted(List<DeliveryOutcome> outcomes, PooledSession session) {
        Optional<AuthIdentity> identity = session.key().identity();
        return new AttemptResult(
                outcomes,
                Optional.empty(),
                Optional.of(session.key().peer()),
                identity,
                identity.map(AuthIdentity::user),
                session.connection().capabilities().has("DSN"),
                Optional.empty());
    }

    /** The same end for all recipients, before any session served. */
    static AttemptResult ended(QueuedMessage message, Judgement judgement) {
        return new AttemptResult(
                Collections.nCopies(message.recipients().size(), judgement.outcome()),
                Optional.of(judgement),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                Optional.empty());
    }

    /** The same, and the message waits its turn. */
    AttemptResult inTurn(Turn under) {
        return new AttemptResult(outcomes, judgement, peer, identity, user, dsnPassedOn, Optional.of(under));
    }

    /** The same, with as whom it was to go out. */
    AttemptResult as(Optional<String> whom) {
        return new AttemptResult(outcomes, judgement, peer, identity, whom, dsnPassedOn, turn);
    }
}
