// SPDX-License-Identifier: Apache-2.0
package org.postern.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.postern.spi.spool.Spool;
import org.postern.spool.local.SpoolLocal;

/** The local spool in a state directory, without a container. */
final class LoneSpool implements AutoCloseable {

    private final List<Spool> offered = new ArrayList<>();
    private final BundleContext context;
    private final SpoolLocal component;

    LoneSpool(Path state) throws IOException {
        context = Pretence.of(BundleContext.class, (name, arguments) -> switch (name) {
            case "getProperty" -> state.toString();
            case "registerService" -> registered(arguments[1]);
            default -> null;
        });
        component = new SpoolLocal(context, Map.of());
    }

    private ServiceRegistration<?> registered(Object service) {
        if (service instanceof Spool spool) {
            offered.add(spool);
        }
        return Pretence.of(ServiceRegistration.class, (name, arguments) -> null);
    }

    /** What components of the same container are given. */
    BundleContext context() {
        return context;
    }

    Spool spool() {
        return offered.getLast();
    }

    @Override
    public void close() {
        Pretence.call(component, "close");
    }
}
