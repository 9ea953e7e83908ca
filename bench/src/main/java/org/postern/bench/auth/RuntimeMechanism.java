// SPDX-License-Identifier: Apache-2.0
package org.postern.bench.auth;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.osgi.framework.BundleContext;
import org.postern.auth.jdk.JdkMechanisms;
import org.postern.spi.sasl.SaslMechanism;

/**
 * A mechanism of the Java runtime, from the component that registers it. There is no container here, so what Declarative
 * Services do is done by hand: make the component, start it, and take what it registers.
 */
final class RuntimeMechanism {

    private RuntimeMechanism() {}

    static SaslMechanism of(String name) {
        AtomicReference<SaslMechanism> registered = new AtomicReference<>();
        InvocationHandler keep = (context, method, arguments) -> {
            if (method.getName().equals("registerService")) {
                registered.set((SaslMechanism) arguments[1]);
            }
            return null;
        };
        BundleContext context = (BundleContext) Proxy.newProxyInstance(
                BundleContext.class.getClassLoader(), new Class<?>[] {BundleContext.class}, keep);
        JdkMechanisms component = new JdkMechanisms(context, Map.of("mechanisms", name));
        try {
            Method start = JdkMechanisms.class.getDeclaredMethod("start");
            start.setAccessible(true);
            start.invoke(component);
        } catch (ReflectiveOperationException changed) {
            throw new IllegalStateException("the component is started in another way now", changed);
        }
        if (registered.get() == null) {
            throw new IllegalStateException("nothing was registered for " + name);
        }
        return registered.get();
    }
}
