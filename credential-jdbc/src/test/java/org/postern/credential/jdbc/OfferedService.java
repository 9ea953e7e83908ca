// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.jdbc;

import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Map;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceReference;

/**
 * A service as a container would describe it.
 *
 * @param id the younger the higher
 * @param properties what it is offered with
 */
record OfferedService<T>(long id, Map<String, Object> properties) implements ServiceReference<T> {

    @Override
    public Object getProperty(String key) {
        return properties.get(key);
    }

    @Override
    public String[] getPropertyKeys() {
        return properties.keySet().toArray(String[]::new);
    }

    @Override
    public Dictionary<String, Object> getProperties() {
        return new Hashtable<>(properties);
    }

    @Override
    public Bundle getBundle() {
        return null;
    }

    @Override
    public Bundle[] getUsingBundles() {
        return null;
    }

    @Override
    public boolean isAssignableTo(Bundle bundle, String className) {
        return true;
    }

    @Override
    public <A> A adapt(Class<A> type) {
        return null;
    }

    @Override
    public int compareTo(Object other) {
        return Long.compare(id, ((OfferedService<?>) other).id);
    }
}
