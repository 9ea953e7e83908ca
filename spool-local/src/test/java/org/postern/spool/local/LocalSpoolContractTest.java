// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.spi.spool.Spool;
import org.postern.testkit.SpoolContract;

/**
 * What every spool promises, for the one in a directory. The spool that is given up keeps its files open and is told
 * nothing; the next one opens a copy of what was in the directory at that moment, which is what a kill leaves.
 */
@Timeout(120)
class LocalSpoolContractTest implements SpoolContract {

    private static final SpoolOptions OPTIONS = new SpoolOptions(1 << 20, 1 << 16, 64 << 10, 0, 1 << 16);
    private static final SpoolOptions SMALL = new SpoolOptions(32_768, 1024, 4096, 0, 16_384);

    @TempDir
    private Path temporary;

    private final List<LocalSpool> opened = new ArrayList<>();

    @Override
    public Spool open() throws IOException {
        return openHolding(Integer.MAX_VALUE);
    }

    @Override
    public Optional<Spool> openHoldingOne() throws IOException {
        return Optional.of(openHolding(1));
    }

    private Spool openHolding(int most) throws IOException {
        Path directory = directory(opened.size());
        if (!opened.isEmpty()) {
            copy(directory(opened.size() - 1), directory);
        }
        Parking parking = new Parking(most, () -> StoredIndex.inFile(directory.resolve(Names.INDEX)));
        return keep(LocalSpool.open(DirectoryDisk.take(directory), OPTIONS, InstantSource.system(), parking));
    }

    @Override
    public Optional<Spool> smallSpool() throws IOException {
        SimulatedDisk disk = new SimulatedDisk().withCapacity(200_000);
        return Optional.of(keep(LocalSpool.open(disk, SMALL, InstantSource.system(), Mail.ALL_HELD)));
    }

    private Path directory(int life) {
        return temporary.resolve("spool" + life);
    }

    private LocalSpool keep(LocalSpool spool) {
        opened.add(spool);
        return spool;
    }

    // The lock's file is copied too: only the kernel's lock counts, and the copy has none.
    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectory(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }

    @AfterEach
    void close() throws IOException {
        for (LocalSpool spool : opened) {
            spool.close();
        }
    }
}
