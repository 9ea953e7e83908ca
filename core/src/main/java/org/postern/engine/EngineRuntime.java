// SPDX-License-Identifier: Apache-2.0
package org.postern.engine;

import java.util.List;
import java.util.Map;
import org.osgi.annotation.versioning.ProviderType;
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

    /** What was counted since the engine started, by name, such as {@code delivered} or {@code possible_duplicates}. */
    Map<String, Long> counters();

    /**
     * Which account a message would go out by, and why: found on the way that a delivery takes, hooks, DNS and credential
     * stores included, up to the point where a peer would be connected to.
     *
     * @throws IllegalStateException if no configuration is in force
     * @throws InterruptedException if the thread was interrupted while it waited for an answer
     */
    Explanation explain(ExplainRequest request) throws InterruptedException;
}
