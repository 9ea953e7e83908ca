// SPDX-License-Identifier: Apache-2.0
package org.postern.bench;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.stream.Stream;

/** Stands in for the container where components are used without one. */
final class Pretence {

    private Pretence() {}

    /** What a thing of the container's answers. */
    interface Answers {
        Object to(String method, Object... arguments);
    }

    static <T> T of(Class<T> type, Answers answers) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> answers.to(method.getName(), arguments)));
    }

    /** Calls what the container would call. */
    static void call(Object component, String name, Object... arguments) {
        try {
            Method method = Stream.of(component.getClass().getDeclaredMethods())
                    .filter(each -> each.getName().equals(name))
                    .findFirst()
                    .orElseThrow();
            method.setAccessible(true);
            method.invoke(component, arguments);
        } catch (ReflectiveOperationException changed) {
            throw new IllegalStateException("the component is used in another way now", changed);
        }
    }
}
