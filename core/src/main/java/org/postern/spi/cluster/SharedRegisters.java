// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.cluster;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.osgi.annotation.versioning.ConsumerType;
import org.postern.spi.credential.Secret;

/**
 * Small facts that all relays of a group know: named registers that end by themselves, with compare and set. A service of
 * the bundle whose storage the relays share; where there is none, a relay is alone.
 *
 * <p>It is registered before the {@link org.postern.spi.spool.Spool} of the same storage and unregistered after it, so that
 * no mail flows without it.
 *
 * <p>Whoever reads the storage learns neither names nor values: both are sealed under a key that the relays share and the
 * storage does not have. Secrets may be put.
 *
 * <p>Threading: every method may be called by many threads at once and may block for the storage, for some seconds at most.
 */
@ConsumerType
public interface SharedRegisters {

    /** Octets of a name in UTF-8, at most. */
    int LONGEST_NAME = 1_024;

    /** Octets of a value, at most. */
    int LONGEST_VALUE = 8_192;

    /** What {@link #put} expects where no register is. */
    long ABSENT = 0;

    /** What {@link #changes} begins with. */
    long BEGINNING = 0;

    /**
     * A register as it is now.
     *
     * @param topic what it is about: lower-case letters, digits and hyphens, 32 at most
     * @param name which one; from 1 to {@link #LONGEST_NAME} octets of UTF-8
     * @return nothing if it was never put or has ended
     * @throws IllegalArgumentException if topic or name are not of that form
     * @throws IOException if the storage does not answer
     */
    Optional<Register> read(String topic, String name) throws IOException;

    /**
     * Sets a register if nobody else did in the meantime.
     *
     * @param topic as for {@link #read}
     * @param name as for {@link #read}
     * @param value at most {@link #LONGEST_VALUE} octets
     * @param expected the revision on which this is based; {@link #ABSENT} if there must be none, or one that has ended
     * @param life after which the register is as if it had never been; at least a millisecond
     * @throws IllegalArgumentException if an argument is out of its bounds
     * @throws IOException if the storage does not answer; then nobody knows whether the put holds, and whoever wants to
     *     know reads
     */
    Put put(String topic, String name, byte[] value, long expected, Duration life) throws IOException;

    /**
     * What was put since a reading before, by whomever. There is no telling that a register has ended: who has to tell that
     * a fact holds no longer puts another one.
     *
     * @param topics of which topics
     * @param since {@link #BEGINNING}, or what the reading before says
     * @throws IllegalArgumentException if a topic is not of its form
     * @throws IOException if the storage does not answer
     */
    Changes changes(Set<String> topics, long since) throws IOException;

    /**
     * A name for a secret: the same on all nodes, another one for another secret or purpose, and no help to guess the secret
     * for those who do not have the nodes' key. It may be logged.
     *
     * @param purpose what it is used for, and for whom
     */
    String tag(String purpose, Secret secret);

    /**
     * What operators call this node: no other that lives is called the same. Empty where the storage has no names for nodes.
     */
    default String node() {
        return "";
    }
}
