// SPDX-License-Identifier: Apache-2.0
package org.postern.core.engine;

import java.time.InstantSource;
import java.util.Optional;
import org.postern.core.cluster.FakeRegisters;
import org.postern.spi.cluster.SharedRegisters;

/** The same where identities go by tags of secrets and not by the store's versions. */
class RotationAmongRelaysTest extends RotationTest {

    @Override
    Optional<SharedRegisters> registers() {
        return Optional.of(new FakeRegisters(InstantSource.system()));
    }
}
