// SPDX-License-Identifier: Apache-2.0
package org.postern.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the sink is like as a peer.
 *
 * @param authority the file for the certificate of its authority, if it is to have TLS
 * @param lateMillis how late each of its replies leaves, as over a long way: those to commands of one flight leave together
 * @param chunking whether it takes BDAT
 */
record Peer(Optional<Path> authority, int lateMillis, boolean chunking) {

    private static final String AUTHORITY = "authority=";
    private static final String LATE = "late=";
    private static final String CHUNKING = "chunking";

    /** In clear, on time, with DATA alone. */
    static final Peer PLAIN = new Peer(Optional.empty(), 0, false);

    /** The words of a command line that say so. */
    List<String> words() {
        List<String> words = new ArrayList<>();
        authority.ifPresent(file -> words.add(AUTHORITY + file));
        words.add(LATE + lateMillis);
        if (chunking) {
            words.add(CHUNKING);
        }
        return words;
    }

    /** What such words say. */
    static Peer of(String... words) {
        Peer peer = PLAIN;
        for (String word : words) {
            if (word.startsWith(AUTHORITY)) {
                Path file = Path.of(word.substring(AUTHORITY.length()));
                peer = new Peer(Optional.of(file), peer.lateMillis(), peer.chunking());
            } else if (word.equals(CHUNKING)) {
                peer = new Peer(peer.authority(), peer.lateMillis(), true);
            } else {
                int late = Integer.parseInt(word.substring(LATE.length()));
                peer = new Peer(peer.authority(), late, peer.chunking());
            }
        }
        return peer;
    }
}
