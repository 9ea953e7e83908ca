// SPDX-License-Identifier: Apache-2.0
/**
 * The text of Lua 5.1, with the operators that inherited scripts use besides: {@code != ! & | ^^ << >> ~ \}. A
 * {@code Lexer} makes tokens, a {@code Parser} makes a tree in which every name is resolved.
 *
 * <p>Text is octets: every {@code char} is one octet, as everywhere in this bundle where Lua strings are meant.
 */
package org.postern.policy.lua.syntax;
