// SPDX-License-Identifier: Apache-2.0
/**
 * The embedded durable spool. Everything is a record in an append-only log of segment files; one thread appends for all
 * callers that wait and flushes once for them together. Read {@link org.postern.spool.local.RecordHeader} for the format,
 * {@link org.postern.spool.local.GroupCommit} for what is durable when, {@link org.postern.spool.local.SegmentScan} for
 * what happens to damage, {@link org.postern.spool.local.Housekeeping} for how room comes back, and
 * {@link org.postern.spool.local.Inventory} for what is in memory and what is on the disk alone.
 */
package org.postern.spool.local;
