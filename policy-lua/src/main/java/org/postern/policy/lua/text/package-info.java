// SPDX-License-Identifier: Apache-2.0
/** Functions on strings that are no part of Lua: base64, JSON, regular expressions. They see octets, as Lua does. */
package org.postern.policy.lua.text;
