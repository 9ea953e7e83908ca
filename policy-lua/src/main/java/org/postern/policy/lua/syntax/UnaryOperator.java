// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.syntax;

/** Operators with one operand, besides {@code not}. */
public enum UnaryOperator {
    /** {@code -} */
    NEGATE,
    /** {@code #} */
    LENGTH,
    /** {@code ~} */
    COMPLEMENT
}
