// SPDX-License-Identifier: Apache-2.0
package org.postern.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.postern.itests.Instance.eventually;
import static org.postern.itests.Instance.login;
import static org.postern.itests.Instance.route;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.inject.Inject;
import javax.security.auth.callback.CallbackHandler;
import javax.security.sasl.SaslClient;
import javax.security.sasl.SaslClientFactory;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.postern.engine.dto.MechanismView;
import org.postern.peer.Accounts;
import org.postern.peer.CertificateVariant;
import org.postern.peer.MailPeer;
import org.postern.peer.ServerMechanism;
import org.postern.peer.TestAuthority;
import org.postern.spi.sasl.Mechanism;
import org.postern.spi.sasl.SaslMechanism;

/** Mechanisms of the Java runtime and of other bundles' factories, as the configuration wants them. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class JavaMechanismsIT {

    private static final String TEXT = "Subject: hello\r\n\r\nbody\r\n";

    @Inject
    private BundleContext context;

    private Instance instance;

    @Configuration
    public Option[] container() {
        return Assembly.shipped();
    }

    @Before
    public void open() throws Exception {
        instance = new Instance(context);
    }

    private List<String> mechanisms() {
        return instance.engine().mechanisms().stream().map(MechanismView::name).toList();
    }

    private List<ServiceReference<SaslMechanism>> services(String name) {
        return new ArrayList<>(
                instance.references(SaslMechanism.class, "(" + Mechanism.PREFIX_ + "name=" + name + ")"));
    }

    private static String stanza(String... names) {
        return "Auth_JDK { Mechanisms = ( \"" + String.join("\" \"", names) + "\" ) }\n";
    }

    @Test
    public void thoseThatAreNamedDeliverAndAReloadDoesNotTouchThem() throws Exception {
        instance.configure("");
        eventually(() -> mechanisms().contains("EXTERNAL") && !mechanisms().contains("CRAM-MD5"));
        for (String mechanism : List.of("CRAM-MD5", "DIGEST-MD5", "NTLM")) {
            String domain = mechanism.toLowerCase(Locale.ROOT) + ".example";
            try (MailPeer peer = instance.peer(mechanism, "alice", "wonderland")) {
                String text = stanza("CRAM-MD5", "DIGEST-MD5", "NTLM")
                        + route(domain, peer)
                        + login(domain, mechanism, "alice", "wonderland");
                instance.configure(text);
                instance.send("s@example.org", "x@" + domain, TEXT);
                eventually(() -> peer.messageCount() == 1);
                assertEquals(Optional.of("alice"), peer.messages().getFirst().user());
                assertEquals(Optional.of(mechanism), peer.messages().getFirst().mechanism());

                List<ServiceReference<SaslMechanism>> before = services(mechanism);
                instance.configure(text + "Domain \"other.example\" { Retry_Interval = 60 }\n");
                instance.configure(text + stanza("NTLM", "CRAM-MD5", "DIGEST-MD5", "EXTERNAL"));
                eventually(() -> mechanisms().contains("EXTERNAL"));
                assertEquals(before, services(mechanism));
            }
        }
        instance.configure(stanza("CRAM-MD5"));
        eventually(() -> !mechanisms().contains("NTLM") && mechanisms().contains("CRAM-MD5"));
    }

    @Test
    public void aClientCertificateTakesThePlaceOfUserAndPassword() throws Exception {
        TestAuthority authority = TestAuthority.create();
        authority.writeRootPem(instance.directory().resolve("external-ca.pem"));
        authority.issue(CertificateVariant.GOOD).writePem(instance.directory().resolve("client.pem"));
        try (MailPeer peer = MailPeer.builder()
                .startTls(authority.issue(CertificateVariant.GOOD))
                .requireTls()
                .requireClientCertificate(authority)
                .mechanism(new External())
                .requireAuth()
                .start()) {
            instance.configure("Domain \"external.example\" { Routes = ( \"smtp://localhost:" + peer.port()
                    + "\" ) TLS = \"required\" TLS_Verify = \"host\" TLS_CA = \"external-ca.pem\""
                    + " TLS_Certificate = \"client.pem\" TLS_Key = \"client.pem\""
                    + " Outbound_SMTP_AUTH_Type = \"EXTERNAL\" Outbound_SMTP_AUTH_Authzid = \"relay\" }\n");
            instance.send("s@example.org", "x@external.example", TEXT);
            eventually(() -> peer.messageCount() == 1);
            assertEquals(Optional.of("relay"), peer.messages().getFirst().user());
            assertEquals(Optional.of("EXTERNAL"), peer.messages().getFirst().mechanism());
        }
    }

    /** The handshake has looked at the certificate. */
    private static final class External implements ServerMechanism {

        @Override
        public String name() {
            return "EXTERNAL";
        }

        @Override
        public Exchange begin(Accounts accounts) {
            return response -> response.<Verdict>map(
                            octets -> new Verdict.Granted(new String(octets, StandardCharsets.UTF_8)))
                    .orElseGet(() -> new Verdict.Challenge(new byte[0]));
        }
    }

    @Test
    public void withoutACertificateExternalIsNotUsed() throws Exception {
        try (MailPeer peer = instance.peer(new External())) {
            instance.configure(route("bare.example", peer)
                    + "Domain \"bare.example\" { Outbound_SMTP_AUTH_Type = \"EXTERNAL\" }\n");
            instance.send("s@example.org", "x@bare.example", TEXT);
            eventually(() -> instance.reasons().contains("EXTERNAL"));
            assertEquals(0, peer.messageCount());
            assertEquals(0, peer.logins());
        }
    }

    @Test
    public void aFactoryOfAnotherBundleComesAndGoes() throws Exception {
        instance.configure(stanza("X-FOREIGN"));
        assertFalse(mechanisms().contains("X-FOREIGN"));
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put(Mechanism.PREFIX_ + "revealsSecret", false);
        properties.put(Mechanism.PREFIX_ + "ranking", 70);
        ServiceRegistration<SaslClientFactory> factory =
                context.registerService(SaslClientFactory.class, new Foreign(), properties);
        eventually(() -> mechanisms().contains("X-FOREIGN"));
        assertEquals(Boolean.FALSE, services("X-FOREIGN").getFirst().getProperty(Mechanism.PREFIX_ + "revealsSecret"));
        assertEquals(70, services("X-FOREIGN").getFirst().getProperty("service.ranking"));
        factory.unregister();
        eventually(() -> !mechanisms().contains("X-FOREIGN"));
    }

    /** Has a name; nobody gets as far as a client. */
    private static final class Foreign implements SaslClientFactory {

        @Override
        public SaslClient createSaslClient(
                String[] mechanisms,
                String authorization,
                String protocol,
                String server,
                Map<String, ?> properties,
                CallbackHandler callbacks) {
            return null;
        }

        @Override
        public String[] getMechanismNames(Map<String, ?> properties) {
            return new String[] {"X-FOREIGN"};
        }
    }
}
