// SPDX-License-Identifier: Apache-2.0
package org.postern.core.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.postern.core.TestClock;
import org.postern.core.cluster.Cluster;
import org.postern.core.cluster.Relays;
import org.postern.core.smtp.Endpoint;
import org.postern.core.smtp.Protocol;
import org.postern.core.smtp.SessionParameters;
import org.postern.core.smtp.SmtpConnection;
import org.postern.core.smtp.SmtpConnector;
import org.postern.core.smtp.SmtpFault;
import org.postern.core.smtp.SmtpTimeouts;
import org.postern.core.smtp.TlsPolicy;
import org.postern.core.smtp.TlsPolicy.Level;
import org.postern.core.smtp.TlsPolicy.Verification;
import org.postern.core.smtp.WireTap;
import org.postern.core.smtp.Xclient;
import org.postern.peer.MailPeer;
import org.postern.spi.credential.AuthIdentity;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.mail.Binding;
import org.postern.spi.mail.RoutingDomain;
import org.postern.spi.mail.SubmittingClient;

@Timeout(60)
class SessionPoolTest {

    private static final TlsPolicy TLS = new TlsPolicy(
            Level.IF_OFFERED, Verification.HOST, Optional.of(Path.of("/ca.pem")), TlsPolicy.Fallback.NONE);
    private static final Opener OPENER = new Opener(Binding.DEFAULT, RoutingDomain.of("a.example"));
    private static final SessionKey KEY = new SessionKey(
            "mx.example.test",
            587,
            false,
            Optional.of(InetAddress.getLoopbackAddress()),
            "client.example.test",
            TLS,
            Protocol.ESMTP,
            Optional.of(identity("alice", Optional.of("boss"), "vault:key", "1")),
            Optional.empty(),
            Optional.empty());
    private static final Duration IDLE = Duration.ofSeconds(30);

    private final TestClock clock = new TestClock();
    private final SessionPool pool = new SessionPool(clock, Cluster.alone(), new Relays(Cluster.alone()));
    private final SmtpConnector connector = new SmtpConnector();
    private MailPeer peer;

    @BeforeEach
    void start() throws IOException {
        peer = MailPeer.builder().start();
    }

    @AfterEach
    void stop() {
        pool.close();
        connector.close();
        peer.close();
    }

    private static AuthIdentity identity(String user, Optional<String> authorization, String source, String version) {
        return new AuthIdentity(user, authorization, source, new CredentialVersion(version));
    }

    private SmtpConnection connection() throws SmtpFault {
        return connector.open(
                new SessionParameters(
                        new Endpoint("localhost", InetAddress.getLoopbackAddress(), peer.port(), false),
                        Optional.empty(),
                        "client.example.test",
                        new TlsPolicy(Level.NEVER, Verification.NONE, Optional.empty(), TlsPolicy.Fallback.NONE),
                        false,
                        SmtpTimeouts.all(Duration.ofSeconds(10))),
                WireTap.NONE);
    }

    private PooledSession adopted(SessionKey key, long maxDeliveries) throws SmtpFault {
        return pool.adopt(
                key, OPENER, connection(), Optional.of("PLAIN"), new SessionLife(IDLE, maxDeliveries, 0), place());
    }

    private Place place() {
        return pool.reserve(List.of()).orElseThrow();
    }

    private PooledSession idle(SessionKey key) throws SmtpFault {
        PooledSession session = adopted(key, 0);
        pool.giveBack(session, 1);
        return session;
    }

    private void assertLeased(SessionKey key, PooledSession expected) {
        assertThat(pool.lease(key)).isEqualTo(new Lease.Reused(expected));
    }

    private void assertNothingFor(SessionKey key) {
        assertThat(pool.lease(key)).isEqualTo(new Lease.Needed(key));
    }

    private static void assertEnds(PooledSession session) {
        await().atMost(Duration.ofSeconds(10)).until(() -> !session.connection().isUsable());
    }

    @Test
    void handsASessionToOneAtATime() throws Exception {
        PooledSession session = adopted(KEY, 0);
        assertThat(session.reused()).isFalse();
        assertNothingFor(KEY);
        pool.giveBack(session, 1);
        assertThat(session.busy()).isFalse();
        assertLeased(KEY, session);
        assertThat(session.busy()).isTrue();
        assertThat(session.reused()).isTrue();
        assertNothingFor(KEY);
    }

    /** The component that differs, and how. */
    static Stream<Arguments> otherKeys() {
        return Stream.of(
                other("host", k -> with(k, "mx2.example.test", k.port(), k.implicitTls(), k.source(), k.ehloName())),
                other("port", k -> with(k, k.host(), 465, k.implicitTls(), k.source(), k.ehloName())),
                other("implicit TLS", k -> with(k, k.host(), k.port(), true, k.source(), k.ehloName())),
                other("source", k -> with(k, k.host(), k.port(), k.implicitTls(), Optional.empty(), k.ehloName())),
                other("EHLO name", k -> with(k, k.host(), k.port(), k.implicitTls(), k.source(), "other.test")),
                other(
                        "TLS level",
                        k -> under(
                                k,
                                new TlsPolicy(
                                        Level.REQUIRED, TLS.verification(), TLS.caFile(), TlsPolicy.Fallback.NONE))),
                other(
                        "verification",
                        k -> under(
                                k, new TlsPolicy(TLS.level(), Verification.CA, TLS.caFile(), TlsPolicy.Fallback.NONE))),
                other(
                        "CA file",
                        k -> under(
                                k,
                                new TlsPolicy(
                                        TLS.level(), TLS.verification(), Optional.empty(), TlsPolicy.Fallback.NONE))),
                other(
                        "fallback",
                        k -> under(
                                k,
                                new TlsPolicy(
                                        TLS.level(),
                                        TLS.verification(),
                                        TLS.caFile(),
                                        TlsPolicy.Fallback.NEW_CONNECTION))),
                other("protocol", SessionPoolTest::overLmtp),
                other("opener", k -> onlyFor(k, OPENER)),
                other("client", k -> onBehalfOf(k, new Xclient(false, client("192.0.2.1")))),
                other("nobody", k -> as(k, Optional.empty())),
                other("user", k -> as(k, Optional.of(identity("bob", Optional.of("boss"), "vault:key", "1")))),
                other("authorization", k -> as(k, Optional.of(identity("alice", Optional.empty(), "vault:key", "1")))),
                other("store", k -> as(k, Optional.of(identity("alice", Optional.of("boss"), "other:key", "1")))),
                other("version", k -> as(k, Optional.of(identity("alice", Optional.of("boss"), "vault:key", "2")))));
    }

    private static Arguments other(String component, UnaryOperator<SessionKey> change) {
        return Arguments.of(component, change.apply(KEY));
    }

    private static SessionKey with(
            SessionKey key, String host, int port, boolean implicitTls, Optional<InetAddress> source, String ehloName) {
        return new SessionKey(
                host,
                port,
                implicitTls,
                source,
                ehloName,
                key.tls(),
                key.protocol(),
                key.identity(),
                key.xclient(),
                key.only());
    }

    private static SessionKey under(SessionKey key, TlsPolicy tls) {
        return new SessionKey(
                key.host(),
                key.port(),
                key.implicitTls(),
                key.source(),
                key.ehloName(),
                tls,
                key.protocol(),
                key.identity(),
                key.xclient(),
                key.only());
    }

    private static SessionKey overLmtp(SessionKey key) {
        return new SessionKey(
                key.host(),
                key.port(),
                key.implicitTls(),
                key.source(),
                key.ehloName(),
                key.tls(),
                Protocol.LMTP,
                key.identity(),
                key.xclient(),
                key.only());
    }

    private static SessionKey as(SessionKey key, Optional<AuthIdentity> identity) {
        return new SessionKey(
                key.host(),
                key.port(),
                key.implicitTls(),
                key.source(),
                key.ehloName(),
                key.tls(),
                key.protocol(),
                identity,
                key.xclient(),
                key.only());
    }

    private static SubmittingClient client(String address) {
        return SubmittingClient.of(Map.of("xclient_addr", address));
    }

    private static SessionKey onBehalfOf(SessionKey key, Xclient xclient) {
        return new SessionKey(
                key.host(),
                key.port(),
                key.implicitTls(),
                key.source(),
                key.ehloName(),
                key.tls(),
                key.protocol(),
                key.identity(),
                Optional.of(xclient),
                key.only());
    }

    @Test
    void keepsSessionsOfOneClientFromMessagesOfAnother() throws Exception {
        SessionKey one = onBehalfOf(KEY, new Xclient(false, client("192.0.2.1")));
        idle(one);
        assertNothingFor(onBehalfOf(KEY, new Xclient(false, client("192.0.2.2"))));
        assertNothingFor(onBehalfOf(KEY, new Xclient(true, client("192.0.2.1"))));
        assertNothingFor(KEY);
    }

    private static SessionKey onlyFor(SessionKey key, Opener opener) {
        return new SessionKey(
                key.host(),
                key.port(),
                key.implicitTls(),
                key.source(),
                key.ehloName(),
                key.tls(),
                key.protocol(),
                key.identity(),
                key.xclient(),
                Optional.of(opener));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("otherKeys")
    void keepsSessionsApartBy(String component, SessionKey other) throws Exception {
        PooledSession session = idle(KEY);
        assertNothingFor(other);
        PooledSession others = idle(other);
        assertLeased(KEY, session);
        assertNothingFor(KEY);
        assertLeased(other, others);
    }

    @Test
    void takesTheSessionFirstThatServedLast() throws Exception {
        PooledSession first = idle(KEY);
        PooledSession second = idle(KEY);
        assertLeased(KEY, second);
        assertLeased(KEY, first);
    }

    @Test
    void offersNoSessionThatThePeerHasClosed() throws Exception {
        PooledSession session = idle(KEY);
        peer.close();
        assertEnds(session);
        clock.pass(Duration.ofSeconds(2));
        assertNothingFor(KEY);
        assertThat(pool.sessions()).isEmpty();
    }

    @Test
    void closesASessionAfterItsLastDelivery() throws Exception {
        PooledSession session = adopted(KEY, 2);
        pool.giveBack(session, 1);
        assertLeased(KEY, session);
        pool.giveBack(session, 1);
        assertThat(session.delivered()).isEqualTo(2);
        assertNothingFor(KEY);
        assertThat(pool.sessions()).isEmpty();
        assertEnds(session);
    }

    @Test
    void closesWhatHasBeenIdleForTooLong() throws Exception {
        PooledSession early = idle(KEY);
        clock.pass(Duration.ofSeconds(10));
        PooledSession late = idle(KEY);
        PooledSession busy = adopted(KEY, 0);
        clock.pass(IDLE.minusSeconds(11));
        pool.closeIdle();
        assertThat(pool.sessions()).containsExactlyInAnyOrder(early, late, busy);

        clock.pass(Duration.ofSeconds(1));
        pool.closeIdle();
        assertThat(pool.sessions()).containsExactlyInAnyOrder(late, busy);
        assertEnds(early);

        clock.pass(Duration.ofHours(1));
        pool.closeIdle();
        assertThat(pool.sessions()).containsExactly(busy);
        assertThat(busy.connection().isUsable()).isTrue();
    }

    @Test
    void letsARetiredSessionFinishItsMessageAndServeNoOther() throws Exception {
        PooledSession idle = idle(KEY);
        PooledSession busy = adopted(KEY, 0);
        PooledSession spared =
                pool.adopt(KEY, OPENER, connection(), Optional.of("LOGIN"), new SessionLife(IDLE, 0, 0), place());
        pool.retire(session -> session.mechanism().filter("PLAIN"::equals).isPresent());
        assertThat(pool.sessions()).containsExactlyInAnyOrder(busy, spared);
        assertEnds(idle);
        assertThat(busy.connection().isUsable()).isTrue();

        pool.giveBack(busy, 1);
        assertNothingFor(KEY);
        assertEnds(busy);
        pool.giveBack(spared, 1);
        assertLeased(KEY, spared);
    }

    @Test
    void closesTheOldestIdleSessionForOneMoreUnderTheSameLimit() throws Exception {
        SessionLimit limit = new SessionLimit("all", 2);
        PooledSession early = adoptedUnder(limit);
        PooledSession late = adoptedUnder(limit);
        assertThat(pool.reserve(List.of(limit))).as("both are at work").isEmpty();
        pool.giveBack(early, 1);
        clock.pass(Duration.ofSeconds(1));
        pool.giveBack(late, 1);

        Place place = pool.reserve(List.of(limit)).orElseThrow();
        assertEnds(early);
        assertThat(pool.sessions()).containsExactly(late);

        place.close();
        place.close();
        assertThat(pool.reserve(List.of(limit)))
                .as("the room was given up, once")
                .isPresent();
        assertThat(pool.sessions()).containsExactly(late);
    }

    @Test
    void sparesASessionThatTakesUpNoRoomUnderTheFullLimit() throws Exception {
        SessionLimit full = new SessionLimit("full", 1);
        PooledSession other = adoptedUnder(new SessionLimit("other", 1));
        pool.giveBack(other, 1);
        adoptedUnder(full);
        assertThat(pool.reserve(List.of(full))).isEmpty();
        assertThat(pool.sessions()).contains(other);
    }

    @Test
    void freesRoomHoweverASessionEnds() throws Exception {
        SessionLimit limit = new SessionLimit("all", 1);
        pool.discard(adoptedUnder(limit));
        PooledSession idle = adoptedUnder(limit);
        pool.giveBack(idle, 1);
        clock.pass(IDLE);
        pool.closeIdle();
        PooledSession retired = adoptedUnder(limit);
        pool.retire(session -> true);
        pool.giveBack(retired, 1);
        assertThat(pool.reserve(List.of(limit))).isPresent();
    }

    private PooledSession adoptedUnder(SessionLimit limit) throws SmtpFault {
        return pool.adopt(
                KEY,
                OPENER,
                connection(),
                Optional.empty(),
                new SessionLife(IDLE, 0, 0),
                pool.reserve(List.of(limit)).orElseThrow());
    }

    @Test
    void endsASessionThatHasNamedAsManyRecipientsAsItMay() throws Exception {
        PooledSession session =
                pool.adopt(KEY, OPENER, connection(), Optional.empty(), new SessionLife(IDLE, 0, 5), place());
        pool.giveBack(session, 3);
        assertLeased(KEY, session);
        pool.giveBack(session, 2);
        assertEnds(session);
    }

    @Test
    void forgetsWhatIsDiscarded() throws Exception {
        PooledSession session = adopted(KEY, 0);
        pool.discard(session);
        assertThat(pool.sessions()).isEmpty();
        assertThat(session.connection().isUsable()).isFalse();
    }

    @Test
    void closesIdleSessionsWithItselfAndTheOthersWhenTheyAreDone() throws Exception {
        PooledSession idle = idle(KEY);
        PooledSession busy = adopted(KEY, 0);
        pool.close();
        assertEnds(idle);
        assertNothingFor(KEY);
        assertThat(busy.connection().isUsable()).isTrue();
        pool.giveBack(busy, 1);
        assertEnds(busy);
        assertThat(pool.sessions()).isEmpty();
    }
}
