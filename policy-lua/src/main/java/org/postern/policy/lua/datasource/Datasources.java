// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.datasource;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** Every datasource that the configuration describes. A service within the bundle. */
@Component(service = Datasources.class)
public final class Datasources {

    private final List<ConfiguredDatasource> configured = new CopyOnWriteArrayList<>();

    /** The datasource that scripts call so. */
    public Optional<Datasource> named(String name) {
        return configured.stream()
                .filter(datasource -> datasource.name().equals(name))
                .findFirst()
                .flatMap(ConfiguredDatasource::datasource);
    }

    /** Another stanza. */
    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void add(ConfiguredDatasource datasource) {
        configured.add(datasource);
    }

    /** A stanza is gone. */
    void remove(ConfiguredDatasource datasource) {
        configured.remove(datasource);
    }
}
