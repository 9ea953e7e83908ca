// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

/** The same with most of the mail parked. */
class ParkingSpoolOnFailingDiskTest extends SpoolOnFailingDiskTest {

    @Override
    Parking parking() {
        return Mail.TWO_HELD;
    }
}
