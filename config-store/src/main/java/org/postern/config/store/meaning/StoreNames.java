// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store.meaning;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.postern.spi.policy.OutboundAuthSettings;
import org.postern.spi.policy.StoreReference;

/** The names of stores that make a reference where no snapshot is there yet. */
final class StoreNames {

    private StoreNames() {}

    static Set<String> in(Written written) {
        List<String> named = new ArrayList<>();
        written.forEach((place, entry) -> {
            if (entry.setting().equals(OutboundAuthSettings.CREDENTIAL_STORES)
                    && entry.value().value().orElse(null) instanceof List<?> names) {
                names.forEach(name -> named.add(name.toString()));
            }
        });
        return StoreReference.storesWith(named);
    }
}
