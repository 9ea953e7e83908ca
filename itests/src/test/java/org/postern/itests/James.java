// SPDX-License-Identifier: Apache-2.0
package org.postern.itests;

import java.net.InetSocketAddress;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.james.core.Username;
import org.apache.james.metrics.api.Metric;
import org.apache.james.metrics.api.MetricFactory;
import org.apache.james.metrics.api.TimeMetric;
import org.apache.james.protocols.api.OIDCSASLParser;
import org.apache.james.protocols.api.OidcSASLConfiguration;
import org.apache.james.protocols.netty.Encryption;
import org.apache.james.protocols.netty.NettyServer;
import org.apache.james.protocols.smtp.MailEnvelope;
import org.apache.james.protocols.smtp.SMTPConfigurationImpl;
import org.apache.james.protocols.smtp.SMTPProtocol;
import org.apache.james.protocols.smtp.SMTPProtocolHandlerChain;
import org.apache.james.protocols.smtp.SMTPSession;
import org.apache.james.protocols.smtp.hook.AuthHook;
import org.apache.james.protocols.smtp.hook.HookResult;
import org.apache.james.protocols.smtp.hook.MessageHook;
import org.postern.peer.ServerCertificate;
import org.reactivestreams.Publisher;

/** Apache James's SMTP server, as its protocol library has it, on ports of 127.0.0.1. It takes mail after a login. */
final class James implements AutoCloseable {

    private final Map<String, String> secrets;
    private final List<String> received = new CopyOnWriteArrayList<>();
    private final NettyServer startTls;
    private final NettyServer implicitTls;

    /** @param secrets passwords and tokens by user */
    James(ServerCertificate certificate, Map<String, String> secrets) throws Exception {
        this.secrets = secrets;
        this.startTls = start(Encryption.createStartTls(certificate.serverContext()));
        this.implicitTls = start(Encryption.createTls(certificate.serverContext()));
    }

    private NettyServer start(Encryption encryption) throws Exception {
        SMTPProtocolHandlerChain chain =
                new SMTPProtocolHandlerChain(new NoMetrics(), new Login(), (MessageHook) this::receive);
        NettyServer server = new NettyServer.Factory()
                .protocol(new SMTPProtocol(chain, new Configuration()))
                .secure(encryption)
                .build();
        server.setListenAddresses(new InetSocketAddress("127.0.0.1", 0));
        server.bind();
        return server;
    }

    private HookResult receive(SMTPSession session, MailEnvelope envelope) {
        if (session.getUsername() == null) {
            return HookResult.DENY;
        }
        envelope.getRecipients()
                .forEach(recipient -> received.add(session.getUsername().asString() + " " + recipient));
        return HookResult.OK;
    }

    /** User and recipient of every message, in the order in which they came. */
    List<String> received() {
        return received;
    }

    int port() {
        return port(startTls);
    }

    int implicitTlsPort() {
        return port(implicitTls);
    }

    private static int port(NettyServer server) {
        return server.getListenAddresses().getFirst().getPort();
    }

    @Override
    public void close() {
        startTls.unbind();
        implicitTls.unbind();
    }

    /** James asks here. */
    private final class Login implements AuthHook {

        @Override
        public HookResult doAuth(SMTPSession session, Username user, String password) {
            return judge(session, user.asString(), password);
        }

        @Override
        public HookResult doSasl(SMTPSession session, OidcSASLConfiguration provider, String initialResponse) {
            return OIDCSASLParser.parse(initialResponse)
                    .map(said -> judge(session, said.getAssociatedUser(), said.getToken()))
                    .orElse(HookResult.DENY);
        }

        private HookResult judge(SMTPSession session, String user, String secret) {
            if (!secret.equals(secrets.get(user))) {
                return HookResult.DENY;
            }
            session.setUsername(Username.of(user));
            session.setRelayingAllowed(true);
            return HookResult.OK;
        }
    }

    /** Passwords and tokens. */
    private static final class Configuration extends SMTPConfigurationImpl {

        @Override
        public boolean isAuthAnnounced(String address, boolean underTls) {
            return underTls;
        }

        @Override
        public Optional<OidcSASLConfiguration> saslConfiguration() {
            try {
                URL provider = URI.create("https://provider.example/.well-known/openid-configuration")
                        .toURL();
                return Optional.of(new OidcSASLConfiguration(
                        provider, "email", provider, "mail", Optional.empty(), Optional.empty(), Optional.empty()));
            } catch (MalformedURLException constant) {
                throw new IllegalStateException(constant);
            }
        }
    }

    /** James measures itself; nobody looks. */
    private static final class NoMetrics implements MetricFactory {

        @Override
        public Metric generate(String name) {
            return new Metric() {
                @Override
                public void increment() {}

                @Override
                public void decrement() {}

                @Override
                public void add(int value) {}

                @Override
                public void remove(int value) {}

                @Override
                public long getCount() {
                    return 0;
                }
            };
        }

        @Override
        public TimeMetric timer(String name) {
            return new TimeMetric() {
                @Override
                public String name() {
                    return name;
                }

                @Override
                public ExecutionResult stopAndPublish() {
                    return null;
                }
            };
        }

        @Override
        public <T> Publisher<T> decoratePublisherWithTimerMetric(String name, Publisher<T> publisher) {
            return publisher;
        }

        @Override
        @Deprecated
        public <T> Publisher<T> decoratePublisherWithTimerMetricLogP99(String name, Publisher<T> publisher) {
            return publisher;
        }
    }
}
