// SPDX-License-Identifier: Apache-2.0
package org.postern.peer;

/** Takes the octets of a message as they arrive. */
@FunctionalInterface
interface ContentSink {

    /** Takes some octets; the array is used again afterwards. */
    void write(byte[] octets, int from, int count);
}
