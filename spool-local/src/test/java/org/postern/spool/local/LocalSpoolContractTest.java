// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.postern.spi.spool.Spool;
import org.postern.testkit.SpoolContract;

/** What every spool promises. */
class LocalSpoolContractTest implements SpoolContract {

    private static final SpoolOptions OPTIONS = new SpoolOptions(1 << 20, 1 << 16, 256 << 10, 0, 1 << 16);

    @TempDir
    private Path temporary;

    private LocalSpool spool;

    @Override
    public Spool open() throws IOException {
        close();
        spool = LocalSpool.open(DirectoryDisk.take(temporary.resolve("spool")), OPTIONS, InstantSource.system());
        return spool;
    }

    @AfterEach
    void close() throws IOException {
        if (spool != null) {
            spool.close();
        }
    }
}
