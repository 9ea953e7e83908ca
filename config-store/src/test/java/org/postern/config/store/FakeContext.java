// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store;

import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

/** A bundle context that has properties and counts services, and nothing else. */
final class FakeContext {

    final CopyOnWriteArrayList<Object> services = new CopyOnWriteArrayList<>();
    private final Map<String, String> properties;

    FakeContext(Map<String, String> properties) {
        this.properties = properties;
    }

    BundleContext context() {
        return proxy(BundleContext.class, (method, arguments) -> switch (method) {
            case "getProperty" -> properties.get(arguments[0]);
            case "registerService" -> register(arguments[1]);
            default -> throw new UnsupportedOperationException(method);
        });
    }

    private Object register(Object service) {
        services.add(service);
        return proxy(ServiceRegistration.class, (method, arguments) -> switch (method) {
            case "unregister" -> {
                services.remove(service);
                yield null;
            }
            default -> throw new UnsupportedOperationException(method);
        });
    }

    private interface Answers {
        Object to(String method, Object[] arguments);
    }

    private static <T> T proxy(Class<T> type, Answers answers) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (self, method, arguments) -> answers.to(method.getName(), arguments)));
    }
}
