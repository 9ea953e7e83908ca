// SPDX-License-Identifier: Apache-2.0
/** Kills relays under load, again and again, and proves from a history of what was seen outside that nothing was lost. */
package org.postern.bench.crash;
