// SPDX-License-Identifier: Apache-2.0
/** How many hooks in Lua are called. {@code ./dev jmh bench.lua} runs them. */
package org.postern.bench.lua;
