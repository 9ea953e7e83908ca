// SPDX-License-Identifier: Apache-2.0
package org.postern.engine.dto;

/**
 * What became of entries that an operator wanted changed.
 *
 * @param changed durably changed
 * @param leftAlone being delivered at the moment, or already as they should be
 * @param failed could not be recorded, and are as before; the log says why
 */
public record QueueChange(long changed, long leftAlone, long failed) {}
