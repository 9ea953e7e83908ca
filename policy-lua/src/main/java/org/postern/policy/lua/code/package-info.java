// SPDX-License-Identifier: Apache-2.0
/**
 * What a script becomes: a tree of nodes that run themselves. {@code Compiler} makes the tree once; it is immutable and
 * shared by all states. Every loop and every call pays its budget here.
 */
package org.postern.policy.lua.code;
