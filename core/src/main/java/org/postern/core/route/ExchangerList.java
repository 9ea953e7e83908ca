// SPDX-License-Identifier: Apache-2.0
package org.postern.core.route;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.postern.core.route.MxLookup.AddressAnswer;
import org.postern.core.route.MxLookup.MailExchanger;

/** A domain's MX: in order, cut where they lead back here, with addresses (RFC 5321 section 5.1). */
record ExchangerList(MxLookup dns, OwnHost self, ProhibitedHosts prohibited, RandomGenerator random, boolean ipv6) {

    /** More than this many are a mistake or an attack; nobody tries them all. */
    private static final int MOST = 20;

    RouteResult usable(
            String domain, List<MailExchanger> found, int port, boolean tls, UnaryOperator<List<InetAddress>> arrange)
            throws InterruptedException {
        List<Candidate> candidates = lookUp(ordered(found));
        List<Candidate> better = beforeSelf(candidates);
        if (better.isEmpty()) {
            return new RouteResult.TryLater("the best mail exchanger of " + domain + " is this host itself");
        }
        List<Hop> hops = new ArrayList<>();
        for (Candidate candidate : better) {
            List<InetAddress> addresses = allowed(candidate);
            if (!addresses.isEmpty()) {
                hops.add(new Hop(candidate.exchanger().host(), port, tls, arrange.apply(addresses)));
            }
        }
        return hops.isEmpty() ? unusable(domain, better) : new RouteResult.Hosts(hops);
    }

    /** Shuffled first: the sort is stable, so equal preferences stay in random order. */
    private List<MailExchanger> ordered(List<MailExchanger> found) {
        List<MailExchanger> exchangers =
                new ArrayList<>(found.stream().distinct().toList());
        Collections.shuffle(exchangers, random);
        exchangers.sort(Comparator.comparingInt(MailExchanger::preference));
        return exchangers.subList(0, Math.min(MOST, exchangers.size()));
    }

    private List<Candidate> lookUp(List<MailExchanger> exchangers) throws InterruptedException {
        if (exchangers.size() == 1) {
            return List.of(candidate(exchangers.getFirst()));
        }
        ExecutorService lookups = Executors.newVirtualThreadPerTaskExecutor();
        try {
            List<Callable<Candidate>> questions = new ArrayList<>();
            exchangers.forEach(exchanger -> questions.add(() -> candidate(exchanger)));
            List<Candidate> candidates = new ArrayList<>();
            for (Future<Candidate> answer : lookups.invokeAll(questions)) {
                candidates.add(answer.get());
            }
            return candidates;
        } catch (ExecutionException bug) {
            throw new IllegalStateException(bug.getCause());
        } finally {
            lookups.shutdownNow();
        }
    }

    private Candidate candidate(MailExchanger exchanger) throws InterruptedException {
        return new Candidate(exchanger, dns.addresses(exchanger.host(), ipv6));
    }

    /** Equal preference goes as well, or two hosts of equal rank would hand a message to each other for ever. */
    private List<Candidate> beforeSelf(List<Candidate> candidates) {
        int limit = candidates.stream()
                .filter(this::isSelf)
                .mapToInt(candidate -> candidate.exchanger().preference())
                .min()
                .orElse(Integer.MAX_VALUE);
        return candidates.stream()
                .filter(candidate -> candidate.exchanger().preference() < limit)
                .toList();
    }

    private boolean isSelf(Candidate candidate) {
        return self.names().contains(candidate.exchanger().host())
                || addressesOf(candidate).stream().anyMatch(self.addresses()::contains);
    }

    private List<InetAddress> allowed(Candidate candidate) {
        if (prohibited.forbids(candidate.exchanger().host()).isPresent()) {
            return List.of();
        }
        return addressesOf(candidate).stream()
                .filter(address -> prohibited.forbids(address).isEmpty())
                .toList();
    }

    /** An error without falling back to the domain's own address: its owner said that mail goes elsewhere. */
    private RouteResult unusable(String domain, List<Candidate> candidates) {
        String reasons = String.join("; ", candidates.stream().map(this::reason).toList());
        return new RouteResult.TryLater("no mail exchanger of " + domain + " can be used: " + reasons);
    }

    private String reason(Candidate candidate) {
        String host = candidate.exchanger().host();
        Optional<String> forbidden = prohibited.forbids(host);
        return forbidden.orElseGet(() -> switch (candidate.answer()) {
            case AddressAnswer.Addresses found ->
                host + ": " + prohibited.forbids(found.addresses().getFirst()).orElse("no address");
            case AddressAnswer.NoAddress none -> host + " has no " + (ipv6 ? "" : "IPv4 ") + "address";
            case AddressAnswer.Failed failed -> failed.reason();
        });
    }

    private static List<InetAddress> addressesOf(Candidate candidate) {
        return candidate.answer() instanceof AddressAnswer.Addresses(List<InetAddress> found) ? found : List.of();
    }

    private record Candidate(MailExchanger exchanger, AddressAnswer answer) {}
}
