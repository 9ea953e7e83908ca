// SPDX-License-Identifier: Apache-2.0
package org.postern.core.route;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.postern.core.route.MxLookup.AddressAnswer;
import org.postern.core.route.MxLookup.MailExchanger;
import org.postern.core.route.MxLookup.MxAnswer;

/** Finds hosts for one request. Used by one thread. */
final class HostFinder {

    private static final String THIS_MACHINE = "localhost";
    private static final InetAddress LOOPBACK_V4 =
            AddressLiteral.parse("127.0.0.1").orElseThrow();
    private static final InetAddress LOOPBACK_V6 = AddressLiteral.parse("::1").orElseThrow();

    private final MxLookup dns;
    private final OwnHost self;
    private final RandomGenerator random;
    private final RouteRequest request;
    private final ProhibitedHosts prohibited;

    HostFinder(MxLookup dns, OwnHost self, RandomGenerator random, RouteRequest request) {
        this.dns = dns;
        this.self = self;
        this.random = random;
        this.request = request;
        this.prohibited = new ProhibitedHosts(request.prohibitedHosts());
    }

    /** The hosts of a recipient's domain. */
    RouteResult ofDomain(String domain) throws InterruptedException {
        Optional<List<InetAddress>> local = withoutAsking(domain);
        Port port = Port.byDefault(request.defaultPort());
        return local.isPresent() ? hop(bare(domain), port, local.get()) : byMx(domain, port);
    }

    /** The hosts of a place that an operator wrote down. */
    RouteResult ofTarget(RouteTarget target) throws InterruptedException {
        Port port = target.port().isPresent()
                ? new Port(target.port().getAsInt(), target.implicitTls())
                : Port.byDefault(request.defaultPort());
        Optional<List<InetAddress>> local = withoutAsking(target.host())
                .or(() ->
                        Optional.of(dns.known(target.host(), request.useIpv6())).filter(found -> !found.isEmpty()));
        if (local.isPresent()) {
            return hop(target.host(), port, local.get());
        }
        return target.byMx() ? byMx(target.host(), port) : byAddress(target.host(), port);
    }

    private RouteResult byMx(String domain, Port port) throws InterruptedException {
        return switch (dns.mailExchangers(domain)) {
            case MxAnswer.Exchangers found -> exchangers(domain, found.exchangers(), port);
            case MxAnswer.NoExchanger none -> implicit(domain, port);
            case MxAnswer.NoSuchName none -> new RouteResult.NoSuchDomain(domain + " does not exist");
            case MxAnswer.Failed failed -> new RouteResult.TryLater(failed.reason());
        };
    }

    private RouteResult exchangers(String domain, List<MailExchanger> found, Port port) throws InterruptedException {
        List<MailExchanger> named =
                found.stream().filter(mx -> !mx.host().isEmpty()).toList();
        if (named.isEmpty()) {
            return new RouteResult.NeverAccepts(domain + " accepts no mail: it has a null MX (RFC 7505)");
        }
        return new ExchangerList(dns, self, prohibited, random, request.useIpv6())
                .usable(domain, named, port.number(), port.implicitTls(), this::arrange);
    }

    /** The domain itself is the exchanger (RFC 5321 section 5.1). */
    private RouteResult implicit(String domain, Port port) throws InterruptedException {
        if (self.names().contains(domain)) {
            return new RouteResult.TryLater(domain + " is this host itself");
        }
        RouteResult result = byAddress(domain, port);
        boolean ours = result instanceof RouteResult.Hosts(List<Hop> hops)
                && hops.stream().flatMap(hop -> hop.addresses().stream()).anyMatch(self.addresses()::contains);
        return ours ? new RouteResult.TryLater(domain + " leads back to this host") : result;
    }

    private RouteResult byAddress(String host, Port port) throws InterruptedException {
        return switch (dns.addresses(host, request.useIpv6())) {
            case AddressAnswer.Addresses found -> hop(host, port, found.addresses());
            case AddressAnswer.NoAddress none -> noAddress(host);
            case AddressAnswer.Failed failed -> new RouteResult.TryLater(failed.reason());
        };
    }

    /** That only IPv6 leads there is our limitation and not the recipient's fault. */
    private RouteResult noAddress(String host) throws InterruptedException {
        if (!request.useIpv6()) {
            switch (dns.addresses(host, true)) {
                case AddressAnswer.Addresses found -> {
                    return new RouteResult.TryLater(host + " has only IPv6 addresses, and Use_IPv6 is false");
                }
                case AddressAnswer.Failed failed -> {
                    return new RouteResult.TryLater(failed.reason());
                }
                case AddressAnswer.NoAddress none -> {
                    // Certain now.
                }
            }
        }
        return new RouteResult.NoSuchDomain(host + " has neither a mail exchanger nor an address");
    }

    private RouteResult hop(String host, Port port, List<InetAddress> found) {
        Optional<String> forbidden = prohibited.forbids(host);
        List<InetAddress> allowed = found.stream()
                .filter(address -> prohibited.forbids(address).isEmpty())
                .toList();
        if (forbidden.isEmpty() && !allowed.isEmpty()) {
            return new RouteResult.Hosts(List.of(new Hop(host, port.number(), port.implicitTls(), arrange(allowed))));
        }
        return new RouteResult.TryLater(
                forbidden.or(() -> prohibited.forbids(found.getFirst())).orElseThrow());
    }

    /** In random order, one family after the other in turn, so that a dead family does not use up all tries. */
    List<InetAddress> arrange(List<InetAddress> addresses) {
        if (addresses.size() == 1) {
            return addresses;
        }
        List<InetAddress> v4 = new ArrayList<>();
        List<InetAddress> v6 = new ArrayList<>();
        addresses.stream().distinct().forEach(address -> (address instanceof Inet4Address ? v4 : v6).add(address));
        Collections.shuffle(v4, random);
        Collections.shuffle(v6, random);
        List<InetAddress> arranged = new ArrayList<>();
        List<InetAddress> first = request.preferIpv6() ? v6 : v4;
        List<InetAddress> second = request.preferIpv6() ? v4 : v6;
        for (int turn = 0; turn < Math.max(v4.size(), v6.size()); turn++) {
            first.stream().skip(turn).limit(1).forEach(arranged::add);
            second.stream().skip(turn).limit(1).forEach(arranged::add);
        }
        return arranged;
    }

    /** Addresses as names, and this machine's own name, which no DNS is asked for (RFC 6761 section 6.3). */
    private Optional<List<InetAddress>> withoutAsking(String host) {
        if (host.equals(THIS_MACHINE) || host.endsWith("." + THIS_MACHINE)) {
            return Optional.of(request.useIpv6() ? List.of(LOOPBACK_V4, LOOPBACK_V6) : List.of(LOOPBACK_V4));
        }
        return AddressLiteral.parse(host).map(List::of);
    }

    private static String bare(String domain) {
        return AddressLiteral.parse(domain).map(InetAddress::getHostAddress).orElse(domain);
    }

    private record Port(int number, boolean implicitTls) {

        static Port byDefault(int number) {
            return new Port(number, RouteTarget.isImplicitTls(number));
        }
    }
}
