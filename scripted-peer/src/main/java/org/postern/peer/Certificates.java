// SPDX-License-Identifier: Apache-2.0
package org.postern.peer;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The certificates that a dialogue names, each issued once. */
final class Certificates {

    private record Wanted(CertificateVariant variant, List<String> names) {}

    private final TestAuthority authority;
    private final Map<Wanted, ServerCertificate> issued = new ConcurrentHashMap<>();

    Certificates(TestAuthority authority) {
        this.authority = authority;
    }

    ServerCertificate of(CertificateVariant variant, List<String> names) {
        return issued.computeIfAbsent(new Wanted(variant, names), this::issue);
    }

    private ServerCertificate issue(Wanted wanted) {
        if (wanted.names().isEmpty()) {
            return authority.issue(wanted.variant());
        }
        String[] more = wanted.names().stream().skip(1).toArray(String[]::new);
        return authority.issue(
                wanted.variant(), CertificateRequest.forNames(wanted.names().getFirst(), more));
    }
}
