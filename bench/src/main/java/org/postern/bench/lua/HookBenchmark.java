// SPDX-License-Identifier: Apache-2.0
package org.postern.bench.lua;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;
import org.postern.policy.lua.ConfigurationOfScopes;
import org.postern.policy.lua.LuaHooks;
import org.postern.policy.lua.ReloadSignal;
import org.postern.policy.lua.datasource.Consultations;
import org.postern.policy.lua.datasource.Datasources;
import org.postern.policy.lua.outside.Libraries;
import org.postern.policy.lua.script.ScriptException;

/** The hook at the head of the page on Lua, called as the engine calls it, by one thread and by two at once. */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 2, jvmArgsAppend = "-XX:+UseSerialGC")
@State(Scope.Benchmark)
public class HookBenchmark {

    private static final String SCRIPT = """
            require("msys.core");
            local mod = {};

            function mod:outbound_smtp_auth_config(msg, ac, vctx)
              local tenant = msg:header("X-Tenant")[1]
              if tenant ~= nil then
                msg:context_set(msys.core.ECMESS_CTX_MESS, "outbound_smtp_auth_key", "tenant-" .. tenant)
              end
            end

            msys.registerModule("my_auth", mod);
            """;

    private static final String KEY = "outbound_smtp_auth_key";

    private Path script;
    private Libraries libraries;
    private LuaHooks hooks;

    /** Loads the script. */
    @Setup
    public void load() throws IOException {
        script = Files.writeString(Files.createTempFile("postern-bench-", ".lua"), SCRIPT);
        libraries = new Libraries(new Datasources(), new Consultations());
        hooks = new LuaHooks(
                new ConfigurationOfScopes(),
                new ReloadSignal(),
                libraries,
                Map.of(
                        "postern.config.directory", script.getParent().toString(),
                        "script", new String[] {"my_auth"},
                        "script/my_auth/source", script.toString()));
    }

    /** Removes it. */
    @TearDown
    public void remove() throws IOException {
        libraries.close();
        Files.delete(script);
    }

    /** Calls of one thread. */
    @Benchmark
    @Threads(1)
    public String oneThread(TenantMessage message) throws ScriptException {
        return call(message);
    }

    /** Calls of both of two threads. */
    @Benchmark
    @Threads(2)
    public String twoThreads(TenantMessage message) throws ScriptException {
        return call(message);
    }

    private String call(TenantMessage message) throws ScriptException {
        hooks.configure(message, message);
        return message.get(KEY).orElseThrow();
    }
}
