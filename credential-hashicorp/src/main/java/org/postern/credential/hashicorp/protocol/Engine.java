// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.hashicorp.protocol;

/**
 * A secrets engine, by where it is mounted.
 *
 * @param mount its path, without a slash at the end
 * @param versioned whether it is KV of version 2, which has paths of its own for data and metadata
 */
record Engine(String mount, boolean versioned) {

    boolean holds(String path) {
        return path.startsWith(mount + "/");
    }

    String dataPath(String path) {
        return versioned ? below("data", path) : PathText.encoded(path);
    }

    String metadataPath(String path) {
        return below("metadata", path);
    }

    private String below(String part, String path) {
        return PathText.encoded(mount + "/" + part + path.substring(mount.length()));
    }
}
