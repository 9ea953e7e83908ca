// SPDX-License-Identifier: Apache-2.0
package org.postern.engine;

import java.util.List;
import java.util.Map;
import org.osgi.annotation.versioning.ProviderType;
import org.postern.engine.dto.CredentialView;
import org.postern.engine.dto.Explanation;
import org.postern.engine.dto.MechanismView;
import org.postern.engine.dto.QueueView;
import org.postern.engine.dto.SessionView;

/**
 * What the engine is doing, for tools and tests. Every answer is a copy of one moment; empty lists stand for nothing.
 *
 * <p>Threading: safe for many threads; nothing but {@link #explain} waits for anybody.
 */
@ProviderType
public interface EngineRuntime {

    /** The mechanisms that are installed, strongest first. */
    List<MechanismView> mechanisms();

    /** The sessions that are open. */
    List<SessionView> sessions();

    /** The queues that hold mail, by binding and routing domain. */
    List<QueueView> queues();

    /**
     * What was counted since the engine started, by name, such as {@code delivered}, {@code possible_duplicates} or
     * {@code abandoned_lookups}: lookups that went on in a credential store after it was told to stop.
     */
    Map<String, Long> counters();

    /** The credentials that were used since the engine started, each at each peer. */
    List<CredentialView> credentials();

    /**
     * Has a credential tried at once that was refused: its store is asked anew, and mail that waits for it is tried. A peer
     * sees no more than one such login between two regular ones.
     *
     * @param reference as a {@link CredentialView} has it, or what follows the store's name in it
     * @return how it is now, at each peer; empty if nothing is known of it
     */
    List<CredentialView> retry(String reference);

    /**
     * Which account a message would go out by, and why: found on the way that a delivery takes, hooks, DNS and credential
     * stores included, up to the point where a peer would be connected to.
     *
     * @throws IllegalStateException if no configuration is in force
     * @throws InterruptedException if the thread was interrupted while it waited for an answer
     */
    Explanation explain(ExplainRequest request) throws InterruptedException;
}
