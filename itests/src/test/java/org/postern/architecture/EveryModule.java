// SPDX-License-Identifier: Apache-2.0
package org.postern.architecture;

import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.LocationProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The classes of every module of the reactor, from its output folder. Not from the class path: some bundles carry
 * libraries of their own, which must not meet there.
 */
final class EveryModule implements LocationProvider {

    @Override
    public Set<Location> get(Class<?> test) {
        return folders("target/classes").stream().map(Location::of).collect(Collectors.toSet());
    }

    static List<Path> folders(String inModule) {
        try (Stream<Path> modules = Files.list(Path.of("..").toRealPath());
                Stream<Path> examples = Files.list(Path.of("../examples").toRealPath())) {
            return Stream.concat(modules, examples)
                    .map(module -> module.resolve(inModule))
                    .filter(Files::isDirectory)
                    .toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
