// SPDX-License-Identifier: Apache-2.0
package org.postern.peer;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;

/**
 * A mail server on a port of 127.0.0.1, which takes what it is told to take and remembers it.
 *
 * <p>Threading: safe for several threads. Accounts, overrides and latency may change while sessions are open; what
 * changes holds from the next command on. No thread is left after {@link #close()}.
 */
public final class MailPeer implements AutoCloseable {

    private final Builder settings;
    private final SSLContext tls;
    private final Listener listener;
    private final Accounts accounts = new Accounts();
    private final List<ReplyOverride> overrides = new CopyOnWriteArrayList<>();
    private final AtomicReference<Duration> latency;
    private final ConcurrentLinkedQueue<ReceivedMessage> kept = new ConcurrentLinkedQueue<>();
    private final LongAdder logins = new LongAdder();
    private final LongAdder failedLogins = new LongAdder();
    private final LongAdder messages = new LongAdder();

    private MailPeer(Builder settings) throws IOException {
        this.settings = settings;
        this.tls = settings.certificate == null ? null : settings.certificate.serverContext(settings.clientAuthority);
        this.latency = new AtomicReference<>(settings.latency);
        settings.accounts.forEach(accounts::put);
        this.listener = new Listener(settings.port, settings.mostConnections, this::serve);
    }

    /** Settings of a new peer. */
    public static Builder builder() {
        return new Builder();
    }

    private void serve(int connection, Socket socket) throws IOException, InterruptedException {
        try (Wire wire = new Wire(socket, settings.idleTimeout)) {
            new MailSession(this, connection, wire).run();
        }
    }

    /** The port on {@link #host()}. */
    public int port() {
        return listener.port();
    }

    /** The name that good certificates are for; it means 127.0.0.1. */
    public String host() {
        return "localhost";
    }

    /** Where the peer listens. */
    public InetSocketAddress address() {
        return new InetSocketAddress("127.0.0.1", port());
    }

    /** Adds an account, or replaces its password; the old password no longer works. Open sessions stay open. */
    public void account(String user, String password) {
        accounts.put(user, password);
    }

    /** Removes an account. Open sessions stay open. */
    public void removeAccount(String user) {
        accounts.remove(user);
    }

    /** Asks this before every reply, after the overrides that are there already. */
    public void override(ReplyOverride override) {
        overrides.add(override);
    }

    /** Replies so at this stage, where the argument is the given one; an empty argument stands for any. */
    public void replyAt(Stage stage, String argument, String reply) {
        override((at, about, connection) ->
                at == stage && (argument.isEmpty() || argument.equals(about)) ? Optional.of(reply) : Optional.empty());
    }

    /** Goes back to the usual replies. */
    public void clearOverrides() {
        overrides.clear();
    }

    /** Rests so long before every reply. */
    public void latency(Duration perReply) {
        latency.set(perReply);
    }

    /** The messages kept so far, in the order in which they were complete. */
    public List<ReceivedMessage> messages() {
        return List.copyOf(kept);
    }

    /** Messages taken so far, kept or not. */
    public long messageCount() {
        return messages.sum();
    }

    /** Connections accepted so far. */
    public int connections() {
        return listener.accepted();
    }

    /** Authentications that succeeded so far. */
    public long logins() {
        return logins.sum();
    }

    /** Authentications that were refused so far. */
    public long failedLogins() {
        return failedLogins.sum();
    }

    /** Ends every session and frees the port. */
    @Override
    public void close() {
        listener.close();
    }

    Builder settings() {
        return settings;
    }

    Accounts accounts() {
        return accounts;
    }

    SSLContext tls() {
        return tls;
    }

    Optional<String> overrideAt(Stage stage, String argument, int connection) {
        for (ReplyOverride override : overrides) {
            Optional<String> reply = override.reply(stage, argument, connection);
            if (reply.isPresent()) {
                return reply;
            }
        }
        return Optional.empty();
    }

    boolean rest() throws InterruptedException {
        Duration length = latency.get();
        return length.isZero() ? !listener.stopping() : listener.rest(length);
    }

    boolean isSlow() {
        return !latency.get().isZero();
    }

    void loggedIn(boolean granted) {
        (granted ? logins : failedLogins).increment();
    }

    void took(ReceivedMessage message) {
        messages.increment();
        if (settings.receiver != null) {
            settings.receiver.accept(message);
        } else {
            kept.add(message);
        }
    }

    void counted() {
        messages.increment();
    }

    /** What a peer is to be like. Not safe for several threads. */
    public static final class Builder {

        private final Set<Extension> extensions = EnumSet.complementOf(EnumSet.of(Extension.CHUNKING, Extension.DSN));
        private final List<String> furtherCapabilities = new ArrayList<>();
        private final Map<String, String> accounts = new LinkedHashMap<>();
        private final Map<String, ServerMechanism> mechanisms = new LinkedHashMap<>();
        private int port;
        private String name = "peer.test";
        private ServerCertificate certificate;
        private boolean startTls;
        private boolean implicitTls;
        private TestAuthority clientAuthority;
        private boolean requireTls;
        private boolean requireAuth;
        private boolean countOnly;
        private boolean lmtp;
        private long mostContent = 100L << 20;
        private int mostConnections = 1_000;
        private long messagesPerConnection = Long.MAX_VALUE;
        private Duration idleTimeout = Duration.ofSeconds(60);
        private Duration latency = Duration.ZERO;
        private Consumer<ReceivedMessage> receiver;

        private Builder() {}

        /** A port of choice instead of any free one. */
        public Builder port(int wanted) {
            port = wanted;
            return this;
        }

        /** The name in the greeting; {@code peer.test} otherwise. */
        public Builder name(String wanted) {
            name = wanted;
            return this;
        }

        /** Offers the extension; all but CHUNKING and DSN are offered anyway. */
        public Builder with(Extension extension) {
            extensions.add(extension);
            return this;
        }

        /** Does not offer the extension. */
        public Builder without(Extension extension) {
            extensions.remove(extension);
            return this;
        }

        /** Adds a line to the reply to EHLO; with {@code XCLIENT ADDR} XCLIENT is taken too, and the session begins anew. */
        public Builder capability(String line) {
            furtherCapabilities.add(line);
            return this;
        }

        /** Offers STARTTLS with this certificate. */
        public Builder startTls(ServerCertificate shown) {
            certificate = shown;
            startTls = true;
            return this;
        }

        /** Speaks TLS from the first octet, with this certificate. */
        public Builder implicitTls(ServerCertificate shown) {
            certificate = shown;
            implicitTls = true;
            return this;
        }

        /** Wants a certificate of this authority from clients; a handshake without one fails. */
        public Builder requireClientCertificate(TestAuthority authority) {
            clientAuthority = authority;
            return this;
        }

        /** Takes no AUTH and no MAIL before TLS. */
        public Builder requireTls() {
            requireTls = true;
            return this;
        }

        /** Speaks LMTP (RFC 2033): LHLO for EHLO, and after the content a reply for each recipient. */
        public Builder lmtp() {
            lmtp = true;
            return this;
        }

        /** Takes no MAIL before AUTH. */
        public Builder requireAuth() {
            requireAuth = true;
            return this;
        }

        /**
         * Offers these built-in mechanisms in this order: {@code PLAIN}, {@code LOGIN}, {@code XOAUTH2},
         * {@code OAUTHBEARER}, {@code CRAM-MD5}, {@code DIGEST-MD5}, {@code NTLM} and SCRAM's six.
         */
        public Builder mechanisms(String... names) {
            for (String wanted : names) {
                mechanism(builtIn(wanted));
            }
            return this;
        }

        private static ServerMechanism builtIn(String wanted) {
            return switch (wanted) {
                case "PLAIN" -> new PlainServer();
                case "LOGIN" -> new LoginServer();
                case "XOAUTH2" -> BearerServer.xoauth2();
                case "OAUTHBEARER" -> BearerServer.oauthBearer();
                case "CRAM-MD5", "DIGEST-MD5", "NTLM" -> new JdkServer(wanted);
                case "SCRAM-SHA-1",
                        "SCRAM-SHA-256",
                        "SCRAM-SHA-512",
                        "SCRAM-SHA-1-PLUS",
                        "SCRAM-SHA-256-PLUS",
                        "SCRAM-SHA-512-PLUS" -> new ScramServer(wanted);
                default -> throw new IllegalArgumentException(wanted + " is not built in");
            };
        }

        /** Offers a mechanism. */
        public Builder mechanism(ServerMechanism mechanism) {
            mechanisms.put(mechanism.name(), mechanism);
            return this;
        }

        /** Adds an account. */
        public Builder account(String user, String password) {
            accounts.put(user, password);
            return this;
        }

        /** Octets that a message may have; 100 MiB otherwise. */
        public Builder mostContent(long octets) {
            mostContent = octets;
            return this;
        }

        /** Connections at once; 1,000 otherwise. */
        public Builder mostConnections(int count) {
            mostConnections = count;
            return this;
        }

        /** Replies 421 to the MAIL after so many messages of one connection. */
        public Builder messagesPerConnection(long count) {
            messagesPerConnection = count;
            return this;
        }

        /** How long a client may say nothing; 60 s otherwise. */
        public Builder idleTimeout(Duration limit) {
            idleTimeout = limit;
            return this;
        }

        /** Rests so long before every reply. */
        public Builder latency(Duration perReply) {
            latency = perReply;
            return this;
        }

        /** Hands every message to this instead of keeping it; called by the sessions' threads before they reply. */
        public Builder handTo(Consumer<ReceivedMessage> wanted) {
            receiver = wanted;
            return this;
        }

        /** Throws content away and only counts messages, for benchmarks. */
        public Builder countOnly() {
            countOnly = true;
            return this;
        }

        /**
         * Starts the peer.
         *
         * @throws IOException if the port is not free
         */
        public MailPeer start() throws IOException {
            MailPeer peer = new MailPeer(this);
            peer.listener.start();
            return peer;
        }

        Set<Extension> extensions() {
            return extensions;
        }

        List<String> furtherCapabilities() {
            return furtherCapabilities;
        }

        Map<String, ServerMechanism> mechanisms() {
            return mechanisms;
        }

        String name() {
            return name;
        }

        boolean offersStartTls() {
            return startTls;
        }

        boolean isImplicitTls() {
            return implicitTls;
        }

        boolean requiresClientCertificate() {
            return clientAuthority != null;
        }

        boolean requiresTls() {
            return requireTls;
        }

        boolean requiresAuth() {
            return requireAuth;
        }

        boolean speaksLmtp() {
            return lmtp;
        }

        boolean countsOnly() {
            return countOnly;
        }

        long mostContent() {
            return mostContent;
        }

        long messagesPerConnection() {
            return messagesPerConnection;
        }
    }
}
