// SPDX-License-Identifier: Apache-2.0
package org.postern.engine;

import java.util.List;
import java.util.Map;
import org.osgi.annotation.versioning.ProviderType;
import org.postern.engine.dto.MechanismView;
import org.postern.engine.dto.QueueView;
import org.postern.engine.dto.SessionView;

/**
 * What the engine is doing, for tools and tests. Every answer is a copy of one moment; empty lists stand for nothing.
 *
 * <p>Threading: safe for many threads; never waits for a peer or a disk.
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
}
