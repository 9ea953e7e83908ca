// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.postgresql;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.postern.spi.cluster.SharedRegisters;
import org.postern.spi.spool.Spool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes this process a node while the configuration has the stanza. The spool is registered by hand: it comes and goes with
 * the node's lease, of which Declarative Services know nothing.
 */
@Component(
        service = SpoolPostgresql.class,
        immediate = true,
        configurationPid = SpoolPostgresqlVocabulary.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class SpoolPostgresql {

    private static final Logger LOG = LoggerFactory.getLogger(SpoolPostgresql.class);

    private final Map<String, String> environment;
    private final Membership.Offering offering;
    private SpoolOptions options;
    private Membership membership;

    /** @throws IllegalArgumentException with one line for people, if the stanza contradicts itself */
    @Activate
    public SpoolPostgresql(BundleContext context, Map<String, Object> properties) {
        this(properties, System.getenv(), (spool, registers) -> {
            Optional<ServiceRegistration<SharedRegisters>> shared =
                    registers.map(service -> context.registerService(SharedRegisters.class, service, null));
            ServiceRegistration<Spool> registration = context.registerService(Spool.class, spool, null);
            return () -> {
                registration.unregister();
                shared.ifPresent(ServiceRegistration::unregister);
            };
        });
    }

    SpoolPostgresql(Map<String, Object> properties, Map<String, String> environment, Membership.Offering offering) {
        this.environment = environment;
        this.offering = offering;
        try {
            begin(SpoolOptions.read(properties, host()));
        } catch (IllegalArgumentException wrong) {
            LOG.error("there is no spool: {}", wrong.getMessage());
            throw wrong;
        }
    }

    private void begin(SpoolOptions wanted) {
        options = wanted;
        membership = new Membership(wanted, environment, InstantSource.system(), offering);
        membership.start();
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException nameless) {
            return "localhost";
        }
    }

    /** Every reading of the configuration comes here; only one that says something else makes the node begin anew. */
    @Modified
    void modified(Map<String, Object> properties) {
        try {
            SpoolOptions wanted = SpoolOptions.read(properties, host());
            if (!wanted.equals(options)) {
                membership.close();
                begin(wanted);
            }
        } catch (IllegalArgumentException wrong) {
            LOG.error("the spool in {} goes on as before: {}", options.server().place(), wrong.getMessage());
        }
    }

    @Deactivate
    void close() {
        membership.close();
    }
}
