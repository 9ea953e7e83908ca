// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.run;

/** {@code return f(x)}: the call happens when the frame that returns it is gone. */
public record TailCall(Object function, Object[] arguments, Described described) {}
