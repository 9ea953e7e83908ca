// SPDX-License-Identifier: Apache-2.0
/**
 * Databases that scripts ask: stanzas {@code Datasource}, connections, placeholders and the cache of results. It knows
 * nothing of Lua. Values are {@code null}, {@link java.lang.Long}, {@link java.lang.Double}, {@link java.lang.Boolean} or
 * {@code byte[]}, because Lua's strings are octets.
 */
package org.postern.policy.lua.datasource;
