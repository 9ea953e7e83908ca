// SPDX-License-Identifier: Apache-2.0
/**
 * What scripts run on: values, tables, calls, coroutines, and the budget that bounds them. What a library needs is here
 * and in {@code library.Module}.
 *
 * <h2>How a library is written</h2>
 *
 * <pre>{@code
 * public final class Base64Library {
 *
 *     public static void open(LuaState state) {
 *         Module.named(state, "msys.base64")
 *                 .function("encode", Base64Library::encode);
 *     }
 *
 *     private static Object[] encode(Arguments call) {
 *         byte[] octets = Values.toOctets(call.string(1));
 *         call.budget().allocate(octets.length * 4L / 3 + 60);
 *         call.budget().chargeOctets(octets.length);
 *         return Values.one(Base64.getEncoder().encodeToString(octets));
 *     }
 * }
 * }</pre>
 *
 * <ul>
 *   <li>Arguments are read by position from {@link org.postern.policy.lua.run.Arguments}, which raises Lua's own errors
 *       for wrong types. Results are an {@code Object[]}: {@link org.postern.policy.lua.run.Values#one}, {@code NONE}, or
 *       several.
 *   <li>A Lua string is a Java {@code String} whose every {@code char} is one octet. Text goes in by
 *       {@link org.postern.policy.lua.run.Values#fromText} and comes out by {@code toJava}; octets by {@code fromOctets}
 *       and {@code toOctets}. Numbers are {@code Double}, made by {@code Values.number}; nil is null. No other Java type
 *       may get into a state; an object that scripts hold is a {@link org.postern.policy.lua.run.Userdata}.
 *   <li>Work is paid before it is done: {@link org.postern.policy.lua.run.Budget#charge} or {@code chargeOctets} for time,
 *       {@code allocate} for memory that a result takes.
 *   <li>Whatever waits goes through {@link org.postern.policy.lua.run.Budget#waitFor} and takes its own time limit from
 *       {@link org.postern.policy.lua.run.Budget#remaining}; the thread is a virtual one and is interrupted when the call
 *       is over.
 *   <li>An error that scripts may catch is {@code throw call.error("…")}. {@link org.postern.policy.lua.run.Killed} is
 *       never caught.
 *   <li>An object that several libraries share hangs on the state: {@code state.attach(Type.class, object)} and
 *       {@code state.attached(Type.class)}.
 *   <li>A function of the script is called by {@code call.state().call(function, …)}, on the thread that runs the state.
 * </ul>
 */
package org.postern.policy.lua.run;
