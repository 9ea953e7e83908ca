// SPDX-License-Identifier: Apache-2.0
package org.postern.core.delivery;

import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.postern.core.auth.LoginBreaker;
import org.postern.core.observe.Transcript;
import org.postern.core.outcome.BlastRadius;
import org.postern.core.outcome.FailurePolicy;
import org.postern.core.outcome.Judgement;
import org.postern.core.queue.QueuedMessage;
import org.postern.core.route.Hop;
import org.postern.core.route.HostRest;
import org.postern.core.scope.Resolution;
import org.postern.core.session.Lease;
import org.postern.core.session.Place;
import org.postern.core.session.PooledSession;
import org.postern.core.session.SessionKey;
import org.postern.core.session.SessionLife;
import org.postern.core.session.SessionPool;
import org.postern.core.smtp.Endpoint;
import org.postern.core.smtp.SessionParameters;
import org.postern.core.smtp.SmtpConnection;
import org.postern.core.smtp.SmtpConnector;
import org.postern.core.smtp.SmtpFault;
import org.postern.core.smtp.Xclient;
import org.postern.spi.credential.AuthIdentity;
import org.postern.spi.event.DeliveryEvent;
import org.postern.spi.event.DeliveryListener;
import org.postern.spi.mail.SubmittingClient;

/**
 * Finds a session for a message: an idle one with exactly the right key, else a new one to the first host of the route
 * that can be reached and authenticated to.
 */
@Singleton
final class Sessions {

    private static final int ADDRESSES_TRIED = 5;

    private final Contexts contexts;
    private final SmtpConnector connector;
    private final SessionPool pool;
    private final Shaping shaping;
    private final Allowances allowances;
    private final HostRest hostRest;
    private final Outages outages;
    private final LoginBreaker breaker;
    private final Authenticator authenticator;
    private final FailurePolicy policy;
    private final DeadEnds deadEnds;
    private final Transcript transcript;
    private final DeliveryListener observer;
    private final Clock clock;
    private final String hostname;

    @Inject
    Sessions(
            Contexts contexts,
            SmtpConnector connector,
            SessionPool pool,
            Shaping shaping,
            Allowances allowances,
            HostRest hostRest,
            Outages outages,
            LoginBreaker breaker,
            Authenticator authenticator,
            FailurePolicy policy,
            DeadEnds deadEnds,
            Transcript transcript,
            DeliveryListener observer,
            Clock clock,
            @Named("hostname") String hostname) {
        this.contexts = contexts;
        this.connector = connector;
        this.pool = pool;
        this.shaping = shaping;
        this.allowances = allowances;
        this.hostRest = hostRest;
        this.outages = outages;
        this.breaker = breaker;
        this.authenticator = authenticator;
        this.policy = policy;
        this.deadEnds = deadEnds;
        this.transcript = transcript;
        this.observer = observer;
        this.clock = clock;
        this.hostname = hostname;
    }

    /**
     * A session for one transaction.
     *
     * @throws NotDeliverable if no host of the route gives one, or the account is used for as much as it may be
     * @throws NotYet if another connection would be more than the scopes allow
     */
    Ride obtain(QueuedMessage message, List<Hop> hops, Login login, Resolution resolution)
            throws NotDeliverable, NotYet, InterruptedException {
        SessionOptions options = SessionOptions.of(resolution, hostname);
        String ehloName = options.ehloName(message.message().envelope().sender());
        Optional<Xclient> xclient = xclient(message, options);
        NotDeliverable last = new NotDeliverable(policy.hostsResting("the route has no host that can be tried"));
        for (Hop hop : hops) {
            SessionKey key = key(hop, login.identity(), options, ehloName, xclient);
            Turn turn = Allowances.turn(login.identity(), key.peer(), resolution);
            try {
                return ride(hop, key, login, options, new Room(shaping, allowances, message, resolution, turn), last);
            } catch (NotDeliverable failure) {
                if (!failure.judgement().radius().leavesOtherHosts()) {
                    throw failure;
                }
                last = failure;
            }
        }
        throw lost(hops, options, resolution, last);
    }

    /**
     * A ride behind the message in hand on this session, if this route leads there and this login fits.
     *
     * @throws NotDeliverable if the account is used for as much as it may be
     */
    Optional<Ride> along(
            PooledSession session, QueuedMessage message, List<Hop> hops, Login login, Resolution resolution)
            throws NotDeliverable {
        SessionOptions options = SessionOptions.of(resolution, hostname);
        String ehloName = options.ehloName(message.message().envelope().sender());
        Optional<Xclient> xclient = xclient(message, options);
        for (Hop hop : hops) {
            if (key(hop, login.identity(), options, ehloName, xclient).equals(session.key())) {
                Turn turn = Allowances.turn(login.identity(), session.key().peer(), resolution);
                return Optional.of(new Ride(session, allowances.message(turn, message)));
            }
        }
        return Optional.empty();
    }

    // The variables may have to be read from the spool, for which there is no need where nobody is told.
    private Optional<Xclient> xclient(QueuedMessage message, SessionOptions options) throws NotDeliverable {
        return options.xclient() == SessionOptions.Telling.NO
                ? Optional.empty()
                : options.xclient(SubmittingClient.of(contexts.of(message)));
    }

    private Ride ride(Hop hop, SessionKey key, Login login, SessionOptions options, Room room, NotDeliverable before)
            throws NotDeliverable, NotYet, InterruptedException {
        Use use = allowances.message(room.turn(), room.message());
        boolean underWay = false;
        try {
            Ride ride = new Ride(session(hop, key, login, options, room, before), use);
            underWay = true;
            return ride;
        } finally {
            if (!underWay) {
                use.settle(0);
            }
        }
    }

    private PooledSession session(
            Hop hop, SessionKey key, Login login, SessionOptions options, Room room, NotDeliverable before)
            throws NotDeliverable, NotYet, InterruptedException {
        try {
            Optional<PooledSession> idle = idle(key, options);
            return idle.isPresent() ? idle.get() : open(hop, key, login, options, room, before);
        } catch (OverLimit full) {
            // One may have come back between the two questions.
            return idle(key, options).orElseThrow(() -> full);
        }
    }

    private Optional<PooledSession> idle(SessionKey key, SessionOptions options) {
        if (pool.lease(key) instanceof Lease.Reused reused) {
            outages.reached(options.opener());
            return Optional.of(reused.session());
        }
        return Optional.empty();
    }

    // What was reached and refused us is not lost, whatever has been before.
    private NotDeliverable lost(List<Hop> hops, SessionOptions options, Resolution resolution, NotDeliverable last) {
        String reason = last.judgement().reason();
        return outages.lost(options.opener(), hops, resolution)
                .map(why -> new NotDeliverable(policy.domainLost(why + "; " + reason)))
                .orElse(last);
    }

    /** What a session has to be like. */
    static SessionKey key(
            Hop hop,
            Optional<AuthIdentity> identity,
            SessionOptions options,
            String ehloName,
            Optional<Xclient> xclient) {
        return new SessionKey(
                hop.host(),
                hop.port(),
                hop.implicitTls(),
                options.source(),
                ehloName,
                options.tls(identity.isPresent()),
                options.protocol(),
                identity,
                xclient,
                options.only());
    }

    private PooledSession open(
            Hop hop, SessionKey key, Login login, SessionOptions options, Room room, NotDeliverable before)
            throws NotDeliverable, NotYet, InterruptedException {
        Optional<Judgement> deadEnd = deadEnds.at(key);
        if (deadEnd.isPresent()) {
            throw new NotDeliverable(deadEnd.get());
        }
        NotDeliverable last = before;
        Instant begun = clock.instant();
        boolean failed = false;
        for (InetAddress address : hop.addresses()
                .subList(0, Math.min(ADDRESSES_TRIED, hop.addresses().size()))) {
            InetSocketAddress socket = new InetSocketAddress(address, hop.port());
            Optional<HostRest.Rest> rest = hostRest.rest(socket);
            if (rest.isPresent()) {
                last = new NotDeliverable(policy.hostsResting(resting(hop, rest.get())));
                continue;
            }
            try {
                PooledSession session = open(
                        new Endpoint(hop.host(), address, hop.port(), hop.implicitTls()), key, login, options, room);
                hostRest.succeeded(socket);
                return session;
            } catch (SmtpFault fault) {
                last = new NotDeliverable(policy.session(fault));
                if (last.judgement().radius() == BlastRadius.HOST) {
                    hostRest.failed(socket, options.hostRest(), fault.getMessage());
                    failed = true;
                }
            }
        }
        if (failed) {
            outages.failed(options.opener(), hop, begun);
        }
        throw last;
    }

    private static String resting(Hop hop, HostRest.Rest rest) {
        return hop + " is left alone until " + rest.until().truncatedTo(ChronoUnit.SECONDS) + " because "
                + rest.reason();
    }

    private PooledSession open(Endpoint endpoint, SessionKey key, Login login, SessionOptions options, Room room)
            throws NotDeliverable, NotYet, SmtpFault, InterruptedException {
        if (login instanceof Login.As as) {
            stopIfObstructed(endpoint, as);
        }
        try (Place place = room.take(key)) {
            return switch (login) {
                case Login.Nobody nobody ->
                    adopt(connect(endpoint, key, options), key, Optional.empty(), options.life(), options, place);
                case Login.As as -> openAs(endpoint, key, as, options, room, place);
            };
        }
    }

    /** Where a connection has to find room before it is made. */
    private record Room(Shaping shaping, Allowances allowances, QueuedMessage message, Resolution options, Turn turn) {

        Place take(SessionKey key) throws NotYet, OverLimit {
            try (Place own = allowances.session(turn, key)) {
                return shaping.connecting(message.key(), options).with(own);
            }
        }
    }

    private PooledSession openAs(
            Endpoint endpoint, SessionKey key, Login.As login, SessionOptions options, Room room, Place place)
            throws NotDeliverable, SmtpFault, InterruptedException {
        long before = deadEnds.changes();
        SmtpConnection connection = connectToLogIn(endpoint, key, options, room.turn());
        boolean authenticated = false;
        try {
            String mechanism = authenticator.authenticate(connection, login, Transcodings.of(room.options()));
            authenticated = true;
            return adopt(
                    connection,
                    key,
                    Optional.of(mechanism),
                    options.life().until(login.credential().validity().expiry()),
                    options,
                    place);
        } catch (NotDeliverable failure) {
            if (failure.judgement().radius() == BlastRadius.MECHANISM) {
                deadEnds.remember(key, failure.judgement(), before);
            }
            throw failure;
        } finally {
            if (!authenticated) {
                Thread.ofVirtual().start(connection::quit);
            }
        }
    }

    private SmtpConnection connectToLogIn(Endpoint endpoint, SessionKey key, SessionOptions options, Turn turn)
            throws NotDeliverable, SmtpFault {
        allowances.login(turn);
        try {
            return connect(endpoint, key, options);
        } catch (SmtpFault unreached) {
            allowances.withdrawLogin(turn);
            throw unreached;
        }
    }

    private void stopIfObstructed(Endpoint endpoint, Login.As login) throws NotDeliverable {
        Optional<LoginBreaker.Admission.Wait> obstacle =
                breaker.obstacle(login.ready().identity(), Authenticator.loginEndpoint(endpoint));
        if (obstacle.isPresent()) {
            throw new NotDeliverable(
                    policy.breakerOpen(obstacle.get().reason(), obstacle.get().until()));
        }
    }

    private SmtpConnection connect(Endpoint endpoint, SessionKey key, SessionOptions options) throws SmtpFault {
        SmtpConnection connection = connector.open(
                new SessionParameters(
                        endpoint,
                        key.source(),
                        key.ehloName(),
                        key.tls(),
                        key.identity().isPresent(),
                        options.timeouts(),
                        key.protocol(),
                        key.xclient()),
                transcript.tap(endpoint.toString()));
        outages.reached(options.opener());
        return connection;
    }

    private PooledSession adopt(
            SmtpConnection connection,
            SessionKey key,
            Optional<String> mechanism,
            SessionLife life,
            SessionOptions options,
            Place place) {
        observer.on(new DeliveryEvent.SessionOpened(
                clock.instant(), key.peer(), connection.tls().map(Object::toString), mechanism, key.identity()));
        return pool.adopt(key, options.opener(), connection, mechanism, life, place);
    }
}
