// SPDX-License-Identifier: Apache-2.0
package org.postern.core.route;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Cache;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedResolver;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;
import org.xbill.DNS.hosts.HostsFileParser;
import org.xbill.DNS.lookup.LookupSession;
import org.xbill.DNS.lookup.NoSuchDomainException;
import org.xbill.DNS.lookup.NoSuchRRSetException;

/**
 * Asks the resolvers that the system is configured with, and remembers answers as long as they say. The machine's hosts
 * file comes before DNS for addresses.
 *
 * <p>Threading: safe for many threads; a question blocks up to its deadline.
 */
public final class DnsMxLookup implements MxLookup {

    private static final Duration DEADLINE = Duration.ofSeconds(30);

    /** That are remembered. The one that was not asked for the longest goes first. */
    private static final int MOST_NAMES = 20_000;

    private final LookupSession session;
    private final HostsFileParser hosts;
    private final Duration deadline;

    /**
     * Asks the system's resolvers.
     *
     * @param random draws among equal exchangers, where there are too many
     */
    public DnsMxLookup(RandomGenerator random) {
        this(new ExtendedResolver(), new HostsFileParser(), DEADLINE, random);
    }

    /**
     * Asks this resolver.
     *
     * @param resolver whom to ask
     * @param hosts what the machine itself knows
     * @param deadline for one question, retries of the resolver included
     * @param random draws among equal exchangers, where there are too many
     */
    public DnsMxLookup(Resolver resolver, HostsFileParser hosts, Duration deadline, RandomGenerator random) {
        Cache remembered = new Cache(DClass.IN);
        remembered.setMaxEntries(MOST_NAMES);
        this.session = LookupSession.builder()
                .resolver(new BriefAnswers(resolver, random))
                .cache(remembered)
                .build();
        this.hosts = hosts;
        this.deadline = deadline;
    }

    @Override
    public MxAnswer mailExchangers(String domain) throws InterruptedException {
        try {
            List<MailExchanger> exchangers = ask(domain, Type.MX).stream()
                    .filter(MXRecord.class::isInstance)
                    .map(MXRecord.class::cast)
                    .map(mx -> new MailExchanger(mx.getPriority(), text(mx.getTarget())))
                    .toList();
            return exchangers.isEmpty() ? new MxAnswer.NoExchanger() : new MxAnswer.Exchangers(exchangers);
        } catch (NoSuchDomainException | TextParseException noSuchName) {
            return new MxAnswer.NoSuchName();
        } catch (NoSuchRRSetException none) {
            return new MxAnswer.NoExchanger();
        } catch (IOException | RuntimeException failure) {
            return new MxAnswer.Failed(failed("MX", domain, failure));
        }
    }

    @Override
    public AddressAnswer addresses(String host, boolean ipv6) throws InterruptedException {
        List<InetAddress> local = known(host, ipv6);
        if (!local.isEmpty()) {
            return new AddressAnswer.Addresses(local);
        }
        AddressAnswer v4 = ofFamily(host, Type.A);
        return ipv6 ? merge(v4, ofFamily(host, Type.AAAA)) : v4;
    }

    @Override
    public List<InetAddress> known(String host, boolean ipv6) {
        try {
            Name name = absolute(host);
            return ipv6 ? inFile(name, Type.A, Type.AAAA) : inFile(name, Type.A);
        } catch (IOException unreadable) {
            // No such file, or no such name: then DNS is asked.
            return List.of();
        }
    }

    private List<InetAddress> inFile(Name name, int... families) throws IOException {
        List<InetAddress> found = new ArrayList<>();
        for (int family : families) {
            hosts.getAddressForHost(name, family).ifPresent(found::add);
        }
        return List.copyOf(found);
    }

    private AddressAnswer ofFamily(String host, int type) throws InterruptedException {
        try {
            List<InetAddress> found =
                    ask(host, type).stream().flatMap(DnsMxLookup::address).toList();
            return found.isEmpty() ? new AddressAnswer.NoAddress() : new AddressAnswer.Addresses(found);
        } catch (NoSuchDomainException | NoSuchRRSetException | TextParseException none) {
            return new AddressAnswer.NoAddress();
        } catch (IOException | RuntimeException failure) {
            return new AddressAnswer.Failed(failed(Type.string(type), host, failure));
        }
    }

    /** One family is enough; and "no address" is certain only where both say so. */
    private static AddressAnswer merge(AddressAnswer v4, AddressAnswer v6) {
        if (v4 instanceof AddressAnswer.Addresses(List<InetAddress> first)
                && v6 instanceof AddressAnswer.Addresses(List<InetAddress> second)) {
            return new AddressAnswer.Addresses(
                    Stream.concat(first.stream(), second.stream()).toList());
        }
        if (v4 instanceof AddressAnswer.Addresses || v6 instanceof AddressAnswer.NoAddress) {
            return v4;
        }
        return v6;
    }

    private static Stream<InetAddress> address(Record answer) {
        return switch (answer) {
            case ARecord a -> Stream.of(a.getAddress());
            case AAAARecord aaaa -> Stream.of(aaaa.getAddress());
            default -> Stream.empty();
        };
    }

    private List<Record> ask(String name, int type) throws InterruptedException, IOException {
        CompletableFuture<List<Record>> answer = session.lookupAsync(absolute(name), type)
                .thenApply(result -> result.getRecords())
                .toCompletableFuture();
        try {
            return answer.get(deadline.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            answer.cancel(true);
            throw new IOException("no answer within " + deadline.toMillis() + " ms", late);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RuntimeException answered) {
                throw answered;
            }
            throw new IOException(String.valueOf(failed.getCause().getMessage()), failed.getCause());
        }
    }

    private static Name absolute(String name) throws TextParseException {
        return Name.fromString(name, Name.root);
    }

    private static String text(Name name) {
        return name.equals(Name.root) ? "" : name.toString(true).toLowerCase(Locale.ROOT);
    }

    private static String failed(String type, String name, Exception failure) {
        return "DNS gives no answer to " + type + " of " + name + ": " + failure.getMessage();
    }
}
