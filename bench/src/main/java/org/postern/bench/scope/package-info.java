// SPDX-License-Identifier: Apache-2.0
/**
 * How fast options are resolved, and how fast a large configuration is read. {@code ./dev jmh scope} runs them.
 */
package org.postern.bench.scope;
