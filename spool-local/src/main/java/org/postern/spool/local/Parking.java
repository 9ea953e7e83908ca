// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

/**
 * When messages are parked, and what finds them then.
 *
 * @param maxHeld messages that are held in memory, while no more than that are to be tried soon
 * @param maker makes the index of those that are not
 */
record Parking(int maxHeld, ParkedIndex.Maker maker) {}
