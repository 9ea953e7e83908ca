// SPDX-License-Identifier: Apache-2.0
/** The libraries of Lua 5.1, as far as they are safe. */
package org.postern.policy.lua.library;
