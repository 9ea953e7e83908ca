// SPDX-License-Identifier: Apache-2.0
/**
 * A world for the engine in which everything that happens follows from a seed: when threads run, how time passes, what peers,
 * stores and the disk do. The engine in it is the one that ships, threads and blocking calls included.
 */
package org.postern.core.simulation;
