// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/**
 * The one directory of a spool, as narrow as tests need it to fail at every step. Names are plain file names.
 *
 * <p>A name given, changed or taken away is durable only after {@link #forceDirectory}; octets only after
 * {@link DiskFile#force}. Threading: safe for many threads.
 */
interface Disk extends Closeable {

    /** The names of all plain files that are not the lock. */
    List<String> list() throws IOException;

    /** Makes a new file for its owner alone; fails if the name is taken, be it by a link. */
    DiskFile create(String name) throws IOException;

    /** Opens a file for reading; refuses links. */
    DiskFile open(String name) throws IOException;

    /** Takes a name away; a name that is not there is none of our business. */
    void delete(String name) throws IOException;

    /** Gives a file another name. */
    void rename(String from, String to) throws IOException;

    /** Makes all changes of names durable. */
    void forceDirectory() throws IOException;

    /** Octets that may still be written, as far as is known. */
    long usableSpace() throws IOException;

    /** Where this is, for people. */
    @Override
    String toString();
}
