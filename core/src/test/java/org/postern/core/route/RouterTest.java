// SPDX-License-Identifier: Apache-2.0
package org.postern.core.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.core.route.MxLookup.AddressAnswer;
import org.postern.core.route.MxLookup.MailExchanger;
import org.postern.core.route.MxLookup.MxAnswer;
import org.postern.core.route.RouteResult.Hosts;
import org.postern.core.route.RouteResult.NoSuchDomain;
import org.postern.core.route.RouteResult.TryLater;
import org.postern.spi.mail.RoutingDomain;

/** What operators write: gateways, routes and literals. DNS knows only {@code example.com} and hosts in {@code .host}. */
class RouterTest {

    private final Random random = new Random(1);

    @ParameterizedTest
    @CsvSource({
        "smtp.relay.net,          smtp.relay.net",
        "SMTP.Relay.net.:587,     smtp.relay.net",
        "192.0.2.1,               192.0.2.1",
        "192.0.2.1:2525,          192.0.2.1",
        "[192.0.2.1]:2525,        192.0.2.1",
        "[2001:db8::1]:2525,      [ipv6:2001:db8:0:0:0:0:0:1]",
        "[IPv6:2001:db8::1],      [ipv6:2001:db8:0:0:0:0:0:1]",
        "2001:db8::1,             [ipv6:2001:db8:0:0:0:0:0:1]",
        "#fakesmtp,               #fakesmtp",
        "bücher.example,          xn--bcher-kva.example",
    })
    void queuesUnderTheGatewaysNameWithoutItsPort(String gateway, String domain) {
        assertThat(router().routingDomain(RoutingDomain.of("example.com"), Optional.of(gateway)))
                .hasToString(domain);
    }

    @Test
    void queuesUnderTheRecipientsDomainWithoutAGateway() {
        RoutingDomain own = RoutingDomain.of("example.com");
        assertThat(router().routingDomain(own, Optional.empty())).isSameAs(own);
    }

    @ParameterizedTest
    @CsvSource({
        "smtp://127.0.0.1:2601,              127.0.0.1:2601, false",
        "smtp://127.0.0.1:2601/,             127.0.0.1:2601, false",
        "smtps://relay.host,                 relay.host:465, true",
        "smtps://relay.host:4650,            relay.host:4650, true",
        "SMTPS://Relay.Host?port=99,         relay.host:99, true",
        "relay.host,                         relay.host:26, false",
        "relay.host:587,                     relay.host:587, false",
        "smtp://relay.host?pref=&port=&type=, relay.host:26, false",
        "smtp://relay.host?ttl=60&type=A,    relay.host:26, false",
        "smtp://[::1]:2525,                  0:0:0:0:0:0:0:1:2525, false",
        "smtp://example.com?type=mx&port=77, mx.host:77, false",
        "__mx__,                             mx.host:26, false",
        "__MX__,                             mx.host:26, false",
        "localhost:2601,                     localhost:2601, false",
    })
    void readsEveryFormOfARoute(String written, String hop, boolean tls) throws Exception {
        List<Hop> hops = hops(written);
        assertThat(hops).extracting(Hop::toString).containsExactly(hop);
        assertThat(hops.getFirst().implicitTls()).isEqualTo(tls);
        assertThat(hops.getFirst().addresses()).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "http://x.host",
                "smtp://",
                "smtp://x.host:0",
                "smtp://x.host:65536",
                "smtp://x.host?type=b",
                "smtp://x.host?colour=red",
                "smtp://x.host?pref=-1",
                "user@x.host",
                "a b",
                "x.host\r\nRCPT",
                "[x]",
                "x.host:",
                "smtp://x.host:25:26",
                "[::1",
                "smtp://[]:25"
            })
    void holdsMailWhereARouteCannotBeReadOrUsed(String wrong) throws Exception {
        RouteResult result = route(wrong);
        assertThat(result).isInstanceOf(TryLater.class);
        assertThat(((TryLater) result).reason()).startsWith("route '" + wrong + "'");
    }

    @Test
    void keepsTheOrderOfTheList() throws Exception {
        for (int round = 0; round < 10; round++) {
            assertThat(hops("b.host", "__mx__", "a.host", "b.host"))
                    .extracting(Hop::host)
                    .containsExactly("b.host", "mx.host", "a.host");
        }
    }

    @Test
    void obeysPreferencesAndShufflesEqualOnes() throws Exception {
        Set<String> second = new HashSet<>();
        for (int round = 0; round < 40; round++) {
            List<Hop> hops = hops("smtp://c.host?pref=20", "smtp://b.host?pref=20", "smtp://a.host?pref=10");
            assertThat(hops.getFirst().host()).isEqualTo("a.host");
            second.add(hops.get(1).host());
        }
        assertThat(second).containsExactlyInAnyOrder("b.host", "c.host");
    }

    @Test
    void usesTheRoutesThatWork() throws Exception {
        assertThat(hops("nonsense://x", "absent.example", "a.host"))
                .extracting(Hop::host)
                .containsExactly("a.host");
    }

    @ParameterizedTest
    @CsvSource({
        "smtps://a.host,      a.host, 465, true",
        "smtps://a.host:2465, a.host, 2465, true",
        "a.host:465,          a.host, 465, true",
        "smtp://a.host:465,   a.host, 465, false",
        "smtp://a.host,       a.host, 26, false",
        "[192.0.2.7]:465,     192.0.2.7, 465, true",
    })
    void beginsWithTlsWhereSchemeOrPortSaySoWhicheverNamesThePlace(String place, String host, int port, boolean tls)
            throws Exception {
        RouteRequest gateway = request(host, Optional.of(place));
        assertThat(((Hosts) router().route(gateway)).hops()).singleElement().satisfies(hop -> {
            assertThat(hop.host()).isEqualTo(host);
            assertThat(hop.port()).isEqualTo(port);
            assertThat(hop.implicitTls()).isEqualTo(tls);
        });
        assertThat(hops(place)).isEqualTo(((Hosts) router().route(gateway)).hops());
        assertThat(router().routingDomain(RoutingDomain.of("example.com"), Optional.of(place)))
                .isEqualTo(RoutingDomain.of(host));
    }

    @Test
    void beginsWithTlsWhereTheDefaultPortSaysSo() throws Exception {
        RouteRequest request = new RouteRequest(
                RoutingDomain.of("example.com"), Optional.empty(), List.of("a.host"), 465, false, List.of());
        assertThat(((Hosts) router().route(request)).hops().getFirst().implicitTls())
                .isTrue();
    }

    @Test
    void endsADeliveryOnlyOnTheWordOfTheDomainItself() throws Exception {
        RouteRequest own = request("absent.example", Optional.empty(), "__mx__");
        assertThat(router().route(own)).isInstanceOf(NoSuchDomain.class);
        RouteRequest mixed = request("absent.example", Optional.empty(), "__mx__", "gone.example");
        assertThat(router().route(mixed)).isInstanceOf(TryLater.class);
        RouteRequest gateway = request("example.com", Optional.of("absent.example"), "__mx__");
        assertThat(router().route(gateway)).isInstanceOf(TryLater.class);
    }

    @Test
    void sendsThePseudoDomainOfAGatewayDownItsRoutes() throws Exception {
        RouteRequest request = request("#fakesmtp", Optional.of("#fakesmtp"), "smtp://127.0.0.1:2525");
        assertThat(((Hosts) router().route(request)).hops()).hasToString("[127.0.0.1:2525]");
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1,                192.0.2.1",
        "[192.0.2.1],              192.0.2.1",
        "[IPv6:2001:db8::1],       2001:db8:0:0:0:0:0:1",
    })
    void deliversToAddressesAsDomains(String domain, String host) throws Exception {
        RouteRequest request = request(domain, Optional.empty());
        assertThat(((Hosts) router().route(request)).hops())
                .extracting(Hop::host)
                .containsExactly(host);
    }

    @Test
    void prohibitsWhatTheOperatorWroteAsWell() throws Exception {
        RouteRequest request = new RouteRequest(
                RoutingDomain.of("example.com"),
                Optional.empty(),
                List.of("smtp://10.1.2.3", "smtp://a.host"),
                25,
                false,
                List.of("10.0.0.0/8"));
        assertThat(((Hosts) router().route(request)).hops())
                .extracting(Hop::host)
                .containsExactly("a.host");
    }

    private List<Hop> hops(String... routes) throws InterruptedException {
        return ((Hosts) route(routes)).hops();
    }

    private RouteResult route(String... routes) throws InterruptedException {
        return router().route(request("example.com", Optional.empty(), routes));
    }

    private static RouteRequest request(String domain, Optional<String> gateway, String... routes) {
        return new RouteRequest(RoutingDomain.of(domain), gateway, List.of(routes), 26, false, List.of());
    }

    private Router router() {
        return new Router(new SmallWorld(), OwnHost.UNKNOWN, random);
    }

    private static final class SmallWorld implements MxLookup {

        @Override
        public MxAnswer mailExchangers(String domain) {
            return switch (domain) {
                case "example.com" -> new MxAnswer.Exchangers(List.of(new MailExchanger(10, "mx.host")));
                default -> domain.endsWith(".host") ? new MxAnswer.NoExchanger() : new MxAnswer.NoSuchName();
            };
        }

        @Override
        public AddressAnswer addresses(String host, boolean ipv6) {
            return host.endsWith(".host")
                    ? new AddressAnswer.Addresses(List.of(InetAddress.getLoopbackAddress()))
                    : new AddressAnswer.NoAddress();
        }
    }
}
