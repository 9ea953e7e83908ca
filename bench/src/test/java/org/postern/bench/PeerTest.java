// SPDX-License-Identifier: Apache-2.0
package org.postern.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PeerTest {

    @Test
    void isWhatItsWordsSay() {
        Peer peer = new Peer(Optional.of(Path.of("/a=b/ca.pem")), 50, true);
        assertThat(Peer.of(peer.words().toArray(String[]::new))).isEqualTo(peer);
        assertThat(Peer.of(Peer.PLAIN.words().toArray(String[]::new))).isEqualTo(Peer.PLAIN);
    }
}
