// SPDX-License-Identifier: Apache-2.0
package org.postern.bench.hostile;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Where trials take place.
 *
 * @param home the built home of the relay
 * @param folder for queues, on a disk
 * @param peers how many bad peers a trial of many has
 * @param pairs how many stretches with bad peers and without are compared
 * @param says takes a line about how far a trial is
 */
record Ground(Path home, Path folder, int peers, int pairs, Consumer<String> says) {

    /** Starts a relay; see {@link BuiltRelay#start}. */
    BuiltRelay relay(String name, String options, String listener, String scopes)
            throws IOException, InterruptedException {
        return BuiltRelay.start(home, folder.resolve(name), options, listener, scopes);
    }

    void say(String format, Object... arguments) {
        says.accept(String.format(Locale.ROOT, format, arguments));
    }
}
