// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

/**
 * Sizes, all in octets.
 *
 * @param segment a segment is closed once it is this long
 * @param ahead how much of a segment is filled with zeros ahead of small rounds, at most 1 MiB
 * @param inline the longest content that is kept in the log; longer ones get files of their own
 * @param minFree new mail is refused while less than this is left on the disk
 * @param reserve kept on the disk to be given up for what is owed about accepted mail when the disk is full
 */
record SpoolOptions(long segment, int ahead, int inline, long minFree, long reserve) {

    private static final long MIB = 1 << 20;

    static SpoolOptions withMinFree(long mebibytes) {
        return new SpoolOptions(64 * MIB, 1 << 20, 256 << 10, mebibytes * MIB, 16 * MIB);
    }
}
