// SPDX-License-Identifier: Apache-2.0
package org.postern.core.scope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.postern.core.scope.OutboundSettings.GATEWAY;
import static org.postern.core.scope.OutboundSettings.MAX_DELIVERIES_PER_CONNECTION;
import static org.postern.core.scope.OutboundSettings.MAX_OUTBOUND_CONNECTIONS;
import static org.postern.core.scope.OutboundSettings.MESSAGE_EXPIRATION;
import static org.postern.core.scope.OutboundSettings.TLS;
import static org.postern.spi.settings.ScopePath.GLOBAL;
import static org.postern.spi.settings.ScopePath.ofBinding;
import static org.postern.spi.settings.ScopePath.ofDomain;
import static org.postern.spi.settings.ScopePath.ofGroup;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postern.spi.mail.Binding;
import org.postern.spi.mail.BindingGroup;
import org.postern.spi.mail.RoutingDomain;
import org.postern.spi.settings.ScopePath;
import org.postern.spi.settings.Setting;
import org.postern.spi.settings.SettingsSnapshot;
import org.postern.spi.settings.SettingsSnapshot.DomainPattern.Search;

class ScopeResolverTest {

    private final ScopeResolver resolver = new ScopeResolver();

    @ParameterizedTest
    @CsvSource({
        "default,  other.com,          86400, global",
        "default,  example.com,        120,   domain example.com",
        "example,  other.com,          3600,  binding example",
        "example,  example.com,        3600,  binding example",
        "example2, example.com,        86400, binding example2 domain example.com",
        "example2, anotherexample.com, 7200,  binding example2",
        "example2, other.com,          7200,  binding example2",
        "example3, anotherexample.com, 86400, binding example3 domain anotherexample.com",
        "example3, example.com,        120,   domain example.com",
        "example3, other.com,          86400, global",
    })
    void followsTheDocumentedTable(String binding, String domain, long seconds, String place) {
        SettingsSnapshot written = new Written()
                .set(GLOBAL, MESSAGE_EXPIRATION, "86400")
                .set(ofBinding("example"), MESSAGE_EXPIRATION, "3600")
                .set(ofDomain("example.com"), MESSAGE_EXPIRATION, "120")
                .set(ofBinding("example2"), MESSAGE_EXPIRATION, "7200")
                .set(ofBinding("example2").withDomain("example.com"), MESSAGE_EXPIRATION, "86400")
                .at(ofBinding("example2").withDomain("anotherexample.com"))
                .at(ofBinding("example3"))
                .at(ofBinding("example3").withDomain("example.com"))
                .set(ofBinding("example3").withDomain("anotherexample.com"), MESSAGE_EXPIRATION, "86400")
                .read();
        Resolved<java.time.Duration> resolved =
                resolve(written, "default", binding, domain).get(MESSAGE_EXPIRATION);
        assertThat(resolved.orThrow()).hasSeconds(seconds);
        assertThat(resolved.place()).hasToString("Optional[" + place + "]");
    }

    @Test
    void prefersTheBindingInItsGroupToTheGroup() {
        Written written = groups();
        written.set(ofGroup("group1").withBinding("example"), MAX_OUTBOUND_CONNECTIONS, "15");
        assertThat(connections(written.read(), "group1", "example", "example.com"))
                .isEqualTo(15);
    }

    @ParameterizedTest
    @CsvSource({"group1, example, 5", "group1, another, 5", "default, outside, 30", "group2, example, 30"})
    void fallsBackToTheGroupAndThenToGlobal(String group, String binding, long expected) {
        assertThat(connections(groups().read(), group, binding, "example.com")).isEqualTo(expected);
    }

    private static Written groups() {
        return new Written()
                .set(GLOBAL, MAX_OUTBOUND_CONNECTIONS, "30")
                .set(ofGroup("group1"), MAX_OUTBOUND_CONNECTIONS, "5")
                .at(ofGroup("group1").withBinding("example"))
                .at(ofGroup("group1").withBinding("example").withDomain("example.com"));
    }

    @Test
    void asksEveryLevelInTheDecidedOrder() {
        ScopePath[] strongestFirst = {
            ofGroup("g").withBinding("b").withDomain("d.example"),
            ofBinding("b").withDomain("d.example"),
            ofGroup("g").withDomain("d.example"),
            ofGroup("g").withBinding("b"),
            ofBinding("b"),
            ofGroup("g"),
            ofDomain("d.example"),
            GLOBAL
        };
        for (int first = 0; first < strongestFirst.length; first++) {
            Written written = new Written();
            for (int level = first; level < strongestFirst.length; level++) {
                written.set(strongestFirst[level], MAX_OUTBOUND_CONNECTIONS, Integer.toString(level + 1));
            }
            assertThat(connections(written.read(), "g", "b", "d.example")).isEqualTo(first + 1);
        }
    }

    @Test
    void countsUngroupedBindingsToTheDefaultGroup() {
        SettingsSnapshot written = new Written()
                .set(ofGroup("default"), MAX_OUTBOUND_CONNECTIONS, "7")
                .read();
        assertThat(connections(written, "default", "ungrouped", "x.example")).isEqualTo(7);
        assertThat(connections(written, "other", "grouped", "x.example")).isEqualTo(32);
    }

    @Test
    void comparesBindingNamesWithCaseAndDomainNamesWithout() {
        SettingsSnapshot written = new Written()
                .set(ofBinding("Mixed"), MAX_OUTBOUND_CONNECTIONS, "7")
                .set(ofDomain("example.com"), MAX_DELIVERIES_PER_CONNECTION, "9")
                .read();
        assertThat(connections(written, "default", "mixed", "a.example")).isEqualTo(32);
        assertThat(connections(written, "default", "Mixed", "a.example")).isEqualTo(7);
        assertThat(resolve(written, "default", "b", "EXAMPLE.Com.")
                        .get(MAX_DELIVERIES_PER_CONNECTION)
                        .value())
                .contains(9L);
    }

    @Test
    void neverCoversSubdomainsByAPlainName() {
        SettingsSnapshot written = new Written()
                .set(ofDomain("example.com"), MAX_OUTBOUND_CONNECTIONS, "7")
                .read();
        assertThat(connections(written, "default", "b", "sub.example.com")).isEqualTo(32);
    }

    @Test
    void takesFromThePatternWhatTheExactNameLeavesOpen() {
        SettingsSnapshot written = new Written()
                .pattern(GLOBAL, "(?:^|[.])example[.](?:com|co[.]uk)$")
                .set(ofDomain("/(?:^|[.])example[.](?:com|co[.]uk)$/"), MAX_OUTBOUND_CONNECTIONS, "15")
                .set(ofDomain("/(?:^|[.])example[.](?:com|co[.]uk)$/"), MAX_DELIVERIES_PER_CONNECTION, "5")
                .set(ofDomain("example.com"), MAX_OUTBOUND_CONNECTIONS, "20")
                .read();
        Resolution exact = resolve(written, "default", "b", "example.com");
        assertThat(exact.get(MAX_OUTBOUND_CONNECTIONS).value()).contains(20L);
        assertThat(exact.get(MAX_DELIVERIES_PER_CONNECTION).value()).contains(5L);
        assertThat(connections(written, "default", "b", "mail.example.co.uk")).isEqualTo(15);
        assertThat(connections(written, "default", "b", "notexample.com")).isEqualTo(32);
    }

    @Test
    void asksTheNextPatternWhereTheFirstIsSilent() {
        SettingsSnapshot written = new Written()
                .pattern(GLOBAL, "first")
                .pattern(GLOBAL, "example")
                .set(ofDomain("/example/"), MAX_OUTBOUND_CONNECTIONS, "2")
                .set(ofDomain("/first/"), MAX_DELIVERIES_PER_CONNECTION, "1")
                .set(ofDomain("/example/"), MAX_DELIVERIES_PER_CONNECTION, "2")
                .read();
        Resolution both = resolve(written, "default", "b", "first.example");
        assertThat(both.get(MAX_DELIVERIES_PER_CONNECTION).value()).contains(1L);
        assertThat(both.get(MAX_OUTBOUND_CONNECTIONS).value()).contains(2L);
    }

    @Test
    void prefersAPatternInTheBindingToAnExactGlobalDomain() {
        SettingsSnapshot written = new Written()
                .pattern(ofBinding("b"), "example")
                .set(ofBinding("b").withDomain("/example/"), MAX_OUTBOUND_CONNECTIONS, "3")
                .set(ofDomain("a.example"), MAX_OUTBOUND_CONNECTIONS, "4")
                .read();
        assertThat(connections(written, "default", "b", "a.example")).isEqualTo(3);
    }

    @Test
    void stopsAtAPlaceThatCancels() {
        SettingsSnapshot written = new Written()
                .set(GLOBAL, GATEWAY, "relay.example")
                .set(ofBinding("direct"), GATEWAY, "false")
                .set(ofDomain("own.example"), GATEWAY, "")
                .read();
        Resolved<String> cancelled =
                resolve(written, "default", "direct", "x.example").get(GATEWAY);
        assertThat(cancelled.value()).isEmpty();
        assertThat(cancelled.cancelled()).isTrue();
        assertThat(cancelled.place()).contains(ofBinding("direct"));
        assertThat(resolve(written, "default", "b", "own.example").get(GATEWAY).cancelled())
                .isTrue();
        assertThat(resolve(written, "default", "b", "x.example").get(GATEWAY).value())
                .contains("relay.example");
    }

    @Test
    void tellsUnsetFromSetToTheDefault() {
        SettingsSnapshot written =
                new Written().set(ofDomain("set.example"), TLS, "no").read();
        assertThat(resolve(written, "default", "b", "set.example").get(TLS).isSet())
                .isTrue();
        Resolved<String> unset =
                resolve(written, "default", "b", "unset.example").get(TLS);
        assertThat(unset.isSet()).isFalse();
        assertThat(unset.value()).contains("no");
        assertThat(unset.origin()).isEmpty();
    }

    @Test
    void namesWinnerAndLosersWithTheirPlacesAndLines() {
        SettingsSnapshot written = new Written()
                .set(GLOBAL, MAX_OUTBOUND_CONNECTIONS, "1")
                .set(ofDomain("a.example"), MAX_OUTBOUND_CONNECTIONS, "2")
                .set(ofGroup("g"), MAX_OUTBOUND_CONNECTIONS, "3")
                .read();
        ScopeChain<Long> chain = resolve(written, "g", "b", "a.example").chain(MAX_OUTBOUND_CONNECTIONS);
        assertThat(chain.winner().place()).contains(ofGroup("g"));
        assertThat(chain.first().orElseThrow().written().origin()).hasToString("postern.conf:3:1");
        assertThat(chain.losers())
                .extracting(link -> link.place() + " " + link.written().origin())
                .containsExactly("domain a.example postern.conf:2:1", "global postern.conf:1:1");
    }

    @Test
    void hasNoLosersWhereNothingIsWritten() {
        ScopeChain<Long> chain =
                resolve(SettingsSnapshot.empty(), "g", "b", "a.example").chain(MAX_OUTBOUND_CONNECTIONS);
        assertThat(chain.losers()).isEmpty();
        assertThat(chain.first()).isEmpty();
        assertThat(chain.winner().value()).contains(32L);
    }

    @Test
    void remembersWhatIsMadeOfThemWhileTheSnapshotStaysAndForgetsItWhenItChanges() {
        SettingsSnapshot first =
                new Written().set(GLOBAL, MAX_OUTBOUND_CONNECTIONS, "1").read();
        SettingsSnapshot second =
                new Written().set(GLOBAL, MAX_OUTBOUND_CONNECTIONS, "2").read();
        Room room = Room.of(resolve(first, "g", "b", "a.example"));
        assertThat(Room.of(resolve(first, "g", "b", "a.example"))).isSameAs(room);
        assertThat(Room.of(resolve(first, "g", "b", "b.example"))).isNotSameAs(room);
        assertThat(Room.of(resolve(first, "g", "c", "a.example"))).isNotSameAs(room);
        assertThat(resolve(first, "g", "b", "a.example").derived(String.class, options -> "other"))
                .isEqualTo("other");
        assertThat(Room.of(resolve(second, "g", "b", "a.example"))).isEqualTo(new Room(2));
        assertThat(Room.of(resolve(first, "g", "b", "a.example"))).isEqualTo(new Room(1));
    }

    private record Room(long connections) {

        static Room of(Resolution options) {
            return options.derived(
                    Room.class, of -> new Room(of.get(MAX_OUTBOUND_CONNECTIONS).orThrow()));
        }
    }

    @Test
    void boundsWhatItRemembersAndStaysRight() {
        SettingsSnapshot written = new Written()
                .set(ofDomain("d7.example"), MAX_OUTBOUND_CONNECTIONS, "7")
                .read();
        Recent<Integer, String> recent = new Recent<>(100);
        for (int i = 0; i < 10_000; i++) {
            assertThat(recent.get(i, String::valueOf)).isEqualTo(String.valueOf(i));
            assertThat(recent.size()).isLessThanOrEqualTo(128);
        }
        ScopeResolver small = new ScopeResolver(1);
        for (int i = 0; i < 20; i++) {
            Resolution resolution = small.resolve(written, Binding.DEFAULT, RoutingDomain.of("d" + i + ".example"));
            assertThat(resolution.get(MAX_OUTBOUND_CONNECTIONS).value()).isEqualTo(Optional.of(i == 7 ? 7L : 32L));
        }
    }

    @Test
    void givesUpAPatternThatTakesTooLongAndGoesOnWithTheOthers() {
        SettingsSnapshot written = new Written()
                .pattern(GLOBAL, "^(x+x+)+y?$")
                .set(ofDomain("/^(x+x+)+y?$/"), MAX_OUTBOUND_CONNECTIONS, "7")
                .pattern(GLOBAL, "!$")
                .set(ofDomain("/!$/"), MAX_OUTBOUND_CONNECTIONS, "8")
                .read();
        assertThat(connections(written, "g", "b", "xxxx")).isEqualTo(7);
        String endless = "x".repeat(200) + "!";
        assertThat(written.patternsIn(GLOBAL).getFirst().search(endless)).isEqualTo(Search.GIVEN_UP);
        assertThat(connections(written, "g", "b", endless)).isEqualTo(8);
    }

    private long connections(SettingsSnapshot written, String group, String binding, String domain) {
        return value(written, group, binding, domain, MAX_OUTBOUND_CONNECTIONS);
    }

    private <T> T value(SettingsSnapshot written, String group, String binding, String domain, Setting<T> setting) {
        return resolve(written, group, binding, domain).get(setting).orThrow();
    }

    private Resolution resolve(SettingsSnapshot written, String group, String binding, String domain) {
        return resolver.resolve(written, new Binding(new BindingGroup(group), binding), RoutingDomain.of(domain));
    }
}
