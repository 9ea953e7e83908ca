// SPDX-License-Identifier: Apache-2.0
package org.postern.core.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.core.route.RouteResult.Hosts;
import org.postern.core.route.RouteResult.NeverAccepts;
import org.postern.core.route.RouteResult.NoSuchDomain;
import org.postern.core.route.RouteResult.TryLater;
import org.postern.spi.mail.RoutingDomain;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.hosts.HostsFileParser;

/** The rules of RFC 5321 section 5.1 against a DNS server on loopback. */
@Timeout(60)
class RouterDnsTest {

    @TempDir
    Path directory;

    private StubDns dns;
    private MxLookup lookup;
    private OwnHost self = OwnHost.UNKNOWN;
    private final Random random = new Random(1);

    @BeforeEach
    void start() throws Exception {
        dns = new StubDns();
        lookup = lookup(Duration.ofMillis(300), Duration.ofSeconds(5));
    }

    private MxLookup lookup(Duration timeout, Duration deadline) throws Exception {
        Path hosts = Files.writeString(directory.resolve("hosts"), "192.0.2.77 relay.internal\n");
        SimpleResolver resolver = new SimpleResolver("127.0.0.1");
        resolver.setPort(dns.port());
        resolver.setTimeout(timeout);
        return new DnsMxLookup(resolver, new HostsFileParser(hosts), deadline, random);
    }

    @AfterEach
    void stop() {
        dns.close();
    }

    @Test
    void sortsByPreferenceAndGivesAllAddresses() throws Exception {
        dns.zone("""
                example.com. 60 IN MX 20 second.example.com.
                example.com. 60 IN MX 10 first.example.com.
                first.example.com. 60 IN A 192.0.2.1
                first.example.com. 60 IN A 192.0.2.2
                second.example.com. 60 IN A 192.0.2.3
                """);
        List<Hop> hops = hops("example.com");
        assertThat(hops).extracting(Hop::toString).containsExactly("first.example.com:25", "second.example.com:25");
        assertThat(addresses(hops.getFirst())).containsExactlyInAnyOrder("192.0.2.1", "192.0.2.2");
        assertThat(hops).noneMatch(Hop::implicitTls);
    }

    @Test
    void putsEqualPreferencesInRandomOrder() throws Exception {
        dns.zone("""
                example.com. 60 IN MX 10 a.example.com.
                example.com. 60 IN MX 10 b.example.com.
                example.com. 60 IN MX 5 best.example.com.
                a.example.com. 60 IN A 192.0.2.1
                b.example.com. 60 IN A 192.0.2.2
                best.example.com. 60 IN A 192.0.2.3
                """);
        Set<String> seen = new HashSet<>();
        for (int round = 0; round < 40; round++) {
            List<Hop> hops = hops("example.com");
            assertThat(hops.getFirst().host()).isEqualTo("best.example.com");
            seen.add(hops.get(1).host());
        }
        assertThat(seen).containsExactlyInAnyOrder("a.example.com", "b.example.com");
    }

    @Test
    @DisplayName("C1-18: an MX that is an alias is followed")
    void followsAliasesOfTheDomainAndOfTheHost() throws Exception {
        dns.zone("""
                alias.example. 60 IN CNAME real.example.
                real.example. 60 IN MX 10 mx.example.
                mx.example. 60 IN CNAME host.example.
                host.example. 60 IN A 192.0.2.9
                """);
        assertThat(hops("alias.example")).extracting(Hop::host).containsExactly("mx.example");
    }

    @Test
    void takesTheDomainItselfWhereThereIsNoMx() throws Exception {
        dns.zone("plain.example. 60 IN A 192.0.2.5");
        assertThat(hops("plain.example")).extracting(Hop::toString).containsExactly("plain.example:25");
    }

    @Test
    @DisplayName("C1-14: only a domain that does not exist, or has no host, is told so for good")
    void saysForGoodThatADomainDoesNotExistOrHasNoHost() throws Exception {
        dns.zone("text.example. 60 IN TXT \"only text\"");
        assertThat(route("absent.example")).isInstanceOf(NoSuchDomain.class);
        assertThat(route("text.example")).isInstanceOf(NoSuchDomain.class);
    }

    @ParameterizedTest(name = "C1-24: survives {0}")
    @ValueSource(strings = {"a..b", "-", "x.", "\\999.example", "ümläut\u0000.example"})
    void survivesNamesThatAreNone(String name) throws Exception {
        assertThat(route(name)).isInstanceOfAny(NoSuchDomain.class, TryLater.class);
    }

    @Test
    void refusesALabelThatIsTooLongForGood() throws Exception {
        assertThat(route("x".repeat(64) + ".example")).isInstanceOf(NoSuchDomain.class);
    }

    @Test
    @DisplayName("C1-14, C1-23: where DNS fails, is silent or talks nonsense, mail is tried later")
    void triesLaterWhereDnsFailsIsSilentOrTalksNonsense() throws Exception {
        dns.failing("servfail.example", Rcode.SERVFAIL)
                .failing("refused.example", Rcode.REFUSED)
                .failing("formerr.example", Rcode.FORMERR)
                .failing("notimp.example", Rcode.NOTIMP)
                .silent("silent.example")
                .garbled("garbled.example");
        for (String name : List.of(
                "servfail.example",
                "refused.example",
                "formerr.example",
                "notimp.example",
                "silent.example",
                "garbled.example")) {
            assertThat(route(name)).as(name).isInstanceOf(TryLater.class);
            assertThat(((TryLater) route(name)).reason()).contains(name);
        }
    }

    @Test
    @DisplayName("C1-17: a null MX ends delivery")
    void honoursANullMx() throws Exception {
        dns.zone("never.example. 60 IN MX 0 .\nnever.example. 60 IN A 192.0.2.1");
        assertThat(route("never.example")).isInstanceOf(NeverAccepts.class);
    }

    @Test
    void neverFallsBackToTheAddressOfADomainWhoseMxAreUnusable() throws Exception {
        dns.zone("""
                broken.example. 60 IN MX 10 absent.example.
                broken.example. 60 IN A 192.0.2.1
                """);
        assertThat(((TryLater) route("broken.example")).reason())
                .isEqualTo("no mail exchanger of broken.example can be used: absent.example has no IPv4 address");
    }

    @Test
    void goesOnWithTheExchangersThatWork() throws Exception {
        dns.zone("""
                half.example. 60 IN MX 10 absent.example.
                half.example. 60 IN MX 20 down.example.
                half.example. 60 IN MX 30 good.example.
                good.example. 60 IN A 192.0.2.1
                """).failing("down.example", Rcode.SERVFAIL);
        assertThat(hops("half.example")).extracting(Hop::host).containsExactly("good.example");
    }

    @Test
    void doesNotTakeAnMxThatIsAnAddressForOne() throws Exception {
        dns.zone("literal.example. 60 IN MX 10 127.0.0.1.");
        assertThat(route("literal.example")).isInstanceOf(TryLater.class);
    }

    @Test
    @DisplayName("C1-19: mail does not come back to this host")
    void dropsItselfAndWhatIsNotBetter() throws Exception {
        dns.zone("""
                ours.example. 60 IN MX 10 better.example.
                ours.example. 60 IN MX 20 self.example.
                ours.example. 60 IN MX 20 equal.example.
                ours.example. 60 IN MX 30 worse.example.
                better.example. 60 IN A 192.0.2.1
                self.example. 60 IN A 192.0.2.2
                equal.example. 60 IN A 192.0.2.3
                worse.example. 60 IN A 192.0.2.4
                best.example. 60 IN MX 5 self.example.
                """);
        for (OwnHost known : List.of(
                new OwnHost(Set.of("Self.Example"), Set.of()),
                new OwnHost(Set.of(), Set.of(InetAddress.getByName("192.0.2.2"))))) {
            self = known;
            assertThat(hops("ours.example")).extracting(Hop::host).containsExactly("better.example");
            assertThat(((TryLater) route("best.example")).reason()).contains("this host itself");
        }
    }

    @Test
    void doesNotDeliverToItselfWithoutAnMxEither() throws Exception {
        dns.zone("bare.example. 60 IN A 192.0.2.2");
        self = new OwnHost(Set.of(), Set.of(InetAddress.getByName("192.0.2.2")));
        assertThat(route("bare.example")).isInstanceOf(TryLater.class);
    }

    @ParameterizedTest(name = "C1-19: connects to no {0}")
    @ValueSource(strings = {"0.0.0.0", "0.1.2.3", "224.0.0.1", "255.255.255.255"})
    void connectsToNoAddressThatIsNoHost(String address) throws Exception {
        dns.zone("trap.example. 60 IN MX 10 mx.trap.example.\nmx.trap.example. 60 IN A " + address);
        assertThat(((TryLater) route("trap.example")).reason()).contains("is not the address of a host");
        assertThat(route("[" + address + "]")).isInstanceOf(TryLater.class);
    }

    @Test
    void connectsToNothingThatIsProhibited() throws Exception {
        dns.zone("""
                p.example. 60 IN MX 10 bad.example.
                p.example. 60 IN MX 20 net.example.
                p.example. 60 IN MX 30 good.example.
                bad.example. 60 IN A 192.0.2.1
                net.example. 60 IN A 10.200.3.4
                good.example. 60 IN A 192.0.2.3
                """);
        RouteRequest request = new RouteRequest(
                RoutingDomain.of("p.example"),
                Optional.empty(),
                List.of(),
                25,
                false,
                List.of("BAD.example", "10.0.0.0/8"));
        assertThat(((Hosts) router().route(request)).hops())
                .extracting(Hop::host)
                .containsExactly("good.example");
    }

    @Test
    @DisplayName("C1-20: a host with IPv6 alone is used where the scope lets it be, and waited for elsewhere")
    void usesIpv6OnlyWhereItMayAndAlternatesThen() throws Exception {
        dns.zone("""
                both.example. 60 IN A 192.0.2.1
                both.example. 60 IN A 192.0.2.2
                both.example. 60 IN AAAA 2001:db8::1
                both.example. 60 IN AAAA 2001:db8::2
                six.example. 60 IN AAAA 2001:db8::3
                """);
        assertThat(addresses(hops("both.example").getFirst())).allMatch(address -> address.startsWith("192."));
        assertThat(((TryLater) route("six.example")).reason()).contains("Use_IPv6 is false");
        RouteRequest six =
                new RouteRequest(RoutingDomain.of("both.example"), Optional.empty(), List.of(), 25, true, List.of());
        List<String> order = addresses(((Hosts) router().route(six)).hops().getFirst());
        assertThat(order).hasSize(4);
        assertThat(order.get(0)).startsWith("192.");
        assertThat(order.get(1)).startsWith("2001:");
        assertThat(order.get(2)).startsWith("192.");

        RouteRequest sixFirst = new RouteRequest(
                RoutingDomain.of("both.example"), Optional.empty(), List.of(), 25, true, true, List.of());
        order = addresses(((Hosts) router().route(sixFirst)).hops().getFirst());
        assertThat(order.get(0)).startsWith("2001:");
        assertThat(order.get(1)).startsWith("192.");
    }

    @Test
    @DisplayName("C1-15, C1-16: of a thousand exchangers, which only TCP can tell, the best twenty are asked for")
    void triesTheBestTwentyOfAThousandExchangers() throws Exception {
        StringBuilder zone = new StringBuilder();
        for (int i = 0; i < 1_000; i++) {
            zone.append("many.example. 60 IN MX %d mx%d.many.example.%n".formatted(i + 1, i))
                    .append("mx%d.many.example. 60 IN A 192.0.2.%d%n".formatted(i, i % 250 + 1));
        }
        dns.zone(zone.toString());
        lookup = lookup(Duration.ofSeconds(20), Duration.ofSeconds(40));
        assertThat(hops("many.example"))
                .extracting(Hop::host)
                .containsExactlyElementsOf(IntStream.range(0, 20)
                        .mapToObj(i -> "mx" + i + ".many.example")
                        .toList());
        assertThat(dns.overTcp).hasValue(1);
        assertThat(dns.questions.get()).isLessThan(100);
    }

    @Test
    @DisplayName("C1-21: what was looked at is what is connected to, though the next answer is another one")
    void connectsToTheAddressThatWasJudged() throws Exception {
        dns.zone("flips.example. 0 IN A 192.0.2.1");
        Hop judged = hops("flips.example").getFirst();
        dns.cleared().zone("flips.example. 0 IN A 0.0.0.0");
        assertThat(((TryLater) route("flips.example")).reason()).contains("is not the address of a host");
        assertThat(addresses(judged)).containsExactly("192.0.2.1");
    }

    @Test
    @DisplayName("C1-22: an answer for another name is none")
    void believesNoAnswerForAnotherName() throws Exception {
        dns.misplaced("asked.example", "other.example. 60 IN A 192.0.2.66");
        assertThat(route("asked.example")).isNotInstanceOf(Hosts.class);
    }

    @Test
    @DisplayName("C1-24: a domain in letters of its own is asked for as DNS writes it")
    void asksForInternationalDomainsAsDnsWritesThem() throws Exception {
        dns.zone("xn--bcher-kva.example. 60 IN MX 10 mx.example.\nmx.example. 60 IN A 192.0.2.1");
        assertThat(hops("b\u00fccher.example")).extracting(Hop::host).containsExactly("mx.example");
    }

    @Test
    void keepsTheBestOfVeryManyExchangersAndAFewAddressesOfEach() throws Exception {
        for (int number = 40; number > 0; number--) {
            dns.zone("many.example. 60 IN MX %1$d mx%1$d.many.example.%nmx1.many.example. 60 IN A 192.0.2.%1$d"
                    .formatted(number));
        }
        lookup = lookup(Duration.ofSeconds(20), Duration.ofSeconds(40));
        MxLookup.MxAnswer.Exchangers found = (MxLookup.MxAnswer.Exchangers) lookup.mailExchangers("many.example");
        assertThat(found.exchangers())
                .extracting(MxLookup.MailExchanger::preference)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.rangeClosed(1, 20).boxed().toList());
        assertThat(addresses(hops("many.example").getFirst())).hasSize(20);
    }

    @Test
    void drawsAmongVeryManyEqualExchangersAndKeepsTheBetterOne() throws Exception {
        dns.zone("equal.example. 60 IN MX 5 best.equal.example.");
        for (int number = 1; number <= 40; number++) {
            dns.zone("equal.example. 60 IN MX 10 mx%d.equal.example.".formatted(number));
        }
        Set<MxLookup.MailExchanger> drawn = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            MxLookup fresh = lookup(Duration.ofSeconds(20), Duration.ofSeconds(40));
            List<MxLookup.MailExchanger> found =
                    ((MxLookup.MxAnswer.Exchangers) fresh.mailExchangers("equal.example")).exchangers();
            assertThat(found).hasSize(20).contains(new MxLookup.MailExchanger(5, "best.equal.example"));
            drawn.addAll(found);
        }
        assertThat(drawn).as("each has its turn").hasSize(41);
    }

    @Test
    void askedTwiceAsksDnsOnce() throws Exception {
        dns.zone("cached.example. 60 IN MX 10 mx.cached.example.\nmx.cached.example. 60 IN A 192.0.2.1");
        hops("cached.example");
        int asked = dns.questions.get();
        hops("cached.example");
        assertThat(dns.questions).hasValue(asked);
    }

    @Test
    void resolvesAGatewayByMxFirst() throws Exception {
        dns.zone("relay.example. 60 IN MX 10 mx.relay.example.\nmx.relay.example. 60 IN A 192.0.2.1\n"
                + "relay.example. 60 IN A 192.0.2.2");
        assertThat(gateway("relay.example:587")).extracting(Hop::toString).containsExactly("mx.relay.example:587");
    }

    @Test
    void neverBlamesTheRecipientForAGatewayThatDoesNotExist() throws Exception {
        dns.zone("never.example. 60 IN MX 0 .");
        for (String wrong : List.of("absent.example", "never.example", "http://x", "host:99999", "[nonsense]", "")) {
            RouteRequest request = new RouteRequest(
                    RoutingDomain.of("example.com"), Optional.of(wrong), List.of(), 25, false, List.of());
            assertThat(((TryLater) router().route(request)).reason()).startsWith("Gateway '" + wrong + "'");
        }
    }

    @Test
    void knowsTheHostsFileAndLocalhostWithoutAsking() throws Exception {
        assertThat(gateway("relay.internal:2525")).extracting(Hop::toString).containsExactly("relay.internal:2525");
        assertThat(addresses(gateway("localhost").getFirst())).containsExactly("127.0.0.1");
        assertThat(addresses(gateway("peer.localhost").getFirst())).containsExactly("127.0.0.1");
        assertThat(hops("localhost")).hasSize(1);
        assertThat(dns.questions).hasValue(0);
    }

    private List<Hop> gateway(String written) throws InterruptedException {
        RouteRequest request = new RouteRequest(
                RoutingDomain.of("ignored.example"), Optional.of(written), List.of(), 25, false, List.of());
        return ((Hosts) router().route(request)).hops();
    }

    private List<Hop> hops(String domain) throws InterruptedException {
        RouteResult result = route(domain);
        assertThat(result).isInstanceOf(Hosts.class);
        return ((Hosts) result).hops();
    }

    private RouteResult route(String domain) throws InterruptedException {
        return router().route(
                        new RouteRequest(RoutingDomain.of(domain), Optional.empty(), List.of(), 25, false, List.of()));
    }

    private Router router() {
        return new Router(lookup, self, random);
    }

    private static List<String> addresses(Hop hop) {
        return hop.addresses().stream().map(InetAddress::getHostAddress).toList();
    }
}
