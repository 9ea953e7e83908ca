// SPDX-License-Identifier: Apache-2.0
package org.postern.testkit;

import java.util.Optional;
import org.postern.spi.spool.Spool;

class MemorySpoolTest implements SpoolContract {

    final MemorySpool.Disk disk = new MemorySpool.Disk(Long.MAX_VALUE);

    @Override
    public Spool open() {
        return new MemorySpool(disk);
    }

    @Override
    public Optional<Spool> smallSpool() {
        return Optional.of(new MemorySpool(new MemorySpool.Disk(20_000)));
    }

    @Override
    public Optional<Spool> openHoldingOne() {
        return Optional.of(new MemorySpool(disk, 1));
    }
}
