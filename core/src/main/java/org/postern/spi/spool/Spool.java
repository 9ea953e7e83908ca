// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.spool;

import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ConsumerType;
import org.postern.spi.mail.MessageId;

/**
 * Durable storage of accepted mail. What {@link Draft#commit} returned for survives a power cut; what
 * {@link #record} or {@link #remove} returned for survives too.
 *
 * <p>Threading: every method may be called by many threads at once and may block for the disk. An implementation groups
 * the callers that wait at the same moment into one flush.
 *
 * <p>Several processes may share the storage. Each message then is held by one of them at most, and only that one has it in
 * its queue. What a process no longer holds, because it ended or was cut off for too long, another takes over. A spool that
 * may have lost what it held goes away as a service: the engine then stops, forgets, and begins anew with the next one. A
 * spool that one process has for itself need not care.
 *
 * <p>Secrets reach a spool only in a message's context, and only where the operator asked for it; the engine takes care of
 * that. A spool never shows contexts.
 */
@ConsumerType
public interface Spool {

    /**
     * Asks whether mail of others may come in now. {@link #draft} goes further: it takes a notification of the engine's own as
     * long as there is room for it at all, since mail that failed leaves only by that.
     *
     * @throws SpoolFullException with one line for people, if not
     * @throws IOException if storage fails
     */
    default void requireRoom() throws IOException {}

    /**
     * Starts storing a message.
     *
     * @throws SpoolFullException if there is no room for another message
     * @throws IOException if storage fails
     */
    Draft draft() throws IOException;

    /**
     * Hands every message that is not settled and that no other process holds to the consumer, in the order of acceptance.
     * Called once, before anything else. Where storage is shared, messages that this process comes to hold later are handed
     * over later, by a thread of the spool's, and each is handed over once. A damaged record is set aside and reported in the log; its neighbours survive.
     *
     * @throws IOException if storage cannot be read at all
     */
    void recover(Consumer<SpooledMessage> consumer) throws IOException;

    /**
     * The content of a message, from its first octet. The caller closes the stream. Delivery begins with this, so a process
     * that no longer holds the message is refused.
     *
     * @throws java.io.FileNotFoundException if there is no such message here
     * @throws IOException if storage fails, or the content does not match its checksum; then what was read is not to be
     *     used
     */
    InputStream openContent(MessageId id) throws IOException;

    /**
     * The content of a message for people to look at, whoever holds it: no delivery begins with this.
     *
     * @throws java.io.FileNotFoundException if there is no such message
     * @throws IOException as for {@link #openContent}
     */
    default InputStream viewContent(MessageId id) throws IOException {
        return openContent(id);
    }

    /**
     * The message as last recorded.
     *
     * @throws IOException if storage fails
     */
    Optional<SpooledMessage> find(MessageId id) throws IOException;

    /**
     * Notes what became of recipients. A message all of whose recipients are settled is removed. That a recipient is settled
     * is a fact, noted whoever holds the message by now; when to try again is for the process that holds it to say.
     *
     * @param id the message; unknown ids are ignored, since a message may just have been settled by another attempt
     * @param updates at most one per recipient
     * @throws IOException if storage fails; then the updates may or may not be stored
     */
    void record(MessageId id, Collection<RecipientUpdate> updates) throws IOException;

    /**
     * Notes when a message is tried again that waits nowhere else in this process. A spool that several processes share
     * may take it back, so that a queue of any length needs the memory of a short one: the message is then held by nobody,
     * and handed over as {@link #recover} says, to this process or another, about when its time comes.
     *
     * @param updates as for {@link #record}
     * @return whether this process still holds it; if not, it has to forget it
     * @throws IOException if storage fails; then the updates may or may not be stored, and the message stays
     */
    default boolean defer(MessageId id, Collection<RecipientUpdate> updates) throws IOException {
        record(id, updates);
        return true;
    }

    /**
     * Tells of every message that is not settled and that no process holds, each once at most and as last recorded, in no
     * particular order. Memory is bounded, however many there are, and nothing is locked while the visitor works: what
     * is recorded, taken up or given back meanwhile may be told of or not. What cannot be read is left out and reported
     * in the log. A spool whose messages are always held has nothing to tell.
     *
     * @param visitor what it throws ends the visit
     * @throws IOException if storage fails; what was told of by then is true all the same
     */
    default void visitUnheld(Consumer<SpooledMessage> visitor) throws IOException {}

    /**
     * The message as {@link #visitUnheld} would tell of it; nothing if it would not.
     *
     * @throws IOException if storage fails
     */
    default Optional<SpooledMessage> findUnheld(MessageId id) throws IOException {
        return Optional.empty();
    }

    /**
     * Notes what an operator wants of a message that no process holds. A message all of whose recipients are settled is
     * removed; one that is due from now on is handed over as {@link #recover} says.
     *
     * @param seen the message as {@link #visitUnheld} or {@link #findUnheld} told of it
     * @param updates at most one per recipient
     * @return whether they were noted; they are not if some process holds the message by now, if something else was
     *     noted about it since it was seen, or if it is gone
     * @throws IOException if storage fails; then the updates may or may not be stored
     */
    default boolean recordUnheld(SpooledMessage seen, Collection<RecipientUpdate> updates) throws IOException {
        return false;
    }

    /**
     * Forgets a message at once.
     *
     * @throws IOException if storage fails
     */
    void remove(MessageId id) throws IOException;

    /** Octets that can still be accepted, as far as is known; {@link Long#MAX_VALUE} if there is no limit. */
    long remainingCapacity();
}
