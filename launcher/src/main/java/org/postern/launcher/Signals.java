// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The signals an operator sends, in order. The JDK has no supported way to tell a first TERM from a second one, or to
 * hear HUP at all; {@code sun.misc.Signal} is what module {@code jdk.unsupported} keeps for that. Only the launcher uses
 * it, by reflection, because the compiler's warning about it cannot be switched off where warnings are errors.
 */
public final class Signals {

    private static final Logger LOG = LoggerFactory.getLogger(Signals.class);

    /** What an operator may want. */
    public enum Request {
        /** HUP: read the configuration again. */
        RELOAD,
        /** TERM or INT: finish what is under way and end. */
        STOP
    }

    private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();

    /** Takes the process's signals over from the JVM. */
    public static Signals ofProcess() {
        Signals signals = new Signals();
        signals.handle("TERM", Request.STOP);
        signals.handle("INT", Request.STOP);
        signals.handle("HUP", Request.RELOAD);
        return signals;
    }

    private void handle(String name, Request request) {
        try {
            install(name, () -> send(request));
        } catch (InvocationTargetException notHere) {
            // Not every system has HUP, and -Xrs leaves TERM and INT to the JVM, which then ends without draining.
            LOG.debug("Signal {} is not heard: {}", name, notHere.getCause().getMessage());
        } catch (ReflectiveOperationException e) {
            LOG.warn("Signal {} is not heard: the JDK lacks module jdk.unsupported", name);
        }
    }

    private static void install(String name, Runnable reaction) throws ReflectiveOperationException {
        Class<?> signal = Class.forName("sun.misc.Signal");
        Class<?> handler = Class.forName("sun.misc.SignalHandler");
        Object reacting = Proxy.newProxyInstance(
                Signals.class.getClassLoader(),
                List.of(handler).toArray(Class<?>[]::new),
                (proxy, method, arguments) -> {
                    if (method.getName().equals("handle")) {
                        reaction.run();
                    }
                    return null;
                });
        Object named = signal.getConstructor(String.class).newInstance(name);
        signal.getMethod("handle", signal, handler).invoke(null, named, reacting);
    }

    /** Asks as if by a signal. */
    void send(Request request) {
        requests.add(request);
    }

    /** Waits for the next one. */
    public Request next() throws InterruptedException {
        return requests.take();
    }
}
