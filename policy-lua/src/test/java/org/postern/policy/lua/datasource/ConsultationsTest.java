// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.datasource;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.spi.event.DeliveryEvent;
import org.postern.spi.mail.Binding;
import org.postern.spi.mail.DeliveryOutcome;
import org.postern.spi.mail.DeliveryStage;
import org.postern.spi.mail.MessageId;
import org.postern.spi.mail.RoutingDomain;

class ConsultationsTest {

    private static final String SQL = "SELECT secret FROM creds WHERE k = ?";

    @TempDir
    Path folder;

    private final Consultations consultations = new Consultations();
    private final MessageId message = new MessageId("m1");
    private TestDatasources datasources;

    @BeforeEach
    void open() throws Exception {
        datasources = new TestDatasources(folder);
        datasources.execute("CREATE TABLE creds (k TEXT, secret TEXT)");
        datasources.execute("INSERT INTO creds VALUES ('a', 'old'), ('b', 'old')");
    }

    @AfterEach
    void close() {
        datasources.close();
    }

    private String secret(String key) throws Exception {
        Query query = DatabaseContract.query(SQL, key);
        consultations.note(message, datasources.datasource(), query);
        Object[] row = datasources
                .datasource()
                .query(query, false, Duration.ofSeconds(30))
                .values()
                .getFirst();
        return new String((byte[]) row[0], java.nio.charset.StandardCharsets.UTF_8);
    }

    private void ended(DeliveryOutcome outcome) {
        consultations.on(new DeliveryEvent.AttemptEnded(
                Instant.EPOCH,
                message,
                Binding.DEFAULT,
                RoutingDomain.of("example.com"),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                outcome));
    }

    @Test
    void asksAgainForWhatARefusedLoginCameFrom() throws Exception {
        assertThat(secret("a")).isEqualTo("old");
        datasources.executeElsewhere("UPDATE creds SET secret = 'new'");
        assertThat(secret("a")).isEqualTo("old");
        ended(new DeliveryOutcome.Held(DeliveryStage.AUTH_SENT, "535 5.7.8"));
        assertThat(secret("a")).isEqualTo("new");
    }

    @Test
    void keepsTheAnswersOfOtherQuestions() throws Exception {
        assertThat(secret("b")).isEqualTo("old");
        ended(new DeliveryOutcome.Deferred(DeliveryStage.RCPT, "450", Optional.empty(), false));
        assertThat(secret("a")).isEqualTo("old");
        datasources.executeElsewhere("UPDATE creds SET secret = 'new'");
        ended(new DeliveryOutcome.Held(DeliveryStage.AUTH_CHALLENGE, "535 5.7.8"));
        assertThat(secret("b")).isEqualTo("old");
        assertThat(secret("a")).isEqualTo("new");
    }

    @Test
    void keepsAnswersWhenTheTroubleIsAnother() throws Exception {
        assertThat(secret("a")).isEqualTo("old");
        datasources.executeElsewhere("UPDATE creds SET secret = 'new'");
        ended(new DeliveryOutcome.Deferred(DeliveryStage.NOT_CONNECTED, "refused", Optional.empty(), false));
        assertThat(secret("a")).isEqualTo("old");
    }
}
