// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.oauth;

import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.postern.spi.credential.Secret;

/** A provider that answers what it is told, counts, and waits where it is told to. */
final class FakeSource implements TokenSource {

    final AtomicInteger calls = new AtomicInteger();
    volatile CountDownLatch gate = new CountDownLatch(0);

    private final Queue<Supplier<TokenAnswer>> answers = new ConcurrentLinkedQueue<>();

    FakeSource grants(String token, Duration life) {
        return answers(() -> new TokenAnswer.Granted(Secret.of(token), Optional.of(life), Optional.empty()));
    }

    FakeSource rotates(String token, String refreshToken) {
        return answers(() -> new TokenAnswer.Granted(
                Secret.of(token), Optional.of(Duration.ofHours(1)), Optional.of(Secret.of(refreshToken))));
    }

    FakeSource refuses(String code) {
        return answers(() -> new TokenAnswer.Refused(code, "id.example refuses a token: " + code));
    }

    FakeSource fails() {
        return answers(() -> new TokenAnswer.Failed("status 503", Optional.empty()));
    }

    FakeSource answers(Supplier<TokenAnswer> answer) {
        answers.add(answer);
        return this;
    }

    @Override
    public TokenAnswer ask(Account account, KnownSecrets secrets) throws InterruptedException {
        calls.incrementAndGet();
        gate.await();
        Supplier<TokenAnswer> answer = answers.poll();
        return answer == null ? new TokenAnswer.Failed("nothing more to say", Optional.empty()) : answer.get();
    }
}
