// SPDX-License-Identifier: Apache-2.0
package org.postern.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.postern.core.scope.OutboundSettings.MAX_OUTBOUND_CONNECTIONS;
import static org.postern.core.scope.OutboundSettings.MESSAGE_EXPIRATION;
import static org.postern.spi.policy.OutboundAuthSettings.KEY;
import static org.postern.spi.settings.ScopePath.GLOBAL;
import static org.postern.spi.settings.ScopePath.ofBinding;
import static org.postern.spi.settings.ScopePath.ofDomain;
import static org.postern.spi.settings.ScopePath.ofGroup;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.postern.spi.settings.InvalidValueException;
import org.postern.spi.settings.Located;
import org.postern.spi.settings.Origin;
import org.postern.spi.settings.RawValue;
import org.postern.spi.settings.ScopePath;
import org.postern.spi.settings.Setting;
import org.postern.spi.settings.SettingsSnapshot;
import org.postern.spi.settings.SettingsSnapshot.DomainPattern;

/** What a place comes to for those who name it in words. */
class ScopePrecedenceTest {

    private static final Origin ORIGIN = new Origin("postern.conf", 1, 1);

    private final SettingsSnapshot.Builder builder = SettingsSnapshot.builder(1);
    private final ScopePrecedence precedence = new ScopePrecedence();

    private <T> void set(ScopePath place, Setting<T> setting, String text) throws InvalidValueException {
        builder.put(place, setting, new Located<>(setting.read(new RawValue.Scalar(text)), ORIGIN));
    }

    private Optional<String> key(ScopePath place) {
        return precedence.effective(builder.build(), place, KEY);
    }

    @Test
    void takesTheInnermostPlaceThatSpeaks() throws InvalidValueException {
        set(GLOBAL, KEY, "everywhere");
        set(ofDomain("one.example"), KEY, "domain");
        set(ofBinding("customer"), KEY, "binding");
        set(ofBinding("customer").withDomain("two.example"), KEY, "binding-domain");
        assertThat(key(GLOBAL)).contains("everywhere");
        assertThat(key(ofDomain("one.example"))).contains("domain");
        assertThat(key(ofDomain("other.example"))).contains("everywhere");
        assertThat(key(ofBinding("customer"))).contains("binding");
        assertThat(key(ofBinding("customer").withDomain("two.example"))).contains("binding-domain");
        assertThat(key(ofBinding("unknown"))).contains("everywhere");
    }

    @Test
    void takesABindingInTheGroupThatItIsDeclaredIn() throws InvalidValueException {
        set(ofGroup("bulk"), KEY, "group");
        builder.declare(ofGroup("bulk").withBinding("bulk-1"));
        assertThat(key(ofBinding("bulk-1"))).contains("group");
        assertThat(key(ofGroup("bulk").withBinding("bulk-1"))).contains("group");
        assertThat(key(ofGroup("bulk"))).contains("group");
        assertThat(key(ofBinding("elsewhere"))).isEmpty();
    }

    @Test
    void readsADomainInAnyCaseAndByPattern() throws InvalidValueException {
        builder.declarePattern(
                GLOBAL, new DomainPattern("/\\.one\\.example$/", Pattern.compile("\\.one\\.example$"), ORIGIN));
        set(ofDomain("/\\.one\\.example$/"), KEY, "pattern");
        assertThat(key(ofDomain("mx.one.example"))).contains("pattern");
        assertThat(key(ofDomain("MX.ONE.example"))).contains("pattern");
        assertThat(key(ofDomain("one.example"))).isEmpty();
    }

    @Test
    void doesNotTakeTheWholeForADomainThatEveryPatternMatches() throws InvalidValueException {
        builder.declarePattern(GLOBAL, new DomainPattern("/./", Pattern.compile("."), ORIGIN));
        set(ofDomain("/./"), KEY, "pattern");
        assertThat(key(GLOBAL)).isEmpty();
    }

    @Test
    void givesTheDefaultWhereNothingIsWritten() {
        Duration expiration = MESSAGE_EXPIRATION.defaultValue().orElseThrow();
        assertThat(precedence.effective(SettingsSnapshot.empty(), GLOBAL, MESSAGE_EXPIRATION))
                .contains(expiration);
        assertThat(precedence.effective(SettingsSnapshot.empty(), ofBinding("any"), KEY))
                .isEmpty();
    }

    @Test
    void followsOneSnapshotAfterAnother() throws InvalidValueException {
        set(GLOBAL, MAX_OUTBOUND_CONNECTIONS, "5");
        SettingsSnapshot before = builder.build();
        SettingsSnapshot after = SettingsSnapshot.builder(2)
                .put(
                        GLOBAL,
                        MAX_OUTBOUND_CONNECTIONS,
                        new Located<>(MAX_OUTBOUND_CONNECTIONS.read(new RawValue.Scalar("7")), ORIGIN))
                .build();
        assertThat(precedence
                        .effective(before, GLOBAL, MAX_OUTBOUND_CONNECTIONS)
                        .map(Object::toString))
                .contains("5");
        assertThat(precedence.effective(after, GLOBAL, MAX_OUTBOUND_CONNECTIONS).map(Object::toString))
                .contains("7");
        assertThat(precedence
                        .effective(before, GLOBAL, MAX_OUTBOUND_CONNECTIONS)
                        .map(Object::toString))
                .contains("5");
    }
}
