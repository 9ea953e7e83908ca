// SPDX-License-Identifier: Apache-2.0
package org.postern.core.delivery;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postern.core.audit.Audit;
import org.postern.core.audit.AuditEvent;
import org.postern.core.auth.LoginBreaker;
import org.postern.core.auth.LoginState;
import org.postern.core.auth.StoreRegistry;
import org.postern.core.limits.Account;
import org.postern.core.session.PooledSession;
import org.postern.core.session.SessionPool;
import org.postern.engine.dto.CredentialView;
import org.postern.spi.credential.CredentialRef;

/**
 * Puts together what breaker, pool and limits know of each credential, and has one tried at an operator's word.
 *
 * <p>Threading: safe for many threads.
 */
@Singleton
final class CredentialsInUse {

    private final LoginBreaker breaker;
    private final StoreRegistry stores;
    private final DeadEnds deadEnds;
    private final Dispatcher dispatcher;
    private final SessionPool pool;
    private final Allowances allowances;
    private final Audit audit;
    private final Clock clock;

    @Inject
    CredentialsInUse(
            LoginBreaker breaker,
            StoreRegistry stores,
            DeadEnds deadEnds,
            Dispatcher dispatcher,
            SessionPool pool,
            Allowances allowances,
            Audit audit,
            Clock clock) {
        this.breaker = breaker;
        this.stores = stores;
        this.deadEnds = deadEnds;
        this.dispatcher = dispatcher;
        this.audit = audit;
        this.pool = pool;
        this.allowances = allowances;
        this.clock = clock;
    }

    private record Line(String reference, Account account) {}

    /** By reference, user and peer. Of a credential's versions, the one used last, and others that have sessions. */
    List<CredentialView> all() {
        List<PooledSession> sessions = pool.sessions();
        Map<Line, LoginState> latest = new LinkedHashMap<>();
        List<LoginState> states = breaker.states();
        states.forEach(state -> latest.put(line(state), state));
        return states.stream()
                .filter(state -> latest.get(line(state)) == state || count(sessions, state) > 0)
                .map(state -> view(state, count(sessions, state)))
                .sorted(Comparator.comparing(CredentialView::reference)
                        .thenComparing(CredentialView::peer)
                        .thenComparing(CredentialView::user)
                        .thenComparing(CredentialView::version))
                .toList();
    }

    private List<CredentialView> named(String reference) {
        return all().stream()
                .filter(one ->
                        one.reference().equals(reference) || one.reference().endsWith(":" + reference))
                .toList();
    }

    /** Has the store asked anew and a login made due, and lets go the mail that waits for it. */
    List<CredentialView> retry(String reference) {
        List<CredentialView> concerned = named(reference);
        concerned.forEach(one -> audit.record(AuditEvent.of(AuditEvent.Action.RETRY, "asked for")
                .with("by", "operator")
                .with("reference", one.reference())
                .with("version", one.version())
                .with("peer", one.peer())));
        concerned.stream().map(CredentialView::reference).distinct().forEach(this::makeDue);
        // Looked at before the mail goes: its login may end before this method does.
        List<CredentialView> due = named(reference);
        deadEnds.forgetAll();
        dispatcher.releaseHeld();
        return due;
    }

    private void makeDue(String source) {
        breaker.reset(source);
        int store = source.indexOf(':');
        if (store >= 0) {
            stores.changed(new CredentialRef(source.substring(store + 1)));
        }
    }

    private static Line line(LoginState state) {
        return new Line(state.identity().source(), account(state));
    }

    private static Account account(LoginState state) {
        return Account.of(state.identity(), state.endpoint().toString());
    }

    private static int count(List<PooledSession> sessions, LoginState state) {
        return (int) sessions.stream()
                .filter(session -> session.key()
                        .identity()
                        .filter(state.identity()::equals)
                        .isPresent())
                .filter(session ->
                        session.key().peer().equalsIgnoreCase(state.endpoint().toString()))
                .count();
    }

    private CredentialView view(LoginState state, int sessions) {
        Account account = account(state);
        Instant now = clock.instant();
        return new CredentialView(
                state.identity().source(),
                state.identity().version().value(),
                state.identity().user(),
                state.identity().authorization(),
                state.endpoint().toString(),
                state.validity().since(),
                state.validity().expiry(),
                state(state, now),
                state.refusals(),
                Optional.of(state.notBefore()).filter(now::isBefore),
                state.last().map(LoginState.LastLogin::when),
                state.last().map(LoginState.LastLogin::reply),
                sessions,
                allowances.waiting(account),
                allowances.limits(account));
    }

    private static String state(LoginState state, Instant now) {
        if (state.refusals() > 0) {
            return "refused";
        }
        if (now.isBefore(state.notBefore())) {
            return "pausing";
        }
        return state.last().isEmpty() ? "untried" : "well";
    }
}
