// SPDX-License-Identifier: Apache-2.0
package org.postern.examples.header;

import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.postern.spi.policy.MessageContext;
import org.postern.spi.policy.MessageView;
import org.postern.spi.policy.OutboundAuthHook;
import org.postern.spi.policy.OutboundAuthSettings;

/**
 * A message with {@code X-Tenant: acme} goes out by the credential {@code tenant-acme}; one without the field, as the
 * configuration says. Whoever may hand mail in can write any header, so the name becomes part of a key and never the
 * whole of one: no sender reaches a credential that is not a tenant's.
 *
 * <p>Threading: stateless.
 */
@Component
public final class TenantHook implements OutboundAuthHook {

    private static final String FIELD = "X-Tenant";
    private static final Pattern TENANT = Pattern.compile("[a-z0-9-]{1,32}");

    /** Has no settings. */
    @Activate
    public TenantHook() {}

    /** @throws IllegalArgumentException if the field is there twice or names nothing that can be a tenant */
    @Override
    public void configure(MessageView message, MessageContext context) throws IOException {
        List<String> tenants = message.header(FIELD);
        if (tenants.isEmpty()) {
            return;
        }
        // Thrown, so that the message waits for somebody to look. Ignored, it would go out by another account.
        if (tenants.size() > 1 || !TENANT.matcher(tenants.getFirst()).matches()) {
            throw new IllegalArgumentException(FIELD + " has to be there once, as 1 to 32 of a-z, 0-9 and -");
        }
        context.set(OutboundAuthSettings.KEY.key(), "tenant-" + tenants.getFirst());
    }
}
