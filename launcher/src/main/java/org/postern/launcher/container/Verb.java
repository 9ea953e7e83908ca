// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher.container;

import java.io.InputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/**
 * A verb that a bundle offers. The launcher does not see the bundle's types, nor core's: the service is called by
 * reflection, and only types of the JDK cross the border.
 */
public final class Verb {

    static final String INTERFACE = "org.postern.spi.command.OperatorCommand";
    static final String NAME = "postern.command";

    private final BundleContext context;
    private final ServiceReference<?> reference;

    private Verb(BundleContext context, ServiceReference<?> reference) {
        this.context = context;
        this.reference = reference;
    }

    /** Finds a verb among the services of a container. */
    public static Optional<Verb> find(BundleContext context, String name) {
        return references(context)
                .filter(reference -> name.equals(reference.getProperty(NAME)))
                .max(ServiceReference::compareTo)
                .map(reference -> new Verb(context, reference));
    }

    // Every one, assignable to the asking bundle or not: the system bundle has no wire to core's packages.
    private static Stream<ServiceReference<?>> references(BundleContext context) {
        try {
            ServiceReference<?>[] all = context.getAllServiceReferences(INTERFACE, null);
            return all == null ? Stream.empty() : Arrays.stream(all);
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Does it.
     *
     * @return its exit code; 1 if the bundle has just gone
     */
    public int run(List<String> arguments, InputStream in, PrintStream out, PrintStream err) {
        Object command = context.getService(reference);
        if (command == null) {
            err.println("The bundle that knows this verb has just stopped; try again.");
            return 1;
        }
        try {
            return (int) method(command).invoke(command, arguments, in, out, err);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException("verb " + reference.getProperty(NAME) + " failed", e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("verb " + reference.getProperty(NAME) + " cannot be called", e);
        } finally {
            context.ungetService(reference);
        }
    }

    /** The interface's method: the class behind it may be private to its bundle. */
    private static Method method(Object command) throws NoSuchMethodException {
        for (Class<?> type = command.getClass(); type != null; type = type.getSuperclass()) {
            for (Class<?> candidate : type.getInterfaces()) {
                if (candidate.getName().equals(INTERFACE)) {
                    return candidate.getMethod(
                            "run", List.class, InputStream.class, PrintStream.class, PrintStream.class);
                }
            }
        }
        throw new NoSuchMethodException(command.getClass() + " is no " + INTERFACE);
    }
}
