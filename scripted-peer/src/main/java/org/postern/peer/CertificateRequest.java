// SPDX-License-Identifier: Apache-2.0
package org.postern.peer;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;

/**
 * What a certificate is to say.
 *
 * @param commonName the subject's common name
 * @param dnsNames DNS names among the subject's alternative names, wildcards as they are
 * @param ipAddresses IP addresses among the subject's alternative names
 * @param notBefore start of validity
 * @param notAfter end of validity
 */
public record CertificateRequest(
        String commonName, List<String> dnsNames, List<String> ipAddresses, Instant notBefore, Instant notAfter) {

    /** @throws NullPointerException if a part is missing */
    public CertificateRequest {
        Objects.requireNonNull(commonName, "commonName");
        dnsNames = List.copyOf(dnsNames);
        ipAddresses = List.copyOf(ipAddresses);
        Objects.requireNonNull(notBefore, "notBefore");
        Objects.requireNonNull(notAfter, "notAfter");
    }

    /** For these DNS names, the first of which is the common name too; valid from yesterday for a month. */
    public static CertificateRequest forNames(String first, String... more) {
        Instant now = Instant.now();
        List<String> names = new java.util.ArrayList<>(List.of(more));
        names.addFirst(first);
        return new CertificateRequest(
                first, names, List.of(), now.minus(1, ChronoUnit.DAYS), now.plus(30, ChronoUnit.DAYS));
    }

    /** The same with these IP addresses. */
    public CertificateRequest andAddresses(String... addresses) {
        return new CertificateRequest(commonName, dnsNames, List.of(addresses), notBefore, notAfter);
    }

    /** The same without alternative names, so that only the common name is left. */
    public CertificateRequest commonNameOnly() {
        return new CertificateRequest(commonName, List.of(), List.of(), notBefore, notAfter);
    }

    /** The same, valid between these moments. */
    public CertificateRequest valid(Instant from, Instant until) {
        return new CertificateRequest(commonName, dnsNames, ipAddresses, from, until);
    }
}
