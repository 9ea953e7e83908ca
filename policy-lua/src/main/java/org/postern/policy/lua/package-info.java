// SPDX-License-Identifier: Apache-2.0
/**
 * Hooks in Lua. Read in this order: {@code syntax} turns text into a tree, {@code code} turns the tree into something that
 * runs, {@code run} is what it runs on, {@code library} and {@code msys} are the functions that scripts find.
 */
package org.postern.policy.lua;
