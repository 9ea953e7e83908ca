// SPDX-License-Identifier: Apache-2.0
package org.postern.core.simulation;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * Threads that live and die together, as those of a machine's process do. They are virtual threads that the world
 * carries; a virtual thread that one of them starts is carried likewise, without knowing it.
 */
public final class Process implements Executor {

    private static final MethodHandle NEW_THREAD = newThread();

    private final World world;
    private final String name;
    private final Set<Thread> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private boolean alive = true;

    /** A process that does nothing yet. */
    public Process(World world, String name) {
        this.world = world;
        this.name = name;
    }

    // The JDK has this since 21 and gives it to nobody; the build opens the package to the tests.
    private static MethodHandle newThread() {
        try {
            Class<?> builders = Class.forName("java.lang.ThreadBuilders");
            return MethodHandles.privateLookupIn(builders, MethodHandles.lookup())
                    .findStatic(
                            builders,
                            "newVirtualThread",
                            MethodType.methodType(
                                    Thread.class, Executor.class, String.class, int.class, Runnable.class));
        } catch (ReflectiveOperationException other) {
            throw new IllegalStateException(
                    "this Java runtime lets nobody say what carries a virtual thread; the simulation needs one of"
                            + " version 21 to 25 with --add-opens java.base/java.lang=ALL-UNNAMED",
                    other);
        }
    }

    /** Starts a thread. */
    public Thread start(String thread, Runnable work) {
        Thread started = thread(thread, work);
        started.start();
        return started;
    }

    /** A thread that is not started yet. */
    public Thread thread(String thread, Runnable work) {
        try {
            Thread made = (Thread) NEW_THREAD.invoke((Executor) this, name + "-" + thread, 0, work);
            seen.add(made);
            return made;
        } catch (RuntimeException | Error failure) {
            throw failure;
        } catch (Throwable unexpected) {
            throw new IllegalStateException(unexpected);
        }
    }

    @Override
    public void execute(Runnable work) {
        world.enqueue(this, work);
    }

    /** The calling thread looks at the world. */
    public void look() {
        seen.add(Thread.currentThread());
        world.look();
    }

    /** Whether its threads still run. */
    public boolean isAlive() {
        return alive;
    }

    /** Its threads stop where they are, for ever. */
    public void kill() {
        alive = false;
        seen.clear();
    }

    /** Threads that have not ended, of those that were seen. */
    public List<Thread> threads() {
        return seen.stream().filter(Thread::isAlive).toList();
    }

    @Override
    public String toString() {
        return name;
    }
}
